"""Stand a programme down: shown whole first, then decided by the programme lead, then carried out by the worker."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.database.context import acting_as
from wherry.foundation.actors import Actor
from wherry.foundation.errors import StaleVersion
from wherry.governance.rules import Permission
from wherry.journeys.go_live import ChangedSinceLookedAt
from wherry.journeys.stand_down import EndingNotWritten, RedFlagsOpen, StandDown, stand_down, stand_down_plan
from wherry.sign_off.errors import VersionNotReady
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.types import VersionState
from wherry.web.components.forms import error_summary
from wherry.web.programmes import presenters
from wherry.web.programmes.doing import MOVED_ON, Met
from wherry.web.programmes.forms import WHY_ENDED, bound
from wherry.web.programmes.frame import asked_version, doer, frame, programmes_page, to
from wherry.web.programmes.samples import by_language

CAN_END = (VersionState.IN_FORCE, VersionState.STOPPED)
_CHANGED = "What would happen is not what you were shown any more. Look again; nothing was done."


@require_http_methods(["GET", "POST"])
@programmes_page
def ending(request: HttpRequest, *, by: Actor, now: dt.datetime, version_id: UUID) -> HttpResponse:
    """Show what standing a programme down would do to everybody and everything open, and let the lead decide it."""
    me = doer(request, Permission.RELEASE_PROGRAMME)
    it = asked_version(by=by, version_id=version_id)
    met = Met()
    if request.method == "POST":
        met = _end(request, it, me, now)
        if met.done:
            return to("programmes_live", version_id, done=met.done)
        it = asked_version(by=by, version_id=version_id)
    page = render(request, "programmes/ending.jinja", _context(request, me, it, now, met))
    page.status_code = 409 if met.moved_on else 200
    return page


def _context(request: HttpRequest, me: Actor, it: ProgrammeVersion, now: dt.datetime, met: Met) -> dict[str, object]:
    plan = _plan(me, it, now) if it.state in CAN_END else None
    return frame(request, title=f"Stand {it.name} down") | {
        "version": it,
        "stands": presenters.stands(it),
        "plan": plan,
        "can_end": it.state in CAN_END,
        "languages": by_language(plan.samples) if plan else [],
        "bound": bound(WHY_ENDED, met.values, met.errors),
        "met": met,
        "errors": met.errors,
        "summary": error_summary(fields=WHY_ENDED, errors=met.errors),
        "back": reverse("programmes_live", args=[it.pk]),
    }


def _plan(me: Actor, it: ProgrammeVersion, now: dt.datetime) -> StandDown | None:
    try:
        with acting_as(me):
            return stand_down_plan(asked_by=me, version=it, now=now)
    except EndingNotWritten:
        return None


def _end(request: HttpRequest, it: ProgrammeVersion, me: Actor, now: dt.datetime) -> Met:
    why, seen = (request.POST.get(name, "").strip() for name in ("why_ended", "seen"))
    if it.state == VersionState.ENDED and it.ended_by == me.id:
        return Met("ended")
    if not why:
        return Met(errors={"why_ended": "Say why, for those who ask later"})
    try:
        with acting_as(me):
            stand_down(by=me, version=it, seen=seen, why=why, now=now)
    except ChangedSinceLookedAt:
        return Met(moved_on=_CHANGED, values={"why_ended": why})
    except (RedFlagsOpen, EndingNotWritten) as refused:
        return Met(moved_on=str(refused), values={"why_ended": why})
    except (VersionNotReady, StaleVersion):
        return Met(moved_on=MOVED_ON, typed=why)
    return Met("ended")
