"""Writing down each contact: the intent first, then every word of what became of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from wherry.audit.actions import Deed, record, record_all
from wherry.cases.models import Occurrence
from wherry.foundation.actors import Actor
from wherry.foundation.digests import sha256_of
from wherry.foundation.errors import StaleVersion
from wherry.governance.rules import Permission, require
from wherry.outreach.models import Attempt, AttemptEvent, InboundText, Receipt, SendingPause
from wherry.outreach.rules.attempts import advance
from wherry.outreach.types import AttemptEvent as Happened
from wherry.outreach.types import AttemptState, Channel

#: What a word may change of an attempt.
_MOVING = ("state", "why", "attempted_at", "quarantined_until", "provider_id")


@dataclass(frozen=True)
class Intent:
    """
    The intent to contact somebody for a step. to: the number or address (kept out of `repr`), of which a hash stays.

    authorisation: 1; a second message for a step needs a person's word, which takes the next number.
    """

    occurrence: Occurrence
    step: str
    channel: Channel
    message: str
    language: str
    contact_point_id: UUID | None
    to: str = field(repr=False)
    household_key: str
    authorisation: int = 1
    authorised_by: str = ""


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

    Hazards: H-05 (messaged twice).
    """
    intent = Intent(
        occurrence, step, channel, message, language, contact_point_id, to, household_key, authorisation, authorised_by
    )
    return intend_all(by=by, intents=[intent], now=now)[0]


def intend_all(*, by: Actor, intents: Sequence[Intent], now: dt.datetime) -> list[Attempt | None]:
    """Write down many intents in a few statements. Gives, in their order, the attempts; None for what was there."""
    asked = [_attempt(intent, now) for intent in intents]
    Attempt.objects.bulk_create(asked, ignore_conflicts=True)
    ours = set(Attempt.objects.filter(pk__in=[one.pk for one in asked]).values_list("pk", flat=True))
    made = [one for one in asked if one.pk in ours]
    AttemptEvent.objects.bulk_create([_event(one, "", AttemptState.INTENDED, now, "") for one in made])
    record_all(by=by, deeds=[_intended(one) for one in made], now=now)
    return [one if one.pk in ours else None for one in asked]


def _attempt(intent: Intent, now: dt.datetime) -> Attempt:
    occurrence = intent.occurrence
    return Attempt(
        case=occurrence.case,
        audience_id=occurrence.audience_id,
        occurrence=occurrence,
        step=intent.step,
        authorisation=intent.authorisation,
        authorised_by=intent.authorised_by,
        channel=intent.channel,
        contact_point_id=intent.contact_point_id,
        to_hash=sha256_of(intent.to) if intent.to else "",
        household_key=intent.household_key,
        message=intent.message,
        language=intent.language,
        reference=_reference(occurrence_id=occurrence.pk, step=intent.step, authorisation=intent.authorisation),
        state=AttemptState.INTENDED,
        intended_at=now,
    )


def _intended(attempt: Attempt) -> Deed:
    detail = {"step": attempt.step, "channel": str(attempt.channel)}
    return Deed("contact.intended", "attempt", (attempt.id, attempt.case_id), detail)


def _reference(*, occurrence_id: UUID, step: str, authorisation: int) -> UUID:
    # Made from what it is for: a database restored from before the sending asks the provider for the same reference.
    return uuid.uuid5(occurrence_id, f"{step}:{authorisation}")


@dataclass(frozen=True)
class Word:
    """
    What became of an attempt. why: in a few words; provider_id: what the provider calls it.

    quarantined_until: with a hand-off, until when nobody asks after it. of_hand_off: when the hand-off began that this
    is word of; once another has begun, such word changes nothing.
    """

    attempt_id: UUID
    event: Happened
    why: str = ""
    provider_id: str = ""
    quarantined_until: dt.datetime | None = None
    of_hand_off: dt.datetime | None = None


@dataclass(frozen=True)
class _Move:
    attempt: Attempt
    before: AttemptState
    after: AttemptState
    word: Word


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
    Apply one word to an attempt, under its row lock. Returns the state after.

    Hazards: H-05 (messaged twice).
    """
    word = Word(attempt.pk, event, why, provider_id, quarantined_until, of_hand_off)
    return happened_all(by=by, words=[word], now=now)[0]


def happened_all(*, by: Actor, words: Sequence[Word], now: dt.datetime) -> list[AttemptState]:
    """
    Apply many words, in their order, under their attempts' row locks. Returns the states after each.

    A state never goes back; a word that changes nothing is kept out of the history.
    """
    with transaction.atomic():
        ids = {word.attempt_id for word in words}
        locked = {one.pk: one for one in Attempt.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
        states, moves = [], []
        for word in words:
            attempt = locked[word.attempt_id]
            before = AttemptState(attempt.state)
            is_old = word.of_hand_off is not None and attempt.attempted_at != word.of_hand_off
            after = before if is_old else advance(before, word.event)
            states.append(after)
            if after is not before:
                _take_on(attempt, after, word, now)
                moves.append(_Move(attempt, before, after, word))
        _keep([locked[pk] for pk in {move.attempt.pk: None for move in moves}])
        _write_history(by, moves, now)
    return states


def _take_on(attempt: Attempt, after: AttemptState, word: Word, now: dt.datetime) -> None:
    attempt.state, attempt.why = after, word.why
    if word.event is Happened.HAND_OFF:
        attempt.attempted_at, attempt.quarantined_until = now, word.quarantined_until
    if word.provider_id:
        attempt.provider_id = word.provider_id


def _keep(attempts: Sequence[Attempt]) -> None:
    # Those that changed alike are written in one statement: a hand-off of many is one moment.
    alike: dict[tuple[object, ...], list[Attempt]] = {}
    for one in attempts:
        alike.setdefault(tuple(getattr(one, name) for name in _MOVING), []).append(one)
    for values, group in alike.items():
        touched = Attempt.objects.filter(pk__in=[one.pk for one in group]).update(
            version=F("version") + 1, **dict(zip(_MOVING, values, strict=True))
        )
        if touched != len(group):
            raise StaleVersion


def _write_history(by: Actor, moves: Sequence[_Move], now: dt.datetime) -> None:
    AttemptEvent.objects.bulk_create(
        [_event(move.attempt, move.before, move.after, now, move.word.why) for move in moves]
    )
    record_all(by=by, deeds=[_moved(move) for move in moves], now=now)


def _moved(move: _Move) -> Deed:
    ids = (move.attempt.id, move.attempt.case_id)
    return Deed(f"contact.{move.after}", "attempt", ids, {"from": str(move.before), "event": str(move.word.event)})


def hold(*, attempt: Attempt, until: dt.datetime, why: str) -> None:
    """Hold an intended message back for a while: it is outside hours, or somebody has had enough for today."""
    Attempt.objects.filter(pk=attempt.pk, state=AttemptState.INTENDED).update(held_until=until, why=why)


def _event(attempt: Attempt, before: str, after: str, now: dt.datetime, why: str) -> AttemptEvent:
    return AttemptEvent(
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
