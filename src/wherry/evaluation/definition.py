"""`measures.yaml`: what is counted to know whether the programme works, for whom, and which numbers are too small."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from wherry.evaluation.types import Usual
from wherry.foundation.problems import Problem
from wherry.programmes.types import Section

SECTION = "measures"
COUNTS = (
    "identified",
    "signed",
    "contacted",
    "opened",
    "answered",
    "phoned",
    "silent",
    "reached",
    "in_cadence",
    "exhausted",
    "declined",
    "excluded",
    "needs",
    "red_flags",
    "red_flags_owned_in_time",
    "calls_to_action",
    "calls_to_action_done",
    "confirmed_helped",
)
GROUPS = ("place", "sex", "age_band", "ethnicity", "language", "imd_decile", "category", "tier", "channel")
_TEXT = {"type": "string", "minLength": 1}
_CODE = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
_COUNT = {"enum": list(COUNTS)}
_MANY = {"type": "integer", "minimum": 1}
_CLOCK = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}


def _object(needed: list[str], /, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": needed, "properties": properties, "additionalProperties": False}


SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "measures.yaml",
    **_object(
        ["small_numbers_below", "by", "unusual_looks", "measures"],
        small_numbers_below={"type": "integer", "minimum": 5},
        by={"type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": list(GROUPS)}},
        unusual_looks=_object(
            ["people", "times_the_middle", "same_person", "from", "to"],
            people=_MANY,
            times_the_middle=_MANY,
            same_person=_MANY,
            **{"from": _CLOCK, "to": _CLOCK},
        ),
        measures={
            "type": "array",
            "minItems": 1,
            "items": _object(["id", "words", "count", "of"], id=_CODE, words=_TEXT, count=_COUNT, of=_COUNT),
        },
    ),
}


@dataclass(frozen=True)
class Measure:
    """A share: `count` out of `of`, both names of COUNTS."""

    id: str
    words: str
    count: str
    of: str


@dataclass(frozen=True)
class Measures:
    """
    What is counted, split by which groups; a number below `small_numbers_below` is never shown.

    unusual_looks: which looks at people somebody should ask about.
    """

    small_numbers_below: int
    by: tuple[str, ...]
    unusual_looks: Usual
    measures: tuple[Measure, ...]


def parse(section: Section) -> Measures:
    """Read a section that fits SCHEMA."""
    data, looks = section.data, section.data["unusual_looks"]
    usual = Usual(
        people=looks["people"],
        times_the_middle=looks["times_the_middle"],
        same_person=looks["same_person"],
        night_from=dt.time.fromisoformat(looks["from"]),
        night_to=dt.time.fromisoformat(looks["to"]),
    )
    measures = tuple(Measure(**one) for one in data["measures"])
    return Measures(data["small_numbers_below"], tuple(data["by"]), usual, measures)


def problems(measures: Measures, section: Section) -> tuple[Problem, ...]:
    """Find what the schema cannot: a measure named twice, a share of itself, equity left out."""
    found, seen = [], set[str]()
    for at, one in enumerate(measures.measures):
        line = section.line("measures", at)
        if one.id in seen:
            found.append(Problem(section.path, line, f"the measure {one.id} is named twice", "rename one of them"))
        if one.count == one.of:
            found.append(
                Problem(section.path, line, f"{one.id} is a share of itself", "count it out of something else")
            )
        seen.add(one.id)
    for group in ("place", "imd_decile", "language"):
        if group not in measures.by:
            what = f"nothing is split by {group}, so nobody sees who is left behind"
            found.append(Problem(section.path, section.line("by"), what, f"add {group}"))
    return tuple(found)
