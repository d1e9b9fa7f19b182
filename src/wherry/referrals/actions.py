"""Calls to action: stored before anyone is told, moved one step at a time, closed by the person's own word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission, require
from wherry.organisations.models import Organisation
from wherry.referrals.errors import OutcomeMissing, ReasonMissing
from wherry.referrals.models import CallToAction, CallToActionEvent, Capacity
from wherry.referrals.rules import move
from wherry.referrals.types import CLOSED_STATES, DeclineReason, Outcome, State, Verb
from wherry.triage.models import Need


def offer(
    *,
    by: Actor,
    need: Need,
    service: str,
    partner: Organisation,
    shared: Mapping[str, object],
    clock_ends_at: dt.datetime,
    now: dt.datetime,
    area: str = "",
) -> CallToAction | None:
    """
    Offer a need to a partner's service, with the least it must know. None when a live one exists already.

    area: roughly where, told before anybody accepts; shared: told from then on.
    """
    try:
        with transaction.atomic():
            offered = CallToAction.objects.create(
                case_id=need.case_id,
                audience_id=need.audience_id,
                need=need,
                service=service,
                partner=partner,
                kind=need.kind,
                area=area,
                shared=dict(shared),
                urgency=need.urgency,
                offered_at=now,
                clock_ends_at=clock_ends_at,
            )
    except IntegrityError:
        return None
    _note(offered, by, "", State.OFFERED, now, "")
    record(
        by=by,
        did="call_to_action.offered",
        subject="call_to_action",
        subject_ids=[offered.id, need.id, need.case_id],
        now=now,
        detail={"service": service, "fields": sorted(shared)},
    )
    return offered


def tell_anew(
    *, by: Actor, call_to_action: CallToAction, shared: Mapping[str, object], area: str, now: dt.datetime
) -> bool:
    """
    Tell a partner what is known by now of somebody they may be on the way to. False when they were told that already.

    Who has the old page open must look again before they answer. Hazards: H-04 (a door that is no longer theirs).
    """
    if dict(shared) == call_to_action.shared and area == call_to_action.area:
        return False
    before = call_to_action.shared
    changed = sorted(name for name in {*before, *shared} if before.get(name) != shared.get(name))
    call_to_action.change(shared=dict(shared), area=area, told_anew_at=now)
    record(
        by=by,
        did="call_to_action.told_anew",
        subject="call_to_action",
        subject_ids=[call_to_action.id, call_to_action.case_id],
        now=now,
        detail={"fields": changed},
    )
    return True


def accept(*, by: Actor, call_to_action: CallToAction, now: dt.datetime) -> None:
    """Take it on: a receipt is not an acceptance, a named person's word is."""
    require(by, Permission.ANSWER_CALL_TO_ACTION)
    _move(by=by, call_to_action=call_to_action, verb=Verb.ACCEPT, now=now, accepted_at=now)


def decline(*, by: Actor, call_to_action: CallToAction, reason: str, now: dt.datetime) -> None:
    """Say no, or give back what was accepted, with a reason; it goes on. Raises ReasonMissing."""
    require(by, Permission.ANSWER_CALL_TO_ACTION)
    if reason not in {one.value for one in DeclineReason}:
        raise ReasonMissing
    _move(by=by, call_to_action=call_to_action, verb=Verb.DECLINE, now=now, why=reason, decline_reason=reason)


def finish(*, by: Actor, call_to_action: CallToAction, outcome: str, now: dt.datetime) -> None:
    """Say what came of it. The person is asked before it is closed. Raises OutcomeMissing."""
    require(by, Permission.ANSWER_CALL_TO_ACTION)
    if outcome not in {one.value for one in Outcome}:
        raise OutcomeMissing
    _move(by=by, call_to_action=call_to_action, verb=Verb.FINISH, now=now, why=outcome, outcome=outcome, done_at=now)


def lapse(*, by: Actor, call_to_action: CallToAction, now: dt.datetime) -> None:
    """Let an offer go whose clock ran out; it goes on to the next service."""
    _move(by=by, call_to_action=call_to_action, verb=Verb.LAPSE, now=now, why="clock ran out")


def ask_person(*, by: Actor, call_to_action: CallToAction, now: dt.datetime) -> None:
    """Note that the person has been asked whether it helped."""
    if call_to_action.asked_person_at is None:
        call_to_action.change(asked_person_at=now)
        record(
            by=by,
            did="call_to_action.person_asked",
            subject="call_to_action",
            subject_ids=[call_to_action.id, call_to_action.case_id],
            now=now,
        )


def person_says(*, by: Actor, call_to_action: CallToAction, helped: bool, now: dt.datetime) -> None:
    """Write down the person's own word: it helped, and the loop is closed; or it did not, and it is open again."""
    verb = Verb.CONFIRM if helped else Verb.DISPUTE
    _move(
        by=by,
        call_to_action=call_to_action,
        verb=verb,
        now=now,
        person_says="helped" if helped else "not_helped",
    )


def withdraw(*, by: Actor, call_to_action: CallToAction, why: str, now: dt.datetime) -> None:
    """Take an offer back: the person stopped, died or no longer needs it."""
    _move(by=by, call_to_action=call_to_action, verb=Verb.WITHDRAW, now=now, why=why)


def say_capacity(
    *,
    by: Actor,
    partner: Organisation,
    service: str,
    now: dt.datetime,
    takes: int | None = None,
    closed_until: dt.date | None = None,
) -> None:
    """
    Say how many more a service takes today, until which day it is closed, or (neither given) that all is as usual.

    Offers follow it from the next one on.
    """
    require(by, Permission.ANSWER_CALL_TO_ACTION)
    day = local_time(now).date()
    said = Capacity.objects.create(
        partner=partner, service=service, said_at=now, by=by.id, day=day, takes=takes, closed_until=closed_until
    )
    record(
        by=by,
        did="capacity.said",
        subject="capacity",
        subject_ids=[said.id, partner.id],
        now=now,
        detail={"service": service, "takes": takes, "closed_until": str(closed_until or "")},
    )


def _move(
    *, by: Actor, call_to_action: CallToAction, verb: Verb, now: dt.datetime, why: str = "", **values: object
) -> None:
    before = State(call_to_action.state)
    after = move(before, verb)
    if after in CLOSED_STATES:
        values["closed_at"] = now
    call_to_action.change(state=after, **values)
    _note(call_to_action, by, before, after, now, why)
    record(
        by=by,
        did=f"call_to_action.{after}",
        subject="call_to_action",
        subject_ids=[call_to_action.id, call_to_action.case_id],
        now=now,
        detail={"from": str(before), "why": why},
    )


def _note(call_to_action: CallToAction, by: Actor, before: str, after: str, now: dt.datetime, why: str) -> None:
    CallToActionEvent.objects.create(
        case_id=call_to_action.case_id,
        audience_id=call_to_action.audience_id,
        call_to_action=call_to_action,
        at=now,
        by=by.id,
        from_state=before,
        to_state=after,
        why=why,
    )
