"""Every small damage to a triage table, as the YAML would read: each fits the schema, so that only meaning is wrong."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wherry.checkin.types import Questionnaire
from wherry.triage.types import Urgency

Row = Mapping[str, Any]
_URGENCIES = [one.value for one in Urgency if one is not Urgency.NONE]


@dataclass(frozen=True)
class Mutant:
    """A damaged table. row: the rule that was damaged, `incomplete` for what is done with a question left out."""

    kind: str
    row: str
    words: str
    touches_red_flag: bool
    data: Mapping[str, Any] = field(repr=False)


def mutants(*, data: Mapping[str, Any], questionnaire: Questionnaire) -> Iterator[Mutant]:
    """Give every mutant of a `triage` section that fits its schema, in the order of its rows."""
    rows: Sequence[Row] = data["rules"]
    for at, row in enumerate(rows):
        flagged = "red_flag" in row
        yield Mutant("row dropped", row["id"], "left out", flagged, {**data, "rules": [*rows[:at], *rows[at + 1 :]]})
        for kind, words, damaged in _damaged(row, data, questionnaire):
            changed = [*rows[:at], damaged, *rows[at + 1 :]]
            yield Mutant(kind, row["id"], words, flagged, {**data, "rules": changed})
    yield from _swapped(data)
    yield from _incomplete(data)
    yield from _declines(data, questionnaire)


def _swapped(data: Mapping[str, Any]) -> Iterator[Mutant]:
    rows: Sequence[Row] = data["rules"]
    for (at, one), (then, other) in itertools.combinations(enumerate(rows), 2):
        if one["urgency"] != other["urgency"]:
            changed = list(rows)
            changed[at] = {**one, "urgency": other["urgency"]}
            changed[then] = {**other, "urgency": one["urgency"]}
            words, flagged = f"swapped with {other['id']}", "red_flag" in one or "red_flag" in other
            yield Mutant("urgencies swapped", one["id"], words, flagged, {**data, "rules": changed})


def _incomplete(data: Mapping[str, Any]) -> Iterator[Mutant]:
    told = data["incomplete"]
    changes = [{"urgency": one} for one in _URGENCIES if one != told["urgency"]]
    changes += [{"need": need} for need in data["needs"] if need != told["need"]]
    for change in changes:
        words = " ".join(f"{key} {value}" for key, value in change.items())
        changed = {**data, "incomplete": {**told, **change}}
        yield Mutant("question left out treated otherwise", "incomplete", words, True, changed)


def _declines(data: Mapping[str, Any], asked: Questionnaire) -> Iterator[Mutant]:
    several: Sequence[Mapping[str, Any]] = data.get("declines", ())
    for at, when in enumerate(several):
        rest = [*several[:at], *several[at + 1 :]]
        changed = {**data, "declines": rest} if rest else _without(data, "declines")
        yield Mutant("declining treated otherwise", "declines", f"without {_said(when)}", False, changed)
        for _, words, other in _other_conditions(when, data, asked):
            if other not in several:
                changed = {**data, "declines": [*rest[:at], other, *rest[at:]]}
                yield Mutant("declining treated otherwise", "declines", words, False, changed)


def _damaged(row: Row, data: Mapping[str, Any], asked: Questionnaire) -> Iterator[tuple[str, str, Row]]:
    """Give kind, words and row for each damage to one row."""
    yield from _other_urgencies(row)
    yield from _other_needs(row, data)
    if "red_flag" in row and "need" in row:
        yield "red flag dropped", row["red_flag"], _without(row, "red_flag", "say")
    if "service" in row:
        yield "service dropped", row["service"], _without(row, "service")
    for kind, words, when in _other_conditions(row["when"], data, asked):
        yield kind, words, {**row, "when": when}


def _other_urgencies(row: Row) -> Iterator[tuple[str, str, Row]]:
    for urgency in _URGENCIES:
        if urgency != row["urgency"]:
            lower = _URGENCIES.index(urgency) < _URGENCIES.index(row["urgency"])
            yield f"urgency {'lowered' if lower else 'raised'}", urgency, {**row, "urgency": urgency}


def _other_needs(row: Row, data: Mapping[str, Any]) -> Iterator[tuple[str, str, Row]]:
    if "need" in row and "red_flag" in row:
        yield "need dropped", row["need"], _without(row, "need")
    for need in data["needs"]:
        if "need" in row and need != row["need"]:
            yield "need replaced", need, {**row, "need": need}


def _without(row: Row, *keys: str) -> Row:
    return {key: value for key, value in row.items() if key not in keys}


def _other_conditions(
    when: Mapping[str, Any], data: Mapping[str, Any], asked: Questionnaire
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    plain = {name: told for name, told in when.items() if name != "any"}
    alternatives: list[Mapping[str, Any]] = list(when.get("any", ()))
    for name, told in plain.items():
        if len(when) > 1:
            yield "condition dropped", name, _without(when, name)
        for kind, step in _steps(name, told, data, asked):
            yield kind, f"{name}: {step}", {**when, name: step}
    for at, one in enumerate(alternatives):
        rest = [*alternatives[:at], *alternatives[at + 1 :]]
        yield "alternative dropped", _said(one), _joined(plain, rest)
        for name, told in one.items():
            if len(one) > 1:
                yield "condition dropped", name, {**plain, "any": [*rest[:at], _without(one, name), *rest[at:]]}
            for kind, step in _steps(name, told, data, asked):
                yield kind, f"{name}: {step}", {**plain, "any": [*rest[:at], {**one, name: step}, *rest[at:]]}
    if alternatives:
        together = {name: told for one in alternatives for name, told in one.items()}
        yield "any made all", "every alternative wanted", {**plain, **together}
        yield "condition dropped", "every alternative", plain or dict(alternatives[0])
    elif len(plain) > 1:
        yield "all made any", "one condition is enough", {"any": [{name: told} for name, told in plain.items()]}


def _joined(plain: Mapping[str, Any], alternatives: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    # The schema wants two alternatives: one alone is a condition like the others.
    return {**plain, **alternatives[0]} if len(alternatives) == 1 else {**plain, "any": list(alternatives)}


def _said(conditions: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {told}" for name, told in conditions.items())


def _steps(name: str, told: Any, data: Mapping[str, Any], asked: Questionnaire) -> Iterator[tuple[str, str]]:
    """Give what a condition would say one step looser or tighter, or of another answer."""
    text = str(told)
    kind, question = data["context"].get(name), asked.questions.get(name)
    if kind is not None and "number" in kind and text.startswith("at least "):
        number = float(text.split()[-1])
        yield "limit loosened", f"at least {number - 1:g}"
        yield "limit tightened", f"at least {number + 1:g}"
    elif text.startswith("at least "):
        scale = [str(one) for one in kind["scale"]] if kind is not None else list(question.scale if question else ())
        yield from _rungs(scale, text.split()[-1])
    elif text.startswith("is ") and question is not None:
        for code in question.codes:
            if code != text.split()[-1]:
                yield "answer replaced", f"is {code}"


def _rungs(scale: Sequence[str], value: str) -> Iterator[tuple[str, str]]:
    if value in scale:
        at = scale.index(value)
        if at > 0:
            yield "limit loosened", f"at least {scale[at - 1]}"
        if at + 1 < len(scale):
            yield "limit tightened", f"at least {scale[at + 1]}"
