"""
What every columnar engine does, in order: the small tables it begins with, the steps from facts to reasons, the counts.

In turn: `hits` (facts on any list, with a bit per list) · narrow aggregates per kind of test · `truth` (a column per
criterion) · `at_risk` (people placed) · `placed` (with reasons, taken from the hits of those placed only).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wherry.risk.engines import Answer, Question
from wherry.risk.engines.plan import Plan
from wherry.risk.engines.reasons_sql import reasons
from wherry.risk.engines.truth_sql import aggregates, at_risk_sql, hits_sql, missing_sql, quoted, truth_sql

if TYPE_CHECKING:
    import duckdb

BEGINNING = ("codes", "sources")


def load_beginning(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Make the tables BEGINNING names: the codes with their masks, and how sources are said."""
    _load_codes(connection, plan)
    _load_sources(connection, plan.question)


def steps(plan: Plan) -> dict[str, str]:
    """Give name → SQL, each reading only those before it; the last is `placed`, with PLACED_COLUMNS."""
    return {**placing(plan), **reasons(plan)}


def placing(plan: Plan) -> dict[str, str]:
    """Give the steps from the facts to who is placed where: name → SQL, the last is `at_risk`."""
    return {
        "hits": hits_sql(plan),
        **aggregates(plan),
        "truth": truth_sql(plan),
        "at_risk": at_risk_sql(plan),
    }


def counts_sql(plan: Plan) -> str:
    """One row: people living, then people fired and people missing for every criterion, from one reading of `truth`."""
    names = [each.name for each in plan.question.definition.criteria]
    told = [*map(quoted, names), *(missing_sql(plan, name) for name in names)]
    sums = ", ".join(f"coalesce(sum(CAST(({sql}) AS INTEGER)), 0)" for sql in told)
    return f"SELECT count(*), {sums} FROM truth"


def dead_sql(persons_sql: str) -> str:
    """One row: people with a death date."""
    return f"SELECT count(*) FROM ({persons_sql}) p WHERE p.death_date IS NOT NULL"


def answered(plan: Plan, *, counts: Sequence[int], dead: int) -> Answer:
    """Put what `counts_sql` and `dead_sql` gave beside the table `placed`."""
    names = [each.name for each in plan.question.definition.criteria]
    living, *told = map(int, counts)
    fired, missing = told[: len(names)], told[len(names) :]
    return Answer(
        table="placed",
        living=living,
        dead=dead,
        fired=dict(zip(names, fired, strict=True)),
        missing=dict(zip(names, missing, strict=True)),
    )


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
