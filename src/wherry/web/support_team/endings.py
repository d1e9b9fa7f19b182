"""How a call ends: answers, an outcome, another time, "stop", a word on help, a report verified, or other hands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from wherry.foundation.actors import Actor
from wherry.foundation.errors import InputWrong, StaleVersion
from wherry.foundation.periods import LONDON, local_time
from wherry.governance.rules import Permission
from wherry.journeys.during_a_call import (
    record_call_back,
    record_hand_back,
    record_hand_over,
    save_as_they_talk,
    undo_last,
)
from wherry.journeys.help_found import record_help_found, record_not_needed
from wherry.journeys.programme_in_force import InForce, of_case
from wherry.journeys.said_in_a_call import takes_answers
from wherry.journeys.settle_red_flag import settle_red_flag
from wherry.journeys.work_the_list import (
    record_answers,
    record_help_reply,
    record_outcome,
    record_read,
    record_stop,
    record_verified,
)
from wherry.web.components.forms import posted_values
from wherry.web.support_team import forms
from wherry.web.support_team.frame import calls_page, finished_task, held_task, wants_json
from wherry.web.support_team.presenters import VERIFIES, called
from wherry.web.support_team.views import LAST_KEY, RANG_IN_KEY, show_task
from wherry.worklist.errors import WhyNeeded
from wherry.worklist.models import Task
from wherry.worklist.queries import bare_task, was_claimed_by
from wherry.worklist.types import Outcome

Ending = Callable[..., HttpResponse | None]
_NOTHING_ANSWERED = "Nothing is answered yet. If they would not answer, choose how the call ended"
_RESOLUTIONS = ("confirmed", "mistaken")
_NAME_A_VERSION = frozenset({"outcome", "later", "over", "back", "found", "settled", "read"})
_MOST_WORDS = 200


def ending(view: Ending) -> Callable[..., HttpResponse]:
    """
    Make a view an ending: `view(request, *, by, task, now)` for the task its asker holds; None goes back to today.

    The same form sent twice by the same hand goes where the first one went. A form that names the version it was drawn
    from is refused where the task has changed since; a lease that ran out meanwhile is no change.
    """

    @require_POST
    @calls_page(Permission.RECORD_CALL)
    @wraps(view)
    def page(request: HttpRequest, *, by: Actor, now: dt.datetime, task_id: UUID) -> HttpResponse:
        try:
            task, version = held_task(by=by, task_id=task_id, now=now, go_on=True)
        except Http404:
            if request.session.get(LAST_KEY) == str(task_id):
                return _onwards(by=by, task_id=task_id)
            raise
        if view.__name__ in _NAME_A_VERSION and request.POST.get("version") != str(version):
            raise StaleVersion
        answer = view(request, by=by, task=task, now=now)
        if answer is not None and answer.status_code != 302:
            return answer
        request.session[LAST_KEY] = str(task_id)
        request.session.pop(RANG_IN_KEY, None)
        return answer or HttpResponseRedirect(reverse("support_today"))

    return page


def _onwards(*, by: Actor, task_id: UUID) -> HttpResponse:
    finished = finished_task(by=by, task_id=task_id)
    if finished is not None and takes_answers(task=finished):
        return HttpResponseRedirect(reverse("support_after", args=[task_id]))
    return HttpResponseRedirect(reverse("support_today"))


@ending
def answers(request: HttpRequest, *, by: Actor, task: Task, now: dt.datetime) -> HttpResponse | None:
    """
    Store what somebody said, and finish the call with it in the same transaction.

    One step and not two: once the answers are triaged the task makes no sense any more and is taken off the list.
    """
    questionnaire = of_case(case=task.case).questionnaire
    checked = forms.posted_answers(questionnaire=questionnaire, posted=request.POST)
    errors = {one.link_id: "This is too long, or not one of the answers" for one in checked.problems}
    fields = [forms.KEY, *forms.answer_fields(questionnaire=questionnaire), forms.KEEP_IN_TOUCH]
    if not takes_answers(task=task):
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
def found(request: HttpRequest, *, by: Actor, task: Task, now: dt.datetime) -> HttpResponse | None:
    """Write down that help was found another way for a need no service took, or that it is no longer needed."""
    came = request.POST.get("came")
    if task.kind != "need" or came not in ("found", "not_needed"):
        raise InputWrong("Choose what came of it.")
    if came == "found":
        record_help_found(by=by, task=task, words=_words(request, "words"), now=now)
    else:
        record_not_needed(by=by, task=task, now=now)
    return None


@ending
def settled(request: HttpRequest, *, by: Actor, task: Task, now: dt.datetime) -> HttpResponse | None:
    """Close the red flags this call was about: how they are now, and what is being done."""
    covers = [_uuid(one) for one in request.POST.get("flags", "").split()]
    ending, words = request.POST.get("now", ""), _words(request, "words")
    try:
        settle_red_flag(by=by, task=task, ending=ending, words=words, covers=covers, now=now)
    except WhyNeeded as wanted:
        return show_task(request=request, task=task, by=by, now=now, errors={"words": str(wanted)})
    return None


@ending
def read(request: HttpRequest, *, by: Actor, task: Task, now: dt.datetime) -> HttpResponse | None:
    """Close what somebody wrote: it was read, and asks for nothing."""
    record_read(by=by, task=task, now=now)
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
def later(request: HttpRequest, *, by: Actor, task: Task, now: dt.datetime) -> HttpResponse | None:
    """Ring again at a time they chose: one of those offered, or one of their own."""
    if task.kind in VERIFIES:
        raise InputWrong("This task is not a call.")
    chosen = request.POST.get("when", "")
    if chosen == "other":
        chosen = f"{request.POST.get('day', '')}T{request.POST.get('time', '')}"
    record_call_back(by=by, task=task, at=_moment(chosen), words=_words(request, "words"), now=now)
    return None


@ending
def over(request: HttpRequest, *, by: Actor, task: Task, now: dt.datetime) -> HttpResponse | None:
    """Hand the call to a supervisor, a clinician or a colleague."""
    record_hand_over(by=by, task=task, to=request.POST.get("to", ""), note=_words(request, "note"), now=now)
    return None


@ending
def back(request: HttpRequest, *, by: Actor, task: Task, now: dt.datetime) -> HttpResponse | None:
    """Give the task back to the team."""
    record_hand_back(by=by, task=task, why=_words(request, "why") or "no reason given", now=now)
    return None


@require_POST
@calls_page(Permission.RECORD_CALL)
def undo(request: HttpRequest, *, by: Actor, now: dt.datetime, task_id: UUID) -> HttpResponse:
    """Take back one's own last tap."""
    task = bare_task(task_id=task_id)
    if task is None or not was_claimed_by(task_id=task_id, actor_id=by.id):
        raise Http404
    undo_last(by=by, task=task, now=now)
    return HttpResponseRedirect(reverse("support_task", args=[task_id]))


@require_POST
@calls_page(Permission.RECORD_CALL)
def draft(request: HttpRequest, *, by: Actor, now: dt.datetime, task_id: UUID) -> HttpResponse:
    """Keep what was said so far: asked by our script as they talk, or by the button of a group without it."""
    task, _ = held_task(by=by, task_id=task_id, now=now, go_on=True)
    if not takes_answers(task=task):
        raise InputWrong("This task asks no questions.")
    force = of_case(case=task.case)
    said = forms.posted_answers(questionnaire=force.questionnaire, posted=request.POST).accepted
    flags = save_as_they_talk(by=by, task=task, answers=said, now=now)
    if wants_json(request):
        stop_now = forms.cannot_wait(flags=flags, force=force)
        return JsonResponse({"saved": f"{local_time(now):%H:%M}", "stop": list(stop_now)})
    then = request.POST.get("save", "")
    where = "stop-now" if flags else then if then in _groups(force) else "send"
    return HttpResponseRedirect(f"{reverse('support_task', args=[task_id])}#{where}")


def _groups(force: InForce) -> set[str]:
    return {page.link_id for page in force.questionnaire.pages}


def _words(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "").strip()[:_MOST_WORDS]


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise InputWrong("Choose a day and a time.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InputWrong("The form is not whole; open the page once more.") from None
