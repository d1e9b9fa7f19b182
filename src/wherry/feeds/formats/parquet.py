"""
Parquet: typed columns as the text the contract reads, exactly: a day in a form it knows, a number with every digit.

DuckDB reads it row group by row group. What has no one text (lists, structures, bytes, a moment of some time zone in a
column of days) is refused, and so are figures a binary number no longer holds: they are written with an exponent, and
no type but a plain number takes that.
"""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from headers, not rows
from __future__ import annotations

from typing import TYPE_CHECKING

from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.expressions import identifier
from wherry.feeds.formats.cells import date_form
from wherry.feeds.formats.header import WIDEST, Header, header_of
from wherry.feeds.formats.staged import Inspected
from wherry.feeds.types import Column, Contract, Part
from wherry.population.store import sql_text

if TYPE_CHECKING:
    import duckdb

_LET_PASS_ROWS = 1_000_000
_MOST_ROWS_A_BYTE = 20
_SMALL_BYTES = 64 << 20
_STEEPEST = 200
_EXACT = {"DOUBLE": 10**15, "FLOAT": 1 << 24}
"""Whole numbers below these are exact; a double's fifteen digits are as many as a workbook keeps."""
_PLAIN = (
    "VARCHAR BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT UUID TIME"
).split()


def layout_of(
    *, connection: duckdb.DuckDBPyConnection, file: Inspected, contract: Contract, part: Part
) -> tuple[Header, str, int]:
    """
    Find a file's header, the SELECT of its cells as text (c0, c1, …; null where none), and its number of rows.

    Raises DeliveryRefused for a file that is damaged, has far more rows than bytes, or columns that are no text.
    """
    import duckdb

    reader = f"read_parquet({sql_text(file.path)}, hive_partitioning=false)"
    try:
        connection.execute(f"SELECT num_rows FROM parquet_file_metadata({sql_text(file.path)})")
        rows = int(connection.fetchall()[0][0])
        connection.execute(f"SELECT name, num_children FROM parquet_schema({sql_text(file.path)})")
        names = _top_level(connection.fetchall())
        if len(names) <= WIDEST:
            connection.execute(f"DESCRIBE SELECT * FROM {reader}")
            described = [(str(row[0]), str(row[1])) for row in connection.fetchall()]
    except duckdb.Error as error:
        raise damaged(file) from error
    _refuse_more_rows_than_bytes(file, rows)
    header = header_of(names=names, file=file.path, contract=contract, part=part)
    read = {header.positions[column.name]: column for column in part.columns if column.name in header.positions}
    cells = [
        f"{_text_sql(file, described[at], column)} AS c{at}" for at, column in sorted(read.items(), key=lambda x: x[0])
    ]
    select = f"SELECT {', '.join(cells)} FROM {reader}"
    _refuse_bomb(connection, file, sorted(read), select)
    return header, select, rows


def damaged(file: Inspected) -> DeliveryRefused:
    """Say that a file cannot be read to its end."""
    return DeliveryRefused(f"{file.path}: the Parquet file is damaged or was cut short; ask the sender for it again")


def _top_level(schema: list[tuple[str, int | None]]) -> list[str]:
    # The schema is a tree in depth-first order, its root first.
    names, at = [], 1
    while at < len(schema):
        names.append(str(schema[at][0]))
        pending, at = schema[at][1] or 0, at + 1
        while pending:
            pending, at = pending - 1 + (schema[at][1] or 0), at + 1
    return names


def _refuse_more_rows_than_bytes(file: Inspected, rows: int) -> None:
    size = file.path.stat().st_size
    if rows > max(_LET_PASS_ROWS, size * _MOST_ROWS_A_BYTE):
        raise DeliveryRefused(
            f"{file.path} says it holds {rows:,} rows in {size:,} bytes, more than rows of people can fit, and is not"
            " opened; ask the sender for CSV"
        )


def _refuse_bomb(connection: duckdb.DuckDBPyConnection, file: Inspected, read: list[int], select: str) -> None:
    """Refuse a small file whose few long texts, repeated by reference, would come to more than anyone sends."""
    import duckdb

    size = file.path.stat().st_size
    if size > _SMALL_BYTES:
        return
    try:
        connection.execute(f"SELECT sum({' + '.join(f'coalesce(strlen(c{at}), 0)' for at in read)}) FROM ({select})")
    except duckdb.Error as error:
        raise damaged(file) from error
    unpacked = int(connection.fetchall()[0][0] or 0)
    if unpacked > max(_SMALL_BYTES, size * _STEEPEST):
        raise DeliveryRefused(
            f"{file.path} would unpack to {unpacked >> 20:,} MB, {unpacked // size} times its size, and is not opened;"
            " ask the sender for CSV"
        )


def _text_sql(file: Inspected, described: tuple[str, str], column: Column) -> str:
    name, kind = identifier(described[0]), described[1]
    form = sql_text(date_form(column.formats) if column.type == "date" else "%Y-%m-%d")
    if kind in _EXACT:
        whole = f"{name} = trunc({name}) AND abs({name}) < {_EXACT[kind]}"
        shown = f"upper(CAST({name} AS VARCHAR))"
        return (
            f"CASE WHEN isnan({name}) THEN NULL WHEN {whole} THEN CAST(CAST({name} AS BIGINT) AS VARCHAR)"
            f" WHEN {name} = trunc({name}) AND isfinite({name}) THEN format('{{:.14E}}', CAST({name} AS DOUBLE))"
            f" ELSE {shown} END"
        )
    if kind.startswith("DECIMAL"):
        return f"CAST({name} AS VARCHAR)"
    if kind == "DATE":
        return f"strftime({name}, {form})"
    if kind.startswith("TIMESTAMP") and "TIME ZONE" not in kind:
        if column.type == "date":
            return f"strftime({name}, {form})"
        midnight = f"CAST({name} AS TIME) = TIME '00:00'"
        return f"CASE WHEN {midnight} THEN strftime({name}, '%Y-%m-%d') ELSE CAST({name} AS VARCHAR) END"
    if kind.startswith("TIMESTAMP") and column.type != "date":
        return f"strftime({name} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')"
    if kind in _PLAIN or kind.startswith("ENUM"):
        return f"CAST({name} AS VARCHAR)"
    raise DeliveryRefused(
        f"{file.path}: the column read as {column.name} is of type {kind.split('(')[0].lower()}, which is no one text;"
        " send it as text, a number or a day"
    )
