"""Going live: put a signed version in force, look ahead, release it stage by stage, stop it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.database.context import acting_as
from wherry.foundation.actors import Actor
from wherry.foundation.errors import InputWrong, StaleVersion
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission
from wherry.journeys import go_live
from wherry.journeys.look_ahead import AMISS, LookAhead, look_ahead
from wherry.journeys.name_staff import names_of_staff
from wherry.journeys.plan_of_change import PlanOfChange, change_at_once, plan_of_change
from wherry.sign_off.errors import AnotherOnItsWay, NotYetInDates, VersionNotReady
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.rules import STAGES, next_share
from wherry.sign_off.types import VersionState
from wherry.web.components.forms import error_summary
from wherry.web.components.pieces import Status
from wherry.web.programmes import presenters
from wherry.web.programmes.doing import MOVED_ON, Met, not_none
from wherry.web.programmes.ending import CAN_END
from wherry.web.programmes.forms import WHY_AT_ONCE, WHY_RELEASED, WHY_STOPPED, bound
from wherry.web.programmes.frame import asked_version, doer, frame, programmes_page, title_of, to, who_may
from wherry.web.programmes.samples import by_language

_CAN_BE_STOPPED = (VersionState.IN_FORCE, VersionState.SUPERSEDED)
_DONE = {
    "in_force": "It is in force. Nobody is contacted under it until it is released.",
    "release": "It is released. The look ahead below is for the stage after.",
    "at_once": "It holds at once, for everybody it is released to.",
    "ended": "It is stood down. The worker tells people, and hands over what is open.",
    "stop": "It is stopped. Nothing more leaves under it.",
}
_CHANGED = "What would happen is not what you were shown any more. Look at the figures again; nobody was contacted."


@require_http_methods(["GET", "POST"])
@programmes_page
def live(request: HttpRequest, *, by: Actor, now: dt.datetime, version_id: UUID) -> HttpResponse:
    """Show what a release would do, and let it, or stop it; for whoever may pause what is sent."""
    doer(request, Permission.PAUSE_SENDING)
    it = asked_version(by=by, version_id=version_id)
    met = Met()
    if request.method == "POST":
        met = _DEEDS.get(request.POST.get("do", ""), not_none)(request, it, now)
        if met.done:
            return to("programmes_live", version_id, done=met.done)
        it = asked_version(by=by, version_id=version_id)
    page = render(request, "programmes/live.jinja", _context(request, by, it, now, met))
    page.status_code = 409 if met.moved_on else 200
    return page


def _context(request: HttpRequest, by: Actor, it: ProgrammeVersion, now: dt.datetime, met: Met) -> dict[str, object]:
    today = local_time(now).date()
    step = presenters.next_step(it, today=today)
    is_in_force = it.state == VersionState.IN_FORCE
    share = next_share(share=it.share) if is_in_force and it.reaches_people else None
    ahead = look_ahead(version=it, share=share, now=now) if share else None
    names = names_of_staff(ids={it.ended_by} - {""})
    return frame(request, title=f"{title_of(it)}: going live") | {
        "version": it,
        "stands": presenters.stands(it),
        "step": step,
        "by_when": presenters.by_when(step, today=today),
        "days": presenters.days_of(it),
        "ended_by": presenters.name_of(it.ended_by, names) if it.ended_by else "",
        "stages": _stages(it) if is_in_force and it.reaches_people else [],
        "ahead": ahead,
        "amiss": amiss_rows(ahead) if ahead else [],
        "languages": by_language(ahead.samples, people=ahead.languages) if ahead else [],
        "plan": _plan(by, it),
        "at_once_form": bound(WHY_AT_ONCE, met.values, met.errors)
        if is_in_force and it.share and _may_release(request)
        else (),
        "may_put_in_force": it.state == VersionState.SIGNED and _may_release(request),
        "may_release": _may_release(request),
        "may_end": it.state in CAN_END and it.reaches_people and _may_release(request),
        "release_form": bound(WHY_RELEASED, met.values, met.errors),
        "stop_form": bound(WHY_STOPPED, met.values, met.errors) if it.state in _CAN_BE_STOPPED else (),
        "done": _DONE.get(request.GET.get("done", ""), ""),
        "met": met,
        "errors": met.errors,
        "summary": error_summary(fields=(*WHY_RELEASED, *WHY_STOPPED, *WHY_AT_ONCE), errors=met.errors),
        "back": reverse("programmes_version", args=[it.pk]),
    }


def _may_release(request: HttpRequest) -> bool:
    return who_may(request, Permission.RELEASE_PROGRAMME) is not None


def _stages(it: ProgrammeVersion) -> list[Status]:
    """Draw the stages of a release; the words say what the colours do."""
    upcoming = next_share(share=it.share)
    return [
        Status(
            f"{stage} %: {'released' if stage <= it.share else 'next' if stage == upcoming else 'later'}",
            "green" if stage <= it.share else "blue" if stage == upcoming else "grey",
        )
        for stage in STAGES
    ]


def amiss_rows(ahead: LookAhead) -> list[list[object]]:
    """Lay out what is amiss: what, how many people, their share, what is allowed, whether it is kept."""
    return [
        [
            presenters.first_up(AMISS[name]),
            f"{count:,}",
            f"{100 * count / ahead.people:.1f} %" if ahead.people else "–",
            f"{ahead.limits[name]:g} %",
            Status("Too many", "red")
            if ahead.people and 100 * count / ahead.people > ahead.limits[name]
            else Status("Within", "green"),
        ]
        for name, count in ahead.amiss.items()
    ]


def _plan(by: Actor, it: ProgrammeVersion) -> PlanOfChange | None:
    """Say what becomes of people amid a check-in, while a version is about to come or coming."""
    is_coming = it.state == VersionState.SIGNED or it.state == VersionState.IN_FORCE
    return plan_of_change(asked_by=by, version=it) if is_coming and it.reaches_people else None


def _put_in_force(request: HttpRequest, it: ProgrammeVersion, now: dt.datetime) -> Met:
    by = doer(request, Permission.RELEASE_PROGRAMME)
    if it.state == VersionState.IN_FORCE:
        return Met("in_force")
    try:
        with acting_as(by):
            go_live.put_in_force(by=by, version=it, now=now)
    except (VersionNotReady, StaleVersion):
        return Met(moved_on=MOVED_ON)
    except (NotYetInDates, AnotherOnItsWay) as refused:
        return Met(moved_on=str(refused))
    return Met("in_force")


def _release(request: HttpRequest, it: ProgrammeVersion, now: dt.datetime) -> Met:
    by = doer(request, Permission.RELEASE_PROGRAMME)
    why, seen, sent = (request.POST.get(name, "").strip() for name in ("why_released", "seen", "share"))
    if sent not in {str(stage) for stage in STAGES}:
        raise InputWrong
    share = int(sent)
    if it.share >= share:
        return Met("release")
    if not why:
        return Met(errors={"why_released": "Say why it may go on, for whoever reads the decision log"})
    try:
        with acting_as(by):
            go_live.release(by=by, version=it, share=share, seen=seen, why=why, now=now)
    except (VersionNotReady, StaleVersion):
        return Met(moved_on=MOVED_ON, values={"why_released": why})
    except go_live.ChangedSinceLookedAt:
        return Met(moved_on=_CHANGED, values={"why_released": why})
    except go_live.LookAheadFails as refused:
        return Met(moved_on=presenters.first_up(str(refused)), values={"why_released": why})
    return Met("release")


def _at_once(request: HttpRequest, it: ProgrammeVersion, now: dt.datetime) -> Met:
    by = doer(request, Permission.RELEASE_PROGRAMME)
    why = request.POST.get("why_at_once", "").strip()
    if not why:
        return Met(errors={"why_at_once": "Say why it cannot wait for the next check-in"})
    if request.POST.get("moved", "0") != "0" and not plan_of_change(asked_by=by, version=it).at_once.moved:
        return Met("at_once")  # whoever was shown has been moved already: the form was sent twice
    try:
        with acting_as(by):
            change_at_once(by=by, version=it, why=why, now=now)
    except (VersionNotReady, StaleVersion):
        return Met(moved_on=MOVED_ON, values={"why_at_once": why})
    return Met("at_once")


def _stop(request: HttpRequest, it: ProgrammeVersion, now: dt.datetime) -> Met:
    by = doer(request, Permission.PAUSE_SENDING)
    why = request.POST.get("why_stopped", "").strip()
    if it.state == VersionState.STOPPED:
        return Met("stop")
    if not why:
        return Met(errors={"why_stopped": "Say why, in a few words"})
    try:
        with acting_as(by):
            go_live.stop(by=by, version=it, why=why, now=now)
    except (VersionNotReady, StaleVersion):
        return Met(moved_on=MOVED_ON, typed=why)
    return Met("stop")


_DEEDS: Mapping[str, Callable[[HttpRequest, ProgrammeVersion, dt.datetime], Met]] = {
    "in_force": _put_in_force,
    "release": _release,
    "at_once": _at_once,
    "stop": _stop,
}
