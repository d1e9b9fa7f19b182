"""
FHIR R4 NDJSON: one resource a line, several files at once; the resource type decides, not the file's name.

Paths come from the contract and are read for all lines at once. Shape is checked, conformance is not claimed.
"""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts, not rows
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.expressions import identifier
from wherry.feeds.formats.staged import Inspected, Staged
from wherry.feeds.rules import Rule
from wherry.feeds.types import Column, Contract, Part, Pick
from wherry.population.store import sql_text

if TYPE_CHECKING:
    import duckdb

_LONGEST_LINE_BYTES = 64 << 20
_UNREAD = Part(columns=())


def stage(
    *, connection: duckdb.DuckDBPyConnection, contract: Contract, files: Sequence[Inspected]
) -> tuple[Staged, ...]:
    """Stage one table per resource type of the contract, and one for every line that is none of them."""
    for file in files:
        if file.is_workbook:
            raise DeliveryRefused(
                f"{file.path} is a workbook or an archive; this feed is NDJSON, one FHIR resource a line"
            )
    _read_lines(connection, files)
    _refuse_no_resource(connection, files)
    staged = [Staged(_stage_part(connection, number, part), part) for number, part in enumerate(contract.parts)]
    staged.append(Staged(_stage_rest(connection, contract), _UNREAD))
    connection.execute("DROP TABLE lines")
    return tuple(staged)


def _read_lines(connection: duckdb.DuckDBPyConnection, files: Sequence[Inspected]) -> None:
    selects = []
    for number, file in enumerate(files):
        if file.unit_separators:
            raise DeliveryRefused(f"{file.path} holds control characters JSON does not allow; send it again as NDJSON")
        selects.append(
            f"SELECT {number} AS file_no, row_number() OVER () AS line, ltrim(text, '\ufeff') AS text FROM read_csv("
            f"{sql_text(file.path)}, columns={{'text': 'VARCHAR'}}, delim=chr(31), quote='', escape='', header=false,"
            f" auto_detect=false, null_padding=true, max_line_size={_LONGEST_LINE_BYTES})"
        )
    connection.execute(
        "CREATE TABLE lines AS SELECT *, CASE WHEN json_valid(text)"
        f" THEN json_extract_string(text, '$.resourceType') END AS kind"
        f" FROM ({' UNION ALL '.join(selects)}) WHERE trim(text) <> ''"
    )


def _refuse_no_resource(connection: duckdb.DuckDBPyConnection, files: Sequence[Inspected]) -> None:
    connection.execute("SELECT file_no FROM lines GROUP BY file_no HAVING count(kind) > 0")
    found = {row[0] for row in connection.fetchall()}
    for number, file in enumerate(files):
        if number not in found:
            raise DeliveryRefused(
                f"{file.path}:1: no line is a FHIR resource; send NDJSON, one resource with a resourceType a line"
            )


def _stage_part(connection: duckdb.DuckDBPyConnection, number: int, part: Part) -> str:
    paths = list(dict.fromkeys(path for column in part.columns for path in column.paths if "[*]" not in path))
    listed = ", ".join(sql_text(path) for path in paths) or "'$.id'"
    columns = ", ".join(f"{_column_sql(column, paths)} AS {identifier(column.name)}" for column in part.columns)
    none = "CAST(NULL AS VARCHAR)"
    connection.execute(
        f"CREATE TABLE staged_{number} AS SELECT file_no, line AS row_number, line, {none} AS fault, {none} AS"
        f" fault_column, {none} AS fault_text, left(sha256(text), 32) AS content, {columns}"
        f" FROM (SELECT *, json_extract_string(text, [{listed}]) AS found FROM lines"
        f" WHERE kind = {sql_text(part.resource)})"
    )
    return f"staged_{number}"


def _stage_rest(connection: duckdb.DuckDBPyConnection, contract: Contract) -> str:
    known = ", ".join(sql_text(part.resource) for part in contract.parts)
    connection.execute(
        f"CREATE TABLE staged_rest AS SELECT file_no, line AS row_number, line,"
        f" CASE WHEN kind IS NULL THEN '{Rule.NOT_JSON}' ELSE '{Rule.NOT_READ}' END AS fault,"
        f" CASE WHEN regexp_full_match(kind, '[A-Za-z]{{1,64}}') THEN kind END AS fault_column, text AS fault_text,"
        f" left(sha256(text), 32) AS content FROM lines WHERE kind IS NULL OR kind NOT IN ({known})"
    )
    return "staged_rest"


def _column_sql(column: Column, paths: list[str]) -> str:
    tries = [_pick_sql(column.pick)] if column.pick else []
    for path in column.paths:
        if "[*]" in path:
            tries.append(f"nullif(array_to_string(json_extract_string(text, {sql_text(path)}), ', '), '')")
        else:
            tries.append(f"found[{paths.index(path) + 1}]")
    return f"coalesce({', '.join(tries)})" if len(tries) > 1 else (tries or ["CAST(NULL AS VARCHAR)"])[0]


def _pick_sql(pick: Pick) -> str:
    tests = " AND ".join(f"json_extract_string(x, {sql_text(path)}) = {sql_text(is_)}" for path, is_ in pick.where)
    found = f"json_extract(text, {sql_text(pick.list + '[*]')})"
    chosen = f"list_filter({found}, lambda x: {tests})" if tests else found
    taken = f"list_transform({chosen}, lambda x: json_extract_string(x, {sql_text(pick.take)}))"
    return f"nullif(array_to_string({taken}, '; '), '')" if pick.every else f"{taken}[1]"
