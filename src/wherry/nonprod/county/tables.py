"""The rates invented people are drawn by, read once from `population.yaml` and `conditions.yaml`."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SEXES = ("female", "male")


@dataclass(frozen=True)
class AgeBand:
    """Ages from `low` to `high`, and how many women and men of the census they hold."""

    low: int
    high: int
    women: int
    men: int


@dataclass(frozen=True)
class Population:
    """
    Ages, households and languages. alone: (age from, women's share, men's); care_home: (age from, share), both rising.
    """

    ages: tuple[AgeBand, ...]
    alone: tuple[tuple[int, float, float], ...]
    care_home: tuple[tuple[int, float], ...]
    languages: dict[str, float]

    def share_alone(self, *, age: int, sex: str) -> float:
        """Give the share of people of an age and sex who live alone."""
        found = [row for row in self.alone if row[0] <= age]
        return found[-1][1 + SEXES.index(sex)] if found else 0.0

    def share_in_care_home(self, *, age: int) -> float:
        """Give the share of people of an age who live in a care home."""
        found = [share for low, share in self.care_home if low <= age]
        return found[-1] if found else 0.0


@dataclass(frozen=True)
class Condition:
    """
    A condition: its SNOMED codes (code, term) and its share in each age band.

    shielded: the chance that it puts on the national list;
    england: the published crude rate, a share of everybody or of adults; None where none is published as one figure.
    """

    name: str
    codes: tuple[tuple[str, str], ...]
    shares: tuple[float, ...]
    source: str
    england: float | None = None
    of_adults: bool = False
    shielded: float = 0.0
    icd10: str = ""


@dataclass(frozen=True)
class Conditions:
    """Every condition, and the age each band begins at but the first."""

    bounds: tuple[int, ...]
    all: tuple[Condition, ...] = field(repr=False)

    def band(self, *, age: int) -> int:
        """Give the position of an age's band."""
        return bisect_right(self.bounds, age)


@cache
def population() -> Population:
    """Read the ages, households and languages."""
    data = _read("population.yaml")
    return Population(
        ages=tuple(AgeBand(row["from"], row["to"], row["women"], row["men"]) for row in data["ages"]),
        alone=tuple((row["from"], row["women"], row["men"]) for row in data["alone"]),
        care_home=tuple((row["from"], row["share"]) for row in data["care_home"]),
        languages=data["languages"],
    )


@cache
def conditions() -> Conditions:
    """Read the conditions."""
    data = _read("conditions.yaml")
    bounds = tuple(int(words.rstrip("+").split("-")[0]) for words in data["bands"][1:])
    return Conditions(bounds, tuple(_condition(name, row) for name, row in data["conditions"].items()))


def _condition(name: str, row: dict[str, Any]) -> Condition:
    return Condition(
        name=name,
        codes=tuple(row["codes"].items()),
        shares=tuple(percent / 100 for percent in row["percent"]),
        source=row["source"],
        england=row["england"] / 100 if "england" in row else None,
        of_adults=row.get("of") == "adults",
        shielded=row.get("shielded", 0.0),
        icd10=row.get("icd10", ""),
    )


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return data
