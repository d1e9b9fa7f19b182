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
    """Two records that may be one person. found_by: `nhs_number` or `similarity`; score: a probability."""

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


@dataclass(frozen=True)
class Clustering:
    """records → the cluster's members in order; how each record came in; what was refused and what waits."""

    clusters: tuple[tuple[str, ...], ...]
    joined_by: Mapping[str, Pair]
    refused: int
    review: tuple[ForReview, ...]


@dataclass(frozen=True)
class LinkReport:
    """
    What a run of linkage came to. pairs: pairs linked by each pass; conflicts_refused: pairs that agreed but would
    have put a hard conflict into a cluster; orphan_facts: facts whose sender never sent the person; new_links: rows
    added to the map.
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
