"""A risk definition, what it reads about a person, and what it says of them. All frozen; all other rooms may hold."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Window:
    """
    A closed window of days, always bounded above by the index date.

    days_from and days_to: days before the index date, the nearer first; since and until: calendar dates;
    months_from and months_to: calendar months before it, the day at the far end left out, so that windows side by
    side share no day. All None: everything up to the index date.
    """

    days_from: int | None = None
    days_to: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    months_from: int | None = None
    months_to: int | None = None


EVERYTHING = Window()


@dataclass(frozen=True)
class Codes:
    """One codelist read in one code system; a fact that names no system may be SNOMED CT or dm+d."""

    list: str
    system: str


@dataclass(frozen=True)
class Ever:
    """Any event of the list in the window (everything up to the index date by default)."""

    codes: Codes
    window: Window = EVERYTHING


@dataclass(frozen=True)
class LatestAfterLatest:
    """The newest of `codes` is later than the newest of `than`, or on the same day where `same_day_counts`."""

    codes: Codes
    than: Codes
    same_day_counts: bool = False


@dataclass(frozen=True)
class Count:
    """
    At least so many events; an event is one code on one day, so that two feeds telling it count once.

    different_codes: a code counts once, on however many days (five different medicines).
    """

    codes: Codes
    at_least: int
    window: Window = EVERYTHING
    different_codes: bool = False


@dataclass(frozen=True)
class OneInEach:
    """Every window holds at least one event."""

    codes: Codes
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class LatestValue:
    """The newest usable value in the named unit lies in the range; of two on one day the higher is taken."""

    codes: Codes
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    below: float | None = None
    window: Window = EVERYTHING


@dataclass(frozen=True)
class Active:
    """Something begun on or before the index date that has not ended by it and is not marked as over."""

    codes: Codes


@dataclass(frozen=True)
class Age:
    """Whole years on the index date, both ends counted."""

    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True)
class Demographic:
    """A field of the person: one of the values, or a number in the range (only for the deprivation decile)."""

    field: str
    among: tuple[str | int | bool, ...] = ()
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True)
class ScoreAtLeast:
    """A score of this definition reaches so many points, and no more than `at_most` where that is said (a band)."""

    score: str
    at_least: int
    at_most: int | None = None


@dataclass(frozen=True)
class AllOf:
    """Every named criterion is true."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one named criterion is true."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class Not:
    """The named criterion is not true. It never gives a reason."""

    part: str


FactTest = Ever | LatestAfterLatest | Count | OneInEach | LatestValue | Active
Leaf = FactTest | Age | Demographic
Test = Leaf | ScoreAtLeast | AllOf | AnyOf | Not


@dataclass(frozen=True)
class Criterion:
    """A named test. words: how it is said to a clinician or a lay reviewer."""

    name: str
    words: str
    test: Test


@dataclass(frozen=True)
class Score:
    """A sum of whole points. points: criterion → points; bands: (at least, name), lowest first."""

    name: str
    words: str
    points: tuple[tuple[str, int], ...]
    bands: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Tier:
    """A tier of a category; when: a criterion, None for everybody left."""

    tier: str
    when: str | None = None


@dataclass(frozen=True)
class Category:
    """A risk category; the first tier that matches is taken."""

    name: str
    words: str
    when: str
    tiers: tuple[Tier, ...]


@dataclass(frozen=True)
class Definition:
    """
    A whole risk definition. Criteria and groups are one namespace, in file order.

    take_first: a person takes the first category that matches, otherwise every one; rank_by: the score put in the
    output; sources: source name → how it is said.
    """

    criteria: tuple[Criterion, ...]
    scores: tuple[Score, ...]
    categories: tuple[Category, ...]
    take_first: bool = True
    rank_by: str | None = None
    sources: Mapping[str, str] = field(default_factory=dict)

    def criterion(self, name: str) -> Criterion:
        """Give a criterion or group by name; raises KeyError for an unknown one."""
        return self._by_name[name]

    @functools.cached_property
    def _by_name(self) -> dict[str, Criterion]:
        return {each.name: each for each in self.criteria}


@dataclass(frozen=True)
class Person:
    """What a definition may read of a person besides their facts."""

    person_id: str
    birth_date: dt.date | None = None
    death_date: dt.date | None = None
    sex: str | None = None
    ethnicity: str | None = None
    language: str | None = None
    imd_decile: int | None = None
    place: str | None = None
    practice_code: str | None = None
    communal: bool | None = None


@dataclass(frozen=True)
class Fact:
    """One row of the store's facts."""

    code: str
    date: dt.date | None
    system: str | None = None
    end_date: dt.date | None = None
    status: str | None = None
    value: float | None = None
    unit: str | None = None
    source: str | None = None
    recorded_on: dt.date | None = None


@dataclass(frozen=True)
class Reason:
    """One fired criterion with its evidence; data_as_of: the day its sender drew the data."""

    criterion: str
    words: str
    code: str | None = None
    date: dt.date | None = None
    value: float | None = None
    source: str | None = None
    data_as_of: dt.date | None = None


@dataclass(frozen=True)
class Placed:
    """One row of the output: a person in a category and tier, with the reasons in the definition's order."""

    person_id: str
    category: str
    tier: str
    score: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Assessment:
    """One person assessed. fired: every true criterion; missing: leaf criteria that lacked their input."""

    placed: tuple[Placed, ...]
    fired: frozenset[str]
    missing: frozenset[str]
    dead: bool = False
