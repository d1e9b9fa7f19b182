"""Two tables beside each other, against every combination decided one by one. Hazard: H-12 (less urgent, unseen)."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.triage_tables import choice
from wherry.checkin.types import Page, Question, QuestionKind, Questionnaire
from wherry.triage.comparing import Kind, compare
from wherry.triage.rules import decide, one_per_need
from wherry.triage.types import (
    Answered,
    AnswerIn,
    Condition,
    ContextAtLeast,
    ContextIn,
    ContextKind,
    Decision,
    Incomplete,
    Rule,
    TriageDefinition,
    Urgency,
)

CONTEXT = {"tier": ContextKind("tier", ("2", "1")), "age": ContextKind("age")}
CODES = ("good", "poor", "bad")
AGES = (None, 0, 60, 64, 65, 69, 70, 200)
URGENT = st.sampled_from([one for one in Urgency if one is not Urgency.NONE])
NEEDS = st.sampled_from(["food", "care"])


def _questions() -> st.SearchStrategy[tuple[Question, ...]]:
    one = st.sampled_from([2, 3]).map(lambda many: CODES[:many])
    three = st.tuples(one, one, st.booleans())
    return three.map(
        lambda drawn: (
            choice("first", *drawn[0]),
            choice("second", *drawn[1]),
            *((Question("third", QuestionKind.BOOLEAN, {"en": "third"}),) if drawn[2] else ()),
        )
    )


def _conditions(questions: tuple[Question, ...]) -> st.SearchStrategy[Condition]:
    asked = st.sampled_from(questions).flatmap(_on)
    return (
        asked
        | asked
        | st.just(ContextIn("tier", frozenset({"1"})))
        | st.sampled_from([65, 70]).map(lambda number: ContextAtLeast("age", number))
    )


def _on(question: Question) -> st.SearchStrategy[Condition]:
    if question.kind is QuestionKind.BOOLEAN:
        return st.just(AnswerIn(question.link_id, frozenset({True})))
    some = st.sets(st.sampled_from(question.codes), min_size=1).map(lambda codes: frozenset(codes))
    return some.map(lambda codes: AnswerIn(question.link_id, codes)) | st.just(Answered(question.link_id))


@st.composite
def tables(draw: st.DrawFn) -> TriageDefinition:
    """Draw any table: rules without a question, alternatives, red flags without a need."""
    questions = draw(_questions())
    condition = _conditions(questions)
    rules = []
    if draw(st.booleans()):
        # Holds of everybody, so that what is less urgent than it never shows.
        rules.append(Rule("always", (ContextAtLeast("age", 0),), (), draw(URGENT), "words", draw(NEEDS)))
    for number in range(draw(st.integers(0, 4))):
        flag = draw(st.sampled_from([None, None, "flag"]))
        rules.append(
            Rule(
                id=f"rule_{number}",
                when=tuple(draw(st.lists(condition, min_size=1, max_size=2))),
                any_of=tuple((one,) for one in draw(st.lists(condition, max_size=2))),
                urgency=draw(URGENT),
                words="words",
                need=draw(st.none() | NEEDS) if flag else draw(NEEDS),
                red_flag=flag,
                say={"en": "say"} if flag else {},
            )
        )
    page = Page("page", {"en": "Page"}, questions)
    return TriageDefinition(
        rules=tuple(rules),
        needs={"food": {"en": "Food"}, "care": {"en": "Care"}},
        context=CONTEXT,
        incomplete=Incomplete(draw(NEEDS), draw(URGENT), "Ask {questions}"),
        declines=tuple((draw(_on(draw(st.sampled_from(questions)))),) for _ in range(draw(st.integers(0, 1)))),
        questionnaire=Questionnaire("urn:x", "1", {"en": "X"}, (page,)),
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[TriageDefinition, TriageDefinition]:
    """Draw two tables, most of the time one and the same with a row taken out or made of another urgency."""
    before = draw(tables())
    if not before.rules or draw(st.integers(0, 3)) == 0:
        return before, draw(tables())
    at = draw(st.integers(0, len(before.rules) - 1))
    row = () if draw(st.booleans()) else (dataclasses.replace(before.rules[at], urgency=draw(URGENT)),)
    return before, dataclasses.replace(before, rules=(*before.rules[:at], *row, *before.rules[at + 1 :]))


def _decided(table: TriageDefinition, answers: Mapping[str, Any], context: Mapping[str, Any]) -> Decision:
    asked = table.questionnaire.questions
    taken = {
        name: value
        for name, value in answers.items()
        if name in asked and value in (asked[name].codes or (True, False))
    }
    return decide(definition=table, answers=taken, context=context)


def _every_combination() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for first, second, third in itertools.product((None, *CODES), (None, *CODES), (None, True, False)):
        for tier, age in itertools.product((None, "1", "2"), AGES):
            yield {"first": first, "second": second, "third": third}, {"tier": tier, "age": age}


COMBINATIONS = tuple(_every_combination())


def _outcome(decision: Decision) -> object:
    return (
        decision.urgency,
        frozenset((one.need, one.urgency) for one in one_per_need(decision=decision)),
        frozenset(one.flag for one in decision.red_flags),
        frozenset(decision.incomplete),
        decision.declined,
    )


@given(both=pairs())
@settings(max_examples=15, deadline=None)
def test_it_says_what_deciding_every_combination_says(both: tuple[TriageDefinition, TriageDefinition]) -> None:
    before, after = both
    told = compare(before=before, after=after)

    decided = [(_decided(before, *one), _decided(after, *one)) for one in COMBINATIONS]
    assert bool(told.statements) == any(_outcome(was) != _outcome(now) for was, now in decided)
    assert told.is_less_urgent == any(now.urgency.rank < was.urgency.rank for was, now in decided)
    lost = [{one.flag for one in was.red_flags} - {one.flag for one in now.red_flags} for was, now in decided]
    assert set(told.red_flags_lost) == set().union(*lost)


@given(table=tables())
@settings(max_examples=15, deadline=None)
def test_a_table_beside_itself_changes_nothing(table: TriageDefinition) -> None:
    assert compare(before=table, after=table).statements == ()


@given(before=tables(), after=tables())
@settings(max_examples=12, deadline=None)
def test_each_statement_is_true_of_some_answers_it_names(before: TriageDefinition, after: TriageDefinition) -> None:
    told = compare(before=before, after=after)

    for statement in told.statements:
        fitting = [one for one in COMBINATIONS if all(_fits(held.name, held.values, one) for held in statement.when)]
        assert fitting
        for effect in statement.effects:
            if effect.kind is Kind.URGENCY:
                got = ((_decided(before, *one).urgency.rank, _decided(after, *one).urgency.rank) for one in fitting)
                assert any((was > now) == effect.is_worse and was != now for was, now in got)


def _fits(name: str, values: tuple[Any, ...], one: tuple[dict[str, Any], dict[str, Any]]) -> bool:
    return (one[0] if name in one[0] else one[1])[name] in values
