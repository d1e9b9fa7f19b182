"""How a call ends: answers, an outcome, "stop", a word on help, something verified, or the task handed back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from wherry.foundation.actors import Actor
from wherry.foundation.errors import InputWrong, StaleVersion
from wherry.governance.rules import Permission
from wherry.journeys.programme_in_force import in_force
from wherry.journeys.work_the_list import (
    record_answers,
    record_help_reply,
    record_outcome,
    record_stop,
    record_verified,
)
from wherry.organisations.types import Purpose
from wherry.web.components.forms import posted_values
from wherry.web.sign_in.acting import staff_page
from wherry.web.support_team import forms
from wherry.web.support_team.frame import finished_task, held_task
from wherry.web.support_team.presenters import ASKS, VERIFIES, called
from wherry.web.support_team.views import show_task
from wherry.worklist.actions import hand_back
from wherry.worklist.models import Task
from wherry.worklist.types import Outcome

Ending = Callable[..., HttpResponse | None]
_LAST_KEY = "last_task"
_NOTHING_ANSWERED = "Nothing is answered yet. If they would not answer, choose how the call ended"
_RESOLUTIONS = ("confirmed", "mistaken")


def ending(view: Ending) -> Callable[..., HttpResponse]:
    """
    Make a view an ending: `view(request, *, by, task, now)` for the task its asker holds; None goes back to today.

    The same form sent twice by the same hand goes where the first one went.
    """

    @require_POST
    @staff_page(purpose=Purpose.SUPPORT, permission=Permission.RECORD_CALL, or_else=(Purpose.CARE,))
    @wraps(view)
    def page(request: HttpRequest, *, by: Actor, now: dt.datetime, task_id: UUID) -> HttpResponse:
        try:
            task = held_task(by=by, task_id=task_id, now=now)
        except Http404:
            if request.session.get(_LAST_KEY) == str(task_id):
                return _onwards(by=by, task_id=task_id)
            raise
        answer = view(request, by=by, task=task, now=now)
        if answer is not None and answer.status_code != 302:
            return answer
        request.session[_LAST_KEY] = str(task_id)
        return answer or HttpResponseRedirect(reverse("support_today"))

    return page


def _onwards(*, by: Actor, task_id: UUID) -> HttpResponse:
    finished = finished_task(by=by, task_id=task_id)
    if finished is not None and finished.kind in ASKS:
        return HttpResponseRedirect(reverse("support_after", args=[task_id]))
    return HttpResponseRedirect(reverse("support_today"))


@ending
def answers(request: HttpRequest, *, by: Actor, task: Task, now: dt.datetime) -> HttpResponse | None:
    """
    Store what somebody said, and finish the call with it in the same transaction.

    One step and not two: once the answers are triaged the task makes no sense any more and is taken off the list.
    """
    questionnaire = in_force(programme=task.case.programme, place=task.case.place).questionnaire
    checked = forms.posted_answers(questionnaire=questionnaire, posted=request.POST)
    errors = {one.link_id: "This is too long, or not one of the answers" for one in checked.problems}
    fields = [forms.KEY, *forms.answer_fields(questionnaire=questionnaire), forms.KEEP_IN_TOUCH]
    if task.kind not in ASKS:
        raise InputWrong("This task asks no questions.")
    if not checked.accepted and not errors:
        errors = {next(iter(questionnaire.questions)): _NOTHING_ANSWERED}
    if errors:
        values = posted_values(fields=fields, posted=request.POST)
        return show_task(request=request, task=task, by=by, now=now, values=values, errors=errors)
    record_answers(by=by, task=task, answers=checked.accepted, key=_uuid(request.POST.get("key", "")), now=now)
    if request.POST.get("keep_in_touch") == forms.STOP:
        record_stop(by=by, task=task, now=now)
    else:
        record_outcome(by=by, task=task, outcome=Outcome.SPOKE, now=now)
    return HttpResponseRedirect(reverse("support_after", args=[task.pk]))


@ending
def outcome(request: HttpRequest, *, by: Actor, task: Task, now: dt.datetime) -> HttpResponse | None:
    """Write down how the call ended."""
    _same_version(request, task)
    if request.POST.get("outcome") not in list(Outcome) or task.kind in VERIFIES:
        raise InputWrong("Choose how the call ended.")
    numbers = {
        str(one.id) for one in called(person=task.case.person, now=now, for_red_flag=task.kind == "red_flag").numbers
    }
    rang = request.POST.get("rang", "")
    ended = Outcome(request.POST["outcome"])
    record_outcome(by=by, task=task, outcome=ended, now=now, rang=UUID(rang) if rang in numbers else None)
    return None


@ending
def stop(request: HttpRequest, *, by: Actor, task: Task, now: dt.datetime) -> HttpResponse | None:
    """They want no more contact."""
    record_stop(by=by, task=task, now=now)
    return None


@ending
def helped(request: HttpRequest, *, by: Actor, task: Task, now: dt.datetime) -> HttpResponse | None:
    """Write down whether help came."""
    if task.kind != "did_it_help" or request.POST.get("helped") not in ("yes", "no"):
        raise InputWrong("Choose whether the help came.")
    record_help_reply(by=by, task=task, helped=request.POST["helped"] == "yes", now=now)
    return None


@ending
def verified(request: HttpRequest, *, by: Actor, task: Task, now: dt.datetime) -> HttpResponse | None:
    """Close a report of a death or a wrong person, after somebody looked into it."""
    resolution = request.POST.get("resolution")
    if task.kind not in VERIFIES or resolution not in _RESOLUTIONS:
        raise InputWrong("Choose what you found.")
    record_verified(by=by, task=task, resolution=str(resolution), now=now)
    return None


@ending
def back(request: HttpRequest, *, by: Actor, task: Task, now: dt.datetime) -> HttpResponse | None:
    """Give the task back to the team."""
    _same_version(request, task)
    why = request.POST.get("why", "").replace("\0", "").strip()[:200]
    hand_back(by=by, task=task, why=why or "no reason given", now=now)
    return None


def _same_version(request: HttpRequest, task: Task) -> None:
    if request.POST.get("version") != str(task.version):
        raise StaleVersion


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InputWrong("The form is not whole; open the page once more.") from None
