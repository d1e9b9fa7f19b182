"""The engine for millions on one machine: DuckDB over the store's Parquet, one pass over the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wherry.risk.engines import Answer, Question
from wherry.risk.engines.plan import Plan
from wherry.risk.engines.steps import answered, counts_sql, dead_sql, load_beginning, steps

if TYPE_CHECKING:
    import duckdb

NAME = "duckdb"
READS_THE_STORE = False


def answer(*, connection: duckdb.DuckDBPyConnection, question: Question) -> Answer:
    """Place everybody. Memory: the connection's limit, spilling past it."""
    plan = Plan(question)
    load_beginning(connection, plan)
    for name, sql in steps(plan).items():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    [counts] = connection.execute(counts_sql(plan)).fetchall()
    [(dead,)] = connection.execute(dead_sql(question.persons_sql)).fetchall()
    return answered(plan, counts=counts, dead=dead)


def version() -> str:
    """Say which DuckDB answers."""
    import duckdb

    return f"DuckDB {duckdb.__version__}"
