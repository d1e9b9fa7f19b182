"""What each operator says, drawn as tables, asked of every engine, and printed into the reference."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path
from types import ModuleType

import pytest

from tests.spec.risk.tables import CHAPTERS, Drawing, page
from tests.support.drawn_definitions import EXPECTED, Asked, Found, answers, lacking, questions
from tests.support.risk_populations import every_engine, rows_of
from wherry.risk.definition.schema import OPERATORS
from wherry.risk.rules import bounds
from wherry.risk.types import Window

ROOT = Path(__file__).parents[3]
DRAWINGS = tuple(drawing for chapter in CHAPTERS.values() for drawing in chapter)


@functools.cache
def _asked() -> list[Asked]:
    return questions(DRAWINGS)


@functools.cache
def _answers(engine: ModuleType) -> tuple[dict[str, list[Found]], list[dict[str, object]]]:
    """Ask an engine everything once; every table then reads its own rows."""
    given = [answers(engine, asked) for asked in _asked()]
    return {title: rows for found, _ in given for title, rows in found.items()}, [counts for _, counts in given]


@functools.cache
def _lacking() -> dict[str, list[bool]]:
    return {title: rows for asked in _asked() for title, rows in lacking(asked)[0].items()}


@every_engine
@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda drawing: drawing.title)
def test_an_engine_says_what_the_table_says(engine: ModuleType, drawing: Drawing) -> None:
    rows = rows_of(drawing.rows)
    found = _answers(engine)[0][drawing.title]
    for one, lacked in zip(found, _lacking()[drawing.title], strict=True):
        one["taken"] = "missing" if lacked and one["taken"] == "no" else one["taken"]
    said = [{name: row[name] for name in EXPECTED if name in row} for row in rows]
    assert [{name: one[name] for name in row} for one, row in zip(found, said, strict=True)] == said


@every_engine
def test_an_engine_counts_the_living_the_dead_and_the_missing(engine: ModuleType) -> None:
    for asked, counts in zip(_asked(), _answers(engine)[1], strict=True):
        dead = sum(one["death_date"] is not None for one in asked.people)
        assert (counts["living"], counts["dead"]) == (len(asked.people) - dead, dead)
        assert counts["missing"] == lacking(asked)[1]


def test_a_window_that_reaches_before_the_calendar_begins_with_it() -> None:
    first_day = dt.date(1, 1, 1)
    assert bounds(window=Window(days_from=0, days_to=400), as_of=dt.date(2, 1, 1)) == (first_day, dt.date(2, 1, 1))
    assert bounds(window=Window(months_from=0, months_to=30), as_of=dt.date(2, 1, 1))[0] <= dt.date(1, 1, 2)


def test_every_operator_is_drawn() -> None:
    rules = " ".join(drawing.rule for drawing in DRAWINGS)
    assert [operator for operator in OPERATORS if f"{operator}:" not in rules] == []


def test_no_two_tables_bear_one_title() -> None:
    assert len({drawing.title for drawing in DRAWINGS}) == len(DRAWINGS)


def test_the_reference_prints_the_tables() -> None:
    assert (ROOT / "docs/reference/operators.md").read_text() == page(), "run make docs"
