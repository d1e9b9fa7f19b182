"""
`triage.yaml`: a decision table clinicians can read. Each row: `when` → need, urgency, red flag, what to say.

`when` names questions and what is known of the person. All of its lines must hold; under `any:` one of a list.
  breathless: at least at_rest    this answer or any worse one, by the questionnaire's order
  food: is not_sure               exactly this answer; never for a red flag on answers that have an order
  anything_else: any answer       it was answered
  rather_say: true                yes to a yes/no question
  tier: at least 2 · age: at least 75   what is known of the person; not known counts as the worse case
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wherry.checkin.types import Question, QuestionKind, Questionnaire
from wherry.foundation.problems import Problem
from wherry.programmes.types import KeyPath, Section
from wherry.triage.types import (
    Answered,
    AnswerIn,
    Condition,
    ContextAtLeast,
    ContextIn,
    ContextKind,
    Incomplete,
    Rule,
    TriageDefinition,
    Urgency,
)

SECTION = "triage"
_TEXT = {"type": "string", "minLength": 1}
_CODE = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
_URGENCY = {"enum": [one.value for one in Urgency if one is not Urgency.NONE]}
_TEXTS = {
    "type": "object",
    "required": ["en"],
    "propertyNames": {"pattern": "^[a-z]{2}$"},
    "additionalProperties": _TEXT,
}
_CONDITIONS = {
    "type": "object",
    "minProperties": 1,
    "propertyNames": _CODE,
    "properties": {"any": False},
    "additionalProperties": {
        "type": ["string", "boolean"],
        "pattern": "^(any answer|is [a-z0-9_]+|at least [a-z0-9_.]+)$",
        "not": {"const": False},
    },
}
_WHEN = {
    **_CONDITIONS,
    "properties": {"any": {"type": "array", "minItems": 2, "items": _CONDITIONS}},
}
_RULE = {
    "type": "object",
    "required": ["id", "when", "urgency", "words"],
    "properties": {
        "id": _CODE,
        "when": _WHEN,
        "need": _CODE,
        "urgency": _URGENCY,
        "red_flag": _CODE,
        "say": _TEXTS,
        "words": _TEXT,
        "service": _CODE,
    },
    "anyOf": [{"required": ["need"]}, {"required": ["red_flag"]}],
    "dependentRequired": {"red_flag": ["say"]},
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "triage.yaml",
    "type": "object",
    "required": ["needs", "context", "incomplete", "rules"],
    "properties": {
        "needs": {"type": "object", "minProperties": 1, "propertyNames": _CODE, "additionalProperties": _TEXTS},
        "named_by_link": {"type": "array", "uniqueItems": True, "items": _CODE},
        "context": {
            "type": "object",
            "propertyNames": _CODE,
            "additionalProperties": {
                "oneOf": [
                    {
                        "type": "object",
                        "required": ["scale"],
                        "properties": {
                            "scale": {"type": "array", "minItems": 2, "items": {"type": ["string", "integer"]}}
                        },
                        "additionalProperties": False,
                    },
                    {
                        "type": "object",
                        "required": ["number"],
                        "properties": {"number": _TEXT},
                        "additionalProperties": False,
                    },
                ]
            },
        },
        "incomplete": {
            "type": "object",
            "required": ["need", "urgency", "words"],
            "properties": {"need": _CODE, "urgency": _URGENCY, "words": _TEXT},
            "additionalProperties": False,
        },
        "rules": {"type": "array", "minItems": 1, "items": _RULE},
    },
    "additionalProperties": False,
}


def parse(section: Section, *, questionnaire: Questionnaire, hash: str = "") -> TriageDefinition:  # noqa: A002  the name everyone uses
    """
    Read a section that fits SCHEMA, joined to its questionnaire. hash: of the whole programme, kept with decisions.

    A condition that cannot hold (an unknown question or answer) is read as one that never does: `problems` names it.
    """
    data = section.data
    context = {
        name: ContextKind(name, tuple(str(value) for value in kind.get("scale", ())))
        for name, kind in data["context"].items()
    }
    told = data["incomplete"]
    return TriageDefinition(
        rules=tuple(_rule(row, questionnaire, context) for row in data["rules"]),
        needs=data["needs"],
        named_by_link=frozenset(data.get("named_by_link", ())),
        context=context,
        incomplete=Incomplete(told["need"], Urgency(told["urgency"]), told["words"]),
        questionnaire=questionnaire,
        hash=hash,
    )


def _rule(row: Mapping[str, Any], questionnaire: Questionnaire, context: Mapping[str, ContextKind]) -> Rule:
    alternatives = row["when"].get("any", ())
    return Rule(
        id=row["id"],
        when=_conditions(row["when"], questionnaire, context),
        any_of=tuple(_conditions(one, questionnaire, context) for one in alternatives),
        urgency=Urgency(row["urgency"]),
        words=row["words"],
        need=row.get("need"),
        red_flag=row.get("red_flag"),
        say=row.get("say", {}),
        service=row.get("service"),
    )


def _conditions(
    when: Mapping[str, Any], questionnaire: Questionnaire, context: Mapping[str, ContextKind]
) -> tuple[Condition, ...]:
    return tuple(
        _on_context(context[name], str(told)) if name in context else _on_answer(name, told, questionnaire)
        for name, told in when.items()
        if name != "any"
    )


def _on_answer(name: str, told: str | bool, questionnaire: Questionnaire) -> Condition:
    question = questionnaire.questions.get(name)
    if told == "any answer":
        return Answered(name)
    if question is None:
        return AnswerIn(name, frozenset())
    if told is True:
        return AnswerIn(name, frozenset({True}) if question.kind is QuestionKind.BOOLEAN else frozenset())
    code = str(told).split()[-1]
    if str(told).startswith("is "):
        return AnswerIn(name, frozenset({code} & set(question.codes)))
    scale = question.scale
    return AnswerIn(name, frozenset(scale[scale.index(code) :]) if code in scale else frozenset())


def _on_context(kind: ContextKind, told: str) -> Condition:
    value = told.removeprefix("at least ")
    if kind.scale:
        from_here = kind.scale[kind.scale.index(value) :] if value in kind.scale else ()
        return ContextIn(kind.name, frozenset(from_here))
    return ContextAtLeast(kind.name, float(value) if value.replace(".", "", 1).isdigit() else float("inf"))


def problems(definition: TriageDefinition, section: Section) -> tuple[Problem, ...]:
    """Find what the schema cannot: unknown questions, answers, needs; rows that could fire without an answer."""
    found: list[Problem] = []
    seen: set[str] = set()
    for at, (rule, row) in enumerate(zip(definition.rules, section.data["rules"], strict=True)):
        line = section.line("rules", at)
        if rule.id in seen or rule.id == "incomplete":
            found.append(Problem(section.path, line, f"the rule {rule.id} is named twice", "rename one of them"))
        seen.add(rule.id)
        found += _need_problems(definition, section, rule.need, ("rules", at, "need"))
        found += _when_problems(definition, section, row["when"], ("rules", at, "when"))
        if not _needs_an_answer(rule):
            what = f"the rule {rule.id} can fire without any answer"
            found.append(Problem(section.path, line, what, "add a condition on an answer"))
    found += _need_problems(definition, section, definition.incomplete.need, ("incomplete", "need"))
    for at, need in enumerate(section.data.get("named_by_link", ())):
        found += _need_problems(definition, section, need, ("named_by_link", at))
    for name in sorted(definition.context.keys() & definition.questionnaire.questions.keys()):
        what = f"{name} is both a question and something known of a person"
        found.append(Problem(section.path, section.line("context", name), what, "rename one of them"))
    if not definition.red_flags:
        what = "no rule raises a red flag"
        found.append(Problem(section.path, section.line("rules"), what, "add one, or the check-in cannot find danger"))
    return tuple(found) + _red_flag_problems(definition, section)


def _needs_an_answer(rule: Rule) -> bool:
    def has_one(conditions: tuple[Condition, ...]) -> bool:
        return any(isinstance(one, AnswerIn | Answered) for one in conditions)

    return has_one(rule.when) or (bool(rule.any_of) and all(has_one(one) for one in rule.any_of))


def _need_problems(definition: TriageDefinition, section: Section, need: str | None, where: KeyPath) -> list[Problem]:
    if need is None or need in definition.needs:
        return []
    mend = f"use one of {', '.join(definition.needs)}"
    return [Problem(section.path, section.line(*where), f'"{need}" is not among the needs', mend)]


def _when_problems(
    definition: TriageDefinition, section: Section, when: Mapping[str, Any], where: KeyPath
) -> list[Problem]:
    found = []
    for name, told in when.items():
        if name == "any":
            for at, alternative in enumerate(told):
                found += _when_problems(definition, section, alternative, (*where, "any", at))
            continue
        mend = _condition_mend(definition, name, told)
        if mend:
            what = f"the condition `{name}: {str(told).lower() if told is True else told}` cannot stand as written"
            found.append(Problem(section.path, section.line(*where, name), what, mend))
    return found


def _condition_mend(definition: TriageDefinition, name: str, told: str | bool) -> str | None:
    if name in definition.context:
        return _context_mend(definition.context[name], told)
    question = definition.questionnaire.questions.get(name)
    if question is None:
        return f"use a question of the questionnaire or one of {', '.join(definition.context) or 'the context'}"
    if told == "any answer":
        return None
    if told is True:
        return None if question.kind is QuestionKind.BOOLEAN else "write `at least` and an answer"
    return _choice_mend(question, str(told))


def _choice_mend(question: Question, told: str) -> str | None:
    code, scale = told.split()[-1], question.scale
    if question.kind is not QuestionKind.CHOICE:
        return "write `any answer`" if question.kind is QuestionKind.TEXT else "write `true`"
    if code not in question.codes:
        return f"use one of {', '.join(question.codes)}"
    if told.startswith("at least ") and not scale:
        return f"write `is {code}`, or give the options a badness"
    is_empty = told.startswith("at least ") and scale[0] == code
    return f"write `any answer`: every answer is at least {code}" if is_empty else None


def _context_mend(kind: ContextKind, told: str | bool) -> str | None:
    value = str(told).removeprefix("at least ")
    if not str(told).startswith("at least "):
        return "write `at least` and a value"
    if kind.scale:
        return None if value in kind.scale else f"use one of {', '.join(kind.scale)}"
    return None if value.replace(".", "", 1).isdigit() else "write a number"


def _red_flag_problems(definition: TriageDefinition, section: Section) -> tuple[Problem, ...]:
    found: list[Problem] = []
    for at, rule in enumerate(definition.rules):
        if rule.red_flag:
            found += (
                Problem(section.path, section.line("rules", at, *where), f"the red flag {rule.red_flag} {what}", mend)
                for where, what, mend in _faults_of_red_flag(definition, rule, section.data["rules"][at]["when"])
            )
    for need, texts in definition.needs.items():
        missing = [language for language in definition.questionnaire.languages if language not in texts]
        if missing:
            what = f"the need {need} has no words in {', '.join(missing)}"
            found.append(Problem(section.path, section.line("needs", need), what, "add the words"))
    return tuple(found)


def _faults_of_red_flag(
    definition: TriageDefinition, rule: Rule, when: Mapping[str, Any]
) -> Iterator[tuple[KeyPath, str, str]]:
    if rule.urgency.rank < Urgency.TODAY.rank:
        yield ("urgency",), f"is only {rule.urgency.value}", "make it today or emergency"
    missing = [language for language in definition.questionnaire.languages if language not in rule.say]
    if missing:
        yield ("say",), f"has nothing to say in {', '.join(missing)}", "add the words"
    questions = definition.questionnaire.questions
    for name in sorted(rule.questions & questions.keys()):
        if questions[name].enable_when:
            yield ("when",), f"looks at {name}, which is not always asked", f"ask {name} without enableWhen"
        if questions[name].scale and str(when.get(name)).startswith("is "):
            yield ("when", name), f"holds for one answer to {name} and not for a worse one", "write `at least`"
