"""
Decide what answers come to. Pure, and monotone by its form: conditions only ever say "at least this bad".

Hazards: H-02 (a red flag is not seen), H-12 (a worse answer made less urgent).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from wherry.checkin.rules import validate_answers
from wherry.checkin.types import Answers
from wherry.triage.errors import AnswersOutsideDefinition, ContextOutsideDefinition
from wherry.triage.types import (
    Answered,
    AnswerIn,
    Condition,
    ContextAtLeast,
    ContextKind,
    Decision,
    NeedFound,
    RedFlagFound,
    Rule,
    TriageDefinition,
    Urgency,
)

Context = Mapping[str, str | float]
INCOMPLETE = "incomplete"


def highest(urgencies: Iterable[Urgency]) -> Urgency:
    """Give the most urgent, `none` for no urgency at all."""
    return max(urgencies, key=lambda urgency: urgency.rank, default=Urgency.NONE)


def decide(*, definition: TriageDefinition, answers: Mapping[str, object], context: Mapping[str, object]) -> Decision:
    """
    Collect every rule that fires; the urgency is the highest of them.

    answers: linkId → answer, absent or None where unanswered; context: what is known of the person (`tier`, `age`).
    Something about the person that is not known counts as the worse case. A red-flag question left unanswered makes
    the decision at least routine and adds the programme's own need to ask again.
    Raises AnswersOutsideDefinition, ContextOutsideDefinition; neither message repeats a value. O(rules).
    """
    checked = validate_answers(questionnaire=definition.questionnaire, answers=answers)
    if checked.problems:
        raise AnswersOutsideDefinition("; ".join(problem.what for problem in checked.problems))
    known = known_context(definition=definition, context=context)
    fired = [rule for rule in definition.rules if fires(rule=rule, answers=checked.accepted, context=known)]
    unanswered = tuple(one for one in definition.red_flag_questions if one not in checked.accepted)
    needs = [
        NeedFound(rule.need, rule.urgency, rule.id, rule.words, rule.service, _heard(rule, checked.accepted))
        for rule in fired
        if rule.need is not None
    ]
    needs += _ask_again(definition, unanswered)
    flags = [RedFlagFound(rule.red_flag, rule.id, rule.say.get("en", ""), rule.say) for rule in fired if rule.red_flag]
    declines = any(all(_holds(one, checked.accepted, known) for one in when) for when in definition.declines)
    return Decision(
        needs=tuple(sorted(needs, key=lambda found: (-found.urgency.rank, found.need, found.rule))),
        red_flags=tuple(sorted(flags, key=lambda found: (found.flag, found.rule))),
        urgency=highest([rule.urgency for rule in fired] + [need.urgency for need in needs]),
        incomplete=unanswered,
        definition=definition.hash,
        declined=declines and not fired and not needs,
    )


def worse_of(*, first: Decision, second: Decision) -> Decision:
    """
    Join what two versions of a table make of the same answers: every need and red flag of either, the higher urgency.

    A red-flag question that only one of them asks is unanswered. Hazards: H-02, H-12 (a worse answer made less urgent).
    """
    needs = {(one.need, one.urgency, one.rule, one.words): one for one in (*second.needs, *first.needs)}
    flags = {one.flag: one for one in (*second.red_flags, *first.red_flags)}
    return Decision(
        needs=tuple(sorted(needs.values(), key=lambda found: (-found.urgency.rank, found.need, found.rule))),
        red_flags=tuple(sorted(flags.values(), key=lambda found: (found.flag, found.rule))),
        urgency=highest((first.urgency, second.urgency)),
        incomplete=tuple(dict.fromkeys((*first.incomplete, *second.incomplete))),
        definition=f"{first.definition} {second.definition}",
        declined=first.declined and second.declined,
    )


def fires(*, rule: Rule, answers: Answers, context: Context) -> bool:
    """Say whether one rule fires. answers and context: already checked."""
    for condition in rule.when:
        if not _holds(condition, answers, context):
            return False
    return not rule.any_of or any(
        all(_holds(one, answers, context) for one in alternative) for alternative in rule.any_of
    )


def _heard(rule: Rule, answers: Answers) -> tuple[AnswerIn, ...]:
    """Give the conditions on answers that hold: all of `when`, and those of the alternatives that do."""
    asked = (one for one in rule.conditions if isinstance(one, AnswerIn))
    return tuple(one for one in asked if answers.get(one.question) in one.answers)


def _holds(condition: Condition, answers: Answers, context: Context) -> bool:
    if isinstance(condition, AnswerIn):
        return condition.question in answers and answers[condition.question] in condition.answers
    if isinstance(condition, Answered):
        return condition.question in answers
    value = context.get(condition.name)
    if value is None:
        return True
    if isinstance(condition, ContextAtLeast):
        return isinstance(value, int | float) and value >= condition.number
    return value in condition.values


def known_context(*, definition: TriageDefinition, context: Mapping[str, object]) -> dict[str, str | float]:
    """
    Keep what the table knows of, checked: a value of its scale (a number is read as its text), or a number.

    Names the table does not know are left out, null is not known. Raises ContextOutsideDefinition.
    """
    known: dict[str, str | float] = {}
    for name, kind in definition.context.items():
        value = context.get(name)
        if value is not None:
            known[name] = _on_scale(kind, value) if kind.scale else _number(name, value)
    return known


def _on_scale(kind: ContextKind, value: object) -> str:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
    if text not in kind.scale or text is None:
        raise ContextOutsideDefinition(f"the context {kind.name} is not one of {', '.join(kind.scale)}")
    return text


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
        raise ContextOutsideDefinition(f"the context {name} is not a number from 0 upwards")
    return value


def _ask_again(definition: TriageDefinition, unanswered: tuple[str, ...]) -> list[NeedFound]:
    if not unanswered:
        return []
    told = definition.incomplete
    asked = (definition.questionnaire.questions[name].text.get("en", name) for name in unanswered)
    words = told.words.replace("{questions}", " ".join(asked))
    return [NeedFound(told.need, told.urgency, INCOMPLETE, words)]


def one_per_need(*, decision: Decision) -> tuple[NeedFound, ...]:
    """
    Join the needs of one kind into the most urgent of them, most urgent first. words: one line for each thing said.

    "No food left" is worse than "food for two days or less" too, so both rules fire; whoever helps is told only the
    first, which is the answer given. O(n²) in the needs found.
    """
    joined: dict[str, NeedFound] = {}
    for found in decision.needs:
        joined.setdefault(found.need, found)
    return tuple(replace(first, words="\n".join(_said(decision, need))) for need, first in joined.items())


def _said(decision: Decision, need: str) -> tuple[str, ...]:
    """Give the words for one kind of need, without those that others say more exactly of the same answers."""
    found = [one for one in decision.needs if one.need == need]
    exact = [
        one.words
        for place, one in enumerate(found)
        if not any(_says_it(other, one, is_first=at < place) for at, other in enumerate(found) if at != place)
    ]
    return tuple(dict.fromkeys(exact))


def _says_it(other: NeedFound, one: NeedFound, *, is_first: bool) -> bool:
    """Say whether one need's words can go because another's hold all of it: the same questions, fewer answers meant."""
    mine, theirs = ({heard.question: heard.answers for heard in need.heard} for need in (one, other))
    if not mine or any(question not in theirs or not theirs[question] <= mine[question] for question in mine):
        return False
    return is_first or mine != theirs


def as_plain(decision: Decision) -> dict[str, Any]:
    """Write a decision in the shape of the documented output, without its `id`."""
    said_no = {"declined": True} if decision.declined else {}
    return {
        "needs": [
            {"need": one.need, "urgency": one.urgency.value, "rule": one.rule, "words": one.words}
            for one in decision.needs
        ],
        "red_flags": [{"flag": one.flag, "rule": one.rule, "say": one.say} for one in decision.red_flags],
        "urgency": decision.urgency.value,
        "incomplete": list(decision.incomplete),
        "definition": decision.definition,
        **said_no,
    }
