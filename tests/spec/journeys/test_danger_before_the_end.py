"""A danger said on a page is heard at once, whatever becomes of the rest of the check-in."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from tests.support.county_of_one import County, county_of_one
from tests.support.reach import MORNING, Provider, lose_jobs, run_jobs, set_clock, wind_on
from wherry.checkin.errors import LinkNotUsable
from wherry.checkin.models import Alarm, Draft, Invitation
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor
from wherry.journeys import own_red_flags, take_checkin
from wherry.journeys.turn import take_turn
from wherry.triage.actions import NOT_SENT, SAID_AGAIN, TAKEN_BACK, close_red_flag
from wherry.triage.models import RedFlag
from wherry.web.person.links import holder_of
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
FINE = {"breathless": "no", "chest_pain": "no"}
DANGER = {"breathless": "at_rest", "chest_pain": "no"}


@pytest.fixture
def county(provider: Provider) -> County:
    set_clock(MORNING)
    return county_of_one()


def as_person(county: County) -> Actor:
    return holder_of(token=county.token)


def says(county: County, **answers: str) -> list[str]:
    """Save a page by the person site's own role; gives the flags it comes to."""
    by = as_person(county)
    with connection.cursor() as cursor:
        cursor.execute("set local role web_person")
    with acting_as(by):
        link = Invitation.objects.select_related("case", "case__person", "occurrence__case__person").get()
        found = take_checkin.save_answers(by=by, invitation=link, answers=answers, now=app_now())
    with connection.cursor() as cursor:
        cursor.execute("reset role")
    return [one.flag for one in found]


def sends(county: County) -> None:
    by = as_person(county)
    with acting_as(by):
        link = Invitation.objects.select_related("case", "case__person", "occurrence").get()
        answers = dict(Draft.objects.get().answers)
        take_checkin.take_answers(by=by, invitation=link, answers=answers, answered_by="self", now=app_now())


def flags() -> list[tuple[str, str, bool]]:
    with acting_as(WORKER):
        return [(one.flag, one.note, one.closed_at is None) for one in RedFlag.objects.order_by("flag")]


def tasks() -> list[str]:
    with acting_as(WORKER):
        return list(Task.objects.filter(kind="red_flag").order_by("opened_at").values_list("state", flat=True))


def work() -> None:
    for _ in range(10):
        lose_jobs()
        if not any(take_turn().values()):
            return
    raise AssertionError("the worker never comes to rest")


@pytest.mark.parametrize("is_job_lost", [False, True])
def test_a_danger_typed_and_never_sent_has_a_task_and_a_clock_h_02(county: County, is_job_lost: bool) -> None:
    assert says(county, **DANGER) == ["breathless_at_rest"]
    work() if is_job_lost else run_jobs()

    assert flags() == [("breathless_at_rest", NOT_SENT, True)]
    with acting_as(WORKER):
        task = Task.objects.get(kind="red_flag")
        assert (task.about_id, task.priority) == (RedFlag.objects.get().pk, 0)
        assert task.due_at == task.opened_at + 15 * MINUTE


def test_the_same_danger_said_again_and_sent_is_one_flag_and_one_task_h_02(county: County) -> None:
    for _ in range(3):
        says(county, **DANGER)
        work()
    sends(county)
    work()
    assert flags() == [("breathless_at_rest", "", True)]
    assert tasks() == ["open"]


def test_sent_before_the_worker_looked_it_is_still_one_flag_h_02(county: County) -> None:
    says(county, **DANGER)
    sends(county)
    work()
    assert (flags(), tasks()) == ([("breathless_at_rest", "", True)], ["open"])


@pytest.mark.parametrize("is_heard_between", [False, True])
def test_an_answer_changed_back_stays_somebody_s_to_ask_about_h_02(county: County, is_heard_between: bool) -> None:
    says(county, **DANGER)
    if is_heard_between:
        work()
    says(county, **FINE)
    work()
    assert (flags(), tasks()) == ([("breathless_at_rest", TAKEN_BACK, True)], ["open"])
    sends(county)
    work()
    assert (flags(), tasks()) == ([("breathless_at_rest", TAKEN_BACK, True)], ["open"])


def test_said_again_after_somebody_dealt_with_it_it_is_open_again_h_02(county: County) -> None:
    says(county, **DANGER)
    work()
    with acting_as(WORKER):
        close_red_flag(by=WORKER, red_flag_id=RedFlag.objects.get().pk, outcome="spoke", now=app_now())
        Task.objects.filter(kind="red_flag").update(state="done")
    wind_on(MINUTE)
    says(county, **FINE)
    work()
    assert flags() == [("breathless_at_rest", TAKEN_BACK, False)]
    wind_on(MINUTE)
    says(county, **DANGER)
    work()
    assert flags() == [("breathless_at_rest", SAID_AGAIN, True)]
    assert tasks() == ["done", "open"]


def test_what_was_dealt_with_before_the_sending_is_not_rung_about_twice_h_02(county: County) -> None:
    says(county, **DANGER)
    work()
    with acting_as(WORKER):
        close_red_flag(by=WORKER, red_flag_id=RedFlag.objects.get().pk, outcome="spoke", now=app_now())
        Task.objects.filter(kind="red_flag").update(state="done")
    sends(county)
    work()
    assert tasks() == ["done"]


def test_a_danger_said_on_the_telephone_before_the_call_ends_is_raised_too_h_02(county: County) -> None:
    with acting_as(WORKER):
        found = take_checkin.note_answers_so_far(
            by=WORKER,
            occurrence=county.occurrence,
            answers={"chest_pain": "yes"},
            channel="phone",
            language="en",
            now=app_now(),
        )
    assert [one.flag for one in found] == ["chest_pain"]
    work()
    assert tasks() == ["open"]


def test_a_stopped_link_keeps_nothing_and_raises_nothing(county: County) -> None:
    with acting_as(WORKER):
        Invitation.objects.update(state="locked")
    with pytest.raises(LinkNotUsable):
        says(county, **DANGER)
    with connection.cursor() as cursor:
        cursor.execute("reset role")
    with acting_as(WORKER):
        assert not Alarm.objects.exists()


def test_red_flags_not_yet_heard_climb_like_any_other_h_02(county: County) -> None:
    says(county, chest_pain="yes")
    work()
    wind_on(16 * MINUTE)
    assert own_red_flags.climb_red_flags() == 1
