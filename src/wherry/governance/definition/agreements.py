"""`agreements.yaml`: which organisation takes part in a programme or sends what for it, by what right, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wherry.foundation.periods import Period
from wherry.foundation.problems import Problem
from wherry.organisations.types import Purpose
from wherry.programmes.types import Section

SECTION = "agreements"
_TEXT = {"type": "string", "minLength": 1}
_DATE = {"type": "string", "format": "date"}
_CODES = {"type": "array", "items": _TEXT, "minItems": 1, "uniqueItems": True}
_AGREEMENT: dict[str, Any] = {
    "type": "object",
    "required": ["organisation", "basis", "from", "until", "signed_by"],
    "properties": {
        "organisation": {**_TEXT, "description": "Its code in the partner directory."},
        "takes_part": {
            "type": "array",
            "items": {"enum": [one.value for one in Purpose]},
            "minItems": 1,
            "uniqueItems": True,
            "description": "What its staff look at people for.",
        },
        "feeds": {**_CODES, "description": "What it sends: names of contracts, or of sources in risk.yaml."},
        "places": {**_CODES, "description": "Where; left out, in every place of the programme."},
        "basis": {**_TEXT, "description": "By what right this organisation may."},
        "from": {**_DATE, "description": "The first day it holds."},
        "until": {**_DATE, "description": "The last day it holds."},
        "signed_by": {**_TEXT, "description": "A post, never a person's name."},
    },
    "anyOf": [{"required": ["takes_part"]}, {"required": ["feeds"]}],
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "agreements.yaml",
    "type": "object",
    "required": ["agreements"],
    "properties": {"agreements": {"type": "array", "minItems": 1, "items": _AGREEMENT}},
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Agreement:
    """
    What one organisation agreed to.

    takes_part: what its staff may look for, none for one that only sends; feeds: what it sends; places: none for
    every place; period: both days included; signed_by: a post.
    """

    organisation: str
    takes_part: frozenset[Purpose]
    feeds: frozenset[str]
    places: tuple[str, ...]
    basis: str
    period: Period
    signed_by: str

    def holds_in(self, place: str) -> bool:
        """Say whether it speaks of a place."""
        return not self.places or place in self.places


def parse(section: Section) -> tuple[Agreement, ...]:
    """Read a section that fits SCHEMA. SCHEMA needs its `format`s checked, dates among them."""
    return tuple(_agreement(one) for one in section.data["agreements"])


def _agreement(data: Mapping[str, Any]) -> Agreement:
    return Agreement(
        organisation=data["organisation"],
        takes_part=frozenset(map(Purpose, data.get("takes_part", ()))),
        feeds=frozenset(data.get("feeds", ())),
        places=tuple(data.get("places", ())),
        basis=data["basis"],
        period=Period(dt.date.fromisoformat(data["from"]), dt.date.fromisoformat(data["until"])),
        signed_by=data["signed_by"],
    )


def problems(agreements: Sequence[Agreement], section: Section) -> tuple[Problem, ...]:
    """Find what the schema cannot: a period that ends first, two agreements nothing could tell apart."""
    found: list[Problem] = []
    seen: dict[tuple[str, str, dt.date], int] = {}
    for at, one in enumerate(agreements):
        if one.period.ends_on and one.period.ends_on < one.period.starts_on:
            line = section.line("agreements", at, "until")
            what = f"this agreement of {one.organisation} ends before it begins"
            found.append(Problem(section.path, line, what, "correct its dates"))
        for place in one.places or ("",):
            first = seen.setdefault((one.organisation, place, one.period.starts_on), at)
            if first != at:
                where = f"{f'in {place} ' if place else ''}on line {section.line('agreements', first)}"
                what = f"{one.organisation} has an agreement from the same day {where}"
                found.append(Problem(section.path, section.line("agreements", at), what, "make them one"))
    return tuple(found)
