"""Two triage tables beside each other: said in few words, exact where it can be, honest where it cannot."""

from __future__ import annotations

import pytest

from tests.support.triage_tables import QUESTIONS, TABLE, section
from wherry.triage.comparing import Compared, Kind, compare, groups
from wherry.triage.comparing.boxes import boxes
from wherry.triage.definition import parse

SMALL = parse(section(), questionnaire=QUESTIONS)


def _against(old: str, new: str) -> Compared:
    assert old in TABLE
    return compare(before=SMALL, after=parse(section(TABLE.replace(old, new)), questionnaire=QUESTIONS))


def test_a_lower_age_is_one_statement() -> None:
    found = _against("{age: at least 75}", "{age: at least 70}")

    [statement] = found.statements
    held = {one.name: one.values for one in statement.when}
    assert held == {"food": ("none",), "age": (70.0,), "tier": ("3", "2")}
    assert [(one.kind, one.name, one.before, one.after) for one in statement.effects] == [
        (Kind.URGENCY, "", 2, 3),
        (Kind.NEED, "food", 2, 3),
    ]
    assert not found.is_less_urgent


def test_a_red_flag_narrowed_is_lost_and_said_first() -> None:
    found = _against("{breath: at least at_rest}", "{breath: at least at_rest, tier: at least 1}")

    assert found.red_flags_lost == ("breath",)
    assert found.is_less_urgent
    assert found.statements[0].is_worse


def test_what_other_rows_come_to_anyway_is_no_change() -> None:
    found = _against(
        "rules:\n", "rules:\n  - {id: twice, when: {food: at least none}, need: food, urgency: routine, words: x}\n"
    )

    assert found.statements == () and found.changed == 0


def test_what_falls_differently_with_other_answers_is_one_statement() -> None:
    row = "  - {id: more, when: {food: at least none}, need: food, urgency: emergency, words: x}\n"
    more = parse(section(TABLE.replace("rules:\n", f"rules:\n{row}")), questionnaire=QUESTIONS)

    [statement] = compare(before=more, after=SMALL).statements

    assert [(one.name, one.values) for one in statement.when] == [("food", ("none",))]
    assert [(one.before, one.after, one.also) for one in statement.effects] == [(4, 2, (3,)), (4, 2, (3,))]


def test_a_group_too_large_is_sampled_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "MOST_ENUMERATED", 10)

    found = _against("need: food, urgency: soon", "need: food, urgency: routine")

    assert found.sampled == ("food",)
    assert found.is_less_urgent
    assert all(one.is_example for one in found.statements)


def test_boxes_cover_a_set_and_nothing_else() -> None:
    cells = {(0, 0), (0, 1), (0, 2), (1, 1)}

    found, left = boxes(cells=sorted(cells), sizes=[2, 3])

    covered = {(one, other) for box in found for one in box[0] for other in box[1]}
    assert covered == cells
    assert left == 0 and len(found) == 2
