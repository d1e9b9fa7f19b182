"""
Follow the store: what a newer delivery says of people who have a case: a death, a wish, a number, an address.

The worker compares the store's newest link run with the one it followed last; nothing else says that it is due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from wherry.audit.actions import record
from wherry.audit.queries import newest_detail
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys.call_to_action import tell_partners_anew
from wherry.journeys.deferring import Job, defer
from wherry.journeys.follow_separations import give_each_their_own
from wherry.journeys.follow_withdrawals import leave_what_still_stands, withdrawn_batches
from wherry.journeys.one_by_one import together
from wherry.people.actions import admit_all, report
from wherry.people.details import PersonDetails
from wherry.people.from_store import details_of, possible_deaths
from wherry.people.link_review import became
from wherry.people.models import Person, Report
from wherry.population import ledger
from wherry.population.store import Store

_FOLLOWED = "people.brought_up_to_date"
#: How many people are brought up to date in one transaction.
_A_LOT = 200


def newest_link_run(*, store: Store) -> str:
    """Give the name of the store's newest link run; empty before the first."""
    abouts = [entry["about"] for entry in ledger.entries(store) if entry["did"] == "link_people"]
    newest = abouts[-1] if abouts else None
    return str(newest.get("run", "")) if isinstance(newest, Mapping) else ""


def bring_people_up_to_date() -> int:
    """
    Bring what is known of everybody with an open case up to the newest link run. Returns how many people.

    A death closes every door at once; a death notice that may be theirs does so until somebody has looked.
    Partners whose help is still to come are told the new address or number.
    Hazards: H-01 (contact after death), H-04 (a door that is no longer theirs).
    """
    store = Store(Path(settings.HOME) / "store")
    run = newest_link_run(store=store)
    with acting_as(WORKER):
        before = newest_detail(did=_FOLLOWED)
        # Everybody ever admitted: a case whose agreement has lapsed may be seen again, and its person have died since.
        people = sorted(Person.objects.values_list("population_id", flat=True))
    if not run or run == before.get("run") or not people:
        return 0
    doubtful, now_known = possible_deaths(store=store), _as_they_are_now(people, store=store)
    together(now_known, lambda lot: _bring_up_to_date(lot, doubtful), size=_A_LOT)
    withdrawn, followed = withdrawn_batches(store=store), before.get("withdrawn")
    leave_what_still_stands(
        store=store,
        batches=set(withdrawn).difference(followed if isinstance(followed, list) else ()),
        known={one.population_id: one for one in now_known},
    )
    give_each_their_own(store=store)
    tell_partners_anew(population_ids=people)
    with acting_as(WORKER):
        record(
            by=WORKER,
            did=_FOLLOWED,
            subject="store",
            subject_ids=[],
            now=app_now(),
            detail={"run": run, "people": len(people), "withdrawn": withdrawn},
        )
    return len(people)


def _as_they_are_now(people: Sequence[str], *, store: Store) -> list[PersonDetails]:
    """
    Give what the store says of people with a case, by the id their case knows them by.

    Somebody who turned out to be another has no row of their own any more: what is said of the one holds for the case
    of the other, their death first of all.
    """
    found = details_of(store=store, person_ids=people)
    gone = sorted(set(people) - {one.population_id for one in found})
    joined = became(store=store, person_ids=gone) if gone else {}
    others = {one.population_id: one for one in details_of(store=store, person_ids=joined.values())} if joined else {}
    return [*found, *(replace(others[now], population_id=old) for old, now in joined.items() if now in others)]


def _bring_up_to_date(people: Sequence[PersonDetails], doubtful: Container[str]) -> int:
    with acting_as(WORKER):
        return len(bring_in(people=people, doubtful=doubtful, now=app_now()))


def bring_in(*, people: Sequence[PersonDetails], doubtful: Container[str], now: dt.datetime) -> list[Person]:
    """
    Enter people, or bring them up to date; a death, or what may be one, stops contact in this transaction.

    doubtful: the population ids a death notice may be about. Gives the people in their order.
    """
    admitted = admit_all(by=WORKER, people=people, now=now)
    for person, details in zip(admitted, people, strict=True):
        if details.population_id in doubtful:
            source = "a death notice that may be theirs"
            report(by=WORKER, person_id=person.pk, kind=Report.Kind.DIED, source=source, now=now)
        if details.population_id in doubtful or details.died_on is not None:
            defer(Job.FOLLOW_PERSON, about=person.pk)
    return admitted
