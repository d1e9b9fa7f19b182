"""
A table of rows under a header, as CSV or as a workbook: what the file begins with decides, not its name.

Whatever the kind, every row of the file is one row here, as text, and nothing of it is repaired.
"""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts, not rows
from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from wherry.feeds.expressions import identifier, raw_sql
from wherry.feeds.formats import csv, xlsx
from wherry.feeds.formats.header import Header, header_of
from wherry.feeds.formats.staged import Inspected, Staged
from wherry.feeds.types import Contract, Part
from wherry.population.store import sql_text

if TYPE_CHECKING:
    import duckdb

_CHUNK_ROWS = 20_000


def stage(
    *, connection: duckdb.DuckDBPyConnection, contract: Contract, files: Sequence[Inspected]
) -> tuple[Staged, ...]:
    """Stage every row of the files as text. Raises DeliveryRefused when a header lacks a required column."""
    part = contract.parts[0]
    selects: list[str] = []
    unread: list[str] = []
    for number, file in enumerate(files):
        cells = f"cells_{number}"
        header = _stage_file(connection, cells, file, contract, part)
        selects.append(_mapped_sql(cells, number, header, part))
        unread += header.unread
    connection.execute(f"CREATE TABLE staged_0 AS {' UNION ALL '.join(selects)}")
    for number in range(len(files)):
        connection.execute(f"DROP TABLE cells_{number}")
    return (Staged("staged_0", part, tuple(dict.fromkeys(unread))),)


def write_rows(
    *, connection: duckdb.DuckDBPyConnection, cells: str, width: int, rows: Iterator[tuple[object, ...]]
) -> None:
    """Write rows (number, line, fault, its text, the cells) to a new table of text, a chunk at a time."""
    import pyarrow as pa

    names = ["fault", "fault_text", *(f"c{position}" for position in range(width))]
    columns = ", ".join(f"{name} VARCHAR" for name in names)
    connection.execute(f"CREATE TABLE {cells} (row_number BIGINT, line BIGINT, {columns})")
    types = [pa.int64(), pa.int64(), *[pa.string()] * (2 + width)]
    schema = pa.schema(list(zip(("row_number", "line", *names), types, strict=True)))
    while chunk := list(islice(rows, _CHUNK_ROWS)):
        arrays = [pa.array(values, kind) for values, kind in zip(zip(*chunk, strict=True), types, strict=True)]
        connection.register("chunk", pa.Table.from_arrays(arrays, schema=schema))
        connection.execute(f"INSERT INTO {cells} SELECT * FROM chunk")
        connection.unregister("chunk")


def _stage_file(
    connection: duckdb.DuckDBPyConnection, cells: str, file: Inspected, contract: Contract, part: Part
) -> Header:
    if file.is_workbook:
        with xlsx.open_sheet(file=file, contract=contract, part=part) as (header, rows):
            write_rows(connection=connection, cells=cells, width=header.width, rows=rows)
        return header
    names = csv.header_names(file=file, delimiter=contract.delimiter)
    header = header_of(names=names, file=file.path, contract=contract, part=part)
    if not csv.stage_plain(connection=connection, cells=cells, file=file, header=header, delimiter=contract.delimiter):
        rows = csv.careful_rows(file=file, width=header.width, delimiter=contract.delimiter)
        write_rows(connection=connection, cells=cells, width=header.width, rows=rows)
    return header


def _mapped_sql(cells: str, number: int, header: Header, part: Part) -> str:
    sources = [
        f"c{header.positions[column.name]}" if column.name in header.positions else "CAST(NULL AS VARCHAR)"
        for column in part.columns
    ]
    named = [f"{source} AS {identifier(c.name)}" for source, c in zip(sources, part.columns, strict=True)]
    # Only columns the contract reads, and only those filled, make a row what it is: a header that gains a column
    # tomorrow does not make yesterday's rows new.
    said = ", ".join(f"{sql_text(c.name + '=')} || {raw_sql(c)}" for c in part.columns)
    return (
        f"SELECT {number} AS file_no, row_number, line, fault, CAST(NULL AS VARCHAR) AS fault_column, fault_text,"
        f" left(sha256(coalesce(fault_text, '') || concat_ws(chr(31), '', {said})), 32) AS content,"
        f" {', '.join(identifier(c.name) for c in part.columns)}"
        f" FROM (SELECT row_number, line, fault, fault_text, {', '.join(named)} FROM {cells})"
    )
