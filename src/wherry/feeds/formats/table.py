"""
A table of rows under a header, as CSV, workbook or Parquet: what the file begins with decides, not its name.

Whatever the kind, every row of the file is one row here, as text, and nothing of it is repaired.
"""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts, not rows
from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.feeds.expressions import identifier, trimmed_sql
from wherry.feeds.formats import csv, parquet, xlsx
from wherry.feeds.formats.encodings import WORDS, as_utf8
from wherry.feeds.formats.header import REFERENCE, Header
from wherry.feeds.formats.staged import Inspected, Kind, Source, Staged
from wherry.feeds.rules import Rule
from wherry.feeds.types import Contract, Part
from wherry.foundation.digests import sha256_of
from wherry.population.store import sql_text

if TYPE_CHECKING:
    import duckdb

_CHUNK_ROWS = 20_000
_NO_FAULT = "CAST(NULL AS VARCHAR) AS fault_column, CAST(NULL AS VARCHAR) AS fault_text"


def stage(
    *, connection: duckdb.DuckDBPyConnection, contract: Contract, files: Sequence[Inspected], workshop: Path
) -> tuple[Staged, ...]:
    """
    Say how every row of the files is read as text. Raises DeliveryRefused when a header lacks a required column.

    workshop: a folder for what has to be written on the way; the caller removes it.
    """
    part = contract.parts[0]
    sources: list[Source] = []
    unread: list[str] = []
    notes: list[str] = []
    for number, file in enumerate(files):
        source, header, note = _READERS[file.kind](connection, number, file, contract, workshop)
        sources.append(source)
        unread += header.unread
        notes += note
    return (Staged(part, tuple(sources), tuple(dict.fromkeys(unread)), tuple(notes)),)


def write_rows(*, file: Path, width: int, rows: Iterator[tuple[object, ...]]) -> None:
    """Write rows (number, line, fault, its text, the cells) to a Parquet file of text, a chunk at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = ("row_number", "line", "fault", "fault_text", *(f"c{position}" for position in range(width)))
    types = [pa.int64(), pa.int64(), *[pa.string()] * (2 + width)]
    with pq.ParquetWriter(file, pa.schema(list(zip(names, types, strict=True))), compression="snappy") as writer:
        while chunk := list(islice(rows, _CHUNK_ROWS)):
            arrays = [pa.array(values, kind) for values, kind in zip(zip(*chunk, strict=True), types, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=writer.schema))


def _text(
    connection: duckdb.DuckDBPyConnection, number: int, file: Inspected, contract: Contract, workshop: Path
) -> tuple[Source, Header, list[str]]:
    part = contract.parts[0]
    text = as_utf8(path=file.path, encoding=file.encoding, copy=workshop / f"text_{number}")
    layout = csv.layout_of(file=file, text=text, contract=contract, part=part)
    cells = workshop / f"cells_{number}.parquet"
    careful = partial(_careful, number, layout, part, cells)
    plain = csv.plain_sql(layout)
    note = _note(file, layout.delimiter, contract)
    if plain is None:
        return careful(), layout.header, note
    select = _mapped_sql(plain, layout.header, part, _NO_FAULT)
    return Source(number, select, first_line=2, rows=file.lines - 1, careful=careful), layout.header, note


def _careful(number: int, layout: csv.Layout, part: Part, cells: Path) -> Source:
    if layout.file.quoted:
        csv.refuse_open_quote(layout)
    write_rows(file=cells, width=layout.header.width, rows=csv.careful_rows(layout))
    return _from_cells(number, cells, layout.header, part)


def _workbook(
    connection: duckdb.DuckDBPyConnection, number: int, file: Inspected, contract: Contract, workshop: Path
) -> tuple[Source, Header, list[str]]:
    part = contract.parts[0]
    cells = workshop / f"cells_{number}.parquet"
    with xlsx.open_sheet(file=file, contract=contract, part=part) as (header, rows):
        write_rows(file=cells, width=header.width, rows=rows)
    return _from_cells(number, cells, header, part), header, []


def _parquet(
    connection: duckdb.DuckDBPyConnection, number: int, file: Inspected, contract: Contract, workshop: Path
) -> tuple[Source, Header, list[str]]:
    part = contract.parts[0]
    header, cells, rows = parquet.layout_of(connection=connection, file=file, contract=contract, part=part)
    nul = " OR ".join(f"contains(c{at}, chr(0))" for at in sorted(set(header.positions.values())))
    faulty = f"SELECT *, CASE WHEN {nul} THEN '{Rule.NUL}' END AS fault FROM ({cells})"
    select = _mapped_sql(faulty, header, part, _NO_FAULT)

    def refuse() -> Source:
        raise parquet.damaged(file)

    return Source(number, select, rows=rows, careful=refuse), header, []


def _from_cells(number: int, cells: Path, header: Header, part: Part) -> Source:
    rows = f"SELECT * FROM read_parquet({sql_text(cells)})"
    more = "CAST(NULL AS VARCHAR) AS fault_column, fault_text, row_number, line"
    return Source(number, _mapped_sql(rows, header, part, more), numbered=True)


def _mapped_sql(rows: str, header: Header, part: Part, more: str) -> str:
    named = [
        f"{trimmed_sql(f'c{header.positions[c.name]}') if c.name in header.positions else 'CAST(NULL AS VARCHAR)'}"
        f" AS {identifier(c.name)}"
        for c in part.columns
    ]
    brings = REFERENCE in header.positions
    answers = trimmed_sql(f"c{header.positions[REFERENCE]}") if brings else "CAST(NULL AS VARCHAR)"
    # Only columns the contract reads, and only those filled, make a row what it is: a header that gains a column
    # tomorrow does not make yesterday's rows new.
    tags = _tags(part)
    said = ", ".join(
        f"{sql_text(tags[c.name])} || {identifier(c.name)}" for c in part.columns if c.name in header.positions
    )
    return (
        f"SELECT *, coalesce(fault_text, '') || concat_ws(chr(31), '', {said}) AS said"
        f" FROM (SELECT fault, {more}, {answers} AS answers, {', '.join(named)} FROM ({rows}))"
    )


def _tags(part: Part) -> dict[str, str]:
    # A column's name, in so few letters that hashing a row does not mean hashing its headers; in full where the hash
    # becomes the id of a record.
    if not part.subject:
        return {column.name: f"{column.name}=" for column in part.columns}
    short = {column.name: sha256_of(column.name)[:6] + "=" for column in part.columns}
    return short if len(set(short.values())) == len(short) else {name: f"{name}=" for name in short}


def _note(file: Inspected, delimiter: str, contract: Contract) -> list[str]:
    found = [WORDS[file.encoding]] if file.encoding in WORDS else []
    found += [f"separated by {csv.NAMES[delimiter]}"] if delimiter != contract.delimiter else []
    return [f"{file.path.name} was read as {', '.join(found)}"] if found else []


_READERS = {Kind.TEXT: _text, Kind.WORKBOOK: _workbook, Kind.PARQUET: _parquet}
