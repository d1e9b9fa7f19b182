"""Each shipped table, damaged in every small way there is: a case or a property of the check finds every damage."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.support.triage_tables import QUESTIONS, TABLE, section
from wherry.foundation.content import content_folder
from wherry.nonprod.triage_mutation import Fate, mutants
from wherry.nonprod.triage_mutation.page import page, tables, tried
from wherry.programmes.schema import schema_problems
from wherry.triage import definition

ROOT = Path(__file__).parents[3]
KINDS = {
    *("row dropped", "urgency lowered", "urgency raised", "urgencies swapped", "condition dropped"),
    *("limit loosened", "limit tightened", "answer replaced", "red flag dropped", "need dropped", "need replaced"),
    *("any made all", "all made any", "question left out treated otherwise", "alternative dropped"),
    "declining treated otherwise",
}


@pytest.mark.parametrize("name", tables())
def test_no_damage_to_a_shipped_table_survives(name: str) -> None:
    survivors = [one.mutant for one in tried(content_folder("programmes") / name) if one.fate is Fate.SURVIVED]

    assert survivors == [], "add a case that tells each of these from the table"


@pytest.mark.parametrize("name", tables())
def test_every_damage_to_a_row_with_a_red_flag_is_found_or_changes_no_outcome_h_02(name: str) -> None:
    fates = Counter(one.fate for one in tried(content_folder("programmes") / name) if one.mutant.touches_red_flag)

    assert fates[Fate.SURVIVED] == 0
    assert fates[Fate.CASE] + fates[Fate.PROPERTY] > 0


def test_a_red_flag_dropped_or_made_less_urgent_is_never_equivalent_h_02() -> None:
    grave = ("red flag dropped", "urgency lowered", "row dropped", "limit tightened", "urgencies swapped")
    every = [one for name in tables() for one in tried(content_folder("programmes") / name)]
    flagged = [one for one in every if one.mutant.touches_red_flag and one.mutant.kind in grave]

    assert {one.fate for one in flagged} <= {Fate.CASE, Fate.PROPERTY}


def test_the_shipped_tables_are_damaged_in_every_way_there_is() -> None:
    every = {one.mutant.kind for name in tables() for one in tried(content_folder("programmes") / name)}

    assert every == KINDS


def test_the_page_says_what_was_found() -> None:
    assert (ROOT / "docs" / "reference" / "triage_mutation.md").read_text() == page(), "run make docs"


def test_every_mutant_fits_the_schema_and_is_another_table() -> None:
    found = list(mutants(data=section(TABLE).data, questionnaire=QUESTIONS))

    assert len({repr(one.data) for one in found}) == len(found) > 50
    for one in found:
        read = section(TABLE)
        damaged = type(read)(read.path, one.data, read.lines)
        wrong = schema_problems(section=damaged, schema=definition.SCHEMA)
        assert not wrong, (one, wrong)
        assert one.data != read.data
