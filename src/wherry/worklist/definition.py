"""`call_script.yaml`: what a caller says, how a call can end, and how often it is tried again."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from wherry.foundation.problems import Problem
from wherry.programmes.types import Section
from wherry.worklist.types import CallPolicy, CallScript, Outcome

SECTION = "call_script"
_TEXT = {"type": "string", "minLength": 1}
_LINES = {"type": "array", "minItems": 1, "items": _TEXT}
_HOURS = {"type": "integer", "minimum": 1, "maximum": 336}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "call_script.yaml",
    "type": "object",
    "required": ["opening", "identity", "red_flag_stop", "closing", "voicemail", "outcomes", "policy"],
    "properties": {
        "opening": _LINES,
        "identity": _LINES,
        "red_flag_stop": _LINES,
        "closing": _LINES,
        "voicemail": _TEXT,
        "outcomes": {
            "type": "object",
            "required": [outcome.value for outcome in Outcome],
            "properties": {outcome.value: _TEXT for outcome in Outcome},
            "additionalProperties": False,
        },
        "policy": {
            "type": "object",
            "required": ["retry_after_hours", "call_back_after_hours", "lease_seconds"],
            "properties": {
                "retry_after_hours": {"type": "array", "maxItems": 10, "items": _HOURS},
                "call_back_after_hours": _HOURS,
                "lease_seconds": {"type": "integer", "minimum": 60, "maximum": 14400},
            },
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}
# Read out before we know who answers: nothing that tells a stranger anything.
_TELLING = re.compile(
    r"\b(covid|shield\w*|clinic\w*|cancer|diabet\w*|asthma|vulnerable|patient|at risk|diagnos\w*|list)\b", re.IGNORECASE
)


def parse(section: Section) -> CallScript:
    """Read a `call_script` section that fits SCHEMA."""
    data = section.data
    policy = data["policy"]
    return CallScript(
        opening=tuple(data["opening"]),
        identity=tuple(data["identity"]),
        red_flag_stop=tuple(data["red_flag_stop"]),
        closing=tuple(data["closing"]),
        voicemail=data["voicemail"],
        outcomes={outcome: data["outcomes"][outcome.value] for outcome in Outcome},
        policy=CallPolicy(
            retry_after=tuple(dt.timedelta(hours=hours) for hours in policy["retry_after_hours"]),
            call_back_after=dt.timedelta(hours=policy["call_back_after_hours"]),
            lease_seconds=policy["lease_seconds"],
        ),
    )


def problems(script: CallScript, section: Section) -> tuple[Problem, ...]:
    """Find what the schema cannot: telling words before the person is known, no 999 in the stop line, equal buttons."""
    found: list[Problem] = []
    before_known = [("opening", line) for line in script.opening] + [("identity", line) for line in script.identity]
    for where, line in [*before_known, ("voicemail", script.voicemail)]:
        telling = _TELLING.search(line)
        if telling:
            what = f"“{telling.group(0)}” is said before we know who is listening"
            found.append(Problem(section.path, section.line(where), what, "say it in neutral words"))
    if not any("999" in line for line in script.red_flag_stop):
        what = "the red-flag stop line does not say to ring 999"
        found.append(Problem(section.path, section.line("red_flag_stop"), what, "add it"))
    if len(set(script.outcomes.values())) < len(script.outcomes):
        what = "two outcomes have the same words"
        found.append(Problem(section.path, section.line("outcomes"), what, "word each one differently"))
    return tuple(found)
