"""Once the answers are sent: what to do now, what happens next; and, to whoever opens the link later, how it stands."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from wherry.checkin.models import Invitation
from wherry.checkin.queries import response_of
from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.journeys.own_red_flags import raised_by, rung_by
from wherry.journeys.programme_in_force import InForce
from wherry.journeys.promise_help import in_touch_by
from wherry.journeys.take_checkin import decided_for
from wherry.triage.types import Decision
from wherry.web.person.check_in import force_of
from wherry.web.person.frame import SENT_KEY, show, words
from wherry.web.person.links import recognised
from wherry.web.person.presenters import day_promised, what_follows, when_rung


@require_GET
@recognised(kind="check_in")
def done(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime) -> HttpResponse:
    """
    Say what to do now, before anything else; then that the answers are stored and what happens next.

    Only in the browser they were sent in, and for half an hour: whoever opens the link again reads how it stands.
    """
    if invitation.state != "used":
        return HttpResponseRedirect(reverse("person_start"))
    response = response_of(occurrence_id=invitation.occurrence_id)
    if response is None or not _is_fresh(invitation, now) or not request.session.get(SENT_KEY):
        return HttpResponseRedirect(reverse("person_answered"))
    force = force_of(invitation=invitation)
    language: str = request.language  # type: ignore[attr-defined]
    decided = decided_for(response=response, now=now)
    raised = raised_by(invitation=invitation)
    over = frozenset(one.flag for one in raised if one.is_seen_to)
    follows = what_follows(decided=decided, definition=force.triage, language=language, over=over)
    rung = when_rung(rung_by(invitation=invitation, force=force, now=now), now=now, language=language)
    return show(
        request=request,
        template="done",
        title=words(language, "done.flag_heading" if follows.do_now else "done.heading"),
        follows=follows,
        rung=rung,
        by_when=rung if follows.is_rung else _in_touch(decided, force, invitation, now, language),
        still_rung=any(one.is_taken_back and not one.is_seen_to for one in raised),
        seen_to=bool(over),
        next_day=_next_day(invitation, force, now),
        contact=(force.cadence.sender_name, force.cadence.helpline),
        is_invented=invitation.case.person.is_synthetic,
    )


@require_GET
@recognised(kind="check_in")
def answered(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime) -> HttpResponse:
    """
    Tell somebody who opens a used link again that nothing more is to be done, and none of what was answered.

    What cannot wait stands first until somebody has seen to it, as long as the link still shows what was answered.
    """
    if invitation.state != "used":
        return HttpResponseRedirect(reverse("person_start"))
    force = force_of(invitation=invitation)
    language: str = request.language  # type: ignore[attr-defined]
    do_now = _cannot_wait(invitation, force, now, language)
    return show(
        request=request,
        template="answered",
        title=words(language, "done.flag_heading" if do_now else "answered.heading"),
        do_now=do_now,
        rung=when_rung(rung_by(invitation=invitation, force=force, now=now), now=now, language=language),
        next_day=_next_day(invitation, force, now),
        contact=(force.cadence.sender_name, force.cadence.helpline),
        is_invented=invitation.case.person.is_synthetic,
    )


def _cannot_wait(
    invitation: Invitation, force: InForce, now: dt.datetime, language: str
) -> tuple[tuple[str, str], ...]:
    response = response_of(occurrence_id=invitation.occurrence_id)
    if response is None or not _is_fresh(invitation, now):
        return ()
    over = frozenset(one.flag for one in raised_by(invitation=invitation) if one.is_seen_to)
    decided = decided_for(response=response, now=now)
    return what_follows(decided=decided, definition=force.triage, language=language, over=over).do_now


def _in_touch(decided: Decision, force: InForce, invitation: Invitation, now: dt.datetime, language: str) -> str:
    """Say by when somebody is in touch; today's promise is tomorrow's where the day's hours do not reach."""
    if not decided.needs:
        return ""
    if decided.urgency not in ("emergency", "today"):
        return words(language, f"done.by.{decided.urgency}")
    moment = in_touch_by(
        force=force,
        kinds=(one.need for one in decided.needs),
        urgency=str(decided.urgency),
        said_at=invitation.used_at or now,
        now=now,
    )
    if decided.urgency == "emergency":
        return when_rung(moment, now=now, language=language)
    return day_promised(moment, now=now, language=language)


def _is_fresh(invitation: Invitation, now: dt.datetime) -> bool:
    """Say whether the link was used minutes ago: later, somebody else may hold the telephone."""
    return invitation.used_at is not None and invitation.used_at > now - dt.timedelta(minutes=30)


def _next_day(invitation: Invitation, force: InForce, now: dt.datetime) -> dt.date | None:
    """Give the day on which they are asked again; none in a programme that asks once."""
    if force.programme.asks_once:
        return None
    if force.programme.check_in_every_hours:
        hours = dt.timedelta(hours=force.programme.check_in_every_hours)
        return local_time(max((invitation.used_at or now) + hours, now)).date()
    every = dt.timedelta(days=force.programme.check_in_every_days)
    tomorrow = local_time(now).date() + dt.timedelta(days=1)
    return max(local_time(invitation.occurrence.opened_at).date() + every, tomorrow)
