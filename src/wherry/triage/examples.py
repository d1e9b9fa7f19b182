"""
Clinicians' own examples under `cases/`: a set of answers and exactly what must come of it. Run by every check.

`usual_answers` are those of somebody who is well; a case with `otherwise: usual` gives only what differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wherry.foundation.errors import WherryError
from wherry.foundation.problems import Problem
from wherry.programmes.types import Section
from wherry.triage.rules import INCOMPLETE, decide
from wherry.triage.types import Decision, TriageDefinition, Urgency

_TEXT = {"type": "string", "minLength": 1}
_CODE = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
_CODES = {"type": "array", "items": _CODE, "uniqueItems": True}
_ANSWERS = {"type": "object", "additionalProperties": {"type": ["string", "boolean", "null"]}}


def _object(needed: list[str], /, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": needed, "properties": properties, "additionalProperties": False}


_EXPECT = _object(
    ["urgency"],
    urgency={"enum": [one.value for one in Urgency]},
    needs={"type": "object", "additionalProperties": {"enum": [one.value for one in Urgency]}},
    red_flags=_CODES,
    rules=_CODES,
    incomplete=_CODES,
    declined={"type": "boolean", "description": "They say no to all of it, and nobody is to ring."},
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "cases/*.yaml",
    **_object(
        ["cases"],
        usual_answers=_ANSWERS,
        cases={
            "type": "array",
            "minItems": 1,
            "items": _object(
                ["id", "story", "answers", "expect"],
                id=_CODE,
                story=_TEXT,
                otherwise={"const": "usual"},
                answers=_ANSWERS,
                context={"type": "object"},
                expect=_EXPECT,
            ),
        },
    ),
}


@dataclass(frozen=True)
class Ran:
    """What running the cases of one file gave. rules and red_flags: those that fired as expected."""

    problems: tuple[Problem, ...]
    count: int
    rules: frozenset[str]
    red_flags: frozenset[str]


def run(*, definition: TriageDefinition, section: Section, at_least: bool = False) -> Ran:
    """
    Run every case of a file that fits SCHEMA. What a case does not expect must not happen.

    at_least: for a case of the centre in a place, which may find more and be more urgent there, never less.
    """
    problems, rules, flags = [], set[str](), set[str]()
    named = [case["id"] for case in section.data["cases"]]
    for at, case in enumerate(section.data["cases"]):
        if case["id"] in named[:at]:
            what = f"two cases are called {case['id']}"
            problems.append(Problem(section.path, section.line("cases", at), what, "rename one"))
        try:
            decision = decide(
                definition=definition, answers=_answers(section.data, case), context=case.get("context", {})
            )
        except WherryError as error:
            line = section.line("cases", at, "answers")
            problems.append(Problem(section.path, line, f"the case {case['id']}: {error}", "correct the answers"))
            continue
        wrong = (_falls_short if at_least else _differences)(case["expect"], decision)
        for what in wrong:
            line = section.line("cases", at, "expect")
            mend = "mend the table, or what the case expects"
            problems.append(Problem(section.path, line, f"the case {case['id']}: {what}", mend))
        if not wrong:
            rules |= _fired(decision)
            flags |= {one.flag for one in decision.red_flags}
    return Ran(tuple(problems), len(section.data["cases"]), frozenset(rules), frozenset(flags))


def _answers(data: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, Any]:
    usual = data.get("usual_answers", {}) if case.get("otherwise") == "usual" else {}
    return {**usual, **case["answers"]}


def _fired(decision: Decision) -> set[str]:
    return ({one.rule for one in decision.needs} | {one.rule for one in decision.red_flags}) - {INCOMPLETE}


def _differences(expect: Mapping[str, Any], decision: Decision) -> list[str]:
    most_urgent: dict[str, str] = {}
    for need in decision.needs:
        most_urgent.setdefault(need.need, need.urgency.value)
    pairs = (
        ("urgency", expect["urgency"], decision.urgency.value),
        ("needs", dict(expect.get("needs", {})), most_urgent),
        ("red flags", sorted(expect.get("red_flags", ())), sorted({one.flag for one in decision.red_flags})),
        ("rules", sorted(expect.get("rules", ())), sorted(_fired(decision))),
        ("incomplete", sorted(expect.get("incomplete", ())), sorted(decision.incomplete)),
        (
            "services",
            dict(expect.get("services", {})),
            {one.rule: one.service for one in decision.needs if one.service},
        ),
        ("declined", _yes_or_no(expect.get("declined", False)), _yes_or_no(decision.declined)),
    )
    return [
        f"{name} should be {_shown(wanted)}, came out as {_shown(got)}" for name, wanted, got in pairs if wanted != got
    ]


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"


def _falls_short(expect: Mapping[str, Any], decision: Decision) -> list[str]:
    wanted = {**expect.get("needs", {}), "urgency": expect["urgency"]}
    got: dict[str, Urgency] = {"urgency": decision.urgency}
    for need in decision.needs:
        got.setdefault(need.need, need.urgency)
    less = [name for name, urgency in wanted.items() if got.get(name, Urgency.NONE).rank < Urgency(urgency).rank]
    less += sorted(set(expect.get("red_flags", ())) - {one.flag for one in decision.red_flags})
    return [f"{', '.join(less)} should be at least as the centre has it, and comes out as less"] if less else []


def _services(decision: Decision) -> dict[str, str]:
    return {one.rule: one.service for one in decision.needs if one.service}


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {urgency}" for name, urgency in sorted(value.items())) or "nothing"
    return value if isinstance(value, str) else ", ".join(value) or "nothing"
