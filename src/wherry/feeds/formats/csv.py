"""
CSV: every line becomes exactly one row, whatever is in it.

A plain file (no quotation marks, no blank lines) is read by DuckDB at full speed and the number of rows is held
against the number of lines; any other, or one where they differ, goes through the careful reader, row by row.
Blank lines are not rows.
"""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts, not rows
from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wherry.feeds.definition import header_key, header_keys
from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.expressions import identifier, raw_sql
from wherry.feeds.formats.staged import Inspected, Staged
from wherry.feeds.rules import Rule
from wherry.feeds.types import Contract, Part
from wherry.population.store import sql_text

if TYPE_CHECKING:
    import duckdb

_CHUNK_ROWS = 20_000
_LONGEST_FIELD = 1 << 20


@dataclass(frozen=True)
class _Header:
    positions: dict[str, int]
    width: int
    unread: tuple[str, ...]


def stage(
    *, connection: duckdb.DuckDBPyConnection, contract: Contract, files: Sequence[Inspected]
) -> tuple[Staged, ...]:
    """Stage every row of the files as text. Raises DeliveryRefused when a header lacks a required column."""
    part = contract.parts[0]
    selects, unread = [], []
    for number, file in enumerate(files):
        header = _header(file, contract.delimiter, part)
        cells = f"cells_{number}"
        if not (file.plain and header.width > 1 and _stage_plain(connection, cells, file, header, contract.delimiter)):
            _stage_with_care(connection, cells, file, header, contract.delimiter)
        selects.append(_mapped_sql(cells, number, header, part))
        unread += list(header.unread)
    connection.execute(f"CREATE TABLE staged_0 AS {' UNION ALL '.join(selects)}")
    for number in range(len(files)):
        connection.execute(f"DROP TABLE cells_{number}")
    return (Staged("staged_0", part, tuple(dict.fromkeys(unread))),)


def _header(file: Inspected, delimiter: str, part: Part) -> _Header:
    with file.path.open(encoding="utf-8-sig", newline="") as handle:
        try:
            names = next((row for row in csv.reader(handle, delimiter=delimiter, strict=True) if row), [])
        except csv.Error as error:
            raise DeliveryRefused(f"{file.path}:1: the header cannot be read; send the file as plain CSV") from error
    keys = [header_key(name) for name in names]
    twice = sorted({name for name, key in zip(names, keys, strict=True) if key and keys.count(key) > 1})
    if twice:
        raise DeliveryRefused(f"{file.path}:1: the header names {twice[0]} twice; remove one of the two columns")
    positions = {}
    for column in part.columns:
        found = [key for key in header_keys(column) if key in keys]
        if found:
            positions[column.name] = keys.index(found[0])
        elif column.required:
            raise DeliveryRefused(
                f"{file.path}:1: the header has no column {column.name}; accepted spellings:"
                f" {', '.join((column.name, *column.headers))}"
            )
    unread = tuple(name for position, name in enumerate(names) if position not in positions.values())
    return _Header(positions, len(names), unread)


def _stage_plain(
    connection: duckdb.DuckDBPyConnection, cells: str, file: Inspected, header: _Header, delimiter: str
) -> bool:
    import duckdb

    if file.delimiters != file.lines * (header.width - 1):
        # DuckDB refuses a row with too few fields but lets empty ones too many pass, even in its strict mode.
        return False
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(header.width))
    reader = (
        f"read_csv({sql_text(file.path)}, columns={{{columns}}}, delim={sql_text(delimiter)}, quote='', escape='',"
        " header=false, skip=1, auto_detect=false, strict_mode=true, nullstr='')"
    )
    none = "CAST(NULL AS VARCHAR)"
    try:
        connection.execute(
            f"CREATE TABLE {cells} AS SELECT row_number() OVER () AS row_number, row_number() OVER () + 1 AS line,"
            f" {none} AS fault, {none} AS fault_text, * FROM {reader}"
        )
    except duckdb.Error:
        connection.execute(f"DROP TABLE IF EXISTS {cells}")
        return False
    connection.execute(f"SELECT count(*) FROM {cells}")
    if connection.fetchall()[0][0] == file.lines - 1:
        return True
    connection.execute(f"DROP TABLE {cells}")
    return False


def _stage_with_care(
    connection: duckdb.DuckDBPyConnection, cells: str, file: Inspected, header: _Header, delimiter: str
) -> None:
    import pyarrow as pa

    names = [f"c{position}" for position in range(header.width)]
    columns = ", ".join(f"{name} VARCHAR" for name in ("fault", "fault_text", *names))
    connection.execute(f"CREATE TABLE {cells} (row_number BIGINT, line BIGINT, {columns})")
    types = [pa.int64(), pa.int64(), *[pa.string()] * (2 + header.width)]
    schema = pa.schema(list(zip(("row_number", "line", "fault", "fault_text", *names), types, strict=True)))
    for chunk in _chunks(_rows(file, header.width, delimiter)):
        arrays = [pa.array(values, kind) for values, kind in zip(zip(*chunk, strict=True), types, strict=True)]
        connection.register("chunk", pa.Table.from_arrays(arrays, schema=schema))
        connection.execute(f"INSERT INTO {cells} SELECT * FROM chunk")
        connection.unregister("chunk")


def _rows(file: Inspected, width: int, delimiter: str) -> Iterator[tuple[object, ...]]:
    nothing = (None,) * width
    csv.field_size_limit(_LONGEST_FIELD)
    with file.path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle, delimiter=delimiter, strict=True)
        next(row for row in reader if row)
        number = 0
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "unexpected end of data" in str(error) or "field larger" in str(error):
                    raise DeliveryRefused(
                        f"{file.path}:{line}: a quotation mark opened here never closes; mend it and send it again"
                    ) from error
                number += 1
                yield (number, line, Rule.QUOTES.value, f"line {line}", *nothing)
                continue
            if not row:
                continue
            number += 1
            if len(row) == width:
                yield (number, line, None, None, *row)
            else:
                yield (number, line, Rule.RAGGED.value, delimiter.join(row), *nothing)


def _chunks(rows: Iterator[tuple[object, ...]]) -> Iterator[list[tuple[object, ...]]]:
    chunk: list[tuple[object, ...]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) >= _CHUNK_ROWS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _mapped_sql(cells: str, number: int, header: _Header, part: Part) -> str:
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
