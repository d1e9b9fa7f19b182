"""
Taking a batch out: what others repeated of it is theirs from then on, since they said it too.

Written into a folder of its own that takes its name at the end: until then the batch stands, after that it does not.
"""

# ruff: noqa: S608 - names and texts enter SQL only through `sql_text`, and come from the store's own folders
from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wherry.feeds.errors import StoreDamaged
from wherry.feeds.landing.batch import REPEATED
from wherry.population.store import parquet_sql, sql_text, write_parquet

if TYPE_CHECKING:
    import duckdb

TABLES = ("records", "facts", "contact_points", "wishes")
_STANDS_NOW = "stands_now.parquet"


def take_out(
    *,
    connection: duckdb.DuckDBPyConnection,
    batches: Path,
    withdrawn: Path,
    batch: Mapping[str, Any],
    later: Sequence[Mapping[str, Any]],
    into: Path,
) -> dict[str, int]:
    """
    Write into a folder what stands in the stead of a batch. Returns, by later batch, how many of its rows that is.

    later: the manifests of the contract's standing batches that landed after it, in order; a row of the batch belongs
    from now on to the first of them that holds it too.
    """
    for table in TABLES:
        nothing = f"SELECT * FROM {parquet_sql([batches / batch['batch_id'] / f'{table}.parquet'])} WHERE false"
        write_parquet(connection=connection, select_sql=nothing, file=into / f"{table}.parquet")
    _find_heirs(connection, batches, withdrawn, batch, later)
    connection.execute("SELECT batch_id, count(*) FROM heir GROUP BY batch_id ORDER BY batch_id")
    rows = {str(batch_id): int(count) for batch_id, count in connection.fetchall()}
    for batch_id in rows:
        _hand_over(connection, batches / batch_id, into / batch_id)
    write_parquet(connection=connection, select_sql="SELECT * FROM heir ORDER BY ALL", file=into / _STANDS_NOW)
    return rows


def _find_heirs(
    connection: duckdb.DuckDBPyConnection,
    batches: Path,
    withdrawn: Path,
    batch: Mapping[str, Any],
    later: Sequence[Mapping[str, Any]],
) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE heir (batch_id VARCHAR, content UUID)")
    if not later:
        return
    inherited = parquet_of(withdrawn.glob(f"*/{_STANDS_NOW}"))
    own = sql_text(batch["batch_id"])
    # What counted of this batch: rows it said first, and those it inherited when an earlier one was withdrawn.
    counted = f"SELECT content FROM {parquet_sql([_rows_of(batches, batch)])} WHERE outcome = 'accepted'"
    counted += f" UNION SELECT content FROM {inherited} WHERE batch_id = {own}" if inherited else ""
    already = (
        f"SELECT batch_id, content FROM {inherited}" if inherited else "SELECT '' AS batch_id, NULL::UUID AS content"
    )
    held = " UNION ALL ".join(
        f"SELECT {sql_text(one['batch_id'])} AS batch_id, {number} AS turn, content, outcome"
        f" FROM {parquet_sql([_rows_of(batches, one)])} WHERE outcome <> 'quarantined' AND nth = 1"
        for number, one in enumerate(later)
    )
    connection.execute(
        f"INSERT INTO heir SELECT batch_id, content FROM (SELECT * FROM ({held}) SEMI JOIN ({counted}) USING (content)"
        " QUALIFY turn = min(turn) OVER (PARTITION BY content)) first_after"
        f" ANTI JOIN ({already}) USING (batch_id, content) WHERE outcome = 'duplicate'"
    )


def _hand_over(connection: duckdb.DuckDBPyConnection, batch: Path, into: Path) -> None:
    into.mkdir()
    for table in TABLES:
        repeated = batch / f"{REPEATED}{table}.parquet"
        if not repeated.is_file():
            raise StoreDamaged(f"{repeated} is not there any more; restore it from a copy")
        select = (
            f"SELECT * EXCLUDE (content) FROM {parquet_sql([repeated])} SEMI JOIN"
            f" (SELECT content FROM heir WHERE batch_id = {sql_text(batch.name)}) USING (content) ORDER BY row_number"
        )
        write_parquet(connection=connection, select_sql=select, file=into / f"{table}.parquet")


def parquet_of(files: Any) -> str:
    """Give the table function over these files, empty when there is none."""
    found = sorted(files)
    return parquet_sql(found) if found else ""


def _rows_of(batches: Path, batch: Mapping[str, Any]) -> Path:
    return batches / str(batch["batch_id"]) / "rows.parquet"
