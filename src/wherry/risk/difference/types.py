"""What differs between two runs. All frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ENTERED, LEFT, MOVED = "entered", "left", "moved"
KINDS = (ENTERED, LEFT, MOVED)


@dataclass(frozen=True)
class Why:
    """
    One cause in words. kind: a word for counting, see `whys.KIND_WORDS`; criterion: None for what is no rule's affair.

    words: a sentence that may name a date or a value of one person; it is for whoever may see their reasons.
    """

    kind: str
    criterion: str | None
    words: str


@dataclass(frozen=True)
class Changed:
    """One person whose place differs. before and after: `category, tier` each, empty where they are on no list."""

    person_id: str
    kind: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    whys: tuple[Why, ...] = ()


@dataclass(frozen=True)
class RuleChange:
    """A part of the definition that differs. what: each difference as `at_least: 4 → 3`."""

    name: str
    words: str
    what: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """
    Two runs beside each other. before and after: run ids; same: people whose place is the same.

    groups: `place`, `deprivation`, `age` → group → (entered, left, moved), raw counts: hide small ones before showing;
    empty where no evidence of both runs is kept. searched: whether what was known in both runs could be looked up.
    """

    before: str
    after: str
    before_on: str
    after_on: str
    people: tuple[Changed, ...]
    same: int
    rules: tuple[RuleChange, ...] = ()
    groups: Mapping[str, Mapping[str, tuple[int, int, int]]] = field(default_factory=dict)
    searched: bool = False

    def count(self, kind: str) -> int:
        """Count the people who entered, left or moved."""
        return sum(each.kind == kind for each in self.people)

    def causes(self, kind: str) -> dict[tuple[str, str | None], int]:
        """Count people by (kind of cause, criterion), most first; somebody with two causes is in both."""
        found: dict[tuple[str, str | None], int] = {}
        for each in self.people:
            for why in {(one.kind, one.criterion) for one in each.whys} if each.kind == kind else ():
                found[why] = found.get(why, 0) + 1
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0][0], one[0][1] or "")))
