"""
The proof parts the questions into groups: on small tables made at random the whole product says the same, by force.

Every combination of all answers and all that is known is decided as in earnest. H-02, H-12.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.triage_tables import SMALL, TABLE, choice, section
from wherry.checkin.types import Page, Questionnaire
from wherry.triage import proof
from wherry.triage.rules import INCOMPLETE, decide
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

CODES = ("fine", "so_so", "bad")
ASKED = [choice(name, *CODES[:size]) for name, size in (("a", 3), ("b", 2), ("c", 3), ("d", 2))]
QUESTIONNAIRE = Questionnaire("urn:small", "1", {"en": "Small"}, (Page("page", {"en": "Page"}, tuple(ASKED)),))
CONTEXT = {"tier": ContextKind("tier", ("2", "1")), "age": ContextKind("age")}
KNOWN = [
    {name: value for name, value in (("tier", tier), ("age", age)) if value is not None}
    for tier in (None, "2", "1")
    for age in (None, 0, 74, 75)
]
SECTION = section(TABLE)

on_answers = st.sampled_from(ASKED).flatmap(
    lambda one: st.one_of(
        st.sampled_from(range(1, len(one.scale))).map(lambda at: AnswerIn(one.link_id, frozenset(one.scale[at:]))),
        st.sampled_from(one.codes).map(lambda code: AnswerIn(one.link_id, frozenset({code}))),
        st.just(Answered(one.link_id)),
    )
)
on_context = st.sampled_from(
    [ContextIn("tier", frozenset({"1"})), ContextIn("tier", frozenset({"2", "1"})), ContextAtLeast("age", 75.0)]
)
conditions: st.SearchStrategy[tuple[Condition, ...]] = st.tuples(
    on_answers, st.lists(st.one_of(on_answers, on_context), max_size=2)
).map(lambda pair: (pair[0], *pair[1]))


@st.composite
def tables(draw: Any) -> TriageDefinition:
    rules = tuple(
        Rule(
            id=f"rule_{at}",
            when=draw(conditions),
            any_of=tuple(draw(st.sampled_from([(), (), (draw(conditions), draw(conditions))]))),
            urgency=draw(st.sampled_from([one for one in Urgency if one is not Urgency.NONE])),
            words="w",
            need="call",
            red_flag=draw(st.sampled_from([None, None, "danger", "other_danger"])),
        )
        for at in range(draw(st.integers(1, 4)))
    )
    needs = {"call": {"en": "Call"}, "again": {"en": "Again"}}
    incomplete = Incomplete("again", Urgency.ROUTINE, "Ask {questions}")
    return TriageDefinition(rules, needs, CONTEXT, incomplete, QUESTIONNAIRE)


def every_answer() -> Iterator[dict[str, str]]:
    for values in itertools.product(*((None, *one.scale) for one in ASKED)):
        yield {one.link_id: value for one, value in zip(ASKED, values, strict=True) if value is not None}


def without_asking_again(decision: Decision) -> tuple[Any, ...]:
    """Give urgency, red flags and rules of a decision."""
    needs = [one for one in decision.needs if one.rule != INCOMPLETE]
    urgency = max((one.urgency.rank for one in needs), default=0)
    flags = {one.flag for one in decision.red_flags}
    return urgency, flags, {one.rule for one in needs} | {one.rule for one in decision.red_flags}


def by_groups(table: TriageDefinition, answers: Mapping[str, str], known: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give the same from the groups the proof enumerates, each looked at by itself."""
    urgency, flags, rules = 0, set[str](), set[str]()
    for group in proof._groups(table):
        values = tuple(answers.get(name, known.get(name)) for name in group.ladders)
        found = proof._outcome(proof._Work(table, SECTION, group), values)
        urgency, flags, rules = max(urgency, found[0].rank), flags | found[1], rules | set(found[2])
    return urgency, flags, rules


def worse_is_less(table: TriageDefinition) -> bool:
    """Look at every combination of everything and every one step worse: is one of them less urgent, or a flag gone?"""
    whole = {}
    for answers, known in itertools.product(every_answer(), KNOWN):
        decision = decide(definition=table, answers=answers, context=known)
        whole[tuple(sorted(answers.items())), tuple(sorted(known.items()))] = without_asking_again(decision)
    return any(
        whole[worse][0] < found[0] or found[1] - whole[worse][1]
        for at, found in whole.items()
        for worse in _one_step_worse(at)
    )


def _one_step_worse(at: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    answers, known = dict(at[0]), dict(at[1])
    for one in ASKED:
        if one.link_id in answers and answers[one.link_id] != one.scale[-1]:
            step = one.scale[one.scale.index(answers[one.link_id]) + 1]
            yield tuple(sorted({**answers, one.link_id: step}.items())), at[1]
    for name, ladder in (("tier", ("2", "1", None)), ("age", (0, 74, 75, None))):
        if name in known:
            step = ladder[ladder.index(known[name]) + 1]
            rest = {key: value for key, value in known.items() if key != name}
            yield at[0], tuple(sorted({**rest, **({} if step is None else {name: step})}.items()))


@given(table=tables())
@settings(max_examples=12, deadline=None)
def test_the_groups_together_come_to_what_is_decided_over_the_whole_product_h_02(table: TriageDefinition) -> None:
    for answers in every_answer():
        left_out = set(table.red_flag_questions) - answers.keys()
        for known in KNOWN:
            decision = decide(definition=table, answers=answers, context=known)
            assert by_groups(table, answers, known) == without_asking_again(decision)
            assert set(decision.incomplete) == left_out
            assert not left_out or decision.urgency is not Urgency.NONE


@given(table=tables())
@settings(max_examples=15, deadline=None)
def test_the_proof_finds_a_worse_answer_made_less_urgent_exactly_where_brute_force_does_h_12(
    table: TriageDefinition,
) -> None:
    rows = {**SECTION.data, "rules": [{"id": rule.id} for rule in table.rules]}
    proved = proof.prove(definition=table, section=replace(SECTION, data=rows))
    found = [one for one in proved.problems if one.what.startswith("a worse answer")]

    assert bool(found) == worse_is_less(table)


def test_a_table_that_would_take_a_question_left_out_for_no_danger_is_named() -> None:
    lax = replace(SMALL.definition, incomplete=replace(SMALL.definition.incomplete, urgency=Urgency.NONE))

    problems = proof.prove(definition=lax, section=SECTION).problems

    assert [one.what for one in problems if "left" in one.what or "leaving" in one.what] == [
        "leaving out breath, which can find danger, comes to nothing",
        "leaving out chest, which can find danger, comes to nothing",
    ]


@pytest.mark.parametrize("name", ["breath", "chest"])
def test_the_small_table_asks_again_for_what_was_left_out(name: str) -> None:
    answers = {"breath": "no", "chest": "no", "food": "enough"} | {name: None}

    assert decide(definition=SMALL.definition, answers=answers, context={}).incomplete == (name,)
