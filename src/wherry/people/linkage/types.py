"""What linkage compares and what it decides."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Record:
    """One sender's record of one person, folded for comparison. Values stay out of `repr`."""

    record_id: str
    nhs_number: str | None = field(default=None, repr=False)
    given: str | None = field(default=None, repr=False)
    family: str | None = field(default=None, repr=False)
    birth_date: dt.date | None = field(default=None, repr=False)
    sex: str | None = field(default=None, repr=False)
    postcode: str | None = field(default=None, repr=False)
    home: str | None = field(default=None, repr=False)
    contacts: frozenset[str] = field(default=frozenset(), repr=False)


class Conflict(enum.StrEnum):
    """Why two records can never be one person."""

    NHS_NUMBERS_DIFFER = "two different NHS numbers"
    SEX_AND_BIRTH_DATE_DIFFER = "sex and birth date both differ"
    TWINS = "born the same day at one address with different given names"


class Decision(enum.StrEnum):
    """What becomes of a pair."""

    LINK = "link"
    REVIEW = "review"
    LEAVE = "leave"


@dataclass(frozen=True)
class Pair:
    """Two records that may be one person. found_by: `nhs_number`, `similarity` or `person`; score: a probability."""

    left: str
    right: str
    score: float
    found_by: str
    evidence: str


@dataclass(frozen=True)
class ForReview:
    """A pair a person should look at, and why it was not linked."""

    pair: Pair
    why: str


class Verdict(enum.StrEnum):
    """What somebody said of two records. `unsure` binds nothing: it asks somebody else."""

    SAME = "same"
    NOT_SAME = "not_same"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Answer:
    """
    What one person said of two records, and why. Never changed: a later answer about the same pair stands instead.

    number: rises by one; act: the number of the first answer given in the same breath (an un-link gives several);
    left sorts before right; is_held: nobody writes to the people of these records until somebody has confirmed it;
    needs_second: it goes against a hard conflict, so it binds nothing until a second person has said it too.
    """

    number: int
    act: int
    left: str
    right: str
    verdict: Verdict
    why: str = field(repr=False)
    by: str
    at: dt.datetime
    is_held: bool = False
    needs_second: bool = False


@dataclass(frozen=True)
class Same:
    """Two records somebody said are one person. is_seconded: two different people said so, since it was last denied."""

    left: str
    right: str
    number: int
    is_seconded: bool


@dataclass(frozen=True)
class Bound:
    """
    What answers ask of every run. same: newest first; proposed: said by one person where two are needed, so shown and
    not followed; apart: record → records it may never share a person with.
    """

    same: tuple[Same, ...] = ()
    proposed: tuple[Same, ...] = ()
    apart: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def records(self) -> frozenset[str]:
        """Give every record an answer binds."""
        return frozenset(self.apart).union(*((one.left, one.right) for one in (*self.same, *self.proposed)))


@dataclass(frozen=True)
class Clustering:
    """records → the cluster's members in order; how each record came in; what was refused and what waits."""

    clusters: tuple[tuple[str, ...], ...]
    joined_by: Mapping[str, Pair]
    refused: int
    review: tuple[ForReview, ...]


@dataclass(frozen=True)
class Found:
    """
    What clustering a store came to. pairs: those that brought a record in, by pass; waiting: pairs for a person to look
    at; nobodys_numbers: NHS numbers that too many people bear to say whose they are.
    """

    pairs: Mapping[str, int]
    refused: int
    waiting: int
    nobodys_numbers: int


@dataclass(frozen=True)
class LinkReport:
    """
    What a run of linkage came to. pairs: pairs linked by each pass; conflicts_refused: pairs that agreed but would
    have put a hard conflict into a cluster; orphan_facts: facts whose sender never sent the person; ended_facts: those
    of snapshots that the newest of their feed says no more; new_links: rows added to the map; nobodys_numbers: NHS
    numbers that too many people bear to say whose they are.
    """

    run: str
    records: int
    persons: int
    pairs: Mapping[str, int]
    conflicts_refused: int
    review: int
    orphan_facts: int
    facts: int
    new_links: int
    nobodys_numbers: int = 0
    ended_facts: int = 0


@dataclass(frozen=True)
class Decided:
    """
    What an answer came to. act: its number in the store's table; pairs: pairs answered for; takes_back: numbers of the
    acts it stands instead of; waits_for_another: the records conflict (why), so a second person must say the same;
    is_new: false when this person had said it already; is_held: nobody is written to until somebody confirmed it.
    """

    act: int
    verdict: Verdict
    pairs: int
    takes_back: tuple[int, ...] = ()
    waits_for_another: str = ""
    is_new: bool = True
    is_held: bool = False
