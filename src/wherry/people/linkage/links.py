"""The append-only map of record → person, and the queue of pairs waiting for a person: Parquet in the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.people.linkage.types import ForReview, Pair
from wherry.population import Store
from wherry.population.store import parquet_sql, write_parquet

if TYPE_CHECKING:
    import duckdb

_SHAPE = "record_id VARCHAR, person_id VARCHAR, score DOUBLE, evidence VARCHAR, run VARCHAR, decided DATE"
_REVIEW = "left_record VARCHAR, right_record VARCHAR, score DOUBLE, found_by VARCHAR, evidence VARCHAR, why VARCHAR"


def map_files(*, store: Store) -> list[Path]:
    """List the files of the map, oldest first."""
    return sorted((store.path / "links").glob("links-*.parquet"))


def known_people(*, connection: duckdb.DuckDBPyConnection, store: Store) -> dict[str, str]:
    """Give record → person as the newest rows of the map say."""
    found: dict[str, str] = {}
    for file in map_files(store=store):
        found.update(connection.execute(f"SELECT record_id, person_id FROM {parquet_sql([file])}").fetchall())
    return found


def append(
    *,
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    people: Mapping[str, str],
    joined_by: Mapping[str, Pair],
    run: str,
    decided_on: dt.date | None,
) -> int:
    """Add a file with the records that are new or have moved to another person. Returns the rows; none, no file."""
    known = known_people(connection=connection, store=store)
    changed = {record_id: person for record_id, person in people.items() if known.get(record_id) != person}
    if not changed:
        return 0
    rows = []
    for record_id, person in sorted(changed.items()):
        pair = joined_by.get(record_id)
        rows.append(
            (record_id, person, pair.score if pair else None, pair.evidence if pair else "alone", run, decided_on)
        )
    number = len(map_files(store=store)) + 1
    _write(connection, _SHAPE, rows, store.path / "links" / f"links-{number:06d}.parquet", "record_id")
    return len(rows)


def write_review(*, connection: duckdb.DuckDBPyConnection, store: Store, review: Sequence[ForReview]) -> None:
    """Write the queue whole: it is remade by each run from what is still undecided."""
    rows = [
        (each.pair.left, each.pair.right, each.pair.score, each.pair.found_by, each.pair.evidence, each.why)
        for each in review
    ]
    _write(connection, _REVIEW, rows, store.path / "links" / "review.parquet", "left_record, right_record, why")


def _write(
    connection: duckdb.DuckDBPyConnection, shape: str, rows: Sequence[tuple[object, ...]], file: Path, order: str
) -> None:
    import pyarrow as pa

    file.parent.mkdir(parents=True, exist_ok=True)
    names = [column.split()[0] for column in shape.split(", ")]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE writing ({shape})")
    if rows:
        columns = pa.table({name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)})
        connection.register("rows_to_write", columns)
        connection.execute("INSERT INTO writing SELECT * FROM rows_to_write")
        connection.unregister("rows_to_write")
    write_parquet(connection=connection, select_sql=f"SELECT * FROM writing ORDER BY {order}", file=file)
