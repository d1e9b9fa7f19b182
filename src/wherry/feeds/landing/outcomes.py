"""
What each row of a delivery is: accepted, a duplicate, or quarantined by the rule that failed first.

One pass over each file types every value, judges it and keeps what the outputs need; DuckDB spills what goes beyond its
memory limit, so that memory does not grow with the delivery.
"""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts, not rows
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.feeds.formats.staged import Source, Staged
from wherry.feeds.landing.judging import is_named_often, judged_sql
from wherry.feeds.landing.pieces import record_id_sql
from wherry.feeds.rules import Rule
from wherry.feeds.types import Delivery
from wherry.population.store import sql_text

if TYPE_CHECKING:
    import duckdb

_PLACE = "(CAST(file_no AS BIGINT) << 40) + row_number"
"""A row's number in the whole delivery, in the order of files and rows."""


def decide(
    *,
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    staged: Sequence[Staged],
    earlier: Sequence[Path],
) -> None:
    """
    Type every value and give every row one outcome: views `decided_0`… and `rows` (all parts together), in order.

    earlier: `rows.parquet` of this contract's earlier batches, for rows that were landed before.
    """
    _known(connection, earlier)
    connection.execute("CREATE TABLE again (part INTEGER, seat BIGINT, nth BIGINT)")
    for number, one in enumerate(staged):
        files = [_judge(connection, delivery, one, source, f"judged_{number}") for source in one.sources]
        connection.execute(f"CREATE VIEW judged_{number} AS {' UNION ALL '.join(files)}")
        _find_again(connection, number, one)
        connection.execute(f"CREATE VIEW decided_{number} AS {_decided_sql(connection, number, one, delivery)}")
    parts = " UNION ALL ".join(
        f"SELECT {sql_text(one.part.resource)} AS part, file_no, row_number, line, content, subject_id, outcome, nth,"
        f" rule, rule_column, answers FROM decided_{number}"
        for number, one in enumerate(staged)
    )
    connection.execute(f"CREATE VIEW rows AS {parts}")


def _judge(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, staged: Staged, source: Source, begun: str
) -> str:
    """Keep one file's judged rows in a table and give the SELECT that reads them, numbered."""
    import duckdb

    kept = f"{begun}_{source.file_no}"
    try:
        connection.execute(f"CREATE OR REPLACE TABLE {kept} AS {judged_sql(staged.part, source, delivery)}")
    except duckdb.Error:
        # Only a quick reading may fail, and only at the file's own doing: then it is read with care.
        if source.careful is None:
            raise
        return _judge(connection, delivery, staged, source.careful(), begun)
    if source.careful is not None and not _is_whole(connection, source, kept):
        return _judge(connection, delivery, staged, source.careful(), begun)
    # DuckDB keeps rows in the order they came, and `rowid` counts them from 0: a number that costs nothing.
    numbers = "" if source.numbered else f" rowid + 1 AS row_number, rowid + {source.first_line} AS line,"
    return f"SELECT {source.file_no} AS file_no,{numbers} * FROM {kept}"


def _is_whole(connection: duckdb.DuckDBPyConnection, source: Source, kept: str) -> bool:
    connection.execute(f"SELECT count(*), count(*) FILTER (rule = '{Rule.RAGGED}') FROM {kept}")
    return bool(connection.fetchall()[0] == (source.rows, 0))


def _known(connection: duckdb.DuckDBPyConnection, earlier: Sequence[Path]) -> None:
    if not earlier:
        connection.execute("CREATE TABLE known (part VARCHAR, content UUID, newest BOOLEAN)")
        return
    listed = ", ".join(sql_text(file) for file in earlier)
    connection.execute(
        "CREATE TABLE known AS SELECT DISTINCT part, content,"
        f" sequence = max(sequence) OVER (PARTITION BY part, subject_id) AS newest"
        f" FROM read_parquet([{listed}]) WHERE outcome <> 'quarantined'"
    )


def _find_again(connection: duckdb.DuckDBPyConnection, number: int, staged: Staged) -> None:
    """Add to `again` the place of every good row that came before, in this delivery (nth > 1) or in an earlier one."""
    good = f"SELECT {_PLACE} AS seat, content FROM judged_{number} WHERE rule IS NULL"
    # Of a person or an address the newest delivery that names it counts: a value changed and changed back is news;
    # an event is the same event in whichever delivery it comes again.
    landed = f"SELECT content FROM known WHERE part = {sql_text(staged.part.resource)}"
    landed += " AND newest" if staged.part.record is not None or staged.part.lives_at else ""
    connection.execute(
        f"CREATE OR REPLACE TABLE twice AS SELECT content FROM ({good}) GROUP BY content HAVING count(*) > 1"
    )
    connection.execute(
        f"INSERT INTO again SELECT {number}, seat, nth FROM (SELECT seat, row_number() OVER (PARTITION BY content"
        f" ORDER BY seat) AS nth FROM ({good}) WHERE content IN (SELECT content FROM twice)) WHERE nth > 1"
    )
    connection.execute(
        f"INSERT INTO again SELECT {number}, seat, 1 FROM ({good}) WHERE content IN ({landed})"
        f" AND seat NOT IN (SELECT seat FROM again WHERE part = {number})"
    )


def _decided_sql(connection: duckdb.DuckDBPyConnection, number: int, staged: Staged, delivery: Delivery) -> str:
    connection.execute(f"SELECT count(*) FROM again WHERE part = {number}")
    same = f"{sql_text(delivery.contract.source)} AS source, {sql_text(delivery.batch_id)} AS batch_id"
    same += "" if is_named_often(staged.part) else f", {record_id_sql(delivery)} AS record_id"
    quarantined = f"{same}, CASE WHEN rule IS NOT NULL THEN 'quarantined'"
    if not connection.fetchall()[0][0]:
        return f"SELECT *, {quarantined} ELSE 'accepted' END AS outcome, 1 AS nth FROM judged_{number}"
    # A join may hand rows on in any order; without one they stay in the file's.
    return (
        f"SELECT * EXCLUDE (seat, nth), {quarantined} WHEN nth IS NOT NULL THEN 'duplicate' ELSE 'accepted' END AS"
        f" outcome, coalesce(nth, 1) AS nth FROM judged_{number} LEFT JOIN (SELECT seat, nth FROM again"
        f" WHERE part = {number}) ON seat = {_PLACE} ORDER BY file_no, row_number"
    )
