"""Today, and the call itself."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from wherry.audit.actions import record
from wherry.checkin.queries import response_of
from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission
from wherry.journeys.programme_in_force import InForce, in_force
from wherry.journeys.take_checkin import decided_for
from wherry.journeys.work_the_list import next_call, teams_of
from wherry.organisations.types import Purpose
from wherry.web.components.forms import FieldKind, Value, bound_fields, error_summary
from wherry.web.sign_in.acting import staff_page
from wherry.web.support_team import forms
from wherry.web.support_team.frame import finished_task, held_task, show
from wherry.web.support_team.presenters import (
    ASKS,
    KIND_WORDS,
    VERIFIES,
    about_lines,
    called,
    statuses,
    waiting_rows,
)
from wherry.worklist.actions import renew_lease
from wherry.worklist.models import Task
from wherry.worklist.queries import done_today, held_by, numbers_tried, waiting_by_kind
from wherry.worklist.types import Outcome

# A red flag climbs to clinicians, who act for care: they take calls on the same pages.
support_page = staff_page(purpose=Purpose.SUPPORT, permission=Permission.CLAIM_TASK, or_else=(Purpose.CARE,))


@require_GET
@support_page
def today(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show what waits, what the caller did today, and the one big button."""
    morning = local_time(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return show(
        request=request,
        template="today",
        title="Calls today",
        holds=held_by(actor=by, now=now) is not None,
        rows=waiting_rows(counted=waiting_by_kind(teams=teams_of(actor=by, now=now), now=now)),
        done=done_today(actor_id=by.id, since=morning),
        is_nothing="nothing" in request.GET,
    )


@require_POST
@support_page
def next_task(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Claim the next call, or go back to the one held."""
    task = next_call(by=by, now=now)
    if task is None:
        return HttpResponseRedirect(f"{reverse('support_today')}?nothing")
    return HttpResponseRedirect(reverse("support_task", args=[task.pk]))


@require_GET
@support_page
def task(request: HttpRequest, *, by: Actor, now: dt.datetime, task_id: UUID) -> HttpResponse:
    """Show a task to whoever holds it, and write down that they looked."""
    held = held_task(by=by, task_id=task_id, now=now)
    return show_task(request=request, task=held, by=by, now=now)


@require_GET
@support_page
def after(request: HttpRequest, *, by: Actor, now: dt.datetime, task_id: UUID) -> HttpResponse:
    """After the questions: what to do now where there is a red flag, then the closing words and the next call."""
    finished = finished_task(by=by, task_id=task_id)
    if finished is None:
        raise Http404
    force = in_force(programme=finished.case.programme, place=finished.case.place)
    response = response_of(occurrence_id=finished.about_id) if finished.kind in ASKS else None
    flags = decided_for(response=response, now=now).red_flags if response else ()
    return show(
        request=request,
        template="after",
        title="Stop: red flag" if flags else "Written down",
        script=force.script,
        flags=tuple(dict.fromkeys(flag.say for flag in flags)),
        is_invented=finished.case.person.is_synthetic,
    )


def show_task(
    *,
    request: HttpRequest,
    task: Task,
    by: Actor,
    now: dt.datetime,
    values: Mapping[str, Value] | None = None,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Draw a held task; a lease past its half is renewed by the look, so that a long call is not lost."""
    force = in_force(programme=task.case.programme, place=task.case.place)
    _renew(task=task, by=by, force=force, now=now)
    person = task.case.person
    record(by=by, did="person.seen", subject="person", subject_ids=[person.pk, task.pk], now=now)
    return show(
        request=request,
        template="task",
        title=KIND_WORDS.get(task.kind, "A task"),
        task=task,
        script=force.script,
        person=called(person=person, now=now, for_red_flag=task.kind == "red_flag"),
        about=about_lines(task=task, force=force),
        statuses=statuses(task=task, now=now),
        verifies=task.kind in VERIFIES,
        errors=errors,
        tried=[force.script.outcomes[Outcome(outcome)] for outcome in numbers_tried(task_id=task.pk)],
        is_invented=person.is_synthetic,
        **_questions(task=task, force=force, values=values, errors=errors),
    )


def _questions(
    *, task: Task, force: InForce, values: Mapping[str, Value] | None, errors: Mapping[str, str] | None
) -> dict[str, Any]:
    if task.kind not in ASKS or response_of(occurrence_id=task.about_id) is not None:
        return {}
    fields = [forms.KEY, *forms.answer_fields(questionnaire=force.questionnaire), forms.KEEP_IN_TOUCH]
    shown = {"key": str(uuid.uuid4()), **(values or {})}
    questions = bound_fields(fields=fields, values=shown, errors=errors)
    for each in questions:
        if each.kind is FieldKind.TEXTAREA:
            each.params["value"] = each.params["value"] or ""  # the toolkit's macro writes None out as a word
    return {
        "questions": questions,
        "summary": error_summary(fields=fields, errors=errors or {}),
    }


def _renew(*, task: Task, by: Actor, force: InForce, now: dt.datetime) -> None:
    lease = force.script.policy.lease_seconds
    if task.leased_until and (task.leased_until - now).total_seconds() < lease / 2:
        renew_lease(by=by, task=task, lease_seconds=lease, now=now)
