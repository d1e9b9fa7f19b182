"""The funnel of a programme and what waits in it: counts only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ContactCount:
    """Attempts of one channel in one state, and the different people they were made to."""

    channel: str
    state: str
    attempts: int
    people: int


@dataclass(frozen=True)
class NeedCount:
    """Needs of one kind and urgency."""

    kind: str
    urgency: str
    count: int


@dataclass(frozen=True)
class FlagCount:
    """
    Red flags of one kind. owned: somebody took them; in_time: within the programme's minutes; open: owned or not, no
    outcome yet. mean_wait and slowest: from raised to taken, None while nobody has taken any.
    """

    flag: str
    raised: int
    owned: int
    in_time: int
    open: int
    mean_wait: dt.timedelta | None = None
    slowest: dt.timedelta | None = None


@dataclass(frozen=True)
class Funnel:
    """
    How far people have come. Every number is of people with an open case, unless its name says otherwise.

    identified, added, removed: of the lists that are signed and stand; agreed: what they come to. with_case: cases of
    any door, open now. by_state: every state named, zero or not. contacted: a message left or somebody spoke to them.
    opened: gave the right birth date behind a link. silent: contacted, and no answer in any check-in. asked: with a
    need or a red flag; helped: who said so themselves. contacted_by_channel and answered_by_channel: people, so that
    one reached twice by text counts once; the channels do not sum to the whole. calls_to_action: rows by state;
    outcomes: rows by what the partner said came of it. offered: rows in all, counted apart from their states.
    """

    programme: str
    identified: int
    added: int
    removed: int
    lists_in_review: int
    with_case: int
    by_state: Mapping[str, int]
    contacted: int
    opened: int
    answered: int
    answered_of_contacted: int
    silent: int
    asked: int
    helped: int
    contacted_by_channel: Mapping[str, int]
    answered_by_channel: Mapping[str, int]
    contacts: tuple[ContactCount, ...]
    needs: tuple[NeedCount, ...]
    needs_by_state: Mapping[str, int]
    needs_in_all: int
    flags: tuple[FlagCount, ...]
    offered: int
    calls_to_action: Mapping[str, int]
    outcomes: Mapping[str, int]

    @property
    def agreed(self) -> int:
        """Give the people clinicians agreed on."""
        return self.identified + self.added - self.removed


@dataclass(frozen=True)
class Sum:
    """A whole and the parts it must come to, counted by queries of their own. together: the parts' name."""

    words: str
    whole: int
    together: str
    parts: tuple[tuple[str, int], ...]

    @property
    def of_parts(self) -> int:
        """Give what the parts come to."""
        return sum(count for _, count in self.parts)

    @property
    def agrees(self) -> bool:
        """Say whether nobody was lost between the whole and its parts."""
        return self.whole == self.of_parts


@dataclass(frozen=True)
class GroupCount:
    """One group of people (`by` place, imd_decile, …), and how far they have come."""

    by: str
    group: str
    people: int
    contacted: int
    answered: int
    asked: int
    reached: int

    @property
    def not_reached(self) -> int:
        """Give those not reached, whatever the reason."""
        return self.people - self.reached


@dataclass(frozen=True)
class Waiting:
    """
    Things of one kind that wait: how many, how many past their time, since when the oldest, and the one in the middle.

    owners: who can act, by name of team or organisation, each with how many of them; empty: nobody has it.
    """

    what: str
    waiting: int
    overdue: int
    oldest_at: dt.datetime | None
    median_at: dt.datetime | None = None
    owners: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class ByDay:
    """One local day: how many waited at its end (`waiting`), how many came and how many were done in it."""

    day: dt.date
    waiting: int
    came: int
    done: int


@dataclass(frozen=True)
class Took:
    """How many people were first contacted within so many days of joining; days None: later, or not yet."""

    words: str
    people: int


@dataclass(frozen=True)
class Pause:
    """One time everything that leaves was stopped. by and resumed_by: opaque ids; resumed_at None: it still is."""

    why: str
    by: str
    at: dt.datetime
    resumed_by: str = ""
    resumed_at: dt.datetime | None = None


@dataclass(frozen=True)
class Usual:
    """
    Which looks at people with no task behind them are remarked upon.

    people: so many different ones, and more than times_the_middle what the one in the middle looked at; same_person:
    one of them, so often; night_from, night_to: local hours in which any such look is.
    """

    people: int
    times_the_middle: int
    same_person: int
    night_from: dt.time
    night_to: dt.time

    def is_night(self, time: dt.time) -> bool:
        """Say whether a local time is in the night; one that begins before midnight ends after it."""
        if self.night_from <= self.night_to:
            return self.night_from <= time < self.night_to
        return time >= self.night_from or time < self.night_to
