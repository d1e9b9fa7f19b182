"""
Which encoding a text is in: decided openly and said in the receipt, refused where it cannot be told.

UTF-8 is certain: other text hardly ever passes for it. UTF-16 counts with its byte order mark. What is left is
Windows-1252 (Latin-1 is the same, its control characters apart) or something else that fits as well, and then letters
of names would be changed in silence: so every line must look like Windows-1252.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from wherry.feeds.errors import DeliveryRefused

WORDS = {"cp1252": "Windows-1252", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
"""The encodings read beside UTF-8, as a receipt names them."""

CHUNK_BYTES = 1 << 24
LONGEST_LINE_BYTES = 48 << 20
_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_MULTIBYTE_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NOT_1252 = re.compile(
    rb"[\x81\x8d\x8f\x90\x9d]"  # undefined in it; ü, ì, Å, É in DOS code page 850
    # Signs where no sign stands, after a letter or between two: letters of 850, Mac OS Roman, 1250 or 8859-2.
    rb"|[A-Za-z][\x82-\x84\x88\x89\x8b\x98\x9b\xa1-\xa3\xa5\xa6\xb1\xb6\xb8\xb9\xbc-\xbf]"
    rb"|[A-Za-z][\x80\x85-\x87\x93-\x95\x99\xa0\xa4\xa7-\xb0\xba\xbb][a-z]"
    rb"|[A-Za-z]{2}[\xb2\xb3](?<![cdkm]m.)|[\xb3\xb6\xb9][a-z]"
    rb"|[a-z][\x8a\x8c\x8e\x9f]"  # a capital amid a word: Mac OS Roman
    rb"|[\xd0\xdd\xde\xf0\xfd\xfe]"  # Icelandic in it, but Turkish in 1254 and Baltic in 1257
    rb"|[\xc0-\xff]{4}"  # Cyrillic or Greek
)


def mark_of(*, path: Path, begun: bytes) -> str | None:
    """Name the encoding a byte order mark promises; None without one. Raises DeliveryRefused for UTF-32."""
    if begun.startswith(_UTF32):
        raise DeliveryRefused(f"{path}:1: the file is UTF-32; save it as UTF-8 and send it again")
    return next((name for mark, name in _MARKS.items() if begun.startswith(mark)), None)


def first_not_utf8(*, chunk: bytes, lines: int) -> int | None:
    """Give the number of the line that is not UTF-8, of a chunk of whole lines that `lines` came before."""
    if chunk.isascii():
        return None
    try:
        chunk.decode()
    except UnicodeDecodeError as error:
        return lines + chunk.count(b"\n", 0, error.start) + 1
    return None


def refuse_unless_1252(*, path: Path, handle: BinaryIO, line: int) -> None:
    """Refuse text that is not UTF-8 (first seen at `line`) unless all of it can well be Windows-1252."""
    lines = 0
    for chunk in line_chunks(handle=handle, encoding="utf-8"):
        found = _MULTIBYTE_UTF8.search(chunk)
        if found:
            other = lines + chunk.count(b"\n", 0, found.start()) + 1
            raise DeliveryRefused(
                f"{path}:{line}: the text is not UTF-8 here, but at line {other} it is; save the whole file as UTF-8"
                " and send it again"
            )
        found = _NOT_1252.search(chunk)
        if found:
            at = lines + chunk.count(b"\n", 0, found.start()) + 1
            raise DeliveryRefused(
                f"{path}:{at}: the text is not UTF-8, nor plainly Windows-1252, so that names could be changed; save"
                " the file as UTF-8 and send it again"
            )
        lines += chunk.count(b"\n")


def line_chunks(*, handle: BinaryIO, encoding: str) -> Iterator[bytes]:
    """
    Give a file's text in UTF-8, in chunks of whole lines, but for one whose line is longer than any may be.

    Memory: one chunk and one line. Raises UnicodeDecodeError for what is not in the encoding (UTF-8 is handed on as it
    is).
    """
    return _raw(handle) if encoding == "utf-8" else _recoded(handle, encoding)


def as_utf8(*, path: Path, encoding: str, copy: Path) -> Path:
    """Give a file to read as UTF-8: the file itself, or where it is in another encoding a copy of it."""
    if encoding == "utf-8":
        return path
    with path.open("rb") as handle, copy.open("wb") as written:
        for chunk in line_chunks(handle=handle, encoding=encoding):
            written.write(chunk)
    return copy


def _raw(handle: BinaryIO) -> Iterator[bytes]:
    while chunk := handle.read(CHUNK_BYTES):
        yield chunk if chunk.endswith(b"\n") else chunk + handle.readline(LONGEST_LINE_BYTES + 1)


def _recoded(handle: BinaryIO, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    rest = ""
    while chunk := handle.read(CHUNK_BYTES):
        text = rest + decoder.decode(chunk)
        whole = len(text) if len(text) > LONGEST_LINE_BYTES else text.rfind("\n") + 1
        rest = text[whole:]
        if whole:
            yield text[:whole].encode()
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest.encode()
