"""
Which rows set aside before a delivery speaks for: put right by it, or said again and wrong again.

Worked out when a delivery lands and kept with it, so that what is still open can be read from small files, and is open
again when the delivery that put it right is withdrawn. Nothing is guessed from looks: a row that none of these rules
recognises stays open.
"""

# ruff: noqa: S608 - names and texts enter SQL only through `sql_text`, and come from the store's own folders
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wherry.feeds.landing.pieces import nothing
from wherry.feeds.types import Delivery
from wherry.population.store import parquet_sql, sql_text

if TYPE_CHECKING:
    import duckdb

_SHAPE = (
    "batch_id VARCHAR, file_no BIGINT, row_number BIGINT, since DATE, by_file_no BIGINT, by_row_number BIGINT,"
    " how VARCHAR, outcome VARCHAR"
)


def open_rows_sql(*, batches: Path, standing: Sequence[Mapping[str, Any]]) -> str:
    """
    Give the rows of these batches that are set aside and that none of them speaks for.

    standing: manifests of one or several contracts. Columns: batch_id, part, file, file_no, row_number, content,
    subject_id, extracted_on, since (the day the row was first set aside, through however many deliveries).
    """
    with_some = [one for one in standing if one["counts"]["quarantined"]]
    if not with_some:
        return nothing(
            batch_id="VARCHAR", part="VARCHAR", file="VARCHAR", file_no="BIGINT", row_number="BIGINT",
            content="UUID", subject_id="VARCHAR", extracted_on="DATE", since="DATE",
        )  # fmt: skip
    spoken = [batches / one["batch_id"] / "corrections.parquet" for one in standing]
    there = [file for file in spoken if file.is_file()]
    said = f"SELECT *, parse_path(filename)[-2] AS by_batch FROM {_named(there)}" if there else ""
    aside = " UNION ALL ".join(_aside_sql(batches, one) for one in with_some)
    if not said:
        return aside
    begun = "SELECT by_batch AS batch_id, by_file_no AS file_no, by_row_number AS row_number, min(since) AS began"
    return (
        f"SELECT o.* REPLACE (coalesce(b.began, o.since) AS since) FROM ({aside}) o"
        f" LEFT JOIN ({begun} FROM ({said}) GROUP BY ALL) b USING (batch_id, file_no, row_number)"
        f" ANTI JOIN ({said}) c USING (batch_id, file_no, row_number)"
    )


def decide_corrections(
    *,
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    batches: Path,
    earlier: Sequence[Mapping[str, Any]],
) -> int:
    """
    Make the table `corrections`: rows set aside before that rows of this delivery speak for, each once.

    earlier: manifests of the contract's standing batches. A row is recognised, in this order, by the reference it was
    handed out with; by being the very same row, wrong again; by its place in the same file sent again, every right row
    of which is there in its place; by its subject, where a row is all there is about one. Returns how many were open.
    """
    connection.execute(f"CREATE TABLE open_before AS {open_rows_sql(batches=batches, standing=earlier)}")
    connection.execute(f"CREATE TABLE corrections ({_SHAPE})")
    connection.execute("SELECT count(*) FROM open_before")
    still_open = int(connection.fetchall()[0][0])
    if not still_open:
        return 0
    ways = [_BY_REFERENCE, _AGAIN, _by_place_sql(batches, earlier, delivery), *_by_subject_sql(delivery)]
    found = " UNION ALL BY NAME ".join(f"SELECT {turn} AS turn, * FROM ({way})" for turn, way in enumerate(ways))
    connection.execute(
        "INSERT INTO corrections SELECT batch_id, file_no, row_number, since, by_file_no, by_row_number, how, outcome"
        f" FROM ({found}) QUALIFY row_number() OVER (PARTITION BY batch_id, file_no, row_number"
        " ORDER BY turn, outcome = 'quarantined', by_file_no, by_row_number) = 1"
    )
    return still_open


_FOUND = (
    "o.batch_id, o.file_no, o.row_number, o.since, r.file_no AS by_file_no, r.row_number AS by_row_number, r.outcome"
)
_BY_REFERENCE = (
    f"SELECT {_FOUND}, 'reference' AS how FROM open_before o JOIN rows r"
    " ON r.answers = concat_ws('.', o.batch_id, o.file_no, o.row_number)"
)
_AGAIN = (
    f"SELECT {_FOUND}, 'again' AS how FROM open_before o JOIN rows r ON r.content = o.content AND r.part = o.part"
    " WHERE r.outcome = 'quarantined'"
)


def _by_place_sql(batches: Path, earlier: Sequence[Mapping[str, Any]], delivery: Delivery) -> str:
    files = [batches / one["batch_id"] / "rows.parquet" for one in earlier if one["counts"]["quarantined"]]
    old = f"SELECT *, parse_path(filename)[-2] AS batch_id FROM {_named(files)}"
    day = _day(delivery.recorded_on)
    # A file mended: every row that was right is there again in its place; as many rows, or a right one after the wrong.
    return (
        f"WITH old AS (SELECT o.* FROM ({old}) o SEMI JOIN open_before USING (batch_id, file_no)),"
        " was AS (SELECT batch_id, file_no, count(*) AS n, count(*) FILTER (WHERE outcome <> 'quarantined') AS right_n,"
        " max(row_number) FILTER (WHERE outcome <> 'quarantined') AS last_right FROM old GROUP BY ALL),"
        " now AS (SELECT file_no AS by_file_no, count(*) AS now_n FROM rows GROUP BY ALL),"
        " same AS (SELECT o.batch_id, o.file_no, r.file_no AS by_file_no, count(*) AS same_n FROM old o JOIN rows r"
        " ON r.row_number = o.row_number AND r.content = o.content WHERE o.outcome <> 'quarantined' GROUP BY ALL)"
        f" SELECT {_FOUND}, 'place' AS how FROM open_before o JOIN was USING (batch_id, file_no)"
        " JOIN same USING (batch_id, file_no) JOIN now USING (by_file_no)"
        " JOIN rows r ON r.file_no = by_file_no AND r.row_number = o.row_number"
        f" WHERE same_n = right_n AND (now_n = n OR o.row_number < last_right) AND o.extracted_on <= {day}"
    )


def _by_subject_sql(delivery: Delivery) -> list[str]:
    # Where rows bring events, the next row about somebody is another event and not the mended one.
    parts = [
        sql_text(part.resource)
        for part in delivery.contract.parts
        if part.subject and part.record is not None and not part.facts
    ]
    if not parts:
        return []
    return [
        (
            f"SELECT {_FOUND}, 'subject' AS how FROM open_before o JOIN rows r USING (part, subject_id)"
            f" WHERE o.part IN ({', '.join(parts)}) AND o.subject_id NOT LIKE 'content:%'"
            f" AND o.extracted_on <= {_day(delivery.recorded_on)}"
        )
    ]


def _aside_sql(batches: Path, one: Mapping[str, Any]) -> str:
    extracted = dt.date.fromisoformat(str(one["extracted_on"]))
    received = dt.datetime.fromisoformat(str(one["received_at"])).date()
    return (
        f"SELECT {sql_text(one['batch_id'])} AS batch_id, part, file, file_no, row_number, content, subject_id,"
        f" {_day(extracted)} AS extracted_on, {_day(received)} AS since"
        f" FROM {parquet_sql([batches / one['batch_id'] / 'rows.parquet'])} WHERE outcome = 'quarantined'"
    )


def _named(files: Sequence[Path]) -> str:
    listed = ", ".join(sql_text(file) for file in files)
    return f"read_parquet([{listed}], union_by_name=true, hive_partitioning=false, filename=true)"


def _day(day: dt.date) -> str:
    return f"DATE {sql_text(day.isoformat())}"
