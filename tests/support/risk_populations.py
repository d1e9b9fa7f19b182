"""Reads a population and its facts from tables drawn as text, and asks any engine about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import ModuleType

import duckdb
import pytest

from tests.support.small_spark import ASKS_SPARK, need_spark
from wherry.population.store import connect
from wherry.population.tables import TABLES
from wherry.risk.engines import Question, reference, spark
from wherry.risk.engines import duckdb as columnar
from wherry.risk.types import Definition

ENGINES = (reference, columnar)
every_engine = pytest.mark.parametrize(
    "engine",
    [pytest.param(each, marks=ASKS_SPARK if each is spark else ()) for each in (*ENGINES, spark)],
    ids=lambda engine: engine.NAME,
)
PEOPLE, FACTS = "people_given", "facts_given"


def rows_of(drawing: str) -> list[dict[str, str | None]]:
    """Read `a | b` lines under a head line; an empty cell is null."""
    head, *lines = [line.strip() for line in drawing.strip().splitlines() if line.strip()]
    names = [cell.strip() for cell in head.split("|")]
    return [dict(zip(names, [cell.strip() or None for cell in line.split("|")], strict=True)) for line in lines]


def given(
    *, people: Iterable[Mapping[str, object]], facts: Iterable[Mapping[str, object]]
) -> duckdb.DuckDBPyConnection:
    """Open a connection holding these people and facts, every documented column with its documented type."""
    connection = connect()
    _load(connection, PEOPLE, "persons", people)
    _load(connection, FACTS, "facts", facts)
    return connection


def _load(connection: duckdb.DuckDBPyConnection, name: str, table: str, rows: Iterable[Mapping[str, object]]) -> None:
    columns = TABLES[table].columns
    connection.execute(f"CREATE TABLE {name} ({', '.join(f'{c.name} {c.type}' for c in columns)})")
    told = list(rows)
    # A list per column: a statement per row would take longer than the engines.
    lists = [[None if row.get(c.name) is None else str(row[c.name]) for row in told] for c in columns]
    values = ", ".join(f"CAST(unnest(CAST(? AS VARCHAR[])) AS {c.type})" for c in columns)
    connection.execute(f"INSERT INTO {name} SELECT {values}", lists)


def ask(
    engine: ModuleType,
    connection: duckdb.DuckDBPyConnection,
    *,
    definition: Definition,
    codes: Mapping[str, frozenset[str]],
    as_of: dt.date,
) -> tuple[list[tuple[object, ...]], dict[str, object]]:
    """Give the rows in order, and the counts."""
    if engine is spark:
        need_spark()
    asked = Question(definition, codes, as_of, f"SELECT * FROM {PEOPLE}", f"SELECT * FROM {FACTS}")
    answer = engine.answer(connection=connection, question=asked)
    rows = connection.execute(f"SELECT * FROM {answer.table} ORDER BY person_id, category").fetchall()
    counts = {"living": answer.living, "dead": answer.dead, "fired": answer.fired, "missing": answer.missing}
    return rows, counts
