"""
The engine for millions: DuckDB over the store's Parquet, one fused pass over the facts, then narrow group-bys.

In turn: `hits` (facts on any list, with a bit per list) · narrow aggregates per kind of test · `truth` (a column per
criterion) · `at_risk` (people placed) · `placed` (with reasons, taken from the hits of those placed only).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wherry.risk.engines import Answer, Question
from wherry.risk.engines.plan import Plan
from wherry.risk.engines.reasons_sql import reasons
from wherry.risk.engines.truth_sql import (
    aggregates,
    at_risk_sql,
    hits_sql,
    missing_sql,
    quoted,
    truth_sql,
)

if TYPE_CHECKING:
    import duckdb

NAME = "duckdb"


def answer(*, connection: duckdb.DuckDBPyConnection, question: Question) -> Answer:
    """Place everybody. Memory: the connection's limit, spilling past it."""
    plan = Plan(question)
    _load_codes(connection, plan)
    _load_sources(connection, question)
    _create(connection, "hits", hits_sql(plan))
    for name, sql in aggregates(plan).items():
        _create(connection, name, sql)
    _create(connection, "truth", truth_sql(plan))
    _create(connection, "at_risk", at_risk_sql(plan))
    for name, sql in reasons(plan).items():
        _create(connection, name, sql)
    names = [each.name for each in question.definition.criteria]
    return Answer(
        table="placed",
        living=_number(connection, "SELECT count(*) FROM truth"),
        dead=_number(connection, f"SELECT count(*) FROM ({question.persons_sql}) WHERE death_date IS NOT NULL"),
        fired=_counts(connection, {name: quoted(name) for name in names}),
        missing=_counts(connection, {name: missing_sql(plan, name) for name in names}),
    )


def _create(connection: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")


def _load_codes(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    columns = ", ".join(f"m{column} BIGINT" for column in plan.columns)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE codes (code VARCHAR, system VARCHAR, {columns})")
    # Whole columns as parameters: reading twenty thousand codes as SQL text took seconds.
    values = [list(column) for column in zip(*plan.code_rows(), strict=True)]
    if values:
        shapes = ["VARCHAR[]", "VARCHAR[]", *("BIGINT[]" for _ in plan.columns)]
        unnested = ", ".join(f"unnest(CAST(? AS {shape}))" for shape in shapes)
        connection.execute(f"INSERT INTO codes SELECT {unnested}", values)


def _load_sources(connection: duckdb.DuckDBPyConnection, question: Question) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE sources (source VARCHAR, words VARCHAR)")
    for source, words in question.definition.sources.items():
        connection.execute("INSERT INTO sources VALUES (?, ?)", [source, words])


def _counts(connection: duckdb.DuckDBPyConnection, expressions: dict[str, str]) -> dict[str, int]:
    sums = ", ".join(f"coalesce(sum(CAST(({sql}) AS INTEGER)), 0)" for sql in expressions.values())
    row = connection.execute(f"SELECT {sums} FROM truth").fetchall()[0]
    return dict(zip(expressions, map(int, row), strict=True))


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])
