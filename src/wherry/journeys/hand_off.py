"""
Hand off: what was intended leaves, or does not; then what became of it is found out.

The order is the send protocol: the hand-off is committed before anything leaves, quarantine after a doubt, look-up by
reference, and only then the same message again under the same reference.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from wherry.cases.actions import look_again
from wherry.cases.types import State
from wherry.checkin.actions import Link, invite_all
from wherry.checkin.errors import LinkNotUsable
from wherry.checkin.links import token_for, token_hash
from wherry.database.context import acting_as, app_now, wall_now
from wherry.database.secrets import secret
from wherry.foundation.actors import WORKER
from wherry.foundation.periods import local_time
from wherry.journeys.one_by_one import one_by_one, together
from wherry.journeys.programme_in_force import InForce, in_force
from wherry.outreach import provider
from wherry.outreach.actions import Word, happened_all, hold
from wherry.outreach.errors import HeldBack, InDoubt, MessageMissing, NotAccepted, SlotMissing
from wherry.outreach.models import Attempt, Receipt
from wherry.outreach.provider import ChannelClient
from wherry.outreach.queries import (
    attempts_by_reference,
    attempts_in_doubt,
    contacts_today,
    intended_messages,
    sending_is_paused,
    unapplied_receipts,
)
from wherry.outreach.rules import WORDS, gate, is_stale, render, slots_of
from wherry.outreach.types import AttemptEvent, AttemptState, Channel, RecentContacts, Refusal, RefusalReason, Rendered
from wherry.outreach.types import Step as CadenceStep
from wherry.people.queries import barred_people, reachable_people
from wherry.people.types import ContactKind, ContactPoint, Reachable

log = logging.getLogger(__name__)
#: A check-in link lives no longer than this, whatever becomes of the message.
LINK_DAYS = 14
#: A message held back by hours or caps is looked at again after this.
_HELD_BACK = dt.timedelta(minutes=20)
#: So many leave under one commit. Few: what a worker killed amid them had begun waits out its quarantine.
_LOT = 20


@dataclass(frozen=True)
class Prepared:
    """A message whose hand-off is committed and that may now leave, once."""

    attempt: Attempt
    to: str = field(repr=False)
    rendered: Rendered
    quarantine_seconds: int


def send(*, attempt_id: UUID) -> bool:
    """Hand one intended message off, and say whether it left our hands."""
    return send_all(attempt_ids=[attempt_id]) == 1


def hand_off_what_was_left() -> int:
    """Hand off every message that is intended and not held back. Returns how many left."""
    with acting_as(WORKER):
        if sending_is_paused():
            return 0
        waiting = intended_messages(now=app_now(), limit=2_000)
    return together(waiting, lambda lot: send_all(attempt_ids=lot), size=_LOT)


def send_all(*, attempt_ids: Sequence[UUID]) -> int:
    """
    Hand intended messages off, and say how many left our hands.

    Safe to run twice, at once or after a crash: only what is intended is taken.

    The gate is asked again here, in the transaction that marks the hand-off: a death or a stop wins any race. Who comes
    later in the lot is asked after once more, just before their message would leave.
    """
    began = time.clock_gettime(time.CLOCK_BOOTTIME)
    with acting_as(WORKER):
        prepared = _prepare(attempt_ids)
    if not prepared:
        return 0
    words, faults = [], []
    with _provider() as client:
        for place, one in enumerate(prepared):
            try:
                words.append(_leave(client, one, began=began, is_first=place == 0))
            except Exception as fault:  # nobody knows whether it left: it stays in doubt; the others must be written
                faults.append(fault)
    with acting_as(WORKER):
        now = app_now()
        states = happened_all(by=WORKER, words=words, now=now)
        refused = {one.attempt_id for one, state in zip(words, states, strict=True) if state is AttemptState.REFUSED}
        for one in prepared:
            if one.attempt.pk in refused:
                look_again(occurrence=one.attempt.occurrence, at=now)
    if faults:
        raise faults[0]
    return sum(state is not AttemptState.INTENDED for state in states)


def _leave(client: ChannelClient, one: Prepared, *, began: float, is_first: bool) -> Word:
    attempt, provider_id = one.attempt, ""
    try:
        # A machine that slept between the intent and here may be late for its own quarantine: somebody else may have
        # looked the message up and sent it. Then nothing leaves, and the turn asks again.
        if time.clock_gettime(time.CLOCK_BOOTTIME) - began > one.quarantine_seconds / 2:
            raise HeldBack(after_seconds=0)
        if not is_first and _has_spoken(attempt):
            raise HeldBack(after_seconds=0)
        provider_id = client.hand_off(
            reference=str(attempt.reference),
            to=one.to,
            body=one.rendered.body,
            kind=Channel(attempt.channel),
            heading=one.rendered.heading,
            synthetic=attempt.case.person.is_synthetic,
        )
        event, why = AttemptEvent.ACCEPTED, ""
    except NotAccepted:
        event, why = AttemptEvent.NOT_ACCEPTED, "the provider refused it"
    except HeldBack:
        event, why = AttemptEvent.HELD_BACK, "not now: the provider asked for patience, or the person spoke"
    except InDoubt:
        event, why = AttemptEvent.DOUBT, "no clear answer from the provider"
    # "Nothing left" is true of this hand-off only: a worker that stood still may find that another has begun.
    begun = None if event is AttemptEvent.ACCEPTED else attempt.attempted_at
    return Word(attempt.pk, event, why, provider_id, of_hand_off=begun)


def _has_spoken(attempt: Attempt) -> bool:
    # "Stop", or a death, said while the messages before this one left.
    if attempt.message == "goodbye":
        return False
    with acting_as(WORKER):
        return barred_people(day=local_time(app_now()).date()).filter(pk=attempt.case.person_id).exists()


def _prepare(attempt_ids: Sequence[UUID]) -> list[Prepared]:
    """Ask the gate for each, write the words of those it lets through, and mark their hand-off. In one transaction."""
    now = app_now()
    attempts = list(
        Attempt.objects.select_related("case", "case__person", "occurrence", "contact_point")
        .select_for_update(of=("self",), skip_locked=True)
        .filter(pk__in=attempt_ids, state=AttemptState.INTENDED)
        .order_by("intended_at", "id")
    )
    if not attempts or sending_is_paused():
        return []
    passed, words = _through_the_gate(attempts, now)
    prepared, missing = _rendered(passed, now)
    words += missing
    for word in words:
        look_again(occurrence=next(one.occurrence for one in attempts if one.pk == word.attempt_id), at=now)
    # By the wall clock: a provider's slowness is of this world, whatever day an invented one has.
    wall = wall_now()
    for one in prepared:
        until = wall + dt.timedelta(seconds=one.quarantine_seconds)
        words.append(Word(one.attempt.pk, AttemptEvent.HAND_OFF, quarantined_until=until))
        one.attempt.attempted_at = now
    happened_all(by=WORKER, words=words, now=now)
    return prepared


def _through_the_gate(attempts: Sequence[Attempt], now: dt.datetime) -> tuple[list[Attempt], list[Word]]:
    today = local_time(now)
    known = reachable_people(people={one.case.person for one in attempts}, day=today.date())
    recent = contacts_today(attempts=attempts, since=today.replace(hour=0, minute=0, second=0, microsecond=0))
    passed: list[Attempt] = []
    refused: list[Word] = []
    more = _Leaving()
    for attempt in attempts:
        refusal = _gate(attempt, known[attempt.case.person_id], more.on_top_of(recent[attempt.pk], attempt), now)
        if refusal is None:
            passed.append(attempt)
            more.note(attempt)
        elif refusal.momentary:
            hold(attempt=attempt, until=now + _HELD_BACK, why=str(refusal.reason))
        else:
            refused.append(Word(attempt.pk, AttemptEvent.GATE_REFUSED, str(refusal.reason)))
    return passed, refused


class _Leaving:
    """Who is about to be written to by this very lot: it counts against the caps as what has left does."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, object]] = Counter()

    def note(self, attempt: Attempt) -> None:
        self._counted.update(key for key in self._keys(attempt) if key[1])

    def on_top_of(self, recent: RecentContacts, attempt: Attempt) -> RecentContacts:
        person, number, household = (self._counted[key] for key in self._keys(attempt))
        return RecentContacts(recent.person + person, recent.number + number, recent.household + household)

    @staticmethod
    def _keys(attempt: Attempt) -> tuple[tuple[str, object], ...]:
        return ("person", attempt.case.person_id), ("number", attempt.to_hash), ("household", attempt.household_key)


def _point_of(attempt: Attempt) -> ContactPoint | None:
    row = attempt.contact_point
    if row is None or row.wrong_since is not None:
        return None
    return ContactPoint(ContactKind(row.kind), row.value, row.source, row.recorded_on, row.verified_on)


def _force_of(attempt: Attempt) -> InForce:
    return in_force(programme=attempt.case.programme, place=attempt.case.place)


def _gate(attempt: Attempt, reachable: Reachable, recent: RecentContacts, now: dt.datetime) -> Refusal | None:
    cadence = _force_of(attempt).cadence
    step = cadence.step(attempt.step)
    if step is not None and _is_too_late(attempt=attempt, step=step, now=now):
        return Refusal(reason=RefusalReason.STALE, words=WORDS[RefusalReason.STALE])
    return gate(
        channel=Channel(attempt.channel),
        reachable=reachable,
        contact_point=_point_of(attempt),
        now=now,
        cadence=cadence,
        recent=recent,
        sandbox=provider.REACHES_INVENTED_PEOPLE_ONLY,
        step=step,
        occurrence_opened_at=attempt.occurrence.opened_at if step else None,
        intended_at=attempt.intended_at if step else None,
        confirms_stop=attempt.message == "goodbye",
    )


def _is_too_late(*, attempt: Attempt, step: CadenceStep, now: dt.datetime) -> bool:
    # Answered, stopped or handed over meanwhile: an invitation still queued makes no sense to anybody.
    occurrence = attempt.occurrence
    return occurrence.state != State.IN_CADENCE or is_stale(
        step=step, occurrence_opened_at=occurrence.opened_at, now=now
    )


# ---- the words ----------------------------------------------------------------------------------------------------


def _rendered(attempts: Sequence[Attempt], now: dt.datetime) -> tuple[list[Prepared], list[Word]]:
    prepared, missing = [], []
    tokens = _live_links([one for one in attempts if _wants_link(one)], now)
    for attempt in attempts:
        try:
            rendered = _render(attempt, tokens)
        except (MessageMissing, SlotMissing, LinkNotUsable) as wrong:
            missing.append(Word(attempt.pk, AttemptEvent.GATE_REFUSED, type(wrong).__name__))
            continue
        point = _point_of(attempt)
        seconds = _force_of(attempt).cadence.quarantine_seconds
        prepared.append(Prepared(attempt, point.value if point else "", rendered, seconds))
    return prepared, missing


def _wants_link(attempt: Attempt) -> bool:
    message = _force_of(attempt).messages.find(
        message_id=attempt.message, channel=Channel(attempt.channel), language=attempt.language
    )
    return message is not None and bool(slots_of(message) & {"link", "code"})


def _render(attempt: Attempt, tokens: dict[UUID, str]) -> Rendered:
    """Fill a message's slots. Raises MessageMissing, SlotMissing, LinkNotUsable: no message has a dead link."""
    force = _force_of(attempt)
    slots = {
        "name": attempt.case.person.given_name,
        "sender": force.cadence.sender_name,
        "helpline": force.cadence.helpline,
        "page": f"{settings.PERSON_SITE_URL}/c",
    }
    if _wants_link(attempt):
        if attempt.pk not in tokens:
            raise LinkNotUsable
        slots |= {"link": f"{settings.PERSON_SITE_URL}/c/{tokens[attempt.pk]}", "code": tokens[attempt.pk]}
    return render(
        messages=force.messages,
        message_id=attempt.message,
        channel=Channel(attempt.channel),
        language=attempt.language,
        slots=slots,
    )


def _live_links(attempts: Sequence[Attempt], now: dt.datetime) -> dict[UUID, str]:
    """Make or repeat the links messages carry; gives each attempt's token, where its link is open."""
    key = link_key()
    tokens = {one.pk: token_for(occurrence_id=_link_subject(one), key=key) for one in attempts}
    links = [
        Link(
            occurrence=one.occurrence,
            token_sha256=token_hash(tokens[one.pk]),
            definition_hash=_force_of(one).files.hash,
            language=one.language,
            expires_at=now + dt.timedelta(days=LINK_DAYS),
            kind="did_it_help" if one.message == "did_it_help" else "check_in",
            about_id=_link_subject(one),
        )
        for one in attempts
    ]
    usable = {one.token_sha256 for one in invite_all(by=WORKER, links=links, now=now) if one.state == "open"}
    return {pk: token for pk, token in tokens.items() if token_hash(token) in usable}


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


# ---- what became of it --------------------------------------------------------------------------------------------


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
    begun, known_as = attempt.attempted_at, found[0] if found else ""
    event = AttemptEvent.FOUND if found else AttemptEvent.NOT_FOUND
    cut_short = Word(attempt.pk, AttemptEvent.DOUBT, "the hand-off was cut short", of_hand_off=begun)
    looked_up = Word(attempt.pk, event, "looked up by its reference", known_as, of_hand_off=begun)
    with acting_as(WORKER):
        happened_all(by=WORKER, words=[cut_short, looked_up], now=app_now())
    return 1


_BY_WORD = {
    "sent": AttemptEvent.RECEIPT_SENT,
    "failed": AttemptEvent.RECEIPT_FAILED,
    "delivered": AttemptEvent.RECEIPT_DELIVERED,
}


def apply_receipts() -> int:
    """Apply providers' words in the order they came; repeated, late and unknown ones change nothing."""
    with acting_as(WORKER):
        waiting = [receipt.pk for receipt in unapplied_receipts(limit=1_000)]
    return together(waiting, _apply, size=200)


def _apply(receipt_ids: Sequence[UUID]) -> int:
    with acting_as(WORKER):
        now = app_now()
        receipts = unapplied_receipts(only=receipt_ids, limit=len(receipt_ids))
        known = attempts_by_reference(references=[one.reference for one in receipts])
        ours = [one for one in receipts if one.reference in known and one.event in _BY_WORD]
        words = [Word(known[one.reference].pk, _BY_WORD[one.event], "the provider's receipt") for one in ours]
        states = dict(zip([one.pk for one in ours], happened_all(by=WORKER, words=words, now=now), strict=True))
        _look_after_failures([known[one.reference] for one in ours if states[one.pk] is AttemptState.FAILED], now)
        for receipt in receipts:
            receipt.applied_at, receipt.outcome = now, str(states.get(receipt.pk, "unknown"))
        Receipt.objects.bulk_update(receipts, ["applied_at", "outcome"])
    return len(receipts)


def _look_after_failures(attempts: Iterable[Attempt], now: dt.datetime) -> None:
    for attempt in attempts:
        look_again(occurrence=attempt.occurrence, at=now)
