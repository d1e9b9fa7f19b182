"""What is wrong with a table beyond its schema, each with its line and its mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wherry.checkin.types import Question, QuestionKind
from wherry.foundation.problems import Problem
from wherry.programmes.types import KeyPath, Section
from wherry.triage.types import Answered, AnswerIn, Condition, ContextKind, Rule, TriageDefinition, Urgency


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
    for at, when in enumerate(section.data.get("declines", ())):
        found += _when_problems(definition, section, when, ("declines", at))
        if not any(isinstance(one, AnswerIn | Answered) for one in definition.declines[at]):
            what = "this would decline for somebody who answered nothing"
            found.append(Problem(section.path, section.line("declines", at), what, "add a condition on an answer"))
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
