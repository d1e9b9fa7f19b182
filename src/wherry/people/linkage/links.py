"""The append-only map of record → person, and the queue of pairs waiting for a person: Parquet in the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.foundation.errors import InputWrong
from wherry.population import Store
from wherry.population.store import parquet_sql, sql_text, write_parquet

if TYPE_CHECKING:
    import duckdb


def map_files(*, store: Store) -> list[Path]:
    """List the files of the map, oldest first."""
    return sorted((store.path / "links").glob("links-*.parquet"))


def require(*, store: Store) -> None:
    """Raise InputWrong unless a run has linked this store, before anything is made where there is none."""
    if not map_files(store=store):
        raise InputWrong(f"no records are linked in the store {store.path}; run wherry people link first")


def load_known(*, connection: duckdb.DuckDBPyConnection, store: Store) -> None:
    """Make `known` (record_id, person_id): what the newest rows of the map say."""
    newest = f"SELECT record_id, arg_max(person_id, file_number) AS person_id FROM ({_numbered(store)}) GROUP BY 1"
    nothing = "SELECT '' AS record_id, '' AS person_id WHERE false"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE known AS {newest if map_files(store=store) else nothing}")


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


def records_once_of(
    *, connection: duckdb.DuckDBPyConnection, store: Store, person_ids: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Give person → every record that was ever theirs, of these people alone."""
    if not map_files(store=store):
        return {}
    connection.execute("CREATE OR REPLACE TEMP TABLE asked (id VARCHAR)")
    connection.execute("INSERT INTO asked SELECT unnest(?)", [sorted(person_ids)])
    rows = connection.execute(
        f"SELECT person_id, list(DISTINCT record_id ORDER BY record_id) FROM ({_numbered(store)})"
        " SEMI JOIN asked ON asked.id = person_id GROUP BY person_id ORDER BY person_id"
    ).fetchall()
    return {person_id: tuple(records) for person_id, records in rows}


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


def append(*, connection: duckdb.DuckDBPyConnection, store: Store, run: str, decided_on: dt.date | None) -> int:
    """
    Add a file with the records that are new or have moved to another person. Returns the rows; none, no file.

    Reads the tables `linked`, `known` and `joined`.
    """
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE changed AS
        SELECT key, record_id, linked.person_id FROM linked LEFT JOIN known USING (record_id)
        WHERE known.person_id IS DISTINCT FROM linked.person_id
    """)
    rows = int(connection.execute("SELECT count(*) FROM changed").fetchall()[0][0])
    if rows:
        _write(
            connection,
            store.path / "links" / f"links-{len(map_files(store=store)) + 1:06d}.parquet",
            f"""
            SELECT record_id, person_id, score, coalesce(evidence, 'alone') AS evidence, {sql_text(run)} AS run,
                {_day(decided_on)} AS decided
            FROM changed LEFT JOIN joined USING (key) ORDER BY record_id
            """,
        )
    return rows


def write_review(*, connection: duckdb.DuckDBPyConnection, store: Store, seen_on: dt.date | None = None) -> None:
    """
    Write the queue whole, from the table `waiting`: it is remade by each run from what is still undecided, and keeps
    since when a pair waits.

    seen_on: the day noted on pairs that are new in it.
    """
    file = store.path / "links" / "review.parquet"
    _load_waiting_since(connection, file)
    _write(
        connection,
        file,
        f"""
        SELECT a.record_id AS left_record, b.record_id AS right_record, score, found_by, evidence, why,
            CASE WHEN since.left_record IS NULL THEN {_day(seen_on)} ELSE since.since END AS since
        FROM waiting JOIN record a ON a.key = l JOIN record b ON b.key = r
        LEFT JOIN since ON since.left_record = a.record_id AND since.right_record = b.record_id
        ORDER BY left_record, right_record, why
        """,
    )


def _load_waiting_since(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    select = "SELECT '' AS left_record, '' AS right_record, NULL::DATE AS since WHERE false"
    if file.is_file():
        described = connection.execute(f"DESCRIBE SELECT * FROM {parquet_sql([file])}").fetchall()
        if "since" in {column[0] for column in described}:  # the day was not always kept
            select = (
                f"SELECT left_record, right_record, any_value(since) AS since FROM {parquet_sql([file])} GROUP BY 1, 2"
            )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE since AS {select}")


def _day(day: dt.date | None) -> str:
    return f"DATE '{day}'" if day else "CAST(NULL AS DATE)"


def _write(connection: duckdb.DuckDBPyConnection, file: Path, select_sql: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    write_parquet(connection=connection, select_sql=select_sql, file=file)
