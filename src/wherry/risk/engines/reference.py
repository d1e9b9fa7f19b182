"""The engine that is obviously right: reads everything into Python and asks `rules.assess` person by person. Slow."""

from __future__ import annotations

import datetime as dt
import platform
from collections import Counter, defaultdict
from dataclasses import fields
from typing import TYPE_CHECKING

from wherry.risk.engines import PLACED_COLUMNS, Answer, Question
from wherry.risk.rules import assess
from wherry.risk.types import Assessment, Fact, Person, Placed

if TYPE_CHECKING:
    import duckdb

NAME = "reference"
READS_THE_STORE = False
_STARTS = ("birth_date", "date", "recorded_on")
_ENDS = ("death_date", "end_date")


def answer(*, connection: duckdb.DuckDBPyConnection, question: Question) -> Answer:
    """Place everybody. Memory: all facts of the store; meant for tests, small stores and one person's explanation."""
    found = assess_people(connection=connection, question=question)
    fired: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for each in found:
        fired.update(each.fired)
        missing.update(each.missing)
    names = [each.name for each in question.definition.criteria]
    dead = sum(each.dead for each in found)
    return Answer(
        table=_written(connection, [row for each in found for row in each.placed]),
        living=len(found) - dead,
        dead=dead,
        fired={name: fired[name] for name in names},
        missing={name: missing[name] for name in names},
    )


def version() -> str:
    """Say which Python answers."""
    return f"Python {platform.python_version()}"


def assess_people(*, connection: duckdb.DuckDBPyConnection, question: Question) -> list[Assessment]:
    """Assess every person the question's SELECTs give."""
    facts = _facts_by_person(connection, question.facts_sql)
    people = connection.execute(
        f"SELECT {_readable(Person)} FROM ({question.persons_sql}) ORDER BY person_id"
    ).fetchall()
    return [
        assess(
            definition=question.definition,
            codes=question.codes,
            person=Person(*row),
            facts=facts.get(row[0], ()),
            as_of=question.as_of,
        )
        for row in people
    ]


def _facts_by_person(connection: duckdb.DuckDBPyConnection, facts_sql: str) -> dict[str, list[Fact]]:
    by_person: dict[str, list[Fact]] = defaultdict(list)
    for person_id, *rest in connection.execute(f"SELECT person_id, {_readable(Fact)} FROM ({facts_sql})").fetchall():
        by_person[person_id].append(Fact(*rest))
    return by_person


def _readable(kind: type[Person] | type[Fact]) -> str:
    """Name the columns; a date Python cannot hold (before the year 1, after 9999) is unknown, an end only far away."""
    first, last = (f"DATE '{day.isoformat()}'" for day in (dt.date.min, dt.date.max))
    held = {name: f"CASE WHEN {name} BETWEEN {first} AND {last} THEN {name} END" for name in _STARTS}
    held |= {name: f"CASE WHEN {name} IS NOT NULL THEN least(greatest({name}, {first}), {last}) END" for name in _ENDS}
    return ", ".join(held.get(each.name, each.name) for each in fields(kind))


def _written(connection: duckdb.DuckDBPyConnection, placed: list[Placed]) -> str:
    shape = ", ".join(f"{name} {kind}" for name, kind in PLACED_COLUMNS.items())
    rows = [{**row.__dict__, "reasons": [reason.__dict__ for reason in row.reasons]} for row in placed]
    # All rows as one value: a statement for each takes longer than finding out.
    listed = f"SELECT unnest(CAST(? AS STRUCT({shape})[]), max_depth := 2)"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE placed AS {listed}", [rows])
    return "placed"
