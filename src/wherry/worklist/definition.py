"""`call_script.yaml`: what a caller says, how a call can end, and how often it is tried again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from wherry.foundation.problems import Problem
from wherry.programmes.types import Section
from wherry.worklist.types import CallPolicy, CallScript, Outcome, RedFlagEnding, RedFlagScript, TaskKind

SECTION = "call_script"
_TEXT = {"type": "string", "minLength": 1}
_LINES = {"type": "array", "minItems": 1, "items": _TEXT}
#: The kinds of call that may end with having spoken; the others end with what was answered, found or settled.
ENDS_SPOKEN = (
    TaskKind.CALL_BACK,
    TaskKind.READ_WORDS,
    TaskKind.CHECK_IN_CALL,
    TaskKind.EXHAUSTED,
)
_HOURS = {"type": "integer", "minimum": 1, "maximum": 336}
_CODE = {"type": "string", "pattern": "^[a-z0-9_]{1,40}$"}
_RED_FLAG: dict[str, Any] = {
    "type": "object",
    "required": ["opening", "because", "ask", "voicemail", "no_message_about", "endings"],
    "properties": {
        "opening": _LINES,
        "because": {
            "type": "object",
            "required": ["themselves", "somebody_else"],
            "properties": {"themselves": _TEXT, "somebody_else": _TEXT},
            "additionalProperties": False,
        },
        "ask": _LINES,
        "voicemail": _TEXT,
        "no_message_about": {"type": "array", "items": _CODE},
        "endings": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["code", "words", "then"],
                "properties": {"code": _CODE, "words": _TEXT, "then": _TEXT, "must_say": {"type": "boolean"}},
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "call_script.yaml",
    "type": "object",
    "required": [
        "opening",
        "identity",
        "is_it_a_scam",
        "interpreter",
        "why_we_ring",
        "red_flag_stop",
        "closing",
        "voicemail",
        "outcomes",
        "spoke_about",
        "red_flag",
        "policy",
    ],
    "properties": {
        "opening": _LINES,
        "identity": _LINES,
        "is_it_a_scam": _LINES,
        "interpreter": _LINES,
        "why_we_ring": {
            "type": "object",
            "required": [kind.value for kind in TaskKind],
            "properties": {kind.value: _TEXT for kind in TaskKind},
            "additionalProperties": False,
        },
        "red_flag_stop": _LINES,
        "closing": _LINES,
        "voicemail": _TEXT,
        "outcomes": {
            "type": "object",
            "required": [outcome.value for outcome in Outcome],
            "properties": {outcome.value: _TEXT for outcome in Outcome},
            "additionalProperties": False,
        },
        "spoke_about": {
            "type": "object",
            "required": [kind.value for kind in ENDS_SPOKEN],
            "properties": {kind.value: _TEXT for kind in ENDS_SPOKEN},
            "additionalProperties": False,
        },
        "red_flag": _RED_FLAG,
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
# What a caller reads about a person before any word is spoken: a kind of need, never a condition (H-14).
_DIAGNOSIS = re.compile(
    r"\b(covid|shield\w*|cancer|diabet\w*|asthma|copd|dialysis|transplant|diagnos\w*|ill with)\b", re.IGNORECASE
)
# Said to somebody who may be in danger, it would make them put off what saves them.
_SOOTHING = re.compile(r"\b(nothing is wrong|no hurry|when it suits|do not worry|don't worry)\b", re.IGNORECASE)
# The emergency number, and not the end of a helpline's.
_EMERGENCY = re.compile(r"(?<![\d] )\b999\b")


def parse(section: Section) -> CallScript:
    """Read a `call_script` section that fits SCHEMA."""
    data = section.data
    policy = data["policy"]
    return CallScript(
        opening=tuple(data["opening"]),
        identity=tuple(data["identity"]),
        is_it_a_scam=tuple(data["is_it_a_scam"]),
        interpreter=tuple(data["interpreter"]),
        why_we_ring={kind: data["why_we_ring"][kind.value] for kind in TaskKind},
        red_flag_stop=tuple(data["red_flag_stop"]),
        closing=tuple(data["closing"]),
        voicemail=data["voicemail"],
        outcomes={outcome: data["outcomes"][outcome.value] for outcome in Outcome},
        spoke_about={kind: data["spoke_about"][kind.value] for kind in ENDS_SPOKEN},
        red_flag=_red_flag(data["red_flag"]),
        policy=CallPolicy(
            retry_after=tuple(dt.timedelta(hours=hours) for hours in policy["retry_after_hours"]),
            call_back_after=dt.timedelta(hours=policy["call_back_after_hours"]),
            lease_seconds=policy["lease_seconds"],
        ),
    )


def _red_flag(data: dict[str, Any]) -> RedFlagScript:
    return RedFlagScript(
        opening=tuple(data["opening"]),
        because=data["because"]["themselves"],
        because_of_another=data["because"]["somebody_else"],
        ask=tuple(data["ask"]),
        voicemail=data["voicemail"],
        no_message_about=frozenset(data["no_message_about"]),
        endings=tuple(RedFlagEnding(**one) for one in data["endings"]),
    )


def problems(script: CallScript, section: Section) -> tuple[Problem, ...]:
    """Find what the schema cannot: telling words before the person is known, no 999 where it belongs, equal buttons."""
    found = list(_red_flag_problems(script.red_flag, section))
    before_known = [("opening", line) for line in script.opening] + [("identity", line) for line in script.identity]
    before_known += [("is_it_a_scam", line) for line in script.is_it_a_scam]
    before_known += [("red_flag", line) for line in (*script.red_flag.opening, script.red_flag.voicemail)]
    for where, line in [*before_known, ("voicemail", script.voicemail)]:
        telling = _TELLING.search(line)
        if telling:
            what = f"“{telling.group(0)}” is said before we know who is listening"
            found.append(Problem(section.path, section.line(where), what, "say it in neutral words"))
    for words in script.why_we_ring.values():
        telling = _DIAGNOSIS.search(words)
        if telling:
            what = f"“{telling.group(0)}” would tell a caller what somebody is ill with"
            found.append(Problem(section.path, section.line("why_we_ring"), what, "name the kind of need instead"))
    if not any(_EMERGENCY.search(line) for line in script.red_flag_stop):
        what = "the red-flag stop line does not say to ring 999"
        found.append(Problem(section.path, section.line("red_flag_stop"), what, "add it"))
    buttons = set(script.outcomes.values())
    if len(buttons) < len(script.outcomes) or buttons & set(script.spoke_about.values()):
        what = "two outcomes have the same words"
        found.append(Problem(section.path, section.line("outcomes"), what, "word each one differently"))
    return tuple(found)


def _red_flag_problems(script: RedFlagScript, section: Section) -> Iterator[Problem]:
    line = section.line("red_flag")
    if not _EMERGENCY.search(script.voicemail):
        yield Problem(section.path, line, "the message left about a red flag does not say to ring 999", "add it")
    soothing = _SOOTHING.search(script.voicemail)
    if soothing:
        what = f"“{soothing.group(0)}” in the message left about a red flag would make them wait"
        yield Problem(section.path, line, what, "say that it is important")
    if not any(_EMERGENCY.search(one) for one in script.ask):
        yield Problem(section.path, line, "nothing to ask about a red flag names 999", "ask whether they rang it")
    codes, buttons = [one.code for one in script.endings], [one.words for one in script.endings]
    if len({*codes}) < len(codes) or len({*buttons}) < len(buttons):
        yield Problem(section.path, line, "two endings of a red flag are the same", "word each one differently")
