"""What every format hands over: files that passed the first look, and one table of text per part of the contract."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.types import Part

META = ("file_no", "row_number", "line", "fault", "fault_column", "fault_text", "content")
"""Columns every staged table begins with; the contract's follow, all text. content: hash of what the row says."""

_CHUNK_BYTES = 1 << 24
_LONGEST_LINE_BYTES = 64 << 20
_WORKBOOK = (b"PK\x03\x04", b"PK\x05\x06")
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "is an old .xls workbook, which is cut at row 65,536 without a word, or one locked with a"
    " password; save it as .xlsx",
    b"\x1f\x8b": "is compressed; unpack it",
    b"%PDF": "is a PDF, which has no rows; ask for the table as CSV or .xlsx",
    b"PAR1": "is Parquet; export the table as CSV or .xlsx",
}
"""What other files begin with, and what to say of them."""


@dataclass(frozen=True)
class Staged:
    """One table of rows as sent. unread: headers no contract column answers to."""

    table: str
    part: Part
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inspected:
    """
    A file after the first look: UTF-8 text without NUL, or a workbook (whatever its name says).

    plain: no quotation mark, blank line or lone carriage return; delimiters: how often the delimiter occurs.
    """

    path: Path
    sha256: str
    lines: int
    plain: bool
    unit_separators: bool
    delimiters: int
    is_workbook: bool = False


def inspect(*, files: Sequence[Path], delimiter: str = ",") -> tuple[Inspected, ...]:
    """Look at every file before anything is read from it. Raises DeliveryRefused naming the file and the next step."""
    if not files:
        raise DeliveryRefused("no file was given; name the files of the delivery")
    if len({file.resolve() for file in files}) < len(files):
        raise DeliveryRefused("a file is named twice; name each file of the delivery once")
    return tuple(_inspect(file, delimiter.encode()) for file in files)


def _inspect(file: Path, delimiter: bytes) -> Inspected:
    if file.is_dir():
        raise DeliveryRefused(f"{file} is a folder; name the files in it")
    if file.exists() and not file.is_file():
        raise DeliveryRefused(f"{file} is a device or a pipe, which can be read but once; save it as a file first")
    try:
        with file.open("rb") as handle:
            return _scan(file, handle, delimiter)
    except FileNotFoundError as error:
        raise DeliveryRefused(f"{file} does not exist; check the name") from error
    except OSError as error:
        raise DeliveryRefused(f"{file} cannot be read ({error.strerror}); check who may read it") from error


def _scan(file: Path, handle: BinaryIO, delimiter: bytes) -> Inspected:
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    lines, delimiters, plain, separators, last = 0, 0, True, False, b"\n"
    while chunk := handle.read(_CHUNK_BYTES):
        if not lines and not delimiters and chunk.startswith(_WORKBOOK):
            return _workbook(file, handle, chunk)
        chunk += handle.readline(_LONGEST_LINE_BYTES)
        _refuse_unreadable(file, chunk, lines, decoder)
        if len(chunk) >= _LONGEST_LINE_BYTES:
            line = lines + chunk.count(b"\n") + 1
            raise DeliveryRefused(f"{file}:{line}: the line is over 48 MB long; send the file with one row a line")
        digest.update(chunk)
        # One blank line, quotation mark or lone carriage return is enough: the careful reader then takes the file.
        plain = plain and not _needs_care(chunk, last)
        separators = separators or b"\x1f" in chunk
        lines += chunk.count(b"\n")
        delimiters += chunk.count(delimiter)
        last = chunk[-1:]
    if not lines and last == b"\n":
        raise DeliveryRefused(f"{file} is empty; ask the sender for the file again")
    return Inspected(file, digest.hexdigest(), lines + (last != b"\n"), plain, separators, delimiters)


def _workbook(file: Path, handle: BinaryIO, begun: bytes) -> Inspected:
    digest = hashlib.sha256(begun)
    while chunk := handle.read(_CHUNK_BYTES):
        digest.update(chunk)
    return Inspected(file, digest.hexdigest(), 0, False, False, 0, is_workbook=True)


def _refuse_unreadable(file: Path, chunk: bytes, lines: int, decoder: codecs.IncrementalDecoder) -> None:
    foreign = next((said for begun, said in _FOREIGN.items() if chunk.startswith(begun)), None) if lines == 0 else None
    if foreign:
        raise DeliveryRefused(f"{file} {foreign} and send it again")
    if lines == 0 and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DeliveryRefused(f"{file}:1: the file is UTF-16; save it as UTF-8 and send it again")
    nul = chunk.find(b"\0")
    if nul >= 0:
        line = lines + chunk.count(b"\n", 0, nul) + 1
        raise DeliveryRefused(
            f"{file}:{line}: the file is not text (it holds a NUL); send it as CSV or NDJSON in UTF-8"
        )
    try:
        decoder.decode(chunk, final=True)
    except UnicodeDecodeError as error:
        line = lines + chunk.count(b"\n", 0, error.start) + 1
        raise DeliveryRefused(
            f"{file}:{line}: the text is not UTF-8; save the file as UTF-8 and send it again"
        ) from error


def _needs_care(chunk: bytes, last: bytes) -> bool:
    if b'"' in chunk or b"\n\n" in chunk or b"\n\r\n" in chunk:
        return True
    return (last == b"\n" and chunk[:1] in b"\r\n") or chunk.count(b"\r") != chunk.count(b"\r\n")
