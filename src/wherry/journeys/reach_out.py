"""
Reach out: who is due and has no attempt; write the intent; hand it off; find out what became of it.

The order is the send protocol: intent committed before anything leaves, quarantine after a doubt, look-up by
reference, and only then the same message again under the same reference.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from contextlib import AbstractContextManager
from uuid import UUID

from django.conf import settings

from wherry.cases.actions import look_again, move_occurrence
from wherry.cases.models import Occurrence
from wherry.cases.queries import occurrences_to_look_at
from wherry.cases.types import State
from wherry.checkin.actions import invite
from wherry.checkin.errors import LinkNotUsable
from wherry.checkin.links import token_for, token_hash
from wherry.database.context import acting_as, app_now, wall_now
from wherry.database.secrets import secret
from wherry.foundation.actors import WORKER
from wherry.foundation.periods import local_time
from wherry.journeys.deferring import Job, defer
from wherry.journeys.one_by_one import one_by_one
from wherry.journeys.programme_in_force import InForce, in_force
from wherry.organisations.models import Team
from wherry.outreach import provider
from wherry.outreach.actions import happened, hold, intend
from wherry.outreach.errors import HeldBack, InDoubt, MessageMissing, NotAccepted, SlotMissing
from wherry.outreach.models import Attempt
from wherry.outreach.provider import ChannelClient
from wherry.outreach.queries import (
    attempt_by_reference,
    attempts_in_doubt,
    contacts_today,
    history,
    intended_messages,
    sending_is_paused,
    unapplied_receipts,
)
from wherry.outreach.rules import WORDS, gate, is_stale, next_contact, render, slots_of
from wherry.outreach.types import (
    AttemptEvent,
    AttemptState,
    Call,
    Channel,
    Exhausted,
    Forbidden,
    Refusal,
    RefusalReason,
    Rendered,
    Send,
    Skipped,
    Step,
    Wait,
)
from wherry.people.queries import contact_point_id, reachable
from wherry.people.types import ContactKind, ContactPoint
from wherry.worklist.actions import open_task
from wherry.worklist.rules import rank

log = logging.getLogger(__name__)
#: A check-in link lives no longer than this, whatever becomes of the message.
LINK_DAYS = 14
#: A message held back by hours or caps is looked at again after this.
_HELD_BACK = dt.timedelta(minutes=20)


def decide_contacts(*, limit: int = 5_000) -> int:
    """Decide the next contact of everyone in cadence with something to decide. Returns how many were decided."""
    with acting_as(WORKER):
        waiting = [
            (one.pk, one.case.programme, one.case.place) for one in occurrences_to_look_at(now=app_now(), limit=limit)
        ]
    return one_by_one(
        waiting, lambda one: _decide(occurrence_id=one[0], force=in_force(programme=one[1], place=one[2]))
    )


def _decide(*, occurrence_id: UUID, force: InForce) -> int:
    with acting_as(WORKER):
        now = app_now()
        occurrence = (
            Occurrence.objects.select_related("case", "case__person", "case__owner_team")
            .select_for_update(of=("self",))
            .get(pk=occurrence_id)
        )
        if occurrence.state != State.IN_CADENCE or occurrence.look_again_at > now:
            return 0
        steps = [step.id for step in force.cadence.steps]
        decided = next_contact(
            cadence=force.cadence,
            history=history(occurrence=occurrence, steps=steps),
            reachable=reachable(person=occurrence.case.person, day=local_time(now).date()),
            occurrence_opened_at=occurrence.opened_at,
            now=now,
        )
        _carry_out(occurrence=occurrence, decided=decided, force=force, now=now)
    return 1


def _carry_out(
    *, occurrence: Occurrence, decided: Send | Call | Wait | Exhausted | Forbidden, force: InForce, now: dt.datetime
) -> None:
    if isinstance(decided, Wait):
        look_again(occurrence=occurrence, at=decided.until)
        return
    if isinstance(decided, Forbidden):
        to = State.DECLINED if decided.reason is RefusalReason.STOP else State.EXCLUDED
        move_occurrence(by=WORKER, occurrence=occurrence, to=to, why=str(decided.reason), now=now)
        return
    _note_skipped(occurrence=occurrence, skipped=decided.skipped, force=force, now=now)
    if isinstance(decided, Exhausted):
        _hand_to_owner(occurrence=occurrence, team_code=decided.owner.team, role=decided.owner.role, now=now)
        return
    channel = decided.channel if isinstance(decided, Send) else Channel.CALL
    attempt = _intend(
        occurrence=occurrence,
        step=decided.step.id,
        channel=channel,
        message=decided.step.message,
        point=decided.contact_point,
        now=now,
    )
    look_again(occurrence=occurrence, at=now + decided.step.patience)
    if isinstance(decided, Call):
        _ask_a_caller(occurrence=occurrence, due=now + decided.step.patience, now=now)
    elif attempt is not None:
        defer(Job.SEND_MESSAGE, about=attempt.pk)


def _intend(
    *, occurrence: Occurrence, step: str, channel: Channel, message: str, point: ContactPoint | None, now: dt.datetime
) -> Attempt | None:
    person = occurrence.case.person
    return intend(
        by=WORKER,
        occurrence=occurrence,
        step=step,
        channel=channel,
        message=message or step,
        language=reachable(person=person, day=now.date()).language,
        contact_point_id=contact_point_id(person_id=person.id, point=point) if point else None,
        to=point.value if point else "",
        household_key="" if person.is_communal else person.household_key,
        now=now,
    )


def _note_skipped(*, occurrence: Occurrence, skipped: tuple[Skipped, ...], force: InForce, now: dt.datetime) -> None:
    for one in skipped:
        step = force.cadence.step(one.step_id)
        if step is None:
            continue
        attempt = _intend(
            occurrence=occurrence, step=step.id, channel=step.channel, message=step.message, point=None, now=now
        )
        if attempt is not None:
            happened(by=WORKER, attempt=attempt, event=AttemptEvent.GATE_REFUSED, now=now, why=str(one.reason))


def _ask_a_caller(*, occurrence: Occurrence, due: dt.datetime, now: dt.datetime) -> None:
    case = occurrence.case
    open_task(
        by=WORKER,
        case=case,
        kind="check_in_call",
        about_id=occurrence.pk,
        team=case.owner_team,
        priority=rank(red_flag=False, urgency="soon", tier=case.tier),
        due_at=due,
        now=now,
        household_key=case.person.household_key,
    )


def _hand_to_owner(*, occurrence: Occurrence, team_code: str, role: str, now: dt.datetime) -> None:
    team = Team.objects.get(code=team_code)
    move_occurrence(
        by=WORKER, occurrence=occurrence, to=State.EXHAUSTED, why="every step was tried", now=now, owner_team=team
    )
    open_task(
        by=WORKER,
        case=occurrence.case,
        kind="exhausted",
        about_id=occurrence.pk,
        team=team,
        priority=rank(red_flag=False, urgency="today", tier=occurrence.case.tier),
        due_at=now + dt.timedelta(days=2),
        now=now,
        for_role=role,
    )


def send(*, attempt_id: UUID) -> bool:
    """
    Hand one intended message off, and say whether it left our hands.

    Safe to run twice, at once or after a crash: only an intended one is taken.

    The gate is asked again here, in the transaction that marks the hand-off: a death or a stop wins any race.
    """
    began = time.clock_gettime(time.CLOCK_BOOTTIME)
    prepared = _prepare(attempt_id=attempt_id)
    if prepared is None:
        return False
    attempt, to, rendered, quarantine_seconds = prepared
    try:
        # A machine that slept between the intent and here may be late for its own quarantine: somebody else may have
        # looked the message up and sent it. Then nothing leaves, and the turn asks again.
        if time.clock_gettime(time.CLOCK_BOOTTIME) - began > quarantine_seconds / 2:
            raise HeldBack(after_seconds=0)
        with _provider() as client:
            provider_id = client.hand_off(
                reference=str(attempt.reference),
                to=to,
                body=rendered.body,
                kind=Channel(attempt.channel),
                heading=rendered.heading,
                synthetic=attempt.case.person.is_synthetic,
            )
        event, why = AttemptEvent.ACCEPTED, ""
    except NotAccepted:
        event, why, provider_id = AttemptEvent.NOT_ACCEPTED, "the provider refused it", ""
    except HeldBack:
        event, why, provider_id = AttemptEvent.HELD_BACK, "the provider asked for patience", ""
    except InDoubt:
        event, why, provider_id = AttemptEvent.DOUBT, "no clear answer from the provider", ""
    with acting_as(WORKER):
        now = app_now()
        # "Nothing left" is true of this hand-off only: a worker that stood still may find that another has begun.
        begun = None if event is AttemptEvent.ACCEPTED else attempt.attempted_at
        state = happened(
            by=WORKER, attempt=attempt, event=event, now=now, why=why, provider_id=provider_id, of_hand_off=begun
        )
        if state is AttemptState.REFUSED:
            look_again(occurrence=attempt.occurrence, at=now)
        return state is not AttemptState.INTENDED


def _prepare(*, attempt_id: UUID) -> tuple[Attempt, str, Rendered, int] | None:
    with acting_as(WORKER):
        now = app_now()
        attempt = (
            Attempt.objects.select_related("case", "case__person", "occurrence", "contact_point")
            .select_for_update(of=("self",), skip_locked=True)
            .filter(pk=attempt_id, state=AttemptState.INTENDED)
            .first()
        )
        if attempt is None or sending_is_paused():
            return None
        force = in_force(programme=attempt.case.programme, place=attempt.case.place)
        point = _point_of(attempt)
        refusal = _gate(attempt=attempt, point=point, force=force, now=now)
        if refusal is not None:
            if refusal.momentary:
                hold(attempt=attempt, until=now + _HELD_BACK, why=str(refusal.reason))
            else:
                happened(by=WORKER, attempt=attempt, event=AttemptEvent.GATE_REFUSED, now=now, why=str(refusal.reason))
                look_again(occurrence=attempt.occurrence, at=now)
            return None
        try:
            rendered = _render(attempt=attempt, force=force, now=now)
        except (MessageMissing, SlotMissing, LinkNotUsable) as missing:
            happened(by=WORKER, attempt=attempt, event=AttemptEvent.GATE_REFUSED, now=now, why=type(missing).__name__)
            look_again(occurrence=attempt.occurrence, at=now)
            return None
        # By the wall clock: a provider's slowness is of this world, whatever day an invented one has.
        quarantine = wall_now() + dt.timedelta(seconds=force.cadence.quarantine_seconds)
        happened(by=WORKER, attempt=attempt, event=AttemptEvent.HAND_OFF, now=now, quarantined_until=quarantine)
        attempt.attempted_at = now
        return attempt, point.value if point else "", rendered, force.cadence.quarantine_seconds


def _point_of(attempt: Attempt) -> ContactPoint | None:
    row = attempt.contact_point
    if row is None or row.wrong_since is not None:
        return None
    return ContactPoint(ContactKind(row.kind), row.value, row.source, row.recorded_on, row.verified_on)


def _gate(*, attempt: Attempt, point: ContactPoint | None, force: InForce, now: dt.datetime) -> Refusal | None:
    step = force.cadence.step(attempt.step)
    if step is not None and _is_too_late(attempt=attempt, step=step, now=now):
        return Refusal(reason=RefusalReason.STALE, words=WORDS[RefusalReason.STALE])
    morning = local_time(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return gate(
        channel=Channel(attempt.channel),
        reachable=reachable(person=attempt.case.person, day=local_time(now).date()),
        contact_point=point,
        now=now,
        cadence=force.cadence,
        recent=contacts_today(attempt=attempt, to=point.value if point else "", since=morning),
        sandbox=provider.REACHES_INVENTED_PEOPLE_ONLY,
        step=step,
        occurrence_opened_at=attempt.occurrence.opened_at if step else None,
        intended_at=attempt.intended_at if step else None,
        confirms_stop=attempt.message == "goodbye",
    )


def _is_too_late(*, attempt: Attempt, step: Step, now: dt.datetime) -> bool:
    # Answered, stopped or handed over meanwhile: an invitation still queued makes no sense to anybody.
    occurrence = attempt.occurrence
    return occurrence.state != State.IN_CADENCE or is_stale(
        step=step, occurrence_opened_at=occurrence.opened_at, now=now
    )


def _render(*, attempt: Attempt, force: InForce, now: dt.datetime) -> Rendered:
    message = force.messages.find(
        message_id=attempt.message, channel=Channel(attempt.channel), language=attempt.language
    )
    slots = {
        "name": attempt.case.person.given_name,
        "sender": force.cadence.sender_name,
        "helpline": force.cadence.helpline,
        "page": f"{settings.PERSON_SITE_URL}/c",
    }
    if message is not None and slots_of(message) & {"link", "code"}:
        token = _live_link(attempt=attempt, force=force, now=now)
        slots |= {"link": f"{settings.PERSON_SITE_URL}/c/{token}", "code": token}
    return render(
        messages=force.messages,
        message_id=attempt.message,
        channel=Channel(attempt.channel),
        language=attempt.language,
        slots=slots,
    )


def _live_link(*, attempt: Attempt, force: InForce, now: dt.datetime) -> str:
    """Make or repeat the link a message carries. Raises LinkNotUsable: none may carry one that leads nowhere."""
    token = token_for(occurrence_id=_link_subject(attempt), key=link_key())
    invitation = invite(
        by=WORKER,
        occurrence=attempt.occurrence,
        token_sha256=token_hash(token),
        definition_hash=force.files.hash,
        language=attempt.language,
        expires_at=now + dt.timedelta(days=LINK_DAYS),
        now=now,
        kind="did_it_help" if attempt.message == "did_it_help" else "check_in",
        about_id=_link_subject(attempt),
    )
    if invitation.state != "open":
        raise LinkNotUsable
    return token


def _link_subject(attempt: Attempt) -> UUID:
    # A check-in's link belongs to its occurrence, so a reminder repeats it; a question about help has its own.
    if attempt.message == "did_it_help":
        return UUID(attempt.step.removeprefix("did_it_help:"))
    return attempt.occurrence_id


def link_key() -> bytes:
    """Give the installation's key for links."""
    return secret(settings.HOME, "link_key").encode()


def _provider() -> AbstractContextManager[ChannelClient]:
    return provider.client(address=settings.GATEWAY_URL, token=secret(settings.HOME, "gateway_token"))


def hand_off_what_was_left() -> int:
    """Hand off every message still only intended: lost jobs, momentary refusals, pauses. Returns how many left."""
    with acting_as(WORKER):
        if sending_is_paused():
            return 0
        waiting = intended_messages(now=app_now(), limit=2_000)
    return one_by_one(waiting, lambda attempt_id: send(attempt_id=attempt_id))


def settle_doubts() -> int:
    """
    Look up every hand-off nobody knows the end of, once its quarantine is over. Returns how many were settled.

    One hit: it was sent. None: it may go again, under the same reference. More than one: sent, and an alarm.
    """
    with acting_as(WORKER):
        doubtful = attempts_in_doubt(wall_now=wall_now())
    return one_by_one(doubtful, _settle)


def _settle(attempt: Attempt) -> int:
    try:
        with _provider() as client:
            found = client.find(reference=str(attempt.reference))
    except (InDoubt, HeldBack):
        return 0
    if len(found) > 1:
        log.critical("reference %s is known to the provider %d times", attempt.reference, len(found))
    with acting_as(WORKER):
        now, begun = app_now(), attempt.attempted_at
        happened(
            by=WORKER,
            attempt=attempt,
            event=AttemptEvent.DOUBT,
            now=now,
            why="the hand-off was cut short",
            of_hand_off=begun,
        )
        state = happened(
            by=WORKER,
            attempt=attempt,
            event=AttemptEvent.FOUND if found else AttemptEvent.NOT_FOUND,
            now=now,
            why="looked up by its reference",
            provider_id=found[0] if found else "",
            of_hand_off=begun,
        )
        if state is AttemptState.INTENDED:
            defer(Job.SEND_MESSAGE, about=attempt.pk)
    return 1


_BY_WORD = {
    "sent": AttemptEvent.RECEIPT_SENT,
    "failed": AttemptEvent.RECEIPT_FAILED,
    "delivered": AttemptEvent.RECEIPT_DELIVERED,
}


def apply_receipts() -> int:
    """Apply providers' words in the order they came; repeated, late and unknown ones change nothing."""
    with acting_as(WORKER):
        waiting = unapplied_receipts()
    for receipt in waiting:
        with acting_as(WORKER):
            now = app_now()
            attempt, event = attempt_by_reference(reference=receipt.reference), _BY_WORD.get(receipt.event)
            outcome = "unknown"
            if attempt is not None and event is not None:
                outcome = happened(by=WORKER, attempt=attempt, event=event, now=now, why="the provider's receipt")
                if outcome is AttemptState.FAILED:
                    look_again(occurrence=attempt.occurrence, at=now)
            receipt.applied_at, receipt.outcome = now, outcome
            receipt.save(update_fields=["applied_at", "outcome"])
    return len(waiting)
