"""
`.xlsx`: the one sheet that has rows, every cell as the text a person reads in it.

Dates in a date column are written in a form the contract reads; everything else stays as shown, and what Excel has
damaged (an error, a formula without a result, a long number) is judged by `expressions` with the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.formats.cells import Cell, date_form, is_surely_a_day, moment_of, moment_text
from wherry.feeds.formats.header import Header, header_of
from wherry.feeds.formats.staged import Inspected
from wherry.feeds.formats.workbook import Sheet, Workbook, open_workbook
from wherry.feeds.rules import Rule
from wherry.feeds.types import Column, Contract, Part

_WIDEST = 1_000


@contextmanager
def open_sheet(
    *, file: Inspected, contract: Contract, part: Part
) -> Iterator[tuple[Header, Iterator[tuple[object, ...]]]]:
    """
    Open a workbook's one sheet with rows: its header, and a stream of what is below.

    A row: its number, its line in the sheet, a fault and its text or None twice, every cell as text. Raises
    DeliveryRefused for a workbook that is broken, empty, or has rows in several sheets.
    """
    with open_workbook(file.path) as book:
        found = book.rows(_only_sheet(book))
        line, cells = next(found)
        if max(cells) >= _WIDEST:
            raise DeliveryRefused(f"{file.path}:{line}: over {_WIDEST} columns are named; send the table alone")
        names = [cells[at].text if at in cells else "" for at in range(max(cells) + 1)]
        header = header_of(names=names, file=file.path, contract=contract, part=part, line=line)
        columns = {header.positions[one.name]: one for one in part.columns if one.name in header.positions}
        yield header, _rows(book, found, columns, header.width)


def _only_sheet(book: Workbook) -> Sheet:
    filled = [sheet for sheet in book.sheets if next(book.rows(sheet), None)]
    if not filled:
        raise DeliveryRefused(f"{book.file}: no sheet has a row; ask the sender for the file again")
    if len(filled) > 1:
        names = ", ".join(sheet.name for sheet in filled)
        raise DeliveryRefused(f"{book.file} has rows in {len(filled)} sheets ({names}); send each as a file of its own")
    return filled[0]


def _rows(
    book: Workbook, found: Iterator[tuple[int, dict[int, Cell]]], columns: dict[int, Column], width: int
) -> Iterator[tuple[object, ...]]:
    nothing = (None,) * width
    dates = {at: column for at, column in columns.items() if column.type == "date"}
    for number, (line, cells) in enumerate(found, 1):
        if max(cells) >= width:
            yield (number, line, Rule.RAGGED.value, ",".join(cell.text for cell in cells.values()), *nothing)
            continue
        texts = [cells[at].text if at in cells else None for at in range(width)]
        for at, column in dates.items():
            if at in cells:
                texts[at] = _date_text(cells[at], column, epoch_1904=book.epoch_1904)
        yield (number, line, None, None, *texts)


def _date_text(cell: Cell, column: Column, *, epoch_1904: bool) -> str:
    moment = cell.moment
    if moment is None and cell.number is not None and is_surely_a_day(cell.number, column.formats):
        moment = moment_of(cell.number, epoch_1904=epoch_1904)
    return moment_text(moment, date_form(column.formats)) if moment else cell.text
