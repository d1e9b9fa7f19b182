"""Today on one sheet: what the nine o'clock huddle needs, to read on a screen or print for the table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from wherry.evaluation.queries import funnel
from wherry.evaluation.rules import balance
from wherry.evaluation.timing import backlog
from wherry.evaluation.types import ByDay
from wherry.evaluation.waiting import stuck, tasks_waiting
from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.queries import decisions_by_review
from wherry.governance.rules import Permission, may
from wherry.organisations.types import Purpose
from wherry.outreach.queries import sending_is_paused
from wherry.web.programme_office import pictures, presenters
from wherry.web.programme_office.feeds import feeds_now
from wherry.web.programme_office.frame import frame, programme_of
from wherry.web.sign_in.acting import staff_page

#: Days whose work done says what a day can hold.
_WEEK = 7


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.SEE_FUNNEL)
def huddle(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show today: red flags waiting, what is late, feeds late, the funnel, demand against capacity, decisions due."""
    force = programme_of(request, by=by, now=now)
    code, minutes = force.programme.code, force.programme.red_flag_minutes
    counted = funnel(asked_by=by, programme=code, red_flag_minutes=minutes, by_channel=False)
    waits = (
        *stuck(asked_by=by, programme=code, now=now, red_flag_minutes=minutes),
        *tasks_waiting(asked_by=by, programme=code, now=now),
    )
    days = backlog(asked_by=by, programme=code, now=now, days=_WEEK + 1)
    feeds = feeds_now(today=local_time(now).date(), aside={})
    return render(
        request,
        "programme_office/huddle.jinja",
        frame(request, by=by, title="Today", force=force, current="office_huddle")
        | {
            "now": now,
            "is_paused": sending_is_paused(),
            "problems": balance(counted),
            "flags": waits[0],
            "flags_oldest": presenters.duration(now - waits[0].oldest_at) if waits[0].oldest_at else "",
            "late": presenters.waiting_rows([one for one in waits[1:] if one.overdue], now=now),
            "feeds_late": [one for one in feeds if one.is_late],
            "feeds_missing": sum(1 for one in feeds if one.stands == "never"),
            "steps": presenters.step_rows(counted),
            "steps_picture": pictures.funnel(counted),
            "capacity": capacity(days=days),
            "today": days[-1],
            "due": _decisions_due(by, code, local_time(now).date()),
        },
    )


def capacity(*, days: tuple[ByDay, ...]) -> dict[str, object]:
    """
    Weigh what waits against what a day got done in the week before today.

    days: oldest first, today last. A day before there was any work is no day of it: a programme three days old is
    weighed by two. None done gives no answer rather than a wrong one.
    """
    first = next((at for at, one in enumerate(days) if one.came or one.done or one.waiting), len(days) - 1)
    before = days[first:-1]
    done = sum(one.done for one in before) / len(before) if before else 0.0
    came = sum(one.came for one in before) / len(before) if before else 0.0
    waiting = days[-1].waiting
    return {
        "waiting": waiting,
        "came": round(came),
        "done": round(done),
        "days": round(waiting / done, 1) if done else None,
        "grows": round(came) > round(done),
        "since": "yesterday" if len(before) == 1 else f"in the {len(before)} days before today" if before else "",
    }


def _decisions_due(by: Actor, programme: str, today: dt.date) -> Sequence[object] | None:
    """List what is past its review day, longest first; None for whoever may not see decisions."""
    if not may(by, Permission.SEE_DECISIONS):
        return None
    return decisions_by_review(asked_by=by, programme=programme, today=today)[0]
