"""What a clinician may choose from: the reasons of a programme's `review.yaml`, the categories of its `risk.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from wherry.journeys.programme_in_force import worked_by
from wherry.review import definition as review_definition
from wherry.review.definition import ReviewPolicy
from wherry.review.models import AtRiskList
from wherry.risk import definition as risk_definition
from wherry.risk.types import Category


@dataclass(frozen=True)
class Choices:
    """The programme's own words, for one place."""

    programme: str
    policy: ReviewPolicy
    categories: tuple[Category, ...]
    criteria: Mapping[str, str]

    def category_words(self, code: str) -> str:
        """Say a category as the programme does; one the programme no longer has is said by its code."""
        found = next((one for one in self.categories if one.name == code), None)
        return found.words if found else code.replace("_", " ")

    def criterion_words(self, name: str) -> str:
        """Say a criterion as the programme does; one it no longer has is said by its name."""
        return self.criteria.get(name) or name.replace("_", " ").capitalize()

    def tiers_of(self, code: str) -> tuple[str, ...]:
        """Give the tiers a category has."""
        return next((tuple(tier.tier for tier in one.tiers) for one in self.categories if one.name == code), ())


def choices_for(at_risk_list: AtRiskList) -> Choices:
    """Give the choices of a list's programme as its place has it."""
    return _choices(at_risk_list.programme, at_risk_list.place)


@lru_cache(maxsize=64)
def _choices(programme: str, place: str) -> Choices:
    force = worked_by(programme=programme, place=place)
    sections = force.files.sections
    risk = risk_definition.parse(sections[risk_definition.SECTION])
    return Choices(
        programme=force.programme.name,
        policy=review_definition.parse(sections[review_definition.SECTION]),
        categories=risk.categories,
        criteria={each.name: each.words for each in risk.criteria},
    )
