"""The first look at each file, before anything is read from it: what it is, its hash, and whether it can be read."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.formats.encodings import (
    CHUNK_BYTES,
    LONGEST_LINE_BYTES,
    WORDS,
    first_not_utf8,
    line_chunks,
    mark_of,
    refuse_unless_1252,
)
from wherry.feeds.formats.staged import Inspected, Kind

_TABLES = {b"PK\x03\x04": Kind.WORKBOOK, b"PK\x05\x06": Kind.WORKBOOK, b"PAR1": Kind.PARQUET}
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "is an old .xls workbook, which is cut at row 65,536 without a word, or one locked with a"
    " password; save it as .xlsx",
    b"\x1f\x8b": "is compressed; unpack it",
    b"BZh": "is compressed; unpack it",
    b"\xfd7zXZ\x00": "is compressed; unpack it",
    b"(\xb5/\xfd": "is compressed; unpack it",
    b"7z\xbc\xaf\x27\x1c": "is compressed; unpack it",
    b"Rar!": "is compressed; unpack it",
    b"%PDF": "is a PDF, which has no rows; ask for the table as CSV or .xlsx",
    b"SQLite format 3": "is a database; export the table as CSV",
}
"""What other files begin with, and what to say of them."""


def inspect(*, files: Sequence[Path]) -> tuple[Inspected, ...]:
    """Look at every file of a delivery. Raises DeliveryRefused naming the file and the next step."""
    if not files:
        raise DeliveryRefused("no file was given; name the files of the delivery")
    if len({file.resolve() for file in files}) < len(files):
        raise DeliveryRefused("a file is named twice; name each file of the delivery once")
    return tuple(_inspect(file) for file in files)


def _inspect(file: Path) -> Inspected:
    if file.is_dir():
        raise DeliveryRefused(f"{file} is a folder; name the files in it")
    if file.exists() and not file.is_file():
        raise DeliveryRefused(f"{file} is a device or a pipe, which can be read but once; save it as a file first")
    try:
        with file.open("rb") as handle:
            return _look(file, handle)
    except FileNotFoundError as error:
        raise DeliveryRefused(f"{file} does not exist; check the name") from error
    except OSError as error:
        raise DeliveryRefused(f"{file} cannot be read ({error.strerror}); check who may read it") from error


def _look(file: Path, handle: BinaryIO) -> Inspected:
    begun = handle.read(16)
    if not begun:
        raise DeliveryRefused(f"{file} is empty; ask the sender for the file again")
    foreign = next((said for start, said in _FOREIGN.items() if begun.startswith(start)), None)
    if foreign:
        raise DeliveryRefused(f"{file} {foreign} and send it again")
    handle.seek(0)
    kind = next((kind for start, kind in _TABLES.items() if begun.startswith(start)), None)
    if kind:
        return Inspected(file, _hash(handle), kind)
    encoding = mark_of(path=file, begun=begun)
    scan = _Scan(file, handle, encoding or "utf-8")
    if scan.not_utf8_at is None:
        return scan.found()
    if begun.startswith(codecs.BOM_UTF8):
        raise DeliveryRefused(
            f"{file}:{scan.not_utf8_at}: the file begins as UTF-8 but here is not; save it as UTF-8 and send it again"
        )
    handle.seek(0)
    refuse_unless_1252(path=file, handle=handle, line=scan.not_utf8_at)
    handle.seek(0)
    return _Scan(file, handle, "cp1252").found()


class _Scan:
    """One pass over a text. not_utf8_at: where it stopped because the text is not the UTF-8 it was taken for."""

    def __init__(self, file: Path, handle: BinaryIO, encoding: str) -> None:
        self._file, self._encoding = file, encoding
        self._digest = hashlib.sha256()
        self._lines, self._tidy, self._quoted, self._separators, self._last = 0, True, False, False, b"\n"
        self.not_utf8_at: int | None = None
        try:
            for chunk in line_chunks(handle=handle, encoding=encoding):
                self._take(chunk)
                if self.not_utf8_at:
                    return
        except UnicodeDecodeError as error:
            raise DeliveryRefused(
                f"{file}: the file begins as {WORDS[encoding]} but is not, after line {self._lines}; save it as UTF-8"
                " and send it again"
            ) from error
        if encoding != "utf-8":
            handle.seek(0)
            self._digest = _digest(handle)

    def found(self) -> Inspected:
        """Say what the pass saw. Raises DeliveryRefused for a file of nothing."""
        if not self._lines and self._last == b"\n":
            raise DeliveryRefused(f"{self._file} is empty; ask the sender for the file again")
        return Inspected(
            self._file,
            self._digest.hexdigest(),
            encoding=self._encoding,
            lines=self._lines + (self._last != b"\n"),
            tidy=self._tidy,
            quoted=self._quoted,
            unit_separators=self._separators,
        )

    def _take(self, chunk: bytes) -> None:
        self._refuse_unreadable(chunk)
        if self._encoding == "utf-8":
            self._digest.update(chunk)
            self.not_utf8_at = first_not_utf8(chunk=chunk, lines=self._lines)
        self._tidy = self._tidy and _is_tidy(chunk)
        self._quoted = self._quoted or b'"' in chunk
        self._separators = self._separators or b"\x1f" in chunk
        self._lines += chunk.count(b"\n")
        self._last = chunk[-1:]

    def _refuse_unreadable(self, chunk: bytes) -> None:
        nul = chunk.find(b"\0")
        if nul >= 0:
            line = self._lines + chunk.count(b"\n", 0, nul) + 1
            raise DeliveryRefused(
                f"{self._file}:{line}: the file is not text (it holds a NUL); send it as CSV or NDJSON in UTF-8"
            )
        if len(chunk) > LONGEST_LINE_BYTES and max(map(len, chunk.split(b"\n"))) > LONGEST_LINE_BYTES:
            line = self._lines + 1
            raise DeliveryRefused(
                f"{self._file}:{line}: from here on a line is over 48 MB long; send the file with one row a line"
            )


def _is_tidy(chunk: bytes) -> bool:
    # Blanks beside a quotation mark are part of a value or not: readers differ.
    if b'"' in chunk and any(odd in chunk for odd in (b' "', b'" ', b'\t"', b'"\t')):
        return False
    return b"\r" not in chunk or chunk.count(b"\r") == chunk.count(b"\r\n")


def _digest(handle: BinaryIO) -> hashlib._Hash:
    digest = hashlib.sha256()
    while chunk := handle.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest


def _hash(handle: BinaryIO) -> str:
    return _digest(handle).hexdigest()
