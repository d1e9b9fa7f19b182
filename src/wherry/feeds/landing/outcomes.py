"""What each row of a delivery is: accepted, a duplicate, or quarantined by the rule that failed first."""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts, not rows
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.feeds.expressions import identifier, lost_zero_sql, raw_sql, typed_sql
from wherry.feeds.formats.staged import META, Staged
from wherry.feeds.landing.pieces import has, lost, may_lose_zero, refused_as
from wherry.feeds.rules import Rule
from wherry.feeds.types import Delivery, Part
from wherry.population.store import sql_text

if TYPE_CHECKING:
    import duckdb


def decide(
    *, connection: duckdb.DuckDBPyConnection, delivery: Delivery, staged: Sequence[Staged], earlier: Sequence[Path]
) -> None:
    """
    Type every value and give every row one outcome: tables `decided_0`… and `rows` (all parts together).

    earlier: `rows.parquet` of this contract's earlier batches, for rows that were landed before.
    """
    _known(connection, earlier)
    for number, one in enumerate(staged):
        connection.execute(f"CREATE TABLE decided_{number} AS {_decided_sql(one, delivery)}")
    parts = " UNION ALL ".join(
        f"SELECT {sql_text(one.part.resource)} AS part, file_no, row_number, line, content, subject_id, outcome, nth,"
        f" rule, rule_column FROM decided_{number}"
        for number, one in enumerate(staged)
    )
    connection.execute(f"CREATE TABLE rows AS {parts}")


def _known(connection: duckdb.DuckDBPyConnection, earlier: Sequence[Path]) -> None:
    if not earlier:
        connection.execute("CREATE TABLE known (part VARCHAR, content VARCHAR, newest BOOLEAN)")
        return
    listed = ", ".join(sql_text(file) for file in earlier)
    connection.execute(
        "CREATE TABLE known AS SELECT DISTINCT part, content,"
        f" sequence = max(sequence) OVER (PARTITION BY part, subject_id) AS newest"
        f" FROM read_parquet([{listed}]) WHERE outcome <> 'quarantined'"
    )


def _decided_sql(staged: Staged, delivery: Delivery) -> str:
    part = staged.part
    subject = [f"CAST({identifier(name)} AS VARCHAR)" for name in part.subject]
    # `||` gives null where any part is null: half a local id names nobody, and the row is then known by its content.
    own = " || ':' || ".join(subject) or "CAST(NULL AS VARCHAR)"
    day = f"DATE '{delivery.recorded_on.isoformat()}'"
    recorded = f"coalesce(least({identifier(part.recorded_on)}, {day}), {day})" if part.recorded_on else day
    # About a person the newest delivery that names them counts, so that a value changed and changed back is news;
    # an event is the same event in whichever delivery it comes again.
    landed = f"SELECT content FROM known WHERE part = {sql_text(part.resource)}"
    landed += " AND newest" if part.record is not None else ""
    source = sql_text(delivery.contract.source)
    return (
        "WITH typed AS ("
        + _typed_sql(staged)
        + "), judged AS (SELECT *, "
        + _rule_sql(part)
        + " AS failed FROM typed),"
        f" named AS (SELECT * EXCLUDE (failed), nullif(split_part(failed, '|', 1), '') AS rule,"
        f" nullif(split_part(failed, '|', 2), '') AS rule_column, coalesce(({own}), 'content:' || left(content, 24)) AS"
        f" subject_id, {recorded} AS recorded_on FROM judged)"
        f" SELECT *, {source} AS source, left(sha256({source} || '|' || subject_id), 32) AS record_id,"
        f" {sql_text(delivery.batch_id)} AS batch_id, CASE WHEN rule IS NOT NULL THEN 'quarantined'"
        f" WHEN nth > 1 OR content IN ({landed}) THEN 'duplicate' ELSE 'accepted' END AS outcome FROM (SELECT *,"
        " row_number() OVER (PARTITION BY rule IS NULL, content ORDER BY file_no, row_number) AS nth FROM named)"
    )


def _typed_sql(staged: Staged) -> str:
    columns = []
    from_sheet = not staged.part.resource
    for column in staged.part.columns:
        columns.append(f"{typed_sql(column, from_sheet=from_sheet)} AS {identifier(column.name)}")
        if may_lose_zero(staged.part, column):
            columns.append(f"{lost_zero_sql(column)} AS {lost(column.name)}")
        columns.append(f"{raw_sql(column)} IS NOT NULL AS {has(column.name)}")
        if column.refused:
            refused = ", ".join(sql_text(value.lower()) for value in column.refused)
            columns.append(f"coalesce(lower({raw_sql(column)}) IN ({refused}), false) AS {refused_as(column.name)}")
    return f"SELECT {', '.join([*META, *columns])} FROM {staged.table}"


def _rule_sql(part: Part) -> str:
    tests = [("fault IS NOT NULL", "fault || '|' || coalesce(fault_column, '')")]
    for column in part.columns:
        name = identifier(column.name)
        if column.refused:
            tests.append((refused_as(column.name), sql_text(f"{Rule.REFUSED}|{column.name}")))
        if column.needed:
            tests.append((f"NOT {has(column.name)}", sql_text(f"{Rule.MISSING}|{column.name}")))
        if column.needed or column.if_wrong == "quarantine":
            tests.append((f"{has(column.name)} AND {name} IS NULL", sql_text(f"{Rule.WRONG}|{column.name}")))
    if part.require_any:
        groups = [" AND ".join(f"{identifier(name)} IS NOT NULL" for name in group) for group in part.require_any]
        tests.append((f"NOT ({' OR '.join(f'({group})' for group in groups)})", sql_text(f"{Rule.NOBODY}|")))
    return "CASE " + " ".join(f"WHEN {test} THEN {rule}" for test, rule in tests) + " END"
