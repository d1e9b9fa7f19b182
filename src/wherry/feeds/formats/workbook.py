"""
The inside of an `.xlsx`: sheets and their rows, read as a stream, whatever the file says of its own size.

Nothing is truncated: the stated dimension of a sheet is not believed, its rows are counted as they come. Nothing in the
file is run, fetched or expanded: macros and links are not read, and a document type, where entities hide, is refused.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.formats.cells import Cell, Look, look_of, moment_text, number_cell

_MOST_BYTES = 1 << 30
_MOST_SHARED_BYTES = 256 << 20
_MOST_ELEMENT_BYTES = 8 << 20
_STEEPEST = 200
_LET_PASS_BYTES = 16 << 20
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ElementTree.ParseError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)


@dataclass(frozen=True)
class Sheet:
    """A sheet of cells by its name; part: where it is in the file."""

    name: str
    part: str


class Workbook:
    """An open workbook. Use `open_workbook`, which turns whatever is broken in it into one sentence."""

    def __init__(self, file: Path, archive: zipfile.ZipFile) -> None:
        self.file, self._archive = file, archive
        self._parts = {name.lstrip("/").lower(): name for name in archive.namelist()}
        main = self._main_part()
        root = self._tree(main)
        links = self._links(main)
        settings = root.find("{*}workbookPr")
        self.epoch_1904 = settings is not None and settings.get("date1904") in ("1", "true")
        self.sheets = tuple(_sheets(root, links))
        self._shared = self._shared_strings(links)
        self._looks = self._number_formats(links)

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Give each row that has anything in it: its number in the sheet, and its cells by 0-based column."""
        number = 0
        for element in self._stream(sheet.part, "row"):
            number = int(element.get("r") or number + 1)
            cells: dict[int, Cell] = {}
            column = -1
            for one in element:
                place = one.get("r")
                column = _column(place) if place else column + 1
                cell = self._cell(one)
                if cell is not None and cell.text != "":
                    cells[column] = cell
            if cells:
                yield number, cells

    def _cell(self, element: ElementTree.Element) -> Cell | None:
        kind = element.get("t", "n")
        found = {child.tag.rpartition("}")[2]: child for child in element}
        if kind == "inlineStr":
            return Cell(_text(found["is"])) if "is" in found else None
        value = found["v"].text if "v" in found else None
        if value is None:
            # A formula whose result was never saved: its text stands for it, and no type reads that as a value.
            formula = kind != "str" and "f" in found
            return Cell(f"={found['f'].text or ''}") if formula else None
        if kind == "s":
            return Cell(self._shared[_index(value)])
        if kind == "b":
            return Cell("TRUE" if value.strip() == "1" else "FALSE")
        if kind == "n":
            look = self._looks.get(int(element.get("s") or 0), _PLAIN)
            return number_cell(value, look, epoch_1904=self.epoch_1904)
        if kind == "d":
            moment = dt.datetime.fromisoformat(value)
            return Cell(moment_text(moment), None, moment)
        return Cell(_unescaped(value))

    def _main_part(self) -> str:
        for link in self._tree("_rels/.rels"):
            if (link.get("Type") or "").endswith("/officeDocument"):
                return (link.get("Target") or "").lstrip("/")
        raise KeyError("officeDocument")

    def _links(self, part: str) -> dict[str, tuple[str, str]]:
        folder, name = posixpath.split(part)
        found = {}
        for link in self._tree(f"{folder}/_rels/{name}.rels"):
            target = link.get("Target") or ""
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[link.get("Id") or ""] = ((link.get("Type") or "").rpartition("/")[2], whole)
        return found

    def _shared_strings(self, links: dict[str, tuple[str, str]]) -> list[str]:
        part = next((target for kind, target in links.values() if kind == "sharedStrings"), None)
        if part is None:
            return []
        # The texts cells share are the one part that has to be held in memory whole.
        if self._archive.getinfo(self._parts[part.lower()]).file_size > _MOST_SHARED_BYTES:
            raise DeliveryRefused(
                f"{self.file} holds over {_MOST_SHARED_BYTES >> 20} MB of text; ask the sender for CSV"
            )
        return [_text(item) for item in self._stream(part, "si")]

    def _number_formats(self, links: dict[str, tuple[str, str]]) -> dict[int, Look]:
        part = next((target for kind, target in links.values() if kind == "styles"), None)
        if part is None:
            return {}
        root = self._tree(part)
        codes = {int(one.get("numFmtId", -1)): one.get("formatCode") for one in root.iterfind("{*}numFmts/{*}numFmt")}
        ids = [int(one.get("numFmtId", 0)) for one in root.iterfind("{*}cellXfs/{*}xf")]
        return {style: look_of(number, codes.get(number)) for style, number in enumerate(ids)}

    def _tree(self, part: str) -> ElementTree.Element:
        with self._open(part) as stream:
            return ElementTree.parse(_Metered(stream)).getroot()  # noqa: S314 a document type was refused in `_open`

    def _stream(self, part: str, wanted: str) -> Iterator[ElementTree.Element]:
        with self._open(part) as stream:
            root, metered = None, _Metered(stream)
            for event, element in ElementTree.iterparse(metered, ("start", "end")):  # noqa: S314 as above
                if event == "start":
                    root = element if root is None or element.tag.endswith("}sheetData") else root
                elif element.tag.rpartition("}")[2] == wanted and root is not None:
                    yield element
                    root.clear()
                    metered.read_since = 0

    def _open(self, part: str) -> IO[bytes]:
        name = self._parts[part.lower()]
        with self._archive.open(name) as stream:
            _refuse_document_type(stream)
        return self._archive.open(name)


class _Metered:
    """A stream that ends in ValueError when one row, or one text, is longer than any Excel can write."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self.read_since = stream, 0

    def read(self, size: int = -1) -> bytes:
        """Read on. Until `read_since` is set back, everything read counts as one element."""
        found = self._stream.read(size if size > 0 else _MOST_ELEMENT_BYTES)
        self.read_since += len(found)
        if self.read_since > _MOST_ELEMENT_BYTES:
            raise ValueError("an element without an end")
        return found


@contextmanager
def open_workbook(file: Path) -> Iterator[Workbook]:
    """Open a workbook. Raises DeliveryRefused, here or while its rows are read, for whatever is wrong with it."""
    try:
        with zipfile.ZipFile(file) as archive:
            _refuse_foreign(file, archive)
            _refuse_bomb(file, archive)
            yield Workbook(file, archive)
    except (*_BROKEN, KeyError, IndexError) as error:
        raise DeliveryRefused(
            f"{file}: the workbook is damaged or was cut short; open it in Excel, save it again as .xlsx and send that"
        ) from error


def _refuse_foreign(file: Path, archive: zipfile.ZipFile) -> None:
    names = {name.lower() for name in archive.namelist()}
    if any(one.flag_bits & 1 for one in archive.infolist()):
        raise DeliveryRefused(f"{file} is locked with a password; send it without one, by a channel that is private")
    if any(name.endswith("workbook.bin") for name in names):
        raise DeliveryRefused(f"{file} is a binary workbook (.xlsb); save it as .xlsx or CSV and send it again")
    if not any(name.endswith("workbook.xml") for name in names):
        raise DeliveryRefused(
            f"{file} is an archive and no .xlsx workbook; unpack it, or save the table as CSV or .xlsx"
        )


def _refuse_bomb(file: Path, archive: zipfile.ZipFile) -> None:
    unpacked = sum(one.file_size for one in archive.infolist())
    packed = max(1, sum(one.compress_size for one in archive.infolist()))
    if unpacked > _MOST_BYTES or (unpacked > _LET_PASS_BYTES and unpacked / packed > _STEEPEST):
        raise DeliveryRefused(
            f"{file} would unpack to {unpacked >> 20:,} MB, {unpacked // packed} times its size, and is not opened; ask"
            " the sender for CSV"
        )


def _refuse_document_type(stream: IO[bytes]) -> None:
    parser = expat.ParserCreate()
    state = {"begun": False}

    def refuse(*_: object) -> None:
        raise ValueError("a document type")

    def begin(*_: object) -> None:
        state["begun"] = True

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    while not state["begun"] and (chunk := stream.read(4096)):
        try:
            parser.Parse(chunk, False)
        except expat.ExpatError as error:
            raise ValueError("not XML") from error


def _sheets(root: ElementTree.Element, links: dict[str, tuple[str, str]]) -> Iterator[Sheet]:
    for one in root.iterfind("{*}sheets/{*}sheet"):
        link = next((value for name, value in one.items() if name.endswith("}id")), "")
        kind, part = links[link]
        if kind == "worksheet":
            yield Sheet(one.get("name") or "", part)


def _text(element: ElementTree.Element) -> str:
    # Runs of differing looks are one text; a guide to pronunciation (rPh) is not part of it.
    runs = [child.text or "" for child in element if child.tag.endswith("}t")]
    runs += [child.text or "" for run in element if run.tag.endswith("}r") for child in run if child.tag.endswith("}t")]
    return _unescaped("".join(runs))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(_one_unescaped, text) if "_x" in text else text


def _one_unescaped(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character.isprintable() or character in "\t\r\n" else "\ufffd"


def _index(value: str) -> int:
    number = int(value)
    if number < 0:
        raise ValueError("a text before the first")
    return number


def _column(place: str) -> int:
    number = 0
    for character in place:
        if not character.isalpha():
            break
        number = number * 26 + ord(character.upper()) - 64
    return number - 1


_PLAIN = look_of(0, None)
