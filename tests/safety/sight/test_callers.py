"""A caller sees the case whose task they hold, while they hold it."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.places_and_people import Side, hold, set_clock_ahead, two_sides
from tests.support.roles import as_role
from tests.support.sight import CLINICAL, DAY, OF_A_CASE, change, seen_by
from wherry.cases.models import Case
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.governance.models import Agreement
from wherry.outreach.actions import leave_inbound_text
from wherry.outreach.models import InboundText
from wherry.people.models import Person
from wherry.review.models import AtRiskList
from wherry.worklist.actions.opening import open_task
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db


def test_a_caller_sees_that_work_waits_and_not_whose(side: Side) -> None:
    assert seen_by(side.actor("caller"), *OF_A_CASE, *CLINICAL, AtRiskList, Task) == {"Task": 1}


def test_a_caller_sees_a_case_while_they_hold_its_task_and_no_longer(side: Side) -> None:
    caller = side.actor("caller")
    with acting_as(WORKER):
        hold(task=side.task, staff=side.staff["caller"], now=app_now(), minutes=20)
    assert {"Case", "Person", "ContactPointRow"} <= set(seen_by(caller, *OF_A_CASE))
    set_clock_ahead(dt.timedelta(minutes=21))
    assert seen_by(caller, *OF_A_CASE) == {}


def test_a_caller_sees_only_the_case_whose_task_they_hold() -> None:
    ours, theirs = two_sides()
    change(Agreement, theirs.agreements["lead"].pk, organisation_id=ours.lead.pk)
    with acting_as(WORKER):
        hold(task=ours.task, staff=ours.staff["caller"], now=app_now())
    with as_role("web"), acting_as(ours.actor("caller")):
        assert [one.pk for one in Case.objects.all()] == [ours.case.pk]
        assert [one.pk for one in Person.objects.all()] == [ours.person.pk]
        assert Task.objects.count() == 2


def test_another_caller_of_the_same_team_does_not_see_the_case(side: Side) -> None:
    with acting_as(WORKER):
        hold(task=side.task, staff=side.staff["supervisor"], now=app_now())
    assert seen_by(side.actor("caller"), *OF_A_CASE) == {}


def test_a_call_just_finished_stays_in_sight_for_half_an_hour(side: Side) -> None:
    with acting_as(WORKER):
        now = app_now()
        hold(task=side.task, staff=side.staff["caller"], now=now)
        side.task.change(state="done", done_at=now)
    set_clock_ahead(dt.timedelta(minutes=29))
    assert seen_by(side.actor("caller"), Person) == {"Person": 1}
    set_clock_ahead(dt.timedelta(minutes=30))
    assert seen_by(side.actor("caller"), *OF_A_CASE) == {}


def test_of_the_calls_just_finished_only_the_last_stays_in_sight() -> None:
    ours, theirs = two_sides()
    with acting_as(WORKER):
        now = app_now()
    for minutes, one in ((5, theirs), (2, ours)):
        done = {"state": "done", "done_at": now - dt.timedelta(minutes=minutes), "leased_until": None}
        change(Task, one.task.pk, claimed_by=str(ours.staff["caller"].pk), **done)
    change(Agreement, theirs.agreements["lead"].pk, organisation_id=ours.lead.pk)
    with as_role("web"), acting_as(ours.actor("caller")):
        assert [one.pk for one in Person.objects.all()] == [ours.person.pk]


def test_a_task_handed_back_is_out_of_sight_at_once(side: Side) -> None:
    with acting_as(WORKER):
        hold(task=side.task, staff=side.staff["caller"], now=app_now())
        side.task.change(state="open", claimed_by="", leased_until=None)
    assert seen_by(side.actor("caller"), *OF_A_CASE) == {}


def test_holding_a_task_helps_nobody_once_the_agreement_has_ended(side: Side) -> None:
    with acting_as(WORKER):
        now = app_now()
        hold(task=side.task, staff=side.staff["caller"], now=now)
    change(Agreement, side.agreements["lead"].pk, ends_at=now)
    assert seen_by(side.actor("caller"), *OF_A_CASE, Task) == {}


def test_a_caller_reads_the_text_their_task_is_about_and_no_other(side: Side) -> None:
    with acting_as(WORKER):
        now = app_now()
        leave_inbound_text(provider_event="another", number="+447700900102", text="another", now=now)
        theirs = InboundText.objects.get(provider_event="another")
        about = InboundText.objects.exclude(pk=theirs.pk).get()
        task = open_task(
            by=WORKER,
            case=side.case,
            kind="read_words",
            about_id=about.pk,
            team=side.team,
            priority=1,
            due_at=now + DAY,
            now=now,
        )
        assert task is not None
    assert seen_by(side.actor("caller"), InboundText) == {}
    with acting_as(WORKER):
        hold(task=task, staff=side.staff["caller"], now=now)
    with as_role("web"), acting_as(side.actor("caller")):
        assert [one.pk for one in InboundText.objects.all()] == [about.pk]
    set_clock_ahead(dt.timedelta(minutes=21))
    assert seen_by(side.actor("caller"), InboundText) == {}
