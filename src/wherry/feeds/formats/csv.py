"""
CSV: every line becomes exactly one row, whatever is in it.

A plain file (no quotation marks, no blank lines) is read by DuckDB at full speed and the number of rows is held
against the number of lines; any other, or one where they differ, goes through the careful reader, row by row.
Blank lines are not rows.
"""

# ruff: noqa: S608 - names and texts enter SQL only through `sql_text`, and come from contracts, not rows
from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.formats.header import Header
from wherry.feeds.formats.staged import Inspected
from wherry.feeds.rules import Rule
from wherry.population.store import sql_text

if TYPE_CHECKING:
    import duckdb

_LONGEST_FIELD = 1 << 20


def header_names(*, file: Inspected, delimiter: str) -> list[str]:
    """Read the names in the first line that is not blank."""
    with file.path.open(encoding="utf-8-sig", newline="") as handle:
        try:
            return next((row for row in csv.reader(handle, delimiter=delimiter, strict=True) if row), [])
        except csv.Error as error:
            raise DeliveryRefused(f"{file.path}:1: the header cannot be read; send the file as plain CSV") from error


def stage_plain(
    *, connection: duckdb.DuckDBPyConnection, cells: str, file: Inspected, header: Header, delimiter: str
) -> bool:
    """Stage a plain file as the table `cells`, or say False, leaving nothing, where it is not plain after all."""
    import duckdb

    if not file.plain or header.width < 2:
        return False
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


def careful_rows(*, file: Inspected, width: int, delimiter: str) -> Iterator[tuple[object, ...]]:
    """Give every row: number, line, fault and its text if any, the cells. Raises DeliveryRefused for an open quote."""
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
