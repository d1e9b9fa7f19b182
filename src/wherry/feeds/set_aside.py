"""
What is set aside and still open: counted by rule for a page, and handed out as a file its sender can mend.

The file holds what was sent, so people's data; a count never does. It comes back through `feeds receive`, under the
same contract: a row says by its reference which one it mends.
"""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts
from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.formats.header import REFERENCE
from wherry.feeds.landing.corrections import open_rows_sql
from wherry.feeds.queries import manifests
from wherry.feeds.types import Contract
from wherry.foundation.errors import InputWrong
from wherry.population.store import Store, connect, parquet_sql, sql_text
from wherry.population.writing import together

_BESIDE = ("wherry_why", "wherry_column", "wherry_file", "wherry_line", "wherry_sent")
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9 ().-]*$)")
_MOST_IN_A_SHEET = 1_048_575


@dataclass(frozen=True)
class OpenRows:
    """
    Rows of one contract still set aside for one rule. example: `file:line` of the one longest open, never its content.

    since: the day the longest open was first set aside.
    """

    contract: str
    rule: str
    column: str
    words: str
    rows: int
    since: dt.date
    example: str


def open_by_rule(*, store: Store, contract: str | None = None, batch_id: str | None = None) -> tuple[OpenRows, ...]:
    """Count what is still set aside, by contract, then most rows first. contract, batch_id: only theirs."""
    said = _open_sql(store, contract, batch_id)
    if said is None:
        return ()
    with connect() as connection:
        found = connection.execute(
            f"SELECT contract, rule, coalesce(column_name, ''), words, count(*) AS n, min(since),"
            f" first(file || ':' || line ORDER BY since, file, line) FROM ({said})"
            " GROUP BY ALL ORDER BY contract, n DESC, rule, words"
        ).fetchall()
    return tuple(
        OpenRows(contract, rule, column, words, n, since, at) for contract, rule, column, words, n, since, at in found
    )


def hand_out(*, store: Store, contract: Contract, out: Path, batch_id: str | None = None) -> int:
    """
    Write every row of a contract that is still set aside to a file to be mended, whole or not at all. Returns the rows.

    out: `.csv`, or `.xlsx` where every cell is text, so that a spreadsheet takes no zero and runs no formula; readable
    by its owner only. batch_id: of one delivery only. Raises InputWrong where nothing is open or a CSV would be run.
    """
    if out.suffix not in (".csv", ".xlsx"):
        raise InputWrong(f"{out} ends in neither .csv nor .xlsx; name the file so")
    if out.is_dir() or not out.parent.is_dir():
        raise InputWrong(f"{out} cannot be written: its folder is not there, or it is a folder; name another file")
    columns = list(dict.fromkeys(column.name for part in contract.parts for column in part.columns))
    rows = list(_rows(store, contract.name, batch_id, columns))
    if not rows:
        raise InputWrong(f"no row of {contract.name} is set aside any more; there is nothing to mend")
    write = _write_workbook if out.suffix == ".xlsx" else _write_csv
    with together(out) as (temporary,):
        temporary.touch(mode=0o600)
        write(temporary, [*columns, REFERENCE, *_BESIDE], rows, contract.delimiter, out)
    return len(rows)


def _open_sql(store: Store, contract: str | None, batch_id: str | None) -> str | None:
    standing = [one for one in manifests(store=store) if contract in (None, one["contract"])]
    with_some = [one for one in standing if one["counts"]["quarantined"] and batch_id in (None, one["batch_id"])]
    if not with_some:
        return None
    batches = store.path / "batches"
    files = [batches / one["batch_id"] / "quarantine.parquet" for one in with_some]
    of = ", ".join(f"({sql_text(one['batch_id'])}, {sql_text(one['contract'])})" for one in with_some)
    aside = f"SELECT *, parse_path(filename)[-2] AS batch_id FROM {parquet_sql(files)[:-1]}, filename=true)"
    return (
        f"SELECT b.contract, q.*, o.since FROM ({aside}) q JOIN (VALUES {of}) b(batch_id, contract) USING (batch_id)"
        f" JOIN ({open_rows_sql(batches=batches, standing=standing)}) o USING (batch_id, file_no, row_number)"
    )


def _rows(store: Store, contract: str, batch_id: str | None, columns: Sequence[str]) -> Iterator[list[str]]:
    said = _open_sql(store, contract, batch_id)
    if said is None:
        return
    wanted = "batch_id, file_no, row_number, words, column_name, file, line, content"
    with connect() as connection:
        found = connection.execute(f"SELECT {wanted} FROM ({said}) ORDER BY since, batch_id, file_no, row_number")
        while lot := found.fetchmany(10_000):
            for batch, file_no, row_number, words, column, file, line, content in lot:
                sent = _sent(content)
                cells = [sent.get(name) or "" for name in columns]
                beside = [words, column or "", file, str(line), "" if sent else content or ""]
                yield [*cells, f"{batch}.{file_no}.{row_number}", *beside]


def _sent(content: str | None) -> Mapping[str, Any]:
    # A row that could not be taken apart is kept as it came, and is no JSON object of this contract's columns.
    try:
        found = json.loads(content or "")
    except ValueError:
        return {}
    plain = isinstance(found, dict) and all(value is None or isinstance(value, str) for value in found.values())
    return found if plain and "resourceType" not in found else {}


def _write_csv(file: Path, header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str, out: Path) -> None:
    for row in rows:
        if any(_FORMULA.match(cell) for cell in row):
            raise DeliveryRefused(
                f"a cell of {row[-3]}:{row[-2]} begins as a formula does, which a spreadsheet would run;"
                f" write {out.with_suffix('.xlsx')}, where every cell is text"
            )
    with file.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)


def _write_workbook(file: Path, header: Sequence[str], rows: Sequence[Sequence[str]], _: str, out: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    if len(rows) > _MOST_IN_A_SHEET:
        raise InputWrong(f"{len(rows):,} rows are more than a sheet holds; write {out.with_suffix('.csv')}")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("To mend")
    sheet.append(list(header))
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=_printable(text))
            cell.data_type, cell.number_format = "s", "@"
            cells.append(cell)
        sheet.append(cells)
    with file.open("wb") as handle:
        book.save(handle)


def _printable(text: str) -> str:
    # What no workbook can hold; whoever mends the row would have to retype it anyway.
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", text)
