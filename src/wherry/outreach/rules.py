"""Which contact is next, whether it may leave, what became of it, and the words it carries. All pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from wherry.foundation.periods import LONDON, local_time, start_of_day
from wherry.outreach.errors import MessageMissing, SlotMissing
from wherry.outreach.types import (
    Attempted,
    AttemptEvent,
    AttemptState,
    Cadence,
    Call,
    Channel,
    Exhausted,
    Forbidden,
    Hours,
    Message,
    Messages,
    NextContact,
    RecentContacts,
    Refusal,
    RefusalReason,
    Rendered,
    Send,
    Skipped,
    Step,
    Wait,
)
from wherry.people.rules import best_contact_point, paused_until, wish_values
from wherry.people.types import ContactKind, ContactPoint, Reachable, WishKind

WORDS: Mapping[RefusalReason, str] = {
    RefusalReason.DIED: "A source says this person has died, so nothing may be sent.",
    RefusalReason.STOP: "The person asked us to stop.",
    RefusalReason.OPTED_OUT: "The person opted out.",
    RefusalReason.SENSITIVE_ADDRESS: "The address is sensitive, so nothing is written to it.",
    RefusalReason.ADDRESS_HELD: "Two sources disagree about the address; somebody has to settle it first.",
    RefusalReason.UNSAFE_CONTACT: "The person named another way as the only safe one.",
    RefusalReason.FORMAT_NEEDED: "The person cannot use this channel and needs another format.",
    RefusalReason.NO_CONTACT_POINT: "There is no number or address for this channel.",
    RefusalReason.NOT_SYNTHETIC_CHANNEL: "Invented people are reached through the sandbox only, and nobody else is.",
    RefusalReason.STALE: "It is too late for this message to make sense.",
    RefusalReason.OUTSIDE_HOURS: "It is outside the hours in which people are contacted.",
    RefusalReason.CAP_PERSON: "The person has been contacted often enough today.",
    RefusalReason.CAP_NUMBER: "This number has been contacted often enough today.",
    RefusalReason.CAP_HOUSEHOLD: "This household has been contacted often enough today.",
    RefusalReason.PAUSED: "The person asked us to wait: they are away or in hospital.",
}

KINDS: Mapping[Channel, tuple[ContactKind, ...]] = {
    Channel.SMS: (ContactKind.MOBILE,),
    Channel.EMAIL: (ContactKind.EMAIL,),
    Channel.LETTER: (ContactKind.ADDRESS,),
    Channel.CALL: (ContactKind.LANDLINE, ContactKind.MOBILE),
}

_WRITTEN = frozenset({Channel.SMS, Channel.EMAIL, Channel.LETTER})

# Accessible Information Standard (DAPB1605): the channels a recorded need rules out. A value not listed here rules
# out everything written, so that a person speaks to the resident and finds out.
UNUSABLE: Mapping[str, frozenset[Channel]] = {
    "braille": _WRITTEN,
    "audio": _WRITTEN,
    "large_print": frozenset({Channel.SMS, Channel.EMAIL}),
    "easy_read": frozenset(),
    "letter": frozenset({Channel.SMS, Channel.EMAIL}),
    "email": frozenset({Channel.SMS}),
    "bsl": frozenset({Channel.CALL}),
    "deaf": frozenset({Channel.CALL}),
    "text_only": frozenset({Channel.CALL}),
    "hearing_loss": frozenset({Channel.CALL}),
    "hard_of_hearing": frozenset({Channel.CALL}),
    "sign_language": frozenset({Channel.CALL}),
    "interpreter": frozenset(),
    "cannot_read": _WRITTEN,
    "sight_loss": _WRITTEN,
    "speak_slowly": frozenset(),
}

# The National Data Opt-Out and the GP's type 1 opt-out are about uses beyond a person's own care: they take people
# out of stratification where they must, and never keep help from somebody. The national one arrives as bare NHS
# numbers, so an opt-out that names nothing is that one; not wanting to be contacted is the wish `stop`.
BEYOND_CARE = frozenset(
    {
        "",
        "national",
        "national_data_opt_out",
        "type_1",
        "type_1_opt_out",
        "research_and_planning",
    }
)

_EVERYTHING = frozenset({"", "all", "everything"})


# ---- the states of an attempt -------------------------------------------------------------------------------------

_RANK: Mapping[AttemptState, int] = {state: rank for rank, state in enumerate(AttemptState)}

_BY_RECEIPT: Mapping[AttemptEvent, AttemptState] = {
    AttemptEvent.RECEIPT_SENT: AttemptState.SENT,
    AttemptEvent.RECEIPT_FAILED: AttemptState.FAILED,
    AttemptEvent.RECEIPT_DELIVERED: AttemptState.DELIVERED,
}

_BY_US: Mapping[tuple[AttemptState, AttemptEvent], AttemptState] = {
    (AttemptState.INTENDED, AttemptEvent.HAND_OFF): AttemptState.HANDING_OFF,
    (AttemptState.INTENDED, AttemptEvent.GATE_REFUSED): AttemptState.REFUSED,
    (AttemptState.HANDING_OFF, AttemptEvent.ACCEPTED): AttemptState.SENT,
    (AttemptState.HANDING_OFF, AttemptEvent.NOT_ACCEPTED): AttemptState.REFUSED,
    (AttemptState.HANDING_OFF, AttemptEvent.HELD_BACK): AttemptState.INTENDED,
    (AttemptState.HANDING_OFF, AttemptEvent.DOUBT): AttemptState.IN_DOUBT,
    (AttemptState.IN_DOUBT, AttemptEvent.ACCEPTED): AttemptState.SENT,
    (AttemptState.IN_DOUBT, AttemptEvent.FOUND): AttemptState.SENT,
    (AttemptState.IN_DOUBT, AttemptEvent.NOT_FOUND): AttemptState.INTENDED,
}


def advance(current: AttemptState, event: AttemptEvent) -> AttemptState:
    r"""
    Give the state after an event; the same state when the event changes nothing.

        I ──hand_off──> H ──accepted──────────────> S ──receipt──> F ──receipt──> D
        │               ├──held_back──> I           ^                             ^
        │               ├──doubt──> Q ──found───────┘     every receipt: to its state, if that is further right
        │               │           └─not_found──> I  (same reference, after the quarantine)
        └─gate_refused─>R <──not_accepted── H

    Two ways lead back to I, and both know that nothing left: held_back and not_found. Receipts only ever climb
    (… < S < F < D), so duplicated, reordered and late ones give one answer: a delivery wins over a failure, since
    a provider may try again. A caller that must know whether its event counted compares the result with `current`.
    Hazards: H-05 (message sent twice).
    """
    by_receipt = _BY_RECEIPT.get(event)
    if by_receipt is not None:
        return max(current, by_receipt, key=_RANK.__getitem__)
    return _BY_US.get((current, event), current)


# ---- hours --------------------------------------------------------------------------------------------------------


def narrowed(*, contact_hours: Hours, step_hours: Hours | None) -> Hours:
    """Give the hours a step may use: its own, inside the programme's."""
    if step_hours is None:
        return contact_hours
    return Hours(max(contact_hours.opens, step_hours.opens), min(contact_hours.closes, step_hours.closes))


def is_within(*, hours: Hours, moment: dt.datetime, zone: ZoneInfo = LONDON) -> bool:
    """Say whether people's clocks stand inside the hours at a moment (which carries its time zone)."""
    return hours.opens <= local_time(moment, zone).time() < hours.closes


def next_opening(*, hours: Hours, moment: dt.datetime, zone: ZoneInfo = LONDON) -> dt.datetime:
    """
    Give the first moment (UTC) from `moment` on that is inside the hours; `moment` itself when it is.

    Wall-clock, so right on the days the clocks change: an opening inside the skipped hour opens an hour later by the
    clock; inside the repeated hour it opens at the first.
    """
    if is_within(hours=hours, moment=moment, zone=zone):
        return moment.astimezone(dt.UTC)
    today = local_time(moment, zone).date()
    for days in range(4):
        opening = dt.datetime.combine(today + dt.timedelta(days=days), hours.opens, zone).astimezone(dt.UTC)
        if opening >= moment and is_within(hours=hours, moment=opening, zone=zone):
            return opening
    raise ValueError("the hours never open")


def _rings(channel: Channel) -> bool:
    # A letter makes no noise at night; everything else reaches a telephone.
    return channel is not Channel.LETTER


# ---- the gate -----------------------------------------------------------------------------------------------------


def _refusal(reason: RefusalReason) -> Refusal:
    return Refusal(reason=reason, words=WORDS[reason])


def _code(words: str) -> str:
    # "National data opt-out" and "national_data_opt_out" are one wish.
    return "_".join(re.findall(r"[a-z0-9]+", words.lower()))


def forbidden(*, reachable: Reachable, day: dt.date) -> Refusal | None:
    """Say why nobody may contact this person on any channel, or None. Any known death forbids, whatever its date."""
    if reachable.died_on is not None:
        return _refusal(RefusalReason.DIED)
    if _EVERYTHING.intersection(wish_values(wishes=reachable.wishes, kind=WishKind.STOP, day=day)):
        return _refusal(RefusalReason.STOP)
    opt_outs = {_code(one) for one in wish_values(wishes=reachable.wishes, kind=WishKind.OPT_OUT, day=day)}
    return _refusal(RefusalReason.OPTED_OUT) if opt_outs - BEYOND_CARE else None


def _is_unusable(*, channel: Channel, reachable: Reachable, day: dt.date) -> bool:
    needs = (
        value
        for kind in (WishKind.FORMAT, WishKind.COMMUNICATION_NEED)
        for value in wish_values(wishes=reachable.wishes, kind=kind, day=day)
    )
    return any(channel in UNUSABLE.get(_code(need), _WRITTEN) for need in needs)


def _is_unsafe(*, channel: Channel, reachable: Reachable, contact_point: ContactPoint | None, day: dt.date) -> bool:
    safe = set(wish_values(wishes=reachable.wishes, kind=WishKind.SAFE_CONTACT, day=day))
    if not safe:
        return False
    names = {channel.value}
    if contact_point is not None:
        names |= {contact_point.kind.value, contact_point.value.strip().lower()}
    return not names & safe


def standing_refusal(
    *, channel: Channel, reachable: Reachable, contact_point: ContactPoint | None, day: dt.date
) -> Refusal | None:
    """Say why this channel cannot be used for this person however long one waits, or None."""
    barred = forbidden(reachable=reachable, day=day)
    if barred is not None:
        return barred
    if channel.value in wish_values(wishes=reachable.wishes, kind=WishKind.STOP, day=day):
        return _refusal(RefusalReason.STOP)
    if channel is Channel.LETTER and wish_values(wishes=reachable.wishes, kind=WishKind.SENSITIVE_ADDRESS, day=day):
        return _refusal(RefusalReason.SENSITIVE_ADDRESS)
    if channel is Channel.LETTER and reachable.address_held:
        return _refusal(RefusalReason.ADDRESS_HELD)
    if _is_unusable(channel=channel, reachable=reachable, day=day):
        return _refusal(RefusalReason.FORMAT_NEEDED)
    if contact_point is None or contact_point.kind not in KINDS[channel]:
        return _refusal(RefusalReason.NO_CONTACT_POINT)
    if _is_unsafe(channel=channel, reachable=reachable, contact_point=contact_point, day=day):
        return _refusal(RefusalReason.UNSAFE_CONTACT)
    return None


def _cap_reached(*, cadence: Cadence, recent: RecentContacts) -> RefusalReason | None:
    if recent.person >= cadence.caps.per_person:
        return RefusalReason.CAP_PERSON
    if recent.number >= cadence.caps.per_number:
        return RefusalReason.CAP_NUMBER
    return RefusalReason.CAP_HOUSEHOLD if recent.household >= cadence.caps.per_household else None


def gate(
    *,
    channel: Channel,
    reachable: Reachable,
    contact_point: ContactPoint | None,
    now: dt.datetime,
    cadence: Cadence,
    recent: RecentContacts,
    sandbox: bool,
    step: Step | None = None,
    confirms_stop: bool = False,
    is_awaited: bool = False,
    occurrence_opened_at: dt.datetime | None = None,
    intended_at: dt.datetime | None = None,
) -> Refusal | None:
    """
    Say why this contact may not leave now, or None. Asked when it is intended and again at hand-off.

    recent: contacts already made today, this one not counted; sandbox: whether the configured client is the sandbox;
    step: narrows the hours, and with one of the two moments tells what is stale; confirms_stop: the one message that
    answers a STOP, which that wish does not forbid; is_awaited: they asked for it a moment ago and hold the telephone
    in their hand, so hours, caps and a pause do not keep it back.
    A refusal that is not momentary wins over a momentary one. Order of the lasting ones: death first.
    Hazards: H-01 (contact after death), H-04 (address given away), H-18 (a wish not followed).
    """
    day = local_time(now).date()
    if confirms_stop:
        others = tuple(wish for wish in reachable.wishes if wish.kind is not WishKind.STOP)
        reachable = replace(reachable, wishes=others)
    lasting = standing_refusal(channel=channel, reachable=reachable, contact_point=contact_point, day=day)
    if lasting is not None:
        return lasting
    if channel is not Channel.CALL and reachable.synthetic is not sandbox:
        return _refusal(RefusalReason.NOT_SYNTHETIC_CHANNEL)
    if step and is_stale(step=step, now=now, occurrence_opened_at=occurrence_opened_at, intended_at=intended_at):
        return _refusal(RefusalReason.STALE)
    if is_awaited:
        return None
    if not confirms_stop and paused_until(wishes=reachable.wishes, day=day) is not None:
        return _refusal(RefusalReason.PAUSED)
    hours = narrowed(contact_hours=cadence.contact_hours, step_hours=step.hours if step else None)
    if _rings(channel) and not is_within(hours=hours, moment=now):
        return _refusal(RefusalReason.OUTSIDE_HOURS)
    cap = None if confirms_stop else _cap_reached(cadence=cadence, recent=recent)
    return _refusal(cap) if cap else None


def is_stale(
    *,
    step: Step,
    now: dt.datetime,
    occurrence_opened_at: dt.datetime | None = None,
    intended_at: dt.datetime | None = None,
) -> bool:
    """
    Say whether a step not yet handed off has become too late to make sense.

    Too late is `stale_after` counted from the opening, or the step's patience counted from the intent: by then the
    next step has begun, and a text arriving beside the call would be one contact too many. None = not asked.
    """
    if intended_at is not None and now >= intended_at + step.patience:
        return True
    return bool(occurrence_opened_at and step.stale_after and now >= occurrence_opened_at + step.stale_after)


# ---- the next contact ---------------------------------------------------------------------------------------------

_DEAD_ENDS = frozenset({AttemptState.REFUSED, AttemptState.FAILED})
_LEFT = frozenset({AttemptState.IN_DOUBT, AttemptState.SENT, AttemptState.DELIVERED})


def contact_point_for(
    *, channel: Channel, reachable: Reachable, failed: Collection[str] = (), day: dt.date
) -> tuple[ContactPoint | None, Refusal | None]:
    """
    Choose where a channel would reach this person, or say why it cannot.

    failed: values that did not work in this occurrence. A call may use a number a text failed on when there is no
    other: a person dialling is how a wrong number is found out.
    """
    tries = [failed, ()] if channel is Channel.CALL else [failed]
    refusal = _refusal(RefusalReason.NO_CONTACT_POINT)
    for but_not in tries:
        for kind in KINDS[channel]:
            point = best_contact_point(contact_points=reachable.contact_points, kind=kind, but_not=but_not)
            found = standing_refusal(channel=channel, reachable=reachable, contact_point=point, day=day)
            if found is None:
                return point, None
            if found.reason is not RefusalReason.NO_CONTACT_POINT:
                refusal = found
    return None, refusal


def _begin(
    *,
    step: Step,
    point: ContactPoint,
    due: dt.datetime,
    cadence: Cadence,
    skipped: tuple[Skipped, ...],
    now: dt.datetime,
) -> NextContact:
    hours = narrowed(contact_hours=cadence.contact_hours, step_hours=step.hours)
    begins = next_opening(hours=hours, moment=max(due, now)) if _rings(step.channel) else max(due, now)
    if begins > now:
        return Wait(until=begins.astimezone(dt.UTC))
    if step.channel is Channel.CALL:
        return Call(step=step, contact_point=point, skipped=skipped)
    return Send(step=step, channel=step.channel, contact_point=point, skipped=skipped)


def _last_tried(*, cadence: Cadence, history: Sequence[Attempted]) -> tuple[int, Attempted | None]:
    # Never back to an earlier step: a mobile number that turns up while the call is open does not restart the texts.
    order = {step.id: position for position, step in enumerate(cadence.steps)}
    known = [attempt for attempt in history if attempt.step_id in order]
    last = max(known, key=lambda attempt: (order[attempt.step_id], attempt.intended_at), default=None)
    return (order[last.step_id], last) if last else (-1, None)


def next_contact(
    *,
    cadence: Cadence,
    history: Sequence[Attempted],
    reachable: Reachable,
    occurrence_opened_at: dt.datetime,
    now: dt.datetime,
) -> NextContact:
    """
    Choose the next way to reach a person who has not answered, or say why there is none.

    history: the attempts of this occurrence, oldest first. State-driven: the same state gives the same answer
    whenever it is asked, so an outage loses nothing. A step is due when its `after` has passed since the opening
    and the attempt before it has had its patience; after a failed, refused or impossible step the next is due at
    once. An attempt whose outcome stays unknown counts as made once its patience is over; one to a number known
    since to be somebody else's reached nobody, so that what is kept for the unreached goes to them.
    Whoever has answered is not asked about: the caller leaves them out. Pure; O(steps + history).
    Hazards: H-01 (contact after death), H-06 (unreachable person forgotten).
    """
    day = local_time(now).date()
    barred = forbidden(reachable=reachable, day=day)
    if barred is not None:
        return Forbidden(reason=barred.reason, words=barred.words)
    pause = paused_until(wishes=reachable.wishes, day=day)
    if pause is not None:
        return Wait(until=start_of_day(pause + dt.timedelta(days=1)))
    position, last = _last_tried(cadence=cadence, history=history)
    floor, at_once = occurrence_opened_at, False
    if last is not None:
        at_once = last.state in _DEAD_ENDS
        floor = last.intended_at + cadence.steps[position].patience
        if not at_once and now < floor:
            return Wait(until=floor.astimezone(dt.UTC))
    failed = {attempt.to for attempt in history if attempt.state in _DEAD_ENDS and attempt.to}
    theirs = {point.value for point in reachable.contact_points}
    anything_left = any(one.state in _LEFT and (not one.to or one.to in theirs) for one in history)
    skipped: tuple[Skipped, ...] = ()
    for step in cadence.steps[position + 1 :]:
        if step.fallback and anything_left:
            continue
        point, refusal = contact_point_for(channel=step.channel, reachable=reachable, failed=failed, day=day)
        if is_stale(step=step, occurrence_opened_at=occurrence_opened_at, now=now):
            point, refusal = None, _refusal(RefusalReason.STALE)
        if point is None:
            reason = refusal.reason if refusal else RefusalReason.NO_CONTACT_POINT
            skipped, at_once = (*skipped, Skipped(step_id=step.id, reason=reason)), True
            continue
        due = now if at_once else max(floor, occurrence_opened_at + step.after)
        return _begin(step=step, point=point, due=due, cadence=cadence, skipped=skipped, now=now)
    return Exhausted(owner=cadence.exhausted_owner, skipped=skipped)


def is_silent(*, missed_in_a_row: int, cadence: Cadence) -> bool:
    """Say whether that many check-ins missed in a row make a person silent, so that somebody rings."""
    return missed_in_a_row >= cadence.silence_after_missed


# ---- words --------------------------------------------------------------------------------------------------------

_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")

# GSM 03.38: what fits a seven-bit text. The second set costs two places each.
_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_7_TWICE = frozenset("^{}\\[~]|€")


def sms_parts(text: str) -> int:
    """
    Count the text messages a body is split into: 160 places alone and 153 each when joined, or 70 and 67.

    One letter outside the seven-bit alphabet (ł, ė, ž) makes the whole body sixteen-bit.
    """
    if all(letter in _GSM_7 or letter in _GSM_7_TWICE for letter in text):
        places, alone, joined = sum(2 if letter in _GSM_7_TWICE else 1 for letter in text), 160, 153
    else:
        places, alone, joined = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if places <= alone else -(-places // joined)


def slots_of(message: Message) -> frozenset[str]:
    """Name the placeholders of a message."""
    return frozenset(name for text in (message.heading, *message.paragraphs) for name in _SLOT.findall(text))


def _filled(text: str, slots: Mapping[str, str]) -> str:
    # One pass: a value that itself looks like a placeholder stays as it is.
    return _SLOT.sub(lambda match: slots[match.group(1)], text)


def render(
    *, messages: Messages, message_id: str, channel: Channel, language: str, slots: Mapping[str, str]
) -> Rendered:
    """
    Fill a message's placeholders, in the person's language or else the programme's first.

    slots: more than the message uses may be given. Paragraphs are joined by a blank line.
    Raises MessageMissing, and SlotMissing naming the placeholders (never their values).
    """
    message = messages.find(message_id=message_id, channel=channel, language=language)
    if message is None:
        raise MessageMissing(f"There is no message {message_id!r} for {channel.value}; add it to messages/en.yaml.")
    missing = sorted(name for name in slots_of(message) if not slots.get(name))
    if missing:
        raise SlotMissing(f"The message {message_id!r} ({message.language}) needs a value for {', '.join(missing)}.")
    body = "\n\n".join(_filled(paragraph, slots) for paragraph in message.paragraphs)
    parts = sms_parts(body) if channel is Channel.SMS else 1
    return Rendered(language=message.language, heading=_filled(message.heading, slots), body=body, parts=parts)


_STOP_WORDS = frozenset({"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit"})


def is_stop(text: str, *, words: Iterable[str] = ()) -> bool:
    """
    Say whether a reply asks us to stop: the word alone, in any case, with any punctuation.

    words: the programme's own, in its languages. "Please don't stop" is not a stop: a person reads it.
    """
    said = " ".join(re.findall(r"[^\W\d_]+", text.lower()))
    return said in _STOP_WORDS | {word.lower() for word in words}
