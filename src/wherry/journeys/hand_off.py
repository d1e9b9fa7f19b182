"""
Hand off: what was intended leaves, or does not.

The order is the send protocol: the hand-off is committed before anything leaves; then, in `what_became`, quarantine
after a doubt, look-up by reference, and only then the same message again under the same reference.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from wherry.cases.actions import look_again_all
from wherry.cases.types import State
from wherry.database.context import acting_as, app_now, wall_now
from wherry.database.secrets import secret
from wherry.foundation.actors import WORKER
from wherry.foundation.periods import local_time
from wherry.journeys.message_words import force_of, words_of
from wherry.journeys.one_by_one import together
from wherry.outreach import provider
from wherry.outreach.actions import Word, happened_all, hold
from wherry.outreach.errors import HeldBack, InDoubt, NotAccepted
from wherry.outreach.models import Attempt
from wherry.outreach.provider import ChannelClient
from wherry.outreach.queries import (
    contacts_today,
    intended_messages,
    sending_is_paused,
)
from wherry.outreach.rules.gate import gate, is_stale
from wherry.outreach.rules.refusals import WORDS, refusal_for
from wherry.outreach.types import (
    LAST_WORD,
    ONE_TIME_CODE,
    AttemptEvent,
    AttemptState,
    Channel,
    RecentContacts,
    Refusal,
    RefusalReason,
    Rendered,
)
from wherry.outreach.types import Step as CadenceStep
from wherry.people.queries import as_contact_point, barred_people, reachable_people
from wherry.people.types import ContactPoint, Reachable
from wherry.sign_off.queries import halted_versions
from wherry.sign_off.types import VersionState

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
    with provider_at_hand() as client:
        for place, one in enumerate(prepared):
            try:
                words.append(_leave(client, one, began=began, is_first=place == 0))
            except Exception as fault:  # nobody knows whether it left: it stays in doubt; the others must be written
                faults.append(fault)
    with acting_as(WORKER):
        now = app_now()
        states = happened_all(by=WORKER, words=words, now=now)
        refused = {one.attempt_id for one, state in zip(words, states, strict=True) if state is AttemptState.REFUSED}
        _look_again([one.attempt for one in prepared], refused, now)
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
    written, missing = words_of(attempts=passed, now=now)
    words += [Word(pk, AttemptEvent.GATE_REFUSED, why) for pk, why in missing.items()]
    _look_again(attempts, {word.attempt_id for word in words}, now)
    prepared = [_prepared(one, written[one.pk]) for one in passed if one.pk in written]
    # By the wall clock: a provider's slowness is of this world, whatever day an invented one has.
    wall = wall_now()
    for one in prepared:
        until = wall + dt.timedelta(seconds=one.quarantine_seconds)
        words.append(Word(one.attempt.pk, AttemptEvent.HAND_OFF, quarantined_until=until))
        one.attempt.attempted_at = now
    happened_all(by=WORKER, words=words, now=now)
    return prepared


def _prepared(attempt: Attempt, rendered: Rendered) -> Prepared:
    point = _point_of(attempt)
    return Prepared(attempt, point.value if point else "", rendered, force_of(attempt).cadence.quarantine_seconds)


def _look_again(attempts: Iterable[Attempt], refused: set[UUID], now: dt.datetime) -> None:
    look_again_all(at={one.occurrence_id: now for one in attempts if one.pk in refused})


def _through_the_gate(attempts: Sequence[Attempt], now: dt.datetime) -> tuple[list[Attempt], list[Word]]:
    today = local_time(now)
    known = reachable_people(people={one.case.person for one in attempts}, day=today.date())
    recent = contacts_today(attempts=attempts, since=today.replace(hour=0, minute=0, second=0, microsecond=0))
    passed: list[Attempt] = []
    refused: list[Word] = []
    more, halted = _Leaving(), halted_versions()
    for attempt in attempts:
        contacts = more.on_top_of(recent[attempt.pk], attempt)
        refusal = _stopped(attempt, halted) or _gate(attempt, known[attempt.case.person_id], contacts, now)
        if refusal is None:
            passed.append(attempt)
            more.note(attempt)
        elif refusal.momentary:
            hold(attempt=attempt, until=now + _HELD_BACK, why=str(refusal.reason))
        else:
            refused.append(Word(attempt.pk, AttemptEvent.GATE_REFUSED, str(refusal.reason)))
    return passed, refused


def _stopped(attempt: Attempt, halted: Mapping[UUID, VersionState]) -> Refusal | None:
    # What somebody asked for a moment ago, and the word that we stop, leave all the same.
    version = attempt.occurrence.programme_version_id
    if attempt.message in ("goodbye", ONE_TIME_CODE) or version is None or version not in halted:
        return None
    if halted[version] is VersionState.ENDED and (attempt.step == LAST_WORD or attempt.message == "did_it_help"):
        return None  # a programme that was stood down says so once, and still asks after the help it promised
    return refusal_for(RefusalReason.PROGRAMME_STOPPED)


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
    return as_contact_point(row=row)


def _gate(attempt: Attempt, reachable: Reachable, recent: RecentContacts, now: dt.datetime) -> Refusal | None:
    cadence = force_of(attempt).cadence
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
        is_awaited=attempt.message == ONE_TIME_CODE,
    )


def _is_too_late(*, attempt: Attempt, step: CadenceStep, now: dt.datetime) -> bool:
    # Answered, stopped or handed over meanwhile: an invitation still queued makes no sense to anybody.
    occurrence = attempt.occurrence
    return occurrence.state != State.IN_CADENCE or is_stale(
        step=step, occurrence_opened_at=occurrence.opened_at, now=now
    )


def provider_at_hand() -> AbstractContextManager[ChannelClient]:
    """Open the configured provider, for a `with` block."""
    return provider.client(address=settings.GATEWAY_URL, token=secret(settings.HOME, "gateway_token"))
