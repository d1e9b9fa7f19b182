"""Whoever helps is told what was answered, and nothing else the table could say of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wherry.foundation.content import content_folder
from wherry.journeys.read_programme import triage_table
from wherry.programmes.files import load
from wherry.triage.rules import decide, one_per_need

TABLE = triage_table(files=load(content_folder("programmes") / "covid_protect"))
WELL = {"breathless": "no", "chest_pain": "no", "safe_at_home": "yes"}
SIMPLE = {link: one for link, one in TABLE.questionnaire.questions.items() if one.options}


def words(need: str, *, tier: str = "3", age: int = 60, **answers: str) -> list[str]:
    """Give the lines for one kind of need."""
    decision = decide(definition=TABLE, answers=WELL | answers, context={"tier": tier, "age": age})
    return next(one.words.splitlines() for one in one_per_need(decision=decision) if one.need == need)


@pytest.mark.parametrize("tier", ["1", "3"])
def test_no_food_left_is_not_also_food_for_two_days(tier: str) -> None:
    assert words("food", food="none", tier=tier) == ["No food left"]


def test_short_of_breath_at_rest_is_neither_not_sure_nor_a_little() -> None:
    assert words("care", breathless="at_rest") == ["Short of breath sitting still"]


def test_two_answers_are_two_lines_the_most_urgent_first() -> None:
    said = words("care", breathless="at_rest", chest_pain="not_sure", feeling="worse", age=80)

    assert said == ["Short of breath sitting still", "Not sure about pain in the chest", "Feels worse than yesterday"]


def test_not_all_right_at_home_is_not_also_not_sure_of_it() -> None:
    said = words("something_else", safe_at_home="no")

    assert said == ["Says things are not all right at home. Ring with care, they may not be alone"]


def test_whoever_rings_reads_only_what_somebody_was_not_sure_of() -> None:
    assert words("something_else", medicines="not_sure") == ["Not sure about their medicines. Ring and ask"]


def test_a_question_left_out_is_read_as_it_was_asked() -> None:
    left = decide(definition=TABLE, answers={"chest_pain": "no", "safe_at_home": "yes"}, context={})

    assert [one.words for one in left.needs] == ["Not answered: Are you short of breath today? Ring and ask"]


@given(
    answers=st.fixed_dictionaries(
        {}, optional={link: st.sampled_from([one.code for one in asked.options]) for link, asked in SIMPLE.items()}
    ),
    tier=st.sampled_from(["1", "2", "3"]),
)
@settings(max_examples=300, deadline=None)
def test_every_answer_that_found_a_need_is_said_once(answers: dict[str, str], tier: str) -> None:
    decision = decide(definition=TABLE, answers=answers, context={"tier": tier})
    said = {one.need: one.words.splitlines() for one in one_per_need(decision=decision)}

    assert said.keys() == {one.need for one in decision.needs}
    for need, lines in said.items():
        found = [one for one in decision.needs if one.need == need]
        kept = [one for one in found if one.words in lines]
        assert len(lines) == len(set(lines)) > 0
        assert {heard.question for one in found for heard in one.heard} == {
            heard.question for one in kept for heard in one.heard
        }
