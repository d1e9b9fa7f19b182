"""For supervisors: who is at work, whether today's calls fit into today, what is stuck, and who gets it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission
from wherry.journeys.during_a_call import Colleague, colleagues_of
from wherry.journeys.programme_in_force import worked_by
from wherry.journeys.supervise_calls import AtWork, give_to, team_now
from wherry.triage.queries import settled_red_flags
from wherry.triage.types import SettledRedFlag
from wherry.web.support_team.day import ENDED_WORDS, at
from wherry.web.support_team.frame import calls_page, show
from wherry.web.support_team.presenters import KIND_WORDS
from wherry.worklist.models import Task, TaskEvent
from wherry.worklist.queries import bare_task, events_of, stuck
from wherry.worklist.types import Outcome, Pace

_A_PAGE = 25
_VERBS = {
    "opened": "put on the list",
    "claimed": "taken",
    "handed_back": "given back",
    "handed_over": "handed over",
    "reassigned": "given out by a supervisor",
    "taken_back": "last tap taken back",
    "climbed": "climbed, nobody had taken it",
    "cancelled": "taken off the list",
    "tried": "rung",
    "finished": "finished",
}


@require_GET
@calls_page(Permission.SUPERVISE)
def team(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show the team's day."""
    people, pace = team_now(by=by, now=now)
    names = {one.id: one.name for one in people}
    pages = Paginator(stuck(teams=by.teams, now=now), _A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return show(
        request=request,
        template="team",
        title="The team",
        by=by,
        pace=pace,
        promise=_promise(pace),
        people=[_person_row(one, now) for one in people],
        stuck=[_stuck_row(one, names, now) for one in page],
        settled=[_settled_row(one, names, now) for one in _settled_today(now)],
        page=page,
        many=pages.count,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@calls_page(Permission.SUPERVISE)
def stuck_task(request: HttpRequest, *, by: Actor, now: dt.datetime, task_id: UUID) -> HttpResponse:
    """Show what happened to one task, without whose it is, and put it into somebody's hands."""
    task = bare_task(task_id=task_id)
    if task is None or task.team_id not in by.teams:
        raise Http404
    if request.method == "POST":
        note = request.POST.get("note", "").replace("\0", "").strip()[:200]
        give_to(by=by, task=task, to=request.POST.get("to", ""), note=note, now=now)
        return HttpResponseRedirect(reverse("support_team"))
    people = colleagues_of(actor=by, now=now)
    return show(
        request=request,
        template="stuck",
        title=KIND_WORDS.get(task.kind, task.kind),
        by=by,
        facts=_facts(task, now),
        is_open=task.state in ("open", "claimed"),
        rows=[_event_row(one, people, now) for one in events_of(task_id=task.pk)],
        people=people,
    )


def _promise(pace: Pace) -> str:
    if pace.due_today == 0:
        return "Nothing is due today."
    if pace.an_hour == 0:
        return "Nobody has ended a call in the last hour, so there is no pace to judge today by."
    if pace.done_at is None:
        return "At this pace today's calls are not all made today."
    return f"At this pace today's calls are made by {local_time(pace.done_at):%H:%M}."


def _person_row(one: AtWork, now: dt.datetime) -> tuple[str, str, str, str]:
    if one.holds:
        doing = f"{KIND_WORDS.get(one.holds.kind, one.holds.kind)}, {ago(since=one.holds.since, now=now)}"
    else:
        doing = "No call"
    return (f"{one.name} ({one.role})", doing, str(one.calls), at(moment=one.last_at, now=now) if one.last_at else "–")


def _stuck_row(task: Task, names: dict[str, str], now: dt.datetime) -> dict[str, object]:
    held = task.state == "claimed" and task.leased_until is not None and task.leased_until > now
    if held:
        whose = names.get(task.claimed_by, "somebody of another team")
    elif task.kept_for and task.kept_until and task.kept_until > now:
        whose = f"waits for {names.get(task.kept_for, 'somebody')}"
    else:
        whose = f"nobody; asked of {task.for_role}s" if task.for_role else "nobody"
    return {
        "id": task.pk,
        "kind": KIND_WORDS.get(task.kind, task.kind),
        "since": ago(since=task.opened_at, now=now),
        "late": ago(since=task.due_at, now=now) if task.due_at < now else "not yet",
        "tries": str(task.tries),
        "whose": whose,
    }


def _settled_today(now: dt.datetime) -> list[SettledRedFlag]:
    morning = local_time(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return settled_red_flags(since=morning, limit=_A_PAGE)


def _settled_row(one: SettledRedFlag, names: dict[str, str], now: dt.datetime) -> tuple[str, str, str, str, str]:
    force = worked_by(programme=one.programme, place=one.place)
    said = next((rule.words for rule in force.triage.rules if rule.id == one.rule), one.rule)
    ending = force.script.red_flag.ending(one.outcome)
    otherwise = ENDED_WORDS[Outcome(one.outcome)] if one.outcome in list(Outcome) else "–"
    ended = ending.words if ending else otherwise
    when = f"{at(moment=one.closed_at, now=now)}, after {ago(since=one.raised_at, now=one.closed_at)}"
    return (said, when, names.get(one.by, "–"), ended, one.what_was_done or "–")


def _facts(task: Task, now: dt.datetime) -> tuple[tuple[str, str], ...]:
    late = f"{ago(since=task.due_at, now=now)} ago" if task.due_at < now else at(moment=task.due_at, now=now)
    return (
        ("On the list for", ago(since=task.opened_at, now=now)),
        ("Due", late),
        ("Shows", "now" if task.not_before <= now else at(moment=task.not_before, now=now)),
        ("Tries", str(task.tries)),
    )


def _event_row(event: TaskEvent, people: list[Colleague], now: dt.datetime) -> tuple[str, str, str, str]:
    names = {one.id: one.name for one in people}
    ended = ENDED_WORDS.get(Outcome(event.outcome), "") if event.outcome in list(Outcome) else ""
    what = _VERBS.get(event.verb, event.verb) + (f": {ended}" if ended else "")
    when = local_time(event.at).strftime("%-d %B, %H:%M")
    return (when, what, names.get(event.by, "the system" if event.by == "worker" else "somebody"), event.note)


def ago(*, since: dt.datetime, now: dt.datetime) -> str:
    """Write how long something has lasted: "12 minutes", "3 hours", "2 days"."""
    minutes = max(int((now - since).total_seconds() // 60), 0)
    for size, word in ((1_440, "day"), (60, "hour")):
        if minutes >= 2 * size or (size == 1_440 and minutes >= size):
            return f"{minutes // size} {word}{'' if minutes // size == 1 else 's'}"
    return f"{minutes} {'minute' if minutes == 1 else 'minutes'}"
