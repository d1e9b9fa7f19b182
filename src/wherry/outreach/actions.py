"""Writing down each contact: the intent first, then every word of what became of it."""

from __future__ import annotations

import datetime as dt
import uuid
from uuid import UUID

from django.db import IntegrityError, transaction

from wherry.audit.actions import record
from wherry.cases.models import Occurrence
from wherry.foundation.actors import Actor
from wherry.foundation.digests import sha256_of
from wherry.governance.rules import Permission, require
from wherry.outreach.models import Attempt, AttemptEvent, InboundText, Receipt, SendingPause
from wherry.outreach.rules import advance
from wherry.outreach.types import AttemptEvent as Happened
from wherry.outreach.types import AttemptState, Channel


def intend(
    *,
    by: Actor,
    occurrence: Occurrence,
    step: str,
    channel: Channel,
    message: str,
    language: str,
    contact_point_id: UUID | None,
    to: str,
    household_key: str,
    now: dt.datetime,
    authorisation: int = 1,
    authorised_by: str = "",
) -> Attempt | None:
    """
    Write down the intent to contact somebody for a step, before anything leaves. None when the step has one already.

    A second message for a step needs a person's authorisation, which takes the next number.
    Hazards: H-05 (messaged twice).
    """
    try:
        with transaction.atomic():
            attempt = Attempt.objects.create(
                case_id=occurrence.case_id,
                audience_id=occurrence.audience_id,
                occurrence=occurrence,
                step=step,
                authorisation=authorisation,
                authorised_by=authorised_by,
                channel=channel,
                contact_point_id=contact_point_id,
                to_hash=sha256_of(to) if to else "",
                household_key=household_key,
                message=message,
                language=language,
                reference=_reference(occurrence_id=occurrence.pk, step=step, authorisation=authorisation),
                state=AttemptState.INTENDED,
                intended_at=now,
            )
    except IntegrityError:
        return None
    _note(attempt, "", AttemptState.INTENDED, now, "")
    record(
        by=by,
        did="contact.intended",
        subject="attempt",
        subject_ids=[attempt.id, attempt.case_id],
        now=now,
        detail={"step": step, "channel": str(channel)},
    )
    return attempt


def _reference(*, occurrence_id: UUID, step: str, authorisation: int) -> UUID:
    # Made from what it is for: a database restored from before the sending asks the provider for the same reference.
    return uuid.uuid5(occurrence_id, f"{step}:{authorisation}")


def happened(
    *,
    by: Actor,
    attempt: Attempt,
    event: Happened,
    now: dt.datetime,
    why: str = "",
    provider_id: str = "",
    quarantined_until: dt.datetime | None = None,
    of_hand_off: dt.datetime | None = None,
) -> AttemptState:
    """
    Apply an event to an attempt, under its row lock. The state never goes back; an event that changes nothing is kept
    out of the history. Returns the state after.

    of_hand_off: when the hand-off began that this is word of; once another has begun, such word changes nothing.
    Hazards: H-05 (messaged twice).
    """
    with transaction.atomic():
        locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
        before = AttemptState(locked.state)
        if of_hand_off is not None and locked.attempted_at != of_hand_off:
            return before
        after = advance(before, event)
        if after is before:
            return before
        values: dict[str, object] = {"state": after, "why": why}
        if event is Happened.HAND_OFF:
            values |= {"attempted_at": now, "quarantined_until": quarantined_until}
        if provider_id:
            values["provider_id"] = provider_id
        locked.change(**values)
        _note(locked, before, after, now, why)
        record(
            by=by,
            did=f"contact.{after}",
            subject="attempt",
            subject_ids=[locked.id, locked.case_id],
            now=now,
            detail={"from": str(before), "event": str(event)},
        )
        return after


def hold(*, attempt: Attempt, until: dt.datetime, why: str) -> None:
    """Hold an intended message back for a while: it is outside hours, or somebody has had enough for today."""
    Attempt.objects.filter(pk=attempt.pk, state=AttemptState.INTENDED).update(held_until=until, why=why)


def _note(attempt: Attempt, before: str, after: str, now: dt.datetime, why: str) -> None:
    AttemptEvent.objects.create(
        case_id=attempt.case_id,
        audience_id=attempt.audience_id,
        attempt=attempt,
        from_state=before,
        to_state=after,
        at=now,
        why=why,
    )


def leave_receipt(*, provider_event: str, reference: str, event: str, now: dt.datetime) -> bool:
    """Keep a provider's word as it came. False when it came before: providers repeat themselves."""
    try:
        with transaction.atomic():
            Receipt.objects.create(provider_event=provider_event, reference=reference, event=event, received_at=now)
    except IntegrityError:
        return False
    return True


def leave_inbound_text(*, provider_event: str, number: str, text: str, now: dt.datetime) -> bool:
    """Keep a resident's text as it came. False when it came before."""
    try:
        with transaction.atomic():
            InboundText.objects.create(provider_event=provider_event, number=number, text=text, received_at=now)
    except IntegrityError:
        return False
    return True


def pause_sending(*, by: Actor, why: str, now: dt.datetime) -> None:
    """Stop everything that leaves, at the next hand-off, until a person resumes it."""
    require(by, Permission.PAUSE_SENDING)
    SendingPause.objects.create(why=why, paused_by=by.id, paused_at=now)
    record(by=by, did="sending.paused", subject="programme", subject_ids=[], now=now)


def resume_sending(*, by: Actor, now: dt.datetime) -> None:
    """Let messages leave again."""
    require(by, Permission.RESUME_SENDING)
    SendingPause.objects.filter(resumed_at__isnull=True).update(resumed_at=now, resumed_by=by.id)
    record(by=by, did="sending.resumed", subject="programme", subject_ids=[], now=now)
