"""The append-only map of record → person, and the queue of pairs waiting for a person: Parquet in the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.foundation.errors import InputWrong
from wherry.people.linkage.types import ForReview, Pair
from wherry.population import Store
from wherry.population.store import parquet_sql, write_parquet

if TYPE_CHECKING:
    import duckdb

_SHAPE = "record_id VARCHAR, person_id VARCHAR, score DOUBLE, evidence VARCHAR, run VARCHAR, decided DATE"
_REVIEW = (
    "left_record VARCHAR, right_record VARCHAR, score DOUBLE, found_by VARCHAR, evidence VARCHAR, why VARCHAR,"
    " since DATE"
)


def map_files(*, store: Store) -> list[Path]:
    """List the files of the map, oldest first."""
    return sorted((store.path / "links").glob("links-*.parquet"))


def require(*, store: Store) -> None:
    """Raise InputWrong unless a run has linked this store, before anything is made where there is none."""
    if not map_files(store=store):
        raise InputWrong(f"no records are linked in the store {store.path}; run wherry people link first")


def known_people(*, connection: duckdb.DuckDBPyConnection, store: Store) -> dict[str, str]:
    """Give record → person as the newest rows of the map say."""
    found: dict[str, str] = {}
    for file in map_files(store=store):
        found.update(connection.execute(f"SELECT record_id, person_id FROM {parquet_sql([file])}").fetchall())
    return found


def former_people(*, connection: duckdb.DuckDBPyConnection, store: Store) -> dict[str, tuple[str, ...]]:
    """Give, for each record that ever moved, the people it belonged to, the latest first."""
    if len(map_files(store=store)) < 2:
        return {}
    rows = connection.execute(f"""
        SELECT record_id, list(person_id ORDER BY file_number DESC) FROM ({_numbered(store)})
        GROUP BY record_id HAVING count(DISTINCT person_id) > 1
    """).fetchall()
    return {record_id: tuple(dict.fromkeys(people)) for record_id, people in rows}


def people_of(*, connection: duckdb.DuckDBPyConnection, store: Store, record_ids: Collection[str]) -> dict[str, str]:
    """Give record → person of these records alone; one no run has linked yet is left out."""
    if not map_files(store=store):
        return {}
    connection.execute("CREATE OR REPLACE TEMP TABLE asked (id VARCHAR)")
    connection.execute("INSERT INTO asked SELECT unnest(?)", [sorted(record_ids)])
    return dict(
        connection.execute(f"""
            SELECT record_id, arg_max(person_id, file_number) FROM ({_numbered(store)})
            SEMI JOIN asked ON asked.id = record_id GROUP BY record_id
        """).fetchall()
    )


def members_of(
    *, connection: duckdb.DuckDBPyConnection, store: Store, person_ids: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Give person → the records that are theirs now, in order, of these people alone."""
    if not map_files(store=store):
        return {}
    connection.execute("CREATE OR REPLACE TEMP TABLE asked (id VARCHAR)")
    connection.execute("INSERT INTO asked SELECT unnest(?)", [sorted(person_ids)])
    ever = connection.execute(
        f"SELECT DISTINCT record_id FROM ({_numbered(store)}) SEMI JOIN asked ON asked.id = person_id"
    ).fetchall()
    now = people_of(connection=connection, store=store, record_ids=[record_id for (record_id,) in ever])
    wanted = set(person_ids)
    found: dict[str, list[str]] = {}
    for record_id, person_id in sorted(now.items()):
        if person_id in wanted:
            found.setdefault(person_id, []).append(record_id)
    return {person_id: tuple(records) for person_id, records in found.items()}


def _numbered(store: Store) -> str:
    return " UNION ALL ".join(
        f"SELECT record_id, person_id, {number} AS file_number FROM {parquet_sql([file])}"
        for number, file in enumerate(map_files(store=store))
    )


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


def write_review(
    *,
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    review: Sequence[ForReview],
    seen_on: dt.date | None = None,
) -> None:
    """
    Write the queue whole: it is remade by each run from what is still undecided, and keeps since when a pair waits.

    seen_on: the day noted on pairs that are new in it.
    """
    file = store.path / "links" / "review.parquet"
    since = _waiting_since(connection, file)
    rows = [
        (
            *(each.pair.left, each.pair.right, each.pair.score, each.pair.found_by, each.pair.evidence, each.why),
            since.get((each.pair.left, each.pair.right), seen_on),
        )
        for each in review
    ]
    _write(connection, _REVIEW, rows, file, "left_record, right_record, why")


def _waiting_since(connection: duckdb.DuckDBPyConnection, file: Path) -> dict[tuple[str, str], dt.date | None]:
    if not file.is_file():
        return {}
    described = connection.execute(f"DESCRIBE SELECT * FROM {parquet_sql([file])}").fetchall()
    if "since" not in {column[0] for column in described}:
        return {}  # written before the day was kept
    rows = connection.execute(f"SELECT left_record, right_record, since FROM {parquet_sql([file])}").fetchall()
    return {(left, right): since for left, right, since in rows}


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
