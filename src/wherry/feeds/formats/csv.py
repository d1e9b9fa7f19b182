"""
CSV, and its like with tabs, semicolons or bars: every line becomes exactly one row, whatever is in it.

A file whose rows are its lines is read by DuckDB at full speed; the number of rows is held against the number of lines
and every row against the header's width. Where they differ, and for a file with blank lines, the careful reader takes
it, row by row. Blank lines are not rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.formats.header import Header, fit, header_of
from wherry.feeds.formats.staged import Inspected
from wherry.feeds.rules import Rule
from wherry.feeds.types import Contract, Part
from wherry.population.store import sql_text

NAMES = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
"""The separators tried beside the contract's own, as a receipt names them."""

_LONGEST_FIELD = 1 << 20
_LONGEST_HEADER = 1 << 20
_NO_VALUE = "\x1fnothing"


@dataclass(frozen=True)
class Layout:
    """How a file is to be read. text: the file in UTF-8; lines: how many the header takes."""

    file: Inspected
    text: Path
    header: Header
    delimiter: str
    lines: int


def layout_of(*, file: Inspected, text: Path, contract: Contract, part: Part) -> Layout:
    """
    Find the separator under which the header has the contract's columns: the contract's own, or else the only one.

    Raises DeliveryRefused when there is none or more than one, and for a header nobody could have meant.
    """
    begun = _begun(file, text)
    tried = {one: _names(begun, one) for one in dict.fromkeys((contract.delimiter, *NAMES))}
    fits = {one: fit(names=names, part=part) for one, (names, _) in tried.items()}
    fitting = [one for one, (whole, _) in fits.items() if whole]
    if len(fitting) > 1 and contract.delimiter not in fitting:
        several = " and by ".join(NAMES[one] for one in fitting)
        raise DeliveryRefused(
            f"{file.path}:1: the header can be separated by {several}; send the file with one of them"
        )
    # Where none fits, the separator that comes nearest gives the sender the most to go by.
    nearest = max(tried, key=lambda one: (one in fitting, fits[one][1], one == contract.delimiter))
    chosen = contract.delimiter if contract.delimiter in fitting else nearest
    names, lines = tried[chosen]
    if not names and begun.strip("\ufeff\r\n"):
        raise DeliveryRefused(f"{file.path}:1: the header cannot be read; send the file as plain CSV")
    header = header_of(names=names, file=file.path, contract=contract, part=part)
    return Layout(file, text, header, chosen, lines)


def plain_sql(layout: Layout) -> str | None:
    """
    Give the SELECT of a file whose rows are its lines: `fault` where a row is ragged, its cells as c0, c1, …

    None where that is certainly not so. An absent cell is null, an empty one is not.
    """
    file, width = layout.file, layout.header.width
    if not file.tidy or width < 2 or file.unit_separators or layout.lines != 1:
        return None
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(width + 1))
    quote = "'\"'" if file.quoted else "''"
    return (
        f"SELECT *, CASE WHEN c{width - 1} IS NULL OR c{width} IS NOT NULL THEN '{Rule.RAGGED}' END AS fault FROM"  # noqa: S608
        f" read_csv({sql_text(layout.text)}, columns={{{columns}}}, delim={sql_text(layout.delimiter)}, quote={quote},"
        f" escape={quote}, header=false, skip=1, auto_detect=false, strict_mode=true, null_padding=true,"
        f" nullstr={sql_text(_NO_VALUE)})"
    )


def careful_rows(layout: Layout) -> Iterator[tuple[object, ...]]:
    """Give every row: number, line, fault and its text if any, the cells. Raises DeliveryRefused for an open quote."""
    width = layout.header.width
    nothing = (None,) * width
    csv.field_size_limit(_LONGEST_FIELD)
    with layout.text.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle, delimiter=layout.delimiter, strict=True)
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
                        f"{layout.file.path}:{line}: a quotation mark opened here never closes, or a field is over 1"
                        " MB; mend it and send it again"
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
                yield (number, line, Rule.RAGGED.value, layout.delimiter.join(row), *nothing)


def refuse_open_quote(layout: Layout) -> None:
    """Read to the end, keeping nothing: an open quotation mark is found before millions of rows before it are kept."""
    for _ in careful_rows(layout):
        pass


def _begun(file: Inspected, text: Path) -> str:
    with text.open(encoding="utf-8-sig", newline="") as handle:
        begun = handle.read(_LONGEST_HEADER)
    if len(begun) == _LONGEST_HEADER and "\n" not in begun.lstrip("\r\n"):
        raise DeliveryRefused(f"{file.path}:1: the header is over 1 MB long; send the table alone, one row a line")
    return begun


def _names(begun: str, delimiter: str) -> tuple[list[str], int]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(begun, newline=""), delimiter=delimiter, strict=True)
    try:
        return next((row for row in reader if row), []), reader.line_num
    except csv.Error:
        return [], 1
