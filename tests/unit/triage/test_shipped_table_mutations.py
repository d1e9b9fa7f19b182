"""The shipped cases and checks catch every row of the triage table dropped, or made more or less urgent."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from wherry.foundation.content import content_folder
from wherry.journeys.read_programme import questionnaire
from wherry.programmes.files import load
from wherry.programmes.types import Section
from wherry.triage import definition, examples
from wherry.triage.types import Urgency

FILES = load(content_folder("programmes") / "covid_protect")
TABLE = FILES.sections["triage"]
ASKED = questionnaire(files=FILES)
ROWS = [row["id"] for row in TABLE.data["rules"]]


def caught(rows: list[dict[str, Any]]) -> bool:
    section = Section(TABLE.path, {**TABLE.data, "rules": rows}, TABLE.lines)
    table = definition.parse(section, questionnaire=ASKED)
    return bool(definition.problems(table, section)) or any(
        examples.run(definition=table, section=cases).problems
        for name, cases in FILES.cases.items()
        if not name.startswith("cases/risk/")
    )


def test_the_table_as_it_is_passes_its_cases() -> None:
    assert not caught(TABLE.data["rules"])


@pytest.mark.parametrize("row", ROWS)
def test_a_dropped_row_is_caught(row: str) -> None:
    assert caught([one for one in TABLE.data["rules"] if one["id"] != row])


@pytest.mark.parametrize("row", [row["id"] for row in TABLE.data["rules"] if "red_flag" in row])
def test_a_red_flag_taken_off_its_row_is_caught(row: str) -> None:
    rows = copy.deepcopy(TABLE.data["rules"])
    for one in rows:
        if one["id"] == row:
            del one["red_flag"]

    assert caught(rows)


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("urgency", [one.value for one in Urgency if one is not Urgency.NONE])
def test_another_urgency_is_caught(row: str, urgency: str) -> None:
    rows = copy.deepcopy(TABLE.data["rules"])
    changed = next(one for one in rows if one["id"] == row)
    if changed["urgency"] == urgency:
        return
    changed["urgency"] = urgency

    assert caught(rows)
