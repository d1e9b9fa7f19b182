"""One population store: read every table in its documented shape, write one whole or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.foundation.errors import InputWrong
from wherry.population.tables import TABLES, Column, Table
from wherry.population.writing import sync_folder, together

if TYPE_CHECKING:
    import duckdb

_HALF_REPLACED = ".half-replaced"
_PACKED = "COMPRESSION zstd, COMPRESSION_LEVEL 1"
"""The lightest zstd: written in two thirds of the time of its default, as quickly as snappy, and smaller."""


def connect(
    *, memory_limit: str = "1GB", spill: Path | None = None, preserve_insertion_order: bool = True
) -> duckdb.DuckDBPyConnection:
    """
    Open a private in-memory DuckDB: two threads, no extension fetched, spilling to `spill` (temporary if None).

    preserve_insertion_order: keep it for files that must be byte for byte the same twice; without it large results
    need less memory.
    """
    import duckdb  # imported here: it costs 0.16 s, and most commands never need it

    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": "2",
        "memory_limit": memory_limit,
        "temp_directory": str(spill or Path(tempfile.gettempdir()) / f"wherry-spill-{os.getuid()}"),
        "autoinstall_known_extensions": "false",
        "preserve_insertion_order": "true" if preserve_insertion_order else "false",
    }
    return duckdb.connect(":memory:", config=config)


def sql_text(value: str | Path) -> str:
    """Quote a value as an SQL string literal; refuses NUL, which no file name or text column may hold."""
    text = str(value)
    if "\0" in text:
        raise InputWrong("a value holds a NUL character; remove it and try again")
    return "'" + text.replace("'", "''") + "'"


def parquet_sql(files: list[Path]) -> str:
    """Give the table function that reads these Parquet files as one, columns matched by name."""
    listed = ", ".join(sql_text(file) for file in files)
    return f"read_parquet([{listed}], union_by_name=true, hive_partitioning=false)"


def make_table(
    *, connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], rows: Sequence[Sequence[object]]
) -> None:
    """
    Make a temporary table of rows Python holds. columns: name → DuckDB type, in the order of each row.

    Handed over column by column: as text, DuckDB takes forty times as long to read them, and Arrow to be imported.
    """
    shape = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({shape})")
    if rows:
        unnested = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in columns.values())
        connection.execute(
            f"INSERT INTO {name} SELECT {unnested}", [list(column) for column in zip(*rows, strict=True)]
        )


def write_parquet(*, connection: duckdb.DuckDBPyConnection, select_sql: str, file: Path) -> int:
    """
    Write a query's rows to a Parquet file through a temporary file, fsync and rename. Returns the rows written.

    A reader sees the old file or the new one, never half of either; a killed writer leaves the old one.
    """
    with together(file) as (temporary,):
        rows = copy_parquet(connection=connection, select_sql=select_sql, file=temporary)
    return rows


def copy_parquet(*, connection: duckdb.DuckDBPyConnection, select_sql: str, file: Path) -> int:
    """Write a query's rows to a file nobody reads yet. Returns the rows written."""
    connection.execute(f"COPY ({select_sql}) TO {sql_text(file)} (FORMAT parquet, {_PACKED})")
    return int(connection.fetchall()[0][0])


@dataclass(frozen=True)
class Store:
    """A population store in a directory. Nothing is created until something is written."""

    path: Path

    def files(self, table: str) -> list[Path]:
        """List the Parquet files of a table, `<table>.parquet` or those in the folder `<table>/`, in name order."""
        single = self.path / f"{table}.parquet"
        several = sorted((self.path / table).glob("*.parquet"))
        if single.is_file() and several:
            raise InputWrong(f"the store {self.path} holds {table}.parquet and a folder {table}/; keep one of the two")
        return [single] if single.is_file() else several

    def has(self, table: str) -> bool:
        """Say whether a table is there at all."""
        return bool(self.files(table))

    def source_sql(self, table: str, *, files: list[Path] | None = None) -> str:
        """
        Give a SELECT of every documented column of a table with its documented type, whatever the files hold.

        files: only these of the table's. A missing optional column reads as null. Raises InputWrong for a missing
        required column, a missing table that may not be absent, or a file that is not Parquet.
        """
        if (self.path / _HALF_REPLACED).exists():
            why = (self.path / _HALF_REPLACED).read_text(encoding="utf-8") or "were being replaced and are not whole"
            raise InputWrong(f"the tables of {self.path} {why}; run wherry people link")
        shape = TABLES[table]
        files = self.files(table) if files is None else files
        if not files:
            return self._empty_sql(shape)
        present = self._columns(table, files)
        for column in shape.columns:
            if column.required and column.name not in present:
                raise InputWrong(
                    f"the store {self.path} has no column {column.name} in {table}; add it, it is required"
                )
        return f"SELECT {', '.join(_typed(c, present) for c in shape.columns)} FROM {parquet_sql(files)}"

    def write_table(self, connection: duckdb.DuckDBPyConnection, table: str, select_sql: str) -> int:
        """Write one table whole, as `write_tables` does."""
        return self.write_tables(connection, {table: select_sql})[table]

    def write_tables(self, connection: duckdb.DuckDBPyConnection, selects: Mapping[str, str]) -> dict[str, int]:
        """
        Write tables whole, each sorted by person, replacing what was there. Returns the rows written by table.

        selects: by table, gives at least the documented columns; others are dropped. The caller holds `lock()`.
        Equal rows give equal bytes, whatever their order before. Nothing is replaced unless all could be written; a
        writer killed while replacing leaves a mark, and readers refuse the store until it is written again.
        """
        for table in selects:
            if (self.path / table).is_dir():
                raise InputWrong(
                    f"the store {self.path} keeps {table} as a folder; it was handed in and is not overwritten"
                )
        self.path.mkdir(parents=True, exist_ok=True)
        mark = self.path / _HALF_REPLACED
        with together(*(self.path / f"{table}.parquet" for table in selects)) as files:
            rows = {
                table: copy_parquet(connection=connection, select_sql=_ordered(table, sql), file=file)
                for (table, sql), file in zip(selects.items(), files, strict=True)
            }
            mark.touch()
            sync_folder(self.path)
        mark.unlink()
        return rows

    def call_tables_stale(self, why: str) -> None:
        """Make readers refuse the tables until they are written again; nothing where there are none. why: a verb…"""
        if not any(self.has(table) for table in TABLES):
            return
        with together(self.path / _HALF_REPLACED) as (mark,):
            mark.write_text(why, encoding="utf-8")

    def has_stale_tables(self) -> bool:
        """Say whether the tables wait to be written again."""
        return (self.path / _HALF_REPLACED).exists()

    def hashes_of(self, *tables: str) -> dict[str, str]:
        """Hash the Parquet files of these tables; keys are paths relative to the store, in order."""
        found = sorted(file.relative_to(self.path) for table in tables for file in self.files(table))
        return {str(file): sha256_of_file(self.path / file) for file in found}

    def stamps_of(self, *tables: str) -> dict[str, tuple[int, int, int]]:
        """Give size, time of change (ns) and inode of these tables' files: equal before and after, nothing changed."""
        told = {str(file.relative_to(self.path)): file.stat() for table in tables for file in self.files(table)}
        return {name: (each.st_size, each.st_mtime_ns, each.st_ino) for name, each in told.items()}

    def hashes(self) -> dict[str, str]:
        """Hash every Parquet file of the store; keys are paths relative to it, in order."""
        found = sorted(file.relative_to(self.path) for file in self.path.rglob("*.parquet"))
        whole = [file for file in found if not any(step.startswith(".") for step in file.parts)]
        return {str(file): sha256_of_file(self.path / file) for file in whole}

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the store for writing; another writer waits. Not re-entrant: the outermost action takes it."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _empty_sql(self, shape: Table) -> str:
        if not shape.may_be_absent:
            raise InputWrong(
                f"the store {self.path} has no table {shape.name}; link its records first, or add {shape.name}.parquet"
            )
        return f"SELECT {', '.join(_typed(column, set()) for column in shape.columns)} WHERE false"

    def _columns(self, table: str, files: list[Path]) -> frozenset[str]:
        import duckdb

        try:
            return _columns_of(tuple((file, file.stat().st_mtime_ns, file.stat().st_size) for file in files))
        except duckdb.Error as error:
            raise InputWrong(f"the store {self.path} holds a {table} file that is not readable Parquet") from error


@functools.lru_cache(maxsize=64)
def _columns_of(stamped: tuple[tuple[Path, int, int], ...]) -> frozenset[str]:
    """Read which columns files hold, once while they stay as they are: opening a database takes longer than asking."""
    with connect() as connection:
        connection.execute(f"DESCRIBE SELECT * FROM {parquet_sql([file for file, _, _ in stamped])}")
        return frozenset(str(row[0]) for row in connection.fetchall())


def _ordered(table: str, select_sql: str) -> str:
    columns = ", ".join(f'CAST("{c.name}" AS {c.type}) AS "{c.name}"' for c in TABLES[table].columns)
    return f"SELECT {columns} FROM ({select_sql}) ORDER BY ALL"


def sha256_of_file(file: Path) -> str:
    """Hash a file without holding it. Returns 64 hexadecimal characters."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _typed(column: Column, present: Set[str]) -> str:
    source = f'"{column.name}"' if column.name in present else "NULL"
    return f'CAST({source} AS {column.type}) AS "{column.name}"'
