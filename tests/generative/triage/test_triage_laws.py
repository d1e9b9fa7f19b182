"""Laws of triage that hold for every answer set, on the programme we ship and on small tables made at random."""

from __future__ import annotations

import itertools
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.triage_tables import QUESTIONS, SMALL
from wherry.checkin.types import QuestionKind
from wherry.foundation.content import content_folder
from wherry.journeys.read_programme import triage_table
from wherry.programmes.files import load
from wherry.triage.rules import as_plain, decide
from wherry.triage.types import Answered, AnswerIn, Rule, TriageDefinition, Urgency

SHIPPED = triage_table(files=load(content_folder("programmes") / "covid_protect"))
FLAGGED = SHIPPED.red_flag_questions
CONTEXTS = st.fixed_dictionaries(
    {}, optional={"tier": st.sampled_from(["1", "2", "3", None]), "age": st.one_of(st.none(), st.integers(0, 110))}
)


def _answer(name: str) -> st.SearchStrategy[Any]:
    question = SHIPPED.questionnaire.questions[name]
    if question.kind is QuestionKind.CHOICE:
        return st.sampled_from(question.codes)
    return st.booleans() if question.kind is QuestionKind.BOOLEAN else st.text(max_size=40)


ANSWERS = st.fixed_dictionaries(
    {}, optional={name: st.one_of(st.none(), _answer(name)) for name in SHIPPED.questionnaire.questions}
)


@given(answers=ANSWERS, context=CONTEXTS)
@settings(max_examples=300, deadline=None)
def test_none_is_only_said_when_every_red_flag_question_was_answered(answers: Any, context: Any) -> None:
    decision = decide(definition=SHIPPED, answers=answers, context=context)

    unanswered = {name for name in FLAGGED if answers.get(name) is None}
    assert set(decision.incomplete) == unanswered
    if unanswered:
        assert decision.urgency.rank >= Urgency.ROUTINE.rank
        assert decision.needs
    if decision.urgency is Urgency.NONE:
        assert not decision.needs
        assert not decision.red_flags


@given(answers=ANSWERS, context=CONTEXTS, name=st.sampled_from(list(SHIPPED.questionnaire.questions)))
@settings(max_examples=300, deadline=None)
def test_a_worse_answer_never_lowers_the_urgency_nor_drops_a_red_flag(answers: Any, context: Any, name: str) -> None:
    scale = SHIPPED.questionnaire.questions[name].scale
    if not scale:
        return
    decisions = [decide(definition=SHIPPED, answers={**answers, name: code}, context=context) for code in scale]

    ranks = [decision.urgency.rank for decision in decisions]
    flags = [{one.flag for one in decision.red_flags} for decision in decisions]
    assert ranks == sorted(ranks)
    assert all(better <= worse for better, worse in itertools.pairwise(flags))


@given(answers=ANSWERS, context=CONTEXTS, seed=st.integers(0, 1000))
@settings(max_examples=200, deadline=None)
def test_the_order_of_the_rules_changes_nothing(answers: Any, context: Any, seed: int) -> None:
    rules = list(SHIPPED.rules)
    random.Random(seed).shuffle(rules)
    shuffled = _with_rules(SHIPPED, tuple(rules))

    first = as_plain(decide(definition=SHIPPED, answers=answers, context=context))
    then = as_plain(decide(definition=shuffled, answers=answers, context=context))

    assert first == then


def _with_rules(table: TriageDefinition, rules: tuple[Rule, ...]) -> TriageDefinition:
    return TriageDefinition(rules, table.needs, table.context, table.incomplete, table.questionnaire, table.hash)


@st.composite
def _upward_rules(draw: st.DrawFn) -> tuple[Rule, ...]:
    rules = []
    for number in range(draw(st.integers(1, 5))):
        names = draw(st.lists(st.sampled_from(list(QUESTIONS.questions)), min_size=1, max_size=2, unique=True))
        conditions = []
        for name in names:
            scale = QUESTIONS.questions[name].scale
            start = draw(st.integers(0, len(scale) - 1))
            conditions.append(AnswerIn(name, frozenset(scale[start:])) if start else Answered(name))
        urgency = draw(st.sampled_from([one for one in Urgency if one is not Urgency.NONE]))
        flag = draw(st.sampled_from([None, "x", "y"]))
        rules.append(Rule(f"r{number}", tuple(conditions), (), urgency, "w", "care", flag, {"en": "Ring 999"}))
    return tuple(rules)


@given(
    rules=_upward_rules(),
    codes=st.tuples(*(st.integers(0, len(one.scale) - 1) for one in QUESTIONS.questions.values())),
    name=st.sampled_from(list(QUESTIONS.questions)),
)
@settings(max_examples=300, deadline=None)
def test_any_table_of_at_least_conditions_is_monotone(rules: Any, codes: Any, name: str) -> None:
    table = _with_rules(SMALL.definition, rules)
    answers = {one.link_id: one.scale[at] for one, at in zip(QUESTIONS.questions.values(), codes, strict=True)}

    decisions = [
        decide(definition=table, answers={**answers, name: code}, context={})
        for code in QUESTIONS.questions[name].scale
    ]

    ranks = [decision.urgency.rank for decision in decisions]
    assert ranks == sorted(ranks)
    assert all(
        {one.flag for one in better.red_flags} <= {one.flag for one in worse.red_flags}
        for better, worse in itertools.pairwise(decisions)
    )
