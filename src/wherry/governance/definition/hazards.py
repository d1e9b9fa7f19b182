"""
`hazards.yaml`: the hazard log as data, with the fields DCB0129 asks for.

The matrix is the one of the standard's guidance; only a Clinical Safety Officer approves, this file prepares.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wherry.foundation.problems import Problem
from wherry.programmes.types import Section

SECTION = "hazards"


class Severity(enum.StrEnum):
    """How bad the harm would be, least first."""

    MINOR = "minor"
    SIGNIFICANT = "significant"
    CONSIDERABLE = "considerable"
    MAJOR = "major"
    CATASTROPHIC = "catastrophic"


class Likelihood(enum.StrEnum):
    """How likely the harm is, least first."""

    VERY_LOW = "very_low"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


# Rows: likelihood, least first; columns: severity, least first.
_MATRIX = {
    Likelihood.VERY_LOW: (1, 1, 2, 2, 3),
    Likelihood.LOW: (1, 2, 2, 3, 4),
    Likelihood.MEDIUM: (2, 2, 3, 3, 4),
    Likelihood.HIGH: (2, 3, 3, 4, 5),
    Likelihood.VERY_HIGH: (3, 4, 4, 5, 5),
}
_NEEDS_SIGN_OFF_FROM = 3
#: `tests/…/test_x.py::test_name`: what pytest is told to run one test.
_A_TEST = re.compile(r"tests/[\w/]+\.py::test_\w+")
_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT}
_CODES = {"type": "array", "items": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}}


def _object(needed: list[str], /, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": needed, "properties": properties, "additionalProperties": False}


_RATING = _object(
    ["severity", "likelihood"],
    severity={"enum": [one.value for one in Severity]},
    likelihood={"enum": [one.value for one in Likelihood]},
)
_CONTROL = _object(
    ["kind", "words"], kind={"enum": ["design", "test", "training", "process"]}, words=_TEXT, tests=_TEXTS
)
_HAZARD = _object(
    [
        "id",
        "description",
        "causes",
        "effect",
        "hazard",
        "harm",
        "existing_controls",
        "initial",
        "added_controls",
        "owner",
        "residual",
        "status",
        "evidence",
    ],
    id={"type": "string", "pattern": "^H-[0-9]{2}$"},
    description=_TEXT,
    causes={**_TEXTS, "minItems": 1},
    effect=_TEXT,
    hazard=_TEXT,
    harm=_TEXT,
    existing_controls=_TEXTS,
    initial=_RATING,
    added_controls={"type": "array", "minItems": 1, "items": _CONTROL},
    owner=_TEXT,
    residual=_RATING,
    status={"enum": ["open", "closed"]},
    evidence=_TEXT,
    red_flags=_CODES,
    signed_off_by=_TEXT,
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "hazards.yaml",
    **_object(["hazards"], hazards={"type": "array", "minItems": 1, "items": _HAZARD}),
}


@dataclass(frozen=True)
class Control:
    """What is done against a hazard. tests: `tests/…/test_x.py::name` that show it works."""

    kind: str
    words: str
    tests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hazard:
    """
    One entry of the log. Never deleted, only closed.

    initial, residual: 1 acceptable … 5 unacceptable; red_flags: those whose being missed is this hazard.
    """

    id: str
    description: str
    causes: tuple[str, ...]
    effect: str
    hazard: str
    harm: str
    existing_controls: tuple[str, ...]
    initial: int
    added_controls: tuple[Control, ...]
    owner: str
    residual: int
    status: str
    evidence: str
    red_flags: tuple[str, ...] = ()
    signed_off_by: str | None = None


def risk_level(*, severity: Severity, likelihood: Likelihood) -> int:
    """Give the level of the matrix: 1 acceptable, 2, 3 undesirable, 4, 5 unacceptable."""
    return _MATRIX[likelihood][list(Severity).index(severity)]


def parse(section: Section) -> tuple[Hazard, ...]:
    """Read a section that fits SCHEMA."""
    return tuple(_hazard(one) for one in section.data["hazards"])


def _hazard(data: Mapping[str, Any]) -> Hazard:
    controls = tuple(Control(one["kind"], one["words"], tuple(one.get("tests", ()))) for one in data["added_controls"])
    tuples = {name: tuple(data.get(name, ())) for name in ("causes", "existing_controls", "red_flags")}
    levels = {name: _level(data[name]) for name in ("initial", "residual")}
    return Hazard(**{**data, **tuples, **levels, "added_controls": controls})


def _level(rating: Mapping[str, str]) -> int:
    return risk_level(severity=Severity(rating["severity"]), likelihood=Likelihood(rating["likelihood"]))


def problems(hazards: tuple[Hazard, ...], section: Section) -> tuple[Problem, ...]:
    """Find what the schema cannot: an id twice, controls that make it worse, a high residual nobody signed."""
    found, seen = [], set[str]()
    for at, hazard in enumerate(hazards):
        line = section.line("hazards", at)
        if hazard.id in seen:
            found.append(Problem(section.path, line, f"{hazard.id} is there twice", "give each hazard its own id"))
        seen.add(hazard.id)
        if hazard.residual > hazard.initial:
            what = f"{hazard.id} is riskier after its controls than before"
            found.append(Problem(section.path, section.line("hazards", at, "residual"), what, "correct the ratings"))
        if hazard.residual >= _NEEDS_SIGN_OFF_FROM and not hazard.signed_off_by:
            what = f"{hazard.id} keeps level {hazard.residual} and no Clinical Safety Officer has signed it off"
            found.append(Problem(section.path, line, what, "add controls, or signed_off_by"))
        found += _untested(hazard, section, at)
    return tuple(found)


def _untested(hazard: Hazard, section: Section, at: int) -> list[Problem]:
    """A control that is a test names it; a hazard of a red flag has one. Others gain tests as their rooms grow."""
    found = []
    for number, control in enumerate(hazard.added_controls):
        for which, name in enumerate(control.tests):
            if not _A_TEST.fullmatch(name):
                line = section.line("hazards", at, "added_controls", number, "tests", which)
                what = f"{name} is no name of a test"
                found.append(Problem(section.path, line, what, "write tests/<folder>/test_<file>.py::test_<what>"))
        if control.kind == "test" and not control.tests:
            line = section.line("hazards", at, "added_controls", number)
            found.append(Problem(section.path, line, f"a test of {hazard.id} is not named", "name it under tests"))
    if hazard.red_flags and not any(control.tests for control in hazard.added_controls):
        line = section.line("hazards", at)
        found.append(Problem(section.path, line, f"no control of {hazard.id} names a test", "name one under tests"))
    return found
