"""Records taken apart: nobody writes until it is confirmed, and each person is left with what came from their own."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.county_of_one import County, county_of_one
from tests.support.linking import land, people_of
from wherry.cases.models import Case
from wherry.cases.types import State
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.foundation.errors import InputWrong
from wherry.journeys import follow_separations, follow_the_store, follow_wishes
from wherry.outreach.rules.standing import forbidden
from wherry.people.linkage import actions
from wherry.people.linkage.clusters import new_person_id
from wherry.people.linkage.types import Verdict
from wherry.people.models import ContactPointRow, Person
from wherry.people.queries import reachable
from wherry.population import Store

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
HERS, NOT_HERS = "s1|1", "s2|7"


@pytest.fixture
def store() -> Iterator[Store]:
    folder = Path(settings.HOME) / "store"
    shutil.rmtree(folder, ignore_errors=True)
    land(folder, 1, [("1", "9990000131", "Jane", "Woodrow", "1950-03-07")])
    land(folder, 2, [("7", "9990000131", "Jane", "Woodrow", "1950-03-07")])
    actions.link(store=Store(folder), by="Ada", decided_on=AT.date())
    yield Store(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def county(store: Store) -> County:
    found = county_of_one(population_id=people_of(store)[HERS])
    follow_the_store.bring_people_up_to_date()
    return found


def separate(store: Store, *, run: bool = True) -> int:
    act = actions.unlink(store=store, records=[NOT_HERS], why="her aunt", by="Ada", at=AT).act
    if run:
        actions.link(store=store, by="Ada", decided_on=AT.date())
    return act


def carry_on(person_id: object) -> None:
    """Let the worker do what waits for it about this."""
    follow_separations.follow()
    follow_the_store.bring_people_up_to_date()
    follow_wishes.follow(person_id=person_id)  # type: ignore[arg-type]


def may_not(person: Person) -> bool:
    with acting_as(WORKER):
        day = app_now().date()
        return forbidden(reachable=reachable(person=Person.objects.get(pk=person.pk), day=day), day=day) is not None


def test_nobody_is_written_to_from_the_answer_until_the_confirmation_h_03(store: Store, county: County) -> None:
    assert not may_not(county.person)
    act = separate(store, run=False)
    follow_separations.follow()
    assert may_not(county.person), "before any run has separated them"
    with pytest.raises(InputWrong, match="not carried out yet"):
        actions.confirm(store=store, act=act, why="asked", by="Ben", at=AT)

    actions.link(store=store, by="Ada", decided_on=AT.date())
    carry_on(county.person.pk)
    with acting_as(WORKER):
        assert Case.objects.get(pk=county.case.pk).state == State.EXCLUDED
    assert [follow_separations.follow() for _ in range(2)] == [0, 0]

    actions.confirm(store=store, act=act, why="asked", by="Ben", at=AT)
    carry_on(county.person.pk)
    assert not may_not(county.person)
    with acting_as(WORKER):
        assert Case.objects.get(pk=county.case.pk).state == State.IN_CADENCE


def test_a_number_of_the_other_s_records_is_used_for_her_no_more_h_04(store: Store, county: County) -> None:
    def numbers() -> set[str]:
        with acting_as(WORKER):
            rows = ContactPointRow.objects.filter(person=county.person, wrong_since__isnull=True, kind="mobile")
            return set(rows.values_list("source", flat=True))

    assert numbers() == {"gp_register", "s1", "s2"}
    separate(store)
    carry_on(county.person.pk)
    assert numbers() == {"gp_register", "s1"}, "what no feed gave stays, and so do her own"


def test_a_case_goes_to_whom_every_reason_is_about(store: Store, county: County) -> None:
    separate(store)
    people = people_of(store)
    told = {people[HERS]: frozenset({("1", "2020-01-01")}), people[NOT_HERS]: frozenset({("2", "2020-01-01")})}
    reasons = [("2", dt.date(2020, 1, 1)), ("", None)]
    assert follow_separations.whose(reasons, told=told) == people[NOT_HERS]
    assert follow_separations.whose([*reasons, ("1", dt.date(2020, 1, 1))], told=told) is None
    assert follow_separations.whose([], told=told) is None


def test_a_death_reaches_the_case_of_somebody_who_turned_out_to_be_another_h_01(store: Store, county: County) -> None:
    # The smaller id wins: the one her case knows her by goes when the two are joined.
    mine = people_of(store)[HERS]
    subject = next(f"o{n}" for n in itertools.count() if new_person_id(seed=f"s3|o{n}") < mine)
    land(store.path, 3, [(subject, None, "Janet", "Rix", "1931-05-06")], died_on="2026-02-20")
    actions.link(store=store, by="Ada")
    other = f"s3|{subject}"
    actions.answer(store=store, left=HERS, right=other, verdict=Verdict.SAME, why="one", by="Ada", at=AT)
    actions.link(store=store, by="Ada")
    assert mine not in set(people_of(store).values()) and people_of(store)[HERS] == people_of(store)[other]

    carry_on(county.person.pk)
    with acting_as(WORKER):
        assert Person.objects.get(pk=county.person.pk).died_on == dt.date(2026, 2, 20)
