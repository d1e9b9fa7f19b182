"""The funnel is counted from the rows, as far as the one who asks may see them."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from tests.support.lists import PROGRAMME, County, a_call, a_case, a_list, a_need, county
from wherry.cases.queries import latest_occurrence
from wherry.database.context import acting_as
from wherry.evaluation.queries import equity, funnel, programmes_overseen, summary
from wherry.evaluation.rules import balance
from wherry.evaluation.waiting import stuck
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.foundation.errors import NotPermitted
from wherry.outreach.actions import happened, intend
from wherry.outreach.types import AttemptEvent, Channel

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> County:
    return county()


def _overseer(county: County, organisation: str = "icb", role: str = "programme_lead") -> Actor:
    organisations = (county.organisations[organisation].pk,)
    return Actor(kind=Kind.STAFF, id="x", organisations=organisations, roles=frozenset({role}), purpose="oversight")


def _texted(county: County, number: int, *, accepted: bool = True) -> None:
    case = a_case(county, number=number)
    with acting_as(WORKER):
        attempt = intend(
            by=WORKER,
            occurrence=latest_occurrence(case_id=case.pk),
            step="first_text",
            channel=Channel.SMS,
            message="invitation",
            language="en",
            contact_point_id=None,
            to="+447700900001",
            household_key="",
            now=county.now,
        )
        until = county.now - dt.timedelta(seconds=1)
        happened(by=WORKER, attempt=attempt, event=AttemptEvent.HAND_OFF, now=county.now, quarantined_until=until)
        if accepted:
            happened(by=WORKER, attempt=attempt, event=AttemptEvent.ACCEPTED, now=county.now)


def test_the_funnel_counts_people_once_and_balances(here: County) -> None:
    a_list(here)
    _texted(here, 1), _texted(here, 2), _texted(here, 3, accepted=False)
    a_call(here, a_need(here, a_case(here, number=9), red_flag=True))

    with acting_as(_overseer(here)) as lead:
        counted = funnel(asked_by=lead, programme=PROGRAMME)

    assert balance(counted) == ()
    assert (counted.with_case, counted.contacted, counted.answered, counted.silent) == (4, 2, 1, 2)
    assert (counted.lists_in_review, counted.offered) == (1, 1)
    assert counted.contacted_by_channel == {"sms": 2}
    [flag] = counted.flags
    assert (flag.flag, flag.raised, flag.owned, flag.in_time) == ("breathless_at_rest", 1, 0, 0)


def test_another_boards_overseer_counts_nobody_of_this_place(here: County) -> None:
    a_case(here)

    with acting_as(_overseer(here, "other_board")) as other:
        assert funnel(asked_by=other, programme=PROGRAMME).with_case == 0


def test_who_has_no_oversight_is_refused(here: County) -> None:
    caller = Actor(kind=Kind.STAFF, id="x", roles=frozenset({"caller"}), purpose="support")

    with acting_as(caller), pytest.raises(NotPermitted):
        funnel(asked_by=caller, programme=PROGRAMME)


def test_equity_shows_every_group_with_those_not_reached(here: County) -> None:
    a_case(here, number=1), a_case(here, number=2)

    with acting_as(_overseer(here)) as lead:
        groups = equity(asked_by=lead, programme=PROGRAMME)

    assert [(one.by, one.group, one.people, one.not_reached) for one in groups] == [
        ("place", "norwich", 2, 2),
        ("imd_decile", "2", 2, 2),
        ("language", "pl", 2, 2),
    ]


def test_what_waits_past_its_time_is_counted(here: County) -> None:
    _texted(here, 1, accepted=False)
    a_need(here, a_case(here, number=2), red_flag=True)

    with acting_as(_overseer(here)) as lead:
        found = {one.what: one for one in stuck(asked_by=lead, programme=PROGRAMME, now=here.now)}

    assert (found["Red flags nobody has taken"].waiting, found["Red flags nobody has taken"].overdue) == (1, 1)
    assert found["Messages nobody is sure left"].overdue == 1
    assert found["Calls to action not yet answered"].oldest_at is None
    assert found["Needs not yet offered to anybody"].waiting == 1


def test_the_summary_is_plain_and_says_the_same_twice(here: County) -> None:
    a_call(here, a_need(here, a_case(here)))

    with acting_as(WORKER):
        first, second = (json.dumps(summary(asked_by=WORKER, programme=PROGRAMME)) for _ in range(2))

    assert first == second
    assert json.loads(first)["calls_to_action"] == {"food_parcel": {"offered": 1}}
    assert json.loads(first)["calls_to_action_by_partner"] == {"food_hub": 1}
    assert str(here.audience.pk) not in first


def test_only_agreed_oversight_opens_a_programme(here: County) -> None:
    with acting_as(_overseer(here)) as lead:
        assert programmes_overseen(asked_by=lead, now=here.now) == [PROGRAMME]
        assert programmes_overseen(asked_by=lead, now=here.now + dt.timedelta(days=21)) == []
