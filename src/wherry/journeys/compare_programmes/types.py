"""Two versions of a programme beside each other, in words. All frozen; nobody is named."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Kind(enum.StrEnum):
    """What became of one thing."""

    TAKEN_OUT = "taken out"
    CHANGED = "changed"
    RENAMED = "renamed"
    NEW = "new"
    REORDERED = "in another order"


@dataclass(frozen=True)
class Line:
    """One thing said of an item, before and after; empty where it was or is not said. lang: of both, empty: English."""

    label: str
    before: str
    after: str
    lang: str = ""


@dataclass(frozen=True)
class Change:
    """One item that differs. is_grave: a red flag hangs on it; remark: what a reader should look at besides."""

    kind: Kind
    title: str
    code: str
    lines: tuple[Line, ...] = ()
    is_grave: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Group:
    """The changes of one chapter, the gravest first."""

    key: str
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Outcome:
    """Some answers that come to something else. marks: what must not be overlooked, empty where nothing."""

    answers: str
    comes_to: tuple[str, ...]
    combinations: int
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcomes:
    """
    What answers come to, before and after. why_not: why the two tables could not be held against each other.

    less_urgent, red_flags_lost: the first thing to know; told: how much was looked at, in words.
    """

    listed: tuple[Outcome, ...] = ()
    less_urgent: bool = False
    red_flags_lost: tuple[str, ...] = ()
    changed: int = 0
    told: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class Compared:
    """
    Two versions. groups: chapters with changes, in the order they matter; values: the same value by value.

    outcomes: None where neither has a triage table; notes: what was left out, and why.
    """

    before: str
    after: str
    groups: tuple[Group, ...]
    outcomes: Outcomes | None
    values: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def grave(self) -> tuple[tuple[Group, Change], ...]:
        """Give the changes a red flag hangs on, each with its chapter."""
        return tuple((group, one) for group in self.groups for one in group.changes if one.is_grave)
