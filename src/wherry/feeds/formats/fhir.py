"""
FHIR R4 NDJSON: one resource a line, several files at once; the resource type decides, not the file's name.

Paths come from the contract and are read for all lines at once. Shape is checked, conformance is not claimed.
"""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts, not rows
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.expressions import identifier, trimmed_sql
from wherry.feeds.formats.encodings import WORDS, as_utf8
from wherry.feeds.formats.staged import Inspected, Kind, Source, Staged
from wherry.feeds.rules import Rule
from wherry.feeds.types import Column, Contract, Part, Pick
from wherry.population.store import sql_text

if TYPE_CHECKING:
    import duckdb

_LONGEST_LINE_BYTES = 64 << 20
_LONGEST_RESOURCE_BYTES = 4 << 20
"""Read no further: ten million lists within lists in one line would take a gigabyte."""
_CHUNK_LINES = 5_000
_UNREAD = Part(columns=())


def stage(
    *, connection: duckdb.DuckDBPyConnection, contract: Contract, files: Sequence[Inspected], workshop: Path
) -> tuple[Staged, ...]:
    """
    Say how the rows of each resource type of the contract are read, and those of every line that is none of them.

    workshop: a folder for what has to be written on the way; the caller removes it.
    """
    notes = []
    kinds: list[tuple[int, Path, set[str | None]]] = []
    for number, file in enumerate(files):
        if file.kind is not Kind.TEXT:
            raise DeliveryRefused(
                f"{file.path} is a table or an archive; this feed is NDJSON, one FHIR resource a line"
            )
        text = as_utf8(path=file.path, encoding=file.encoding, copy=workshop / f"text_{number}")
        kinds.append((number, *_lines_of(connection, file, text, workshop / f"lines_{number}.parquet")))
        notes += [f"{file.path.name} was read as {WORDS[file.encoding]}"] if file.encoding in WORDS else []
    known = {part.resource for part in contract.parts}
    staged = [
        Staged(
            part, tuple(_part_source(number, lines, part) for number, lines, found in kinds if part.resource in found)
        )
        for part in contract.parts
    ]
    rest = tuple(_rest_source(number, lines, known) for number, lines, found in kinds if found - known)
    there = [one for one in (*staged, Staged(_UNREAD, rest)) if one.sources]
    return tuple(replace(one, notes=tuple(notes)) for one in there)


def _lines_of(
    connection: duckdb.DuckDBPyConnection, file: Inspected, text: Path, lines: Path
) -> tuple[Path, set[str | None]]:
    """Write a file's lines with the resource type of each, and say which types there are (None: not a resource)."""
    if file.unit_separators:
        raise DeliveryRefused(f"{file.path} holds control characters JSON does not allow; send it again as NDJSON")
    quick = (
        f"read_csv({sql_text(text)}, columns={{'text': 'VARCHAR'}}, delim=chr(31), quote='', escape='', header=false,"
        f" auto_detect=false, null_padding=true, max_line_size={_LONGEST_LINE_BYTES})"
    )
    if not _write_lines(connection, quick, lines, file.lines):
        slow = lines.with_suffix(".text")
        _copy_lines(text, slow)
        _write_lines(connection, f"read_parquet({sql_text(slow)})", lines, file.lines)
    connection.execute(f"SELECT DISTINCT kind FROM read_parquet({sql_text(lines)}) WHERE text <> ''")
    found = {row[0] for row in connection.fetchall()}
    if not found - {None}:
        raise DeliveryRefused(
            f"{file.path}:1: no line is a FHIR resource; send NDJSON, one resource with a resourceType a line"
        )
    return lines, found


def _write_lines(connection: duckdb.DuckDBPyConnection, reader: str, lines: Path, expected: int) -> bool:
    import duckdb

    try:
        connection.execute(
            f"COPY (SELECT text, CASE WHEN strlen(text) <= {_LONGEST_RESOURCE_BYTES} AND json_valid(text)"
            " THEN json_extract_string(text, '$.resourceType') END"
            f" AS kind FROM (SELECT coalesce(trim(text, ' \t\r\n\ufeff'), '') AS text FROM {reader}))"
            f" TO {sql_text(lines)} (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 20480)"
        )
    except duckdb.InvalidInputException:
        return False
    return int(connection.fetchall()[0][0]) == expected


def _copy_lines(text: Path, to: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("text", pa.string())])
    with text.open(encoding="utf-8-sig", newline="\n") as handle, pq.ParquetWriter(to, schema) as writer:
        while chunk := list(islice(handle, _CHUNK_LINES)):
            writer.write_table(pa.Table.from_arrays([pa.array(chunk, pa.string())], schema=schema))


def _part_source(number: int, lines: Path, part: Part) -> Source:
    paths = list(dict.fromkeys(path for column in part.columns for path in column.paths if "[*]" not in path))
    listed = ", ".join(sql_text(path) for path in paths) or "'$.id'"
    columns = ", ".join(
        f"{trimmed_sql(identifier(column.name))} AS {identifier(column.name)}" for column in part.columns
    )
    found = ", ".join(f"{_column_sql(column, paths)} AS {identifier(column.name)}" for column in part.columns)
    select = (
        f"SELECT row_number, line, fault, {_NOTHING} AS fault_column, fault_text, said, {columns} FROM (SELECT"
        f" line AS row_number, line, CASE WHEN nul THEN '{Rule.NUL}' END AS fault,"
        f" CASE WHEN nul THEN text END AS fault_text, text AS said, {found}"
        f" FROM (SELECT *, contains(text, '\\u0000') AS nul, json_extract_string(text, [{listed}]) AS found"
        f" FROM ({_numbered(lines)}) WHERE kind = {sql_text(part.resource)}))"
    )
    return Source(number, select, numbered=True)


def _rest_source(number: int, lines: Path, known: set[str]) -> Source:
    listed = ", ".join(sql_text(name) for name in sorted(known))
    select = (
        f"SELECT line AS row_number, line, CASE WHEN strlen(text) > {_LONGEST_RESOURCE_BYTES} THEN '{Rule.TOO_LONG}'"
        f" WHEN kind IS NULL THEN '{Rule.NOT_JSON}' ELSE '{Rule.NOT_READ}' END AS"
        f" fault, CASE WHEN regexp_full_match(kind, '[A-Za-z]{{1,64}}') THEN kind END AS fault_column, text AS"
        f" fault_text, text AS said FROM ({_numbered(lines)}) WHERE kind IS NULL OR kind NOT IN ({listed})"
    )
    return Source(number, select, numbered=True)


def _numbered(lines: Path) -> str:
    rows = f"read_parquet({sql_text(lines)}, file_row_number=true)"
    return f"SELECT text, kind, file_row_number + 1 AS line FROM {rows} WHERE text <> ''"


def _column_sql(column: Column, paths: list[str]) -> str:
    tries = [_pick_sql(column.pick)] if column.pick else []
    for path in column.paths:
        if "[*]" in path:
            tries.append(f"nullif(array_to_string(json_extract_string(text, {sql_text(path)}), ', '), '')")
        else:
            tries.append(f"found[{paths.index(path) + 1}]")
    return f"coalesce({', '.join(tries)})" if len(tries) > 1 else (tries or [_NOTHING])[0]


def _pick_sql(pick: Pick) -> str:
    tests = " AND ".join(f"json_extract_string(x, {sql_text(path)}) = {sql_text(is_)}" for path, is_ in pick.where)
    found = f"json_extract(text, {sql_text(pick.list + '[*]')})"
    chosen = f"list_filter({found}, lambda x: {tests})" if tests else found
    taken = f"list_transform({chosen}, lambda x: json_extract_string(x, {sql_text(pick.take)}))"
    return f"nullif(array_to_string({taken}, '; '), '')" if pick.every else f"{taken}[1]"


_NOTHING = "CAST(NULL AS VARCHAR)"
