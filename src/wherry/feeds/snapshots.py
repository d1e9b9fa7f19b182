"""
What a snapshot no longer says has ended: who is missing from the newest of a feed is not on it any more.

A feed of the kind `snapshot` says each time all there is. What it leaves out ends with it; what it says anew stands
instead of what it said before; of whom it says something that cannot be read, what was said before stands until that is
put right. One much smaller than the one before is taken for a part: then nothing ends. Wishes, numbers and records of
persons are left as they are: nobody is forgotten, and no "stop" is lifted, by not being mentioned.
Hazards: H-09 (somebody wrongly listed), H-11 (somebody wrongly left out).
"""

# ruff: noqa: S608 - names and texts enter SQL only through `sql_text`, and come from the store's own folders
from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wherry.feeds.landing.corrections import open_rows_sql
from wherry.feeds.queries import standing_by_age
from wherry.population.store import Store, parquet_sql, sql_text

if TYPE_CHECKING:
    import duckdb

_A_PART = 0.5
"""A snapshot with fewer than this share of the rows of the one before is taken for a part of one."""


def load_ended(*, connection: duckdb.DuckDBPyConnection, store: Store) -> bool:
    """Make the table `ended` (batch_id, subject_id, row_number) of rows that hold no longer; say if there are any."""
    connection.execute("CREATE OR REPLACE TEMP TABLE ended (batch_id VARCHAR, subject_id VARCHAR, row_number BIGINT)")
    by_feed: dict[tuple[str, frozenset[str]], list[Mapping[str, Any]]] = {}
    for one in standing_by_age(store=store):
        if one.get("contract_kind") == "snapshot":
            by_feed.setdefault((one["contract"], frozenset(one.get("sent_by") or ())), []).append(one)
    for (contract, senders), several in by_feed.items():
        # Corrections name no sender of their own; they belong to whoever sent the rest.
        mends = by_feed.get((contract, frozenset()), []) if senders else []
        _end(connection, store.path / "batches", sorted([*several, *mends], key=_age))
    return bool(connection.execute("SELECT count(*) FROM ended").fetchall()[0][0])


def _age(one: Mapping[str, Any]) -> tuple[str, int]:
    return (one.get("extracted_on") or "", int(one["sequence"]))


def _end(connection: duckdb.DuckDBPyConnection, batches: Path, by_age: Sequence[Mapping[str, Any]]) -> None:
    newest = _newest_whole(by_age)
    if newest is None:
        return
    at = by_age.index(newest)
    earlier, since = by_age[:at], by_age[at:]
    if not earlier:
        return
    said = f"SELECT content FROM {_rows(batches, since)} WHERE outcome <> 'quarantined'"
    unread = (
        f"SELECT subject_id FROM ({open_rows_sql(batches=batches, standing=since)})"
        f" WHERE batch_id = {sql_text(newest['batch_id'])} AND subject_id IS NOT NULL"
    )
    if since[1:]:
        # What has been said of them since can be read.
        unread += f" EXCEPT SELECT subject_id FROM {_rows(batches, since[1:])} WHERE outcome <> 'quarantined'"
    connection.execute(
        "INSERT INTO ended SELECT DISTINCT parse_path(filename)[-2], subject_id, row_number"
        f" FROM {_rows(batches, earlier)} WHERE outcome <> 'quarantined'"
        f" AND content NOT IN ({said}) AND subject_id NOT IN ({unread})"
    )


def _newest_whole(by_age: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Give the newest delivery that says all there is: neither corrections alone nor a part of what came before."""
    whole: Mapping[str, Any] | None = None
    for one in by_age:
        if not _is_corrections(one) and (whole is None or _size(one) >= _A_PART * _size(whole)):
            whole = one
    return whole


def _is_corrections(one: Mapping[str, Any]) -> bool:
    counts = one["counts"]
    return bool(counts.get("put_right")) and counts["put_right"] >= counts["accepted"]


def _size(one: Mapping[str, Any]) -> int:
    return int(one["counts"]["rows_in"])


def _rows(batches: Path, several: Sequence[Mapping[str, Any]]) -> str:
    files = [batches / one["batch_id"] / "rows.parquet" for one in several]
    listed = ", ".join(sql_text(str(file)) for file in files)
    return f"read_parquet([{listed}], filename = true)" if files else parquet_sql([])
