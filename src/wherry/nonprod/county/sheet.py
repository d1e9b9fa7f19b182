"""A file being written row by row, and whose row each is, so that `truth.json` can say where a person appears."""

from __future__ import annotations

import csv
import datetime as dt
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

from wherry.nonprod.county.people import Resident


class Dirt:
    """How often each kind of dirt was written. A kind told of but never met stays at nought."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def note(self, kind: str, times: int = 1) -> None:
        """Count one occurrence."""
        self.counts[kind] = self.counts.get(kind, 0) + times

    def strikes(self, kind: str, share: float, random: Random) -> bool:
        """Say whether this occasion is a dirty one: by chance, and at the first occasion always. It is counted."""
        struck = random.random() < share or kind not in self.counts
        if struck:
            self.note(kind)
        return struck


class Sheet:
    """One CSV file. Row numbers are those a feed counts: the first row under the header is 1."""

    def __init__(
        self,
        folder: Path,
        name: str,
        header: Sequence[str],
        *,
        renamed: Mapping[str, str] | None = None,
        bom: bool = False,
    ) -> None:
        """Open the file and write its header; renamed: what this sender calls a column; bom: put a byte-order mark."""
        self.file = folder / name
        self.header = tuple(header)
        self.known = frozenset(header)
        self.rows = 0
        self._handle = self._open(bom)
        self._last: Sequence[str] = ()
        self._begin([(renamed or {}).get(column, column) for column in header])

    def _open(self, bom: bool) -> object:
        handle = self.file.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="")
        self._writer = csv.writer(handle, lineterminator="\r\n")
        return handle

    def _begin(self, header: Sequence[str]) -> None:
        self._writer.writerow(header)

    def _put(self, row: Sequence[str]) -> None:
        self._writer.writerow(row)

    def add(self, values: Mapping[str, str | None], *, resident: Resident | None = None) -> None:
        """Add a row by column name; what is not named stays empty."""
        if not self.known.issuperset(values):
            raise KeyError(f"{self.file.name} has no column {sorted(set(values) - self.known)[0]}")
        self._last = [values.get(column) or "" for column in self.header]
        self._put(self._last)
        self.rows += 1
        if resident is not None:
            resident.rows.setdefault(self.file.name, []).append(self.rows)

    def repeat(self, *, resident: Resident | None = None) -> None:
        """Add the last row again, as a sender's system does that exports a page twice."""
        self.add(dict(zip(self.header, self._last, strict=True)), resident=resident)

    def close(self) -> None:
        """Finish the file."""
        self._handle.close()  # type: ignore[attr-defined]


_EPOCH = dt.date(1899, 12, 30)
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
        ' ContentType="application/xml"/><Override PartName="/xl/workbook.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/styles.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Patients"'
        ' sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
        ' Target="worksheets/sheet1.xml"/><Relationship Id="rId2"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    "xl/styles.xml": (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font/></fonts>'
        '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>'
    ),
}
_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


class ExcelSheet(Sheet):
    """
    One worksheet, as somebody makes it who opened a CSV file in Excel and saved it.

    What looks like a number becomes one and loses its leading zeros; a date becomes the serial number of its day, which
    most columns show as a date and `bare` columns as the number it is. Written here, part by part, since libraries put
    the hour of writing into the file, and the county must be the same bytes twice.
    """

    bare = frozenset({"Date of Birth"})
    _dates = frozenset({"Date of Birth", "Date of Death", "Last Updated"})

    def _open(self, bom: bool) -> object:
        self._zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED)
        for name, text in _PARTS.items():
            self._zip.writestr(self._entry(name), f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}')
        return self._zip.open(self._entry("xl/worksheets/sheet1.xml"), "w")

    def _entry(self, name: str) -> zipfile.ZipInfo:
        found = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
        found.compress_type = zipfile.ZIP_DEFLATED
        return found

    def _begin(self, header: Sequence[str]) -> None:
        self._letters = [_letters(position) for position in range(len(header))]
        self._write(_SHEET)
        self._row(1, [_text(column) for column in header])

    def _put(self, row: Sequence[str]) -> None:
        self._row(self.rows + 2, [self._cell(column, value) for column, value in zip(self.header, row, strict=True)])

    def _row(self, number: int, cells: Sequence[str]) -> None:
        placed = (f'<c r="{letters}{number}"{cell}' for letters, cell in zip(self._letters, cells, strict=True) if cell)
        self._write(f'<row r="{number}">{"".join(placed)}</row>')

    def _cell(self, column: str, value: str) -> str:
        if not value:
            return ""
        if column in self._dates:
            day = dt.date(int(value[6:]), int(value[3:5]), int(value[:2]))
            style = "" if column in self.bare else ' s="1"'
            return f"{style}><v>{(day - _EPOCH).days}</v></c>"
        return f"><v>{int(value)}</v></c>" if value.isascii() and value.isdigit() else _text(value)

    def _write(self, text: str) -> None:
        self._handle.write(text.encode())  # type: ignore[attr-defined]

    def close(self) -> None:
        """Finish the sheet and the workbook."""
        self._write("</sheetData></worksheet>")
        super().close()
        self._zip.close()


def _letters(position: int) -> str:
    return ("" if position < 26 else chr(64 + position // 26)) + chr(65 + position % 26)


def _text(value: str) -> str:
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


class Lines:
    """One NDJSON file of FHIR resources; a row is a line."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open the file."""
        self.file = folder / name
        self.rows = 0
        self._handle = self.file.open("w", encoding="utf-8")

    def add(self, resource: Mapping[str, object], *, resident: Resident) -> None:
        """Add one resource about a resident."""
        self._handle.write(json.dumps(resource, ensure_ascii=False) + "\n")
        self.rows += 1
        resident.rows.setdefault(self.file.name, []).append(self.rows)

    def close(self) -> None:
        """Finish the file."""
        self._handle.close()
