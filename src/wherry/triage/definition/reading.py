"""From a section that fits its schema, joined to its questionnaire, to the table the rules take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wherry.checkin.types import QuestionKind, Questionnaire
from wherry.programmes.types import Section
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
        declines=tuple(_conditions(one, questionnaire, context) for one in data.get("declines", ())),
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
