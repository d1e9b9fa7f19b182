"""The funnel is counted from the rows, as far as the one who asks may see them."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.support.county_of_one import link_to
from tests.support.lists import PROGRAMME, County, a_call, a_case, a_list, a_need, county
from wherry.cases.models import Case
from wherry.cases.queries import latest_occurrence
from wherry.checkin.actions.links import recognise
from wherry.database.context import acting_as
from wherry.evaluation.queries import equity, funnel, programmes_overseen, summary
from wherry.evaluation.rules import balance
from wherry.evaluation.timing import backlog, time_to_contact
from wherry.evaluation.waiting import stuck, tasks_waiting
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.foundation.errors import NotPermitted
from wherry.outreach.actions import happened, intend
from wherry.outreach.models import Attempt
from wherry.outreach.types import AttemptEvent, Channel
from wherry.referrals.models import CallToAction
from wherry.worklist.actions.opening import open_task
from wherry.worklist.models import Task

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
        ("sex", "unknown", 2, 2),
        ("category", "high", 2, 2),
    ]


def test_equity_follows_each_group_through_every_step_in_one_query(
    here: County, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    _texted(here, 1), _texted(here, 2), _texted(here, 3, accepted=False)
    a_need(here, a_case(here, number=9), red_flag=True)

    with acting_as(_overseer(here)) as lead, django_assert_num_queries(1):
        norwich = equity(asked_by=lead, programme=PROGRAMME)[0]

    assert (norwich.people, norwich.contacted, norwich.answered, norwich.asked, norwich.reached) == (4, 2, 1, 1, 0)


def test_somebody_who_opened_the_link_and_did_not_answer_is_seen_to_have_opened(here: County) -> None:
    case = a_case(here, number=1)
    with acting_as(WORKER):
        occurrence = latest_occurrence(case_id=case.pk)
        invitation, _ = link_to(occurrence=occurrence, now=here.now)
        born = case.person.birth_date
        assert recognise(by=WORKER, invitation=invitation, given=born, known=born, now=here.now)

    with acting_as(_overseer(here)) as lead:
        counted = funnel(asked_by=lead, programme=PROGRAMME)

    assert (counted.opened, counted.answered) == (1, 0)


def test_helped_is_the_persons_own_word(here: County) -> None:
    call = a_call(here, a_need(here, a_case(here)))
    done = {"state": "done", "done_at": here.now, "outcome": "delivered"}
    with acting_as(WORKER):
        CallToAction.objects.filter(pk=call.pk).update(**done)
    with acting_as(_overseer(here)) as lead:
        assert funnel(asked_by=lead, programme=PROGRAMME).helped == 0

    with acting_as(WORKER):
        CallToAction.objects.filter(pk=call.pk).update(state="confirmed")
    with acting_as(_overseer(here)) as lead:
        assert funnel(asked_by=lead, programme=PROGRAMME).helped == 1


def test_what_waits_past_its_time_is_counted(here: County) -> None:
    _texted(here, 1, accepted=False)
    a_need(here, a_case(here, number=2), red_flag=True)

    with acting_as(_overseer(here)) as lead:
        found = {one.what: one for one in stuck(asked_by=lead, programme=PROGRAMME, now=here.now)}

    assert (found["Red flags nobody has taken"].waiting, found["Red flags nobody has taken"].overdue) == (1, 1)
    assert found["Messages nobody is sure left"].overdue == 1
    assert found["Calls to action not yet answered"].oldest_at is None
    assert found["Needs not yet offered to anybody"].waiting == 1


def test_what_waits_says_whose_it_is_and_how_long_the_middle_one_has_waited(here: County) -> None:
    ages = (1, 2, 30)
    for number, hours in enumerate(ages):
        call = a_call(here, a_need(here, a_case(here, number=number)))
        with acting_as(WORKER):
            CallToAction.objects.filter(pk=call.pk).update(offered_at=here.now - dt.timedelta(hours=hours))

    with acting_as(_overseer(here)) as lead:
        found = {one.what: one for one in stuck(asked_by=lead, programme=PROGRAMME, now=here.now)}
    calls = found["Calls to action not yet answered"]

    assert calls.owners == (("Food Hub", 3),)
    assert here.now - calls.oldest_at == dt.timedelta(hours=30)
    assert here.now - calls.median_at == dt.timedelta(hours=2)


def test_tasks_name_the_teams_that_have_them(here: County) -> None:
    _a_task(here, a_case(here, number=1), opened_at=here.now)

    with acting_as(_overseer(here)) as lead:
        [calls] = tasks_waiting(asked_by=lead, programme=PROGRAMME, now=here.now)

    assert (calls.what, calls.waiting, calls.owners) == ("check_in_call", 1, (("Support team", 1),))


def _a_task(county: County, case: Case, *, opened_at: dt.datetime, done_at: dt.datetime | None = None) -> None:
    with acting_as(WORKER):
        task = open_task(
            by=WORKER,
            case=case,
            kind="check_in_call",
            about_id=uuid.uuid4(),
            team=county.team,
            priority=50,
            due_at=opened_at + dt.timedelta(hours=4),
            now=opened_at,
        )
        assert task is not None
        if done_at:
            Task.objects.filter(pk=task.pk).update(state="done", done_at=done_at)


def test_the_backlog_counts_what_waited_at_the_end_of_each_local_day(
    here: County, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    case = a_case(here)
    noon = dt.datetime(2026, 10, 25, 12, tzinfo=dt.UTC)  # the clocks went back that morning
    late_evening = dt.datetime(2026, 10, 24, 22, 30, tzinfo=dt.UTC)  # 23:30 in summer time: still the 24th
    after_midnight = dt.datetime(2026, 10, 24, 23, 30, tzinfo=dt.UTC)  # 00:30: the 25th
    _a_task(here, case, opened_at=late_evening, done_at=after_midnight)
    _a_task(here, case, opened_at=after_midnight)

    with acting_as(_overseer(here)) as lead, django_assert_num_queries(1):
        days = backlog(asked_by=lead, programme=PROGRAMME, now=noon, days=3)

    assert [(one.day.day, one.waiting, one.came, one.done) for one in days] == [
        (23, 0, 0, 0),
        (24, 1, 1, 0),
        (25, 1, 1, 1),
    ]


def test_the_time_to_first_contact_counts_everybody_once(here: County) -> None:
    for number, hours in enumerate((1, 24, 25, 24 * 9)):
        _texted(here, number)
        with acting_as(WORKER):
            Attempt.objects.filter(case__person__population_id=f"p{number:04}").update(
                attempted_at=here.now + dt.timedelta(hours=hours)
            )
    a_case(here, number=9)

    with acting_as(_overseer(here)) as lead:
        took = {one.words: one.people for one in time_to_contact(asked_by=lead, programme=PROGRAMME)}

    assert (took["within 1 day"], took["within 2 days"], took["later"], took["not yet"]) == (2, 1, 1, 1)
    assert sum(took.values()) == 5


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
