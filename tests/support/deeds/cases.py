"""The deeds of cases: how each is done here; and what writes nothing down, with why that is right."""

from __future__ import annotations

import datetime as dt

from tests.support.deeds.kinds import Deed
from tests.support.in_force import VERSION
from tests.support.places_and_people import Side
from wherry.cases import actions as cases
from wherry.cases.types import Door, Opening, State
from wherry.foundation.actors import WORKER
from wherry.people.models import Person


def a_person(side: Side) -> Person:
    return Person.objects.create(population_id="p9", given_name="A", family_name="B", birth_date=dt.date(1940, 1, 1))


DEEDS: dict[str, Deed | tuple[Deed, Deed]] = {
    "cases.open_case": lambda s, n: cases.open_case(
        by=WORKER,
        person=a_person(s),
        audience=s.audience,
        category="high",
        tier=1,
        door=Door.SIGNED_LIST,
        opened_from=None,
        owner_team=s.team,
        now=n,
    ),
    "cases.open_cases": lambda s, n: cases.open_cases(
        by=WORKER,
        audience=s.audience,
        openings=[Opening(a_person(s).pk, "high", 1, Door.SIGNED_LIST)],
        owner_team=s.team,
        now=n,
    ),
    "cases.move_case": lambda s, n: cases.move_case(by=WORKER, case=s.case, person=a_person(s), why="x", now=n),
    "cases.open_occurrences": lambda s, n: cases.open_occurrences(by=WORKER, numbers=[(s.case, 9)], now=n),
    "cases.open_occurrence": lambda s, n: cases.open_occurrence(by=WORKER, case=s.case, number=9, now=n),
    "cases.close_cases": lambda s, n: cases.close_cases(by=WORKER, cases=[s.case], why="x", now=n),
    "cases.move_under": lambda s, n: cases.move_under(
        by=WORKER, programme="covid_protect", version=VERSION, number=2, ranks_below=0, begun=[], now=n
    ),
    "cases.reopen_under": lambda s, n: cases.reopen_under(by=WORKER, version=VERSION, instead=VERSION, now=n),
    "cases.move_occurrence": lambda s, n: cases.move_occurrence(
        by=WORKER, occurrence=s.later, to=State.DECLINED, why="stop", now=n
    ),
}
NO_DEED = {
    "cases.look_again": "a clock",
    "cases.look_again_all": "a clock",
}
