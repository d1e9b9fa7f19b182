"""
The plan the columnar engine follows: which codelist is which bit, which windows are looked at, what depends on what.

Each codelist (read in one code system) is one bit of an integer, 62 to a column, so one pass over the facts finds every
list a code is on. No join per criterion: that was measured twenty times slower.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from wherry.risk.definition import codes_in, parts_of
from wherry.risk.engines import Question
from wherry.risk.rules import SYSTEMS_WHEN_UNNAMED
from wherry.risk.types import AllOf, AnyOf, Codes, Criterion, Demographic, Not, OneInEach, Window

BITS_PER_COLUMN = 62


@dataclass(frozen=True, eq=False)
class Plan:
    """Bits, columns, windows and order for one question."""

    question: Question

    @functools.cached_property
    def lists(self) -> tuple[Codes, ...]:
        """Every codelist read, once, in the order the definition names them."""
        used = (codes for each in self.question.definition.criteria for codes in codes_in(each.test))
        return tuple(dict.fromkeys(used))

    @functools.cached_property
    def columns(self) -> range:
        """The mask columns, at least one."""
        return range(max(1, -(-len(self.lists) // BITS_PER_COLUMN)))

    def bit(self, codes: Codes) -> tuple[int, int]:
        """Give a list's mask column and its bit there."""
        position = self.lists.index(codes)
        return position // BITS_PER_COLUMN, 1 << (position % BITS_PER_COLUMN)

    def mask(self, many: Iterator[Codes] | tuple[Codes, ...]) -> list[int]:
        """Give one mask per column for several lists."""
        masks = [0 for _ in self.columns]
        for codes in many:
            column, bit = self.bit(codes)
            masks[column] |= bit
        return masks

    def code_rows(self) -> list[tuple[object, ...]]:
        """Give (code, system, mask…) rows; system is empty for what also matches a fact that names none."""
        masks: dict[tuple[str, str], list[int]] = {}
        for codes in self.lists:
            column, bit = self.bit(codes)
            systems = (codes.system, "") if codes.system in SYSTEMS_WHEN_UNNAMED else (codes.system,)
            for code in self.question.codes[codes.list]:
                for system in systems:
                    masks.setdefault((code, system), [0 for _ in self.columns])[column] |= bit
        return [(code, system, *mask) for (code, system), mask in sorted(masks.items())]

    @functools.cached_property
    def windows(self) -> tuple[Window, ...]:
        """Every window an `ever`, `within` or `one in each` looks at, once."""
        found: list[Window] = []
        for each in self.question.definition.criteria:
            test = each.test
            found += test.windows if isinstance(test, OneInEach) else filter(None, (getattr(test, "window", None),))
        return tuple(dict.fromkeys([Window(), *found]))

    @functools.cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields of a person that are asked about, once."""
        tests = (each.test for each in self.question.definition.criteria)
        return tuple(dict.fromkeys(test.field for test in tests if isinstance(test, Demographic)))

    @functools.cached_property
    def levels(self) -> tuple[tuple[Criterion, ...], ...]:
        """Criteria by depth: a level reads only the levels before it. The first holds the leaves."""
        definition = self.question.definition
        tests = {each.name: each.test for each in definition.criteria}

        @functools.cache
        def depth(name: str) -> int:
            return 1 + max((depth(part) for part in parts_of(tests[name], definition)), default=-1)

        deepest = max((depth(each.name) for each in definition.criteria), default=0)
        return tuple(
            tuple(each for each in definition.criteria if depth(each.name) == level) for level in range(deepest + 1)
        )

    def ways(self, root: str) -> dict[str, list[tuple[str, ...]]]:
        """
        Give, for each criterion that may give a reason under `root`, the chains of criteria that must all be true.

        A chain never passes through a `not`: what is absent is no evidence.
        """
        tests = {each.name: each.test for each in self.question.definition.criteria}
        found: dict[str, list[tuple[str, ...]]] = {}

        def walk(name: str, above: tuple[str, ...]) -> None:
            chain, test = (*above, name), tests[name]
            if not isinstance(test, AllOf | AnyOf | Not):
                found.setdefault(name, []).append(chain)
            if not isinstance(test, Not):
                for part in parts_of(test, self.question.definition):
                    walk(part, chain)

        walk(root, ())
        return found
