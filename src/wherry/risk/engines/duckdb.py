"""The engine for millions on one machine: DuckDB over the store's Parquet, one pass over the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wherry.population.store import sql_text
from wherry.risk.engines import Answer, Question
from wherry.risk.engines.plan import Plan
from wherry.risk.engines.reasons_sql import reasons
from wherry.risk.engines.steps import answered, counts_sql, dead_sql, load_beginning, placing
from wherry.risk.engines.truth_sql import aggregates

if TYPE_CHECKING:
    import duckdb

NAME = "duckdb"
READS_THE_STORE = False
#: Rows of people placed whose reasons are told at a time.
_A_SHARE = 50_000


def answer(*, connection: duckdb.DuckDBPyConnection, question: Question) -> Answer:
    """Place everybody. Memory: the connection's limit, spilling past it."""
    plan = Plan(question)
    load_beginning(connection, plan)
    for name, sql in placing(plan).items():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    [counts] = connection.execute(counts_sql(plan)).fetchall()
    [(dead,)] = connection.execute(dead_sql(question.persons_sql)).fetchall()
    for name in ("truth", *aggregates(plan)):
        connection.execute(f"DROP TABLE {name}")
    _tell_reasons(connection, plan)
    return answered(plan, counts=counts, dead=dead)


def _tell_reasons(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """
    Fill `placed`, some people at a time.

    Everybody's lists of reasons do not fit in memory, and spilling them cost more than all else together.
    """
    told = reasons(plan, at_risk="at_risk_now", hits="hits_now")
    placed = told.pop("placed")
    for number, these in enumerate(_shares(connection)):
        for name in ("at_risk", "hits"):
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {name}_now AS SELECT * FROM {name} WHERE {these}")
        for name, sql in told.items():
            connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
        into = "INSERT INTO placed" if number else "CREATE OR REPLACE TEMP TABLE placed AS"
        connection.execute(f"{into} {placed}")


def _shares(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Cut the people placed into shares of much the same size, each said as a condition on person_id."""
    firsts = connection.execute(
        f"SELECT person_id FROM (SELECT person_id, row_number() OVER (ORDER BY person_id) AS n FROM at_risk)"
        f" WHERE n % {_A_SHARE} = 0 ORDER BY n"
    ).fetchall()
    ends = [sql_text(person_id) for (person_id,) in firsts]
    least = [f"person_id >= {end}" for end in ends]
    below = [f"person_id < {end}" for end in ends]
    return [" AND ".join(filter(None, each)) or "true" for each in zip(["", *least], [*below, ""], strict=True)]


def version() -> str:
    """Say which DuckDB answers."""
    import duckdb

    return f"DuckDB {duckdb.__version__}"
