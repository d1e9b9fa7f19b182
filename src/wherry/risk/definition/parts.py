"""What a definition is made of: the codelists its tests read, the criteria they stand on."""

from __future__ import annotations

from collections.abc import Mapping

from wherry.programmes.types import Codelist
from wherry.risk.types import AllOf, AnyOf, Codes, Definition, Not, ScoreAtLeast, Test


def codes_of(codelists: Mapping[str, Codelist]) -> dict[str, frozenset[str]]:
    """Give codelist name → its codes, as `rules.assess` and the engines want them."""
    return {name: each.codes for name, each in codelists.items()}


def codes_in(test: Test) -> tuple[Codes, ...]:
    """Give the codelists a test reads, none for a test that reads no facts."""
    return tuple(each for each in (getattr(test, "codes", None), getattr(test, "than", None)) if each)


def parts_of(test: Test, definition: Definition) -> tuple[str, ...]:
    """Give the names of the criteria a test is made of; for a score, those that carry its points."""
    match test:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return parts
        case Not(part=part):
            return (part,)
        case ScoreAtLeast(score=name):
            return tuple(part for each in definition.scores if each.name == name for part, _ in each.points)
    return ()
