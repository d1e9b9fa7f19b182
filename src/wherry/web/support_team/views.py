"""Today, and the call itself."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from wherry.audit.actions import record
from wherry.checkin.queries import alarms_said, newest_response, response_of, said_in
from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission, may
from wherry.journeys.during_a_call import colleagues_of
from wherry.journeys.programme_in_force import InForce, of_case
from wherry.journeys.said_in_a_call import ASKS, takes_answers
from wherry.journeys.show_what_is_done import help_of_case
from wherry.journeys.take_checkin import decided_for
from wherry.journeys.work_the_list import LEASE_SECONDS, join_red_flags, next_call, take_call
from wherry.outreach.queries import last_contact
from wherry.triage.queries import open_red_flags
from wherry.web.components.forms import Value, error_summary
from wherry.web.support_team import forms
from wherry.web.support_team.day import at, ended_line, kept_lines, what_was_done
from wherry.web.support_team.endings_shown import call_back_choices, endings_for
from wherry.web.support_team.frame import calls_page, finished_task, held_task, show
from wherry.web.support_team.help_shown import help_lines
from wherry.web.support_team.presenters import (
    KIND_WORDS,
    VERIFIES,
    about_lines,
    before_you_dial,
    called,
    statuses,
    waiting_rows,
)
from wherry.web.support_team.who_said import flag_call, newest, own_words, speak_alone, who_answered
from wherry.worklist.actions.claiming import renew_lease
from wherry.worklist.models import Task
from wherry.worklist.queries import (
    claimable,
    done_since,
    draft_of,
    events_of,
    held_by,
    kept_for,
    last_event,
    list_now,
    red_flags_put_off,
    tries_of,
)

LAST_KEY = "last_task"
#: The call of whoever rang us or came in: it is no longer to be dialled.
RANG_IN_KEY = "rang_in"


@require_GET
@calls_page()
def today(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show what waits, what the caller did today, what is theirs, and the one big button."""
    morning = local_time(now).replace(hour=0, minute=0, second=0, microsecond=0)
    evening = morning + dt.timedelta(days=1)
    last = request.session.get(LAST_KEY)
    waits = list_now(teams=by.teams, roles=by.roles, actor_id=by.id, now=now, evening=evening)
    return show(
        request=request,
        template="today",
        title="Calls today",
        by=by,
        holds=held_by(actor=by, now=now) is not None,
        waits=waits,
        back_at=at(moment=waits.red_flag_back_at, now=now) if waits.red_flag_back_at else "",
        may_take_early=_put_off(by=by, now=now).first() if waits.red_flags_put_off else None,
        rows=waiting_rows(kinds=waits.by_kind()),
        done=what_was_done(counted=done_since(actor_id=by.id, since=morning)),
        mine=kept_lines(kept=kept_for(actor_id=by.id, now=now), now=now),
        ended=ended_line(event=last_event(task_id=UUID(last)) if last else None, by=by, now=now),
        is_nothing="nothing" in request.GET,
    )


@require_POST
@calls_page()
def next_task(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Claim the next call, or go back to the one held."""
    task = next_call(by=by, now=now)
    if task is None:
        return HttpResponseRedirect(f"{reverse('support_today')}?nothing")
    return HttpResponseRedirect(reverse("support_task", args=[task.pk]))


@require_POST
@calls_page()
def take(request: HttpRequest, *, by: Actor, now: dt.datetime, task_id: UUID) -> HttpResponse:
    """Take one call by name: one promised, one handed over, or one whose time ran out."""
    held = held_by(actor=by, now=now)
    if held is not None and held.pk == task_id:
        return HttpResponseRedirect(reverse("support_task", args=[task_id]))
    free = claimable(teams=by.teams, roles=by.roles, actor_id=by.id, now=now)
    found = free.filter(pk=task_id).first() or _put_off(by=by, now=now).filter(pk=task_id).first()
    if found is None:
        raise Http404
    if held is not None:
        return HttpResponseRedirect(f"{reverse('support_today')}?held")
    take_call(by=by, task=found, now=now)
    return HttpResponseRedirect(reverse("support_task", args=[task_id]))


def _put_off(*, by: Actor, now: dt.datetime) -> QuerySet[Task]:
    # A supervisor need not wait the few minutes that keep two callers from ringing one after the other.
    waits = red_flags_put_off(teams=by.teams, now=now)
    return waits if may(by, Permission.SUPERVISE) else waits.none()


@require_GET
@calls_page()
def task(request: HttpRequest, *, by: Actor, now: dt.datetime, task_id: UUID) -> HttpResponse:
    """Show a task to whoever holds it, and write down that they looked."""
    held, _ = held_task(by=by, task_id=task_id, now=now)
    return show_task(request=request, task=held, by=by, now=now)


@require_GET
@calls_page()
def after(request: HttpRequest, *, by: Actor, now: dt.datetime, task_id: UUID) -> HttpResponse:
    """After the questions: what to do now where there is a red flag, then the closing words and the next call."""
    finished = finished_task(by=by, task_id=task_id)
    if finished is None:
        raise Http404
    force = of_case(case=finished.case)
    response = newest_response(case_id=finished.case_id) if takes_answers(task=finished) else None
    flags = decided_for(response=response, now=now).red_flags if response else ()
    return show(
        request=request,
        template="after",
        title="Stop: red flag" if flags else "Written down",
        by=by,
        script=force.script,
        flags=forms.cannot_wait(flags=flags, force=force),
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
    force = of_case(case=task.case)
    _renew(task=task, by=by, force=force, now=now)
    join_red_flags(by=by, task=task, now=now)
    person = task.case.person
    record(by=by, did="person.seen", subject="person", subject_ids=[person.pk, task.pk], now=now)
    who = called(person=person, now=now, for_red_flag=task.kind == "red_flag")
    events = events_of(task_id=task.pk)
    said = alarms_said(case_id=task.case_id)
    response = newest_response(case_id=task.case_id)
    answered = said_in(response=response) if response else None
    last = newest(said=[*said.values(), answered])
    flags = open_red_flags(case_id=task.case_id) if task.kind == "red_flag" else []
    about_these = [said[key] for key in ((one.occurrence_id, one.flag) for one in flags) if key in said]
    return show(
        request=request,
        template="task",
        title=KIND_WORDS.get(task.kind, "A task"),
        by=by,
        task=task,
        script=force.script,
        person=who,
        about=about_lines(task=task, force=force),
        before=before_you_dial(
            events=events,
            tries=tries_of(events=events),
            outcomes=force.script.outcomes,
            contact=last_contact(case_id=task.case_id),
            last_word=who_answered(said=last, now=now) if last else "",
        ),
        flag_call=flag_call(flags=flags, said=said, answered=answered, force=force, now=now) if flags else None,
        speak_alone=speak_alone(said=[*about_these, *([answered] if answered else [])]),
        statuses=statuses(task=task, now=now),
        verifies=task.kind in VERIFIES,
        errors=errors,
        endings=endings_for(task=task, force=force, asks=task.kind in ASKS, now=now),
        call_back_times=call_back_choices(task=task, force=force, now=now),
        asks=task.kind in ASKS,
        on_the_line=request.session.get(RANG_IN_KEY) == str(task.pk),
        help_given=help_lines(help_given=help_of_case(case_id=task.case_id, force=force, now=now)),
        wrote=own_words(answers=response.answers, said=answered, force=force, now=now) if response and answered else (),
        colleagues=[one for one in colleagues_of(actor=by, now=now) if one.id != by.id],
        is_invented=person.is_synthetic,
        **_questions(task=task, force=force, values=values, errors=errors, now=now),
    )


def _questions(
    *,
    task: Task,
    force: InForce,
    values: Mapping[str, Value] | None,
    errors: Mapping[str, str] | None,
    now: dt.datetime,
) -> dict[str, Any]:
    if not takes_answers(task=task) or (task.kind in ASKS and response_of(occurrence_id=task.about_id) is not None):
        return {}
    draft = draft_of(task_id=task.pk)
    kept = draft.answers if draft else {}
    shown = {"key": str(uuid.uuid4()), **forms.shown_answers(kept), **(values or {})}
    fields = [forms.KEY, *forms.answer_fields(questionnaire=force.questionnaire), forms.KEEP_IN_TOUCH]
    return {
        "groups": forms.groups(questionnaire=force.questionnaire, values=shown, errors=errors),
        "key": shown["key"],
        "keep_in_touch": forms.bound(fields=(forms.KEEP_IN_TOUCH,), values=shown),
        "summary": error_summary(fields=fields, errors=errors or {}),
        "saved_at": local_time(draft.saved_at).strftime("%H:%M") if draft and draft.answers else "",
        "stop_now": forms.what_needs_help_now(task=task, force=force, answers=kept, now=now),
    }


def _renew(*, task: Task, by: Actor, force: InForce, now: dt.datetime) -> None:
    lease = force.script.policy.lease_seconds
    if task.leased_until and (task.leased_until - now).total_seconds() < max(lease, LEASE_SECONDS) / 2:
        renew_lease(by=by, task=task, lease_seconds=lease, now=now)
