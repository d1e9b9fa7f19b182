"""The proof finds what is wrong with a table: planted mistakes, each seen to be caught."""

from __future__ import annotations

import pytest

from tests.support.triage_tables import QUESTIONS, TABLE, section
from wherry.programmes.schema import schema_problems
from wherry.triage import definition, examples, proof


def checked(text: str) -> list[str]:
    read = section(text)
    misfits = schema_problems(section=read, schema=definition.SCHEMA)
    if misfits:
        return [str(problem) for problem in misfits]
    table = definition.parse(read, questionnaire=QUESTIONS)
    found = definition.problems(table, read)
    return [str(problem) for problem in found or proof.prove(definition=table, section=read).problems]


def test_the_small_table_is_proved() -> None:
    read = section()
    table = definition.parse(read, questionnaire=QUESTIONS)

    proved = proof.prove(definition=table, section=read)

    assert proved.problems == ()
    # breath, chest and food are not joined by any rule: 4 + 3 + 4 x 4 tiers x 4 ages (none, 0, 74, 75).
    assert proved.combinations == 4 + 3 + 4 * 4 * 4
    assert "standing for 768 combinations" in proved.told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("breath: at least at_rest", "breath: is not_sure", "triage.yaml:7: the red flag breath holds for one answer"),
        ("{food: at least none}", "{food: is enough}", "less urgent: with food none, soon falls to none"),
        ("food: at least none, any", "food: is enough, any", "less urgent: with food not_sure, today falls to soon"),
        (
            "food: at least none}",
            "food: at least nothing}",
            "triage.yaml:21: the condition `food: at least nothing` cannot",
        ),
        ("{food: at least none}", "{fodder: at least none}", "use a question of the questionnaire"),
        ("tier: at least 1", "tier: at least 9", "use one of 3, 2, 1"),
        ("tier: at least 1", "tier: is 1", "write `at least` and a value"),
        ("age: at least 75", "age: at least old", "write a number"),
        ("{food: at least none}", "{food: at least enough}", "write `any answer`"),
        ("{food: at least none}", "{food: true}", "write `at least` and an answer"),
        ("{food: at least none}", "{age: at least 70}", "can fire without any answer"),
        (
            "{food: at least none}",
            "{food: at least none, any: [{age: at least 1}, {tier: at least 1}]}",
            "soon falls to none",
        ),
        ("id: food_unsure", "id: food", "the rule food is named twice"),
        ("id: food_unsure", "id: incomplete", "the rule incomplete is named twice"),
        ("need: food, urgency: soon", "need: fodder, urgency: soon", '"fodder" is not among the needs'),
        ("need: call, urgency: routine", "need: ring, urgency: routine", '"ring" is not among the needs'),
        ("age: {number", "chest: {number", "chest is both a question and something known"),
        ("urgency: emergency", "urgency: soon", "triage.yaml:10: the red flag breath is only soon"),
        ("urgency: today, words: b", "urgency: none, words: b", "use one of routine, soon, today, emergency"),
        ("    say: {en: Ring 999}\n", "", "something that goes with a key here is missing"),
        ("words: b", "sentence: b", "words missing"),
        ("{breath: at least not_sure}", "{breath: more than not_sure}", "not written in the form wanted"),
    ],
)
def test_a_planted_mistake_is_caught(old: str, new: str, said: str) -> None:
    assert old in TABLE

    found = checked(TABLE.replace(old, new, 1))

    assert any(said in one for one in found)


def test_a_rule_that_can_never_fire_is_named() -> None:
    when = "{breath: is no, any: [{breath: is at_rest}, {breath: is not_sure}]}"
    row = f"  - {{id: never, when: {when}, need: call, urgency: soon, words: x}}\n"

    assert any("no answers make the rule never fire" in one for one in checked(TABLE + row))


def test_a_large_group_is_sampled_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "MOST_ENUMERATED", 10)
    read = section(TABLE.replace("{food: at least none}", "{food: is enough}", 1))

    proved = proof.prove(definition=definition.parse(read, questionnaire=QUESTIONS), section=read)

    assert "1 of them sampled" in proved.told
    assert any("less urgent" in problem.what for problem in proved.problems)


CASES = """
usual_answers: {breath: "no", chest: "no", food: enough}
cases:
  - id: one
    story: Breathless.
    otherwise: usual
    answers: {breath: at_rest}
    expect: {urgency: emergency, needs: {care: emergency}, red_flags: [breath], rules: [breath, breath_unsure]}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", None),
        ("urgency: emergency,", "urgency: today,", "urgency should be today, came out as emergency"),
        ("red_flags: [breath], ", "", "red flags should be nothing, came out as breath"),
        ("needs: {care: emergency}", "needs: {care: today}", "needs should be care today, came out as care emergency"),
        (", breath_unsure", "", "rules should be breath, came out as breath, breath_unsure"),
        ("answers: {breath: at_rest}", "answers: {breath: at_rest, chest: null}", "incomplete should be nothing"),
        ("answers: {breath: at_rest}", "answers: {breath: gone}", "the answer to breath is not one of"),
    ],
)
def test_a_case_holds_or_says_what_came_out(old: str, new: str, said: str | None) -> None:
    read = section(CASES.replace(old, new, 1))
    assert schema_problems(section=read, schema=examples.SCHEMA) == ()

    ran = examples.run(definition=definition.parse(section(), questionnaire=QUESTIONS), section=read)

    if said is None:
        assert (ran.problems, ran.red_flags, ran.rules) == ((), {"breath"}, {"breath", "breath_unsure"})
    else:
        assert any(said in problem.what for problem in ran.problems)
        assert ran.rules == frozenset()
