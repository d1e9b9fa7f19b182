"""What differs between two versions of a definition over one store: counts, and nobody's id. All frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from wherry.risk.definition import codes_in, parts_of
from wherry.risk.fitness import FeedAge
from wherry.risk.types import Definition, ScoreAtLeast

GAINED, LOST = "now true", "no longer true"


@dataclass(frozen=True)
class Balance:
    """How many were in a place and are: before + entered − left = after. category, tier: empty for the whole list."""

    category: str
    tier: str
    before: int
    entered: int
    left: int
    after: int


@dataclass(frozen=True)
class Cause:
    """
    So many people who entered, left or moved of whom a changed rule is now true, or no longer is.

    category: the one they entered, left, or in which their tier differs; empty for the whole list. criterion: empty
    where no rule of theirs changed, so that tiers or categories did; words: as the rule is said.
    """

    category: str
    kind: str
    criterion: str
    words: str
    way: str
    people: int


@dataclass(frozen=True)
class InGroup:
    """One group of living people: how many there are, and how many of them are on the list."""

    name: str
    population: int
    before: int
    entered: int
    left: int
    after: int


@dataclass(frozen=True)
class Between:
    """
    Two versions on one day. Raw counts: hide small ones before showing.

    living: people looked at, canaries and the dead not among them; moved: on the list in both, in another category or
    tier; groups: `place`, `deprivation`, `ethnicity`, `age`, `sex` → its groups; late: feeds older than they may be.
    """

    as_of: dt.date
    living: int
    balances: tuple[Balance, ...]
    moved: int
    causes: tuple[Cause, ...]
    groups: Mapping[str, tuple[InGroup, ...]] = field(default_factory=dict)
    late: tuple[FeedAge, ...] = ()


@dataclass(frozen=True)
class Version:
    """One side. name: `before` or `after`; changed: its criteria that the other lacks or tests otherwise."""

    name: str
    definition: Definition
    codes: Mapping[str, frozenset[str]]
    changed: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """Give the names of its criteria and groups."""
        return frozenset(each.name for each in self.definition.criteria)

    def meaning(self, name: str) -> tuple[object, ...]:
        """Give what decides a criterion besides those it stands on: its test, its codes, its score's points."""
        test = self.definition.criterion(name).test
        scores = [each for each in self.definition.scores if isinstance(test, ScoreAtLeast) and each.name == test.score]
        return test, tuple(self.codes[each.list] for each in codes_in(test)), tuple(each.points for each in scores)

    def reached(self, category: str, *, tiers: bool) -> frozenset[str]:
        """Give every criterion a category stands on, its tiers' if asked, and those of categories taken before it."""
        found: set[str] = set()
        waiting: list[str] = []
        for at, one in enumerate(self.definition.categories):
            if one.name == category:
                earlier = self.definition.categories[:at] if self.definition.take_first else ()
                waiting += [one.when, *(each.when for each in earlier)]
                waiting += [tier.when for tier in one.tiers if tier.when] if tiers else []
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += parts_of(self.definition.criterion(name).test, self.definition)
        return frozenset(found)


def changed_criteria(was: Version, now: Version) -> frozenset[str]:
    """Name the criteria only one version has, and those that test something else."""
    both = was.names & now.names
    return (was.names ^ now.names) | {name for name in both if was.meaning(name) != now.meaning(name)}
