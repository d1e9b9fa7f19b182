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
    contacted_by_channel and answered_by_channel: people, so that one reached twice by text counts once; the channels
    do not sum to the whole. silent: contacted, and no answer in any check-in. calls_to_action: rows by state; helped:
    rows by what the partner said came of it. offered: rows in all, counted apart from their states.
    """

    programme: str
    identified: int
    added: int
    removed: int
    lists_in_review: int
    with_case: int
    by_state: Mapping[str, int]
    contacted: int
    answered: int
    answered_of_contacted: int
    silent: int
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
class GroupCount:
    """One group of people (`by` place, imd_decile or language) and how many of them were reached and answered."""

    by: str
    group: str
    people: int
    reached: int

    @property
    def not_reached(self) -> int:
        """Give those not reached, whatever the reason."""
        return self.people - self.reached


@dataclass(frozen=True)
class Waiting:
    """Things of one kind that wait: how many, how many past their time, and since when the oldest."""

    what: str
    waiting: int
    overdue: int
    oldest_at: dt.datetime | None


@dataclass(frozen=True)
class Pause:
    """One time everything that leaves was stopped. by and resumed_by: opaque ids; resumed_at None: it still is."""

    why: str
    by: str
    at: dt.datetime
    resumed_by: str = ""
    resumed_at: dt.datetime | None = None
