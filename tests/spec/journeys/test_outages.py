"""The worker stands still for a minute, or for three days: nothing is skipped, nothing stale is sent (H-06)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from tests.support.county_of_one import County, county_of_one
from tests.support.reach import MORNING, Provider, lose_jobs, one_more, set_clock, states_of, wind_on
from wherry.cases.models import Occurrence
from wherry.cases.types import State
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.journeys import reach_out
from wherry.journeys.turn import left_to_do, take_turn
from wherry.outreach.models import Attempt
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
LEFT = ("sent", "delivered")


@pytest.fixture
def county(provider: Provider) -> Iterator[County]:
    set_clock(MORNING)
    yield county_of_one()


def work() -> None:
    """Take turns until nothing is left; every job is lost, so that the turns alone must do it."""
    for _ in range(10):
        lose_jobs()
        if not any(take_turn().values()):
            return
    raise AssertionError("the worker never comes to rest")


def again(occurrence: Occurrence) -> Occurrence:
    with acting_as(WORKER):
        return Occurrence.objects.select_related("owner_team").get(pk=occurrence.pk)


#: How long nobody worked, from an intent on (begun at 09:30) → what became of the two texts and the call.
OUTAGES = [
    (1 * MINUTE, {"first_text": "sent"}),
    (1 * HOUR, {"first_text": "sent"}),
    (4 * HOUR + 59 * MINUTE, {"first_text": "sent"}),
    # Its patience is over: the reminder goes instead, not both.
    (6 * HOUR, {"first_text": "refused", "second_text": "sent"}),
    # At night nothing leaves; in the morning one text does.
    (14 * HOUR, {"first_text": "refused"}),
    # Too late for any text: somebody rings.
    (48 * HOUR, {"first_text": "refused", "second_text": "refused", "call": "intended"}),
    (72 * HOUR, {"first_text": "refused", "second_text": "refused", "call": "intended"}),
]


@pytest.mark.parametrize(("outage", "expected"), OUTAGES)
def test_after_an_outage_between_intent_and_hand_off_the_right_step_is_under_way(
    outage: dt.timedelta, expected: dict[str, str], county: County, provider: Provider
) -> None:
    reach_out.decide_contacts()
    lose_jobs()
    wind_on(outage)
    work()

    assert states_of(county.occurrence) == expected
    assert len(provider.took) == sum(state in LEFT for state in expected.values())
    assert again(county.occurrence).state == State.IN_CADENCE
    with acting_as(WORKER):
        calls = Task.objects.filter(kind="check_in_call", about_id=county.occurrence.pk, state="open").count()
    assert calls == ("call" in expected)
    assert sum(count for name, count in left_to_do().items() if name != "needs") == 0


@pytest.mark.parametrize("outage", [MINUTE, HOUR, 12 * HOUR, 36 * HOUR, 72 * HOUR, 240 * HOUR])
def test_an_outage_before_anything_began_skips_nobody_and_texts_nobody_too_late(
    outage: dt.timedelta, county: County, provider: Provider
) -> None:
    wind_on(outage)
    work()
    wind_on(12 * HOUR if outage in (12 * HOUR, 36 * HOUR) else 0 * HOUR)  # 21:30 was no time to reach anybody
    work()

    taken = [step for step, state in states_of(county.occurrence).items() if state in LEFT]
    assert taken == (["first_text"] if outage < 36 * HOUR else [])
    assert states_of(county.occurrence).get("call") == (None if taken else "intended")


def test_whoever_never_answers_ends_exhausted_with_an_owner_whatever_the_pace_of_the_worker(
    county: County, provider: Provider
) -> None:
    occurrence = county.occurrence
    for hours in (0, 7, 20, 30, 73, 121):
        wind_on(hours * HOUR)
        work()

    ended = again(occurrence)
    assert ended.state == State.EXHAUSTED
    assert ended.owner_team is not None
    with acting_as(WORKER):
        task = Task.objects.get(kind="exhausted", about_id=occurrence.pk)
        assert (task.state, task.for_role) == ("open", "supervisor")
        assert not Attempt.objects.filter(occurrence=occurrence, state__in=["handing_off", "in_doubt"]).exists()
    assert len(provider.took) == 2


def test_whoever_has_no_telephone_and_no_address_is_owned_at_once(county: County, provider: Provider) -> None:
    unreachable = one_more(county=county, number=1, contact_points=(), address="", postcode="")
    work()

    ended = again(unreachable)
    assert (ended.state, ended.owner_team is not None) == (State.EXHAUSTED, True)
    assert {state for state in states_of(unreachable).values()} == {"refused"}


def test_a_hundred_and_one_turns_in_a_row_do_what_one_does(county: County, provider: Provider) -> None:
    work()
    before = states_of(county.occurrence)
    for _ in range(20):
        wind_on(dt.timedelta(seconds=30))
        assert not any(take_turn().values())
    assert states_of(county.occurrence) == before
    assert len(provider.took) == 1
