"""
Walk a cadence from its opening to its end, through the rules that decide in earnest: who is left, when, and with whom.

Pure and exhaustive where it can be: every combination of ways to reach somebody, each contact arriving or failing; and
from every hour around the days on which clocks change. Hazards: H-06 (an unreachable person forgotten), H-18.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wherry.foundation.periods import LONDON, local_time, start_of_day
from wherry.outreach.rules.gate import gate
from wherry.outreach.rules.next_contact import next_contact
from wherry.outreach.rules.standing import KINDS
from wherry.outreach.types import (
    Attempted,
    AttemptState,
    Cadence,
    Call,
    Channel,
    Exhausted,
    Owner,
    RecentContacts,
    RefusalReason,
    Send,
    Wait,
)
from wherry.people.types import ContactKind, ContactPoint, Reachable

_DAY = dt.timedelta(days=1)
_HOUR = dt.timedelta(hours=1)
_LONGEST_WALK = dt.timedelta(days=400)
#: More steps than this, and only walks on which at most one contact fares otherwise than the rest are walked.
_EVERY_FATE = 7
_ARRIVES, _FAILS = AttemptState.DELIVERED, AttemptState.FAILED


@dataclass(frozen=True)
class Refused:
    """A contact the gate would have kept back. number: the how manieth of its day it would have been."""

    step_id: str
    reason: RefusalReason
    at: dt.datetime
    number: int


@dataclass(frozen=True)
class Walk:
    """One walk: the steps taken, what the gate would have refused, who owns them at the end, and after how long."""

    steps: frozenset[str]
    refused: tuple[Refused, ...]
    owner: Owner | None
    takes: dt.timedelta
    all_arrived: bool


@dataclass(frozen=True)
class Walked:
    """
    All walks of a cadence.

    steps: those taken in some walk, and after_silence where everything before them arrived; clock_changes: the days
    walked over; longest: until somebody owns the person.
    """

    walks: int
    steps: frozenset[str]
    after_silence: frozenset[str]
    refused: tuple[Refused, ...]
    endless: bool
    longest: dt.timedelta
    clock_changes: tuple[dt.date, ...]


@functools.lru_cache(maxsize=64)
def walk_all(*, cadence: Cadence, starts_on: dt.date, ends_on: dt.date) -> Walked:
    """
    Walk a cadence in every way there is. starts_on and ends_on: the days it is meant to hold.

    The next change of the clocks either way is walked over too, wherever the period ends. Some tenths of a second.
    """
    changes = clock_changes(starts_on=starts_on, ends_on=max(ends_on, starts_on + 365 * _DAY))
    walks = [*_every_fate(cadence, starts_on), *_over_clock_changes(cadence, changes)]
    return Walked(
        walks=len(walks),
        steps=frozenset().union(*(one.steps for one in walks)),
        after_silence=frozenset().union(*(one.steps for one in walks if one.all_arrived)),
        refused=tuple({(one.step_id, one.reason): one for walked in walks for one in walked.refused}.values()),
        endless=any(one.owner is None for one in walks),
        longest=max(one.takes for one in walks),
        clock_changes=changes,
    )


def clock_changes(*, starts_on: dt.date, ends_on: dt.date) -> tuple[dt.date, ...]:
    """Give the days of a closed period that are longer or shorter than the others on people's clocks."""
    days = (starts_on + number * _DAY for number in range((ends_on - starts_on).days + 1))
    return tuple(day for day in days if start_of_day(day + _DAY) - start_of_day(day) != _DAY)


def _every_fate(cadence: Cadence, day: dt.date) -> Iterator[Walk]:
    most = len(cadence.steps)
    if most <= _EVERY_FATE:
        fates = list(itertools.product((_ARRIVES, _FAILS), repeat=most))
    else:
        fates = [(one,) * most for one in (_ARRIVES, _FAILS)]
        fates += [(*[rest] * at, other, *[rest] * (most - at - 1)) for rest, other in _BOTH for at in range(most)]
    for hour in (9, 21):
        opened_at = dt.datetime.combine(day, dt.time(hour), LONDON).astimezone(dt.UTC)
        for person, fate in itertools.product(_people(cadence), fates):
            yield walk(cadence=cadence, reachable=person, opened_at=opened_at, fate=fate)


_BOTH = ((_ARRIVES, _FAILS), (_FAILS, _ARRIVES))


def _over_clock_changes(cadence: Cadence, days: Sequence[dt.date]) -> Iterator[Walk]:
    people = _people(cadence)
    few = [one for one in people if len(one.contact_points) <= 1] + [
        max(people, key=lambda one: len(one.contact_points))
    ]
    for day, hours, person in itertools.product(days, range(49), few):
        opened_at = start_of_day(day - _DAY) + hours * _HOUR
        for fate in (_ARRIVES, _FAILS):
            yield walk(cadence=cadence, reachable=person, opened_at=opened_at, fate=(fate,) * len(cadence.steps))


def _people(cadence: Cadence) -> list[Reachable]:
    """Make somebody for each combination of the contact points the steps can use, none included."""
    kinds = sorted({kind for step in cadence.steps for kind in KINDS[step.channel]})
    points = [ContactPoint(kind, _ANY[kind], "check", dt.date(2000, 1, 1)) for kind in kinds]
    several = itertools.chain.from_iterable(itertools.combinations(points, count) for count in range(len(points) + 1))
    return [Reachable(None, (), one, "en", address_held=False, synthetic=True) for one in several]


# Nobody's: kept apart by kind, so that a call after a failed text may use the landline.
_ANY = {
    ContactKind.MOBILE: "+447700900000",
    ContactKind.LANDLINE: "+441632960000",
    ContactKind.EMAIL: "nobody@example.invalid",
    ContactKind.ADDRESS: "Nowhere",
}


def walk(*, cadence: Cadence, reachable: Reachable, opened_at: dt.datetime, fate: Sequence[AttemptState]) -> Walk:
    """
    Follow one silent person. fate: what becomes of the first contact made, the second, and so on, known at once.

    What the gate would refuse is noted and counts as made, so that the walk goes on.
    """
    history: list[Attempted] = []
    refused: list[Refused] = []
    now = opened_at
    owner = None
    while now - opened_at <= _LONGEST_WALK:
        found = next_contact(
            cadence=cadence, history=history, reachable=reachable, occurrence_opened_at=opened_at, now=now
        )
        if isinstance(found, Wait) and found.until > now:
            now = found.until
        elif isinstance(found, Send | Call):
            refused += _refused(cadence, reachable, found, history, opened_at, now)
            point = found.contact_point
            history.append(Attempted(found.step.id, found.step.channel, fate[len(history)], now, point.value))
        else:
            owner = found.owner if isinstance(found, Exhausted) else None
            break
    return Walk(
        steps=frozenset(one.step_id for one in history),
        refused=tuple(refused),
        owner=owner,
        takes=now - opened_at,
        all_arrived=all(one.state is _ARRIVES for one in history),
    )


def _refused(
    cadence: Cadence,
    reachable: Reachable,
    found: Send | Call,
    history: Sequence[Attempted],
    opened_at: dt.datetime,
    now: dt.datetime,
) -> Iterator[Refused]:
    today = local_time(now).date()
    left = [one for one in history if local_time(one.intended_at).date() == today and one.channel is not Channel.CALL]
    left = [one for one in left if one.state is _ARRIVES]
    same = sum(one.to == found.contact_point.value for one in left)
    refusal = gate(
        channel=found.step.channel,
        reachable=reachable,
        contact_point=found.contact_point,
        now=now,
        cadence=cadence,
        recent=RecentContacts(person=len(left), number=same, household=len(left)),
        sandbox=True,
        step=found.step,
        occurrence_opened_at=opened_at,
    )
    is_call = found.step.channel is Channel.CALL and refusal is not None and "cap" in refusal.reason
    if refusal is not None and not is_call:
        yield Refused(found.step.id, refusal.reason, now, len(left) + 1)
