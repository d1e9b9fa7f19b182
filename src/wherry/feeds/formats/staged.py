"""What every format hands over: files that passed the first look, and each part's rows as text."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wherry.feeds.types import Part

FAULTS = ("fault", "fault_column", "fault_text")
"""
Columns every source gives beside those of the contract (all text, blanks removed, empty as null) and `said`: all the
row says, by which it is known again; a table gives `answers` too, the reference of a row brought back mended. fault: a
`Rule` that failed in reading, where one did.
"""


class Kind(enum.Enum):
    """What a file begins with, whatever its name says."""

    TEXT = "text"
    WORKBOOK = "workbook"
    PARQUET = "parquet"


@dataclass(frozen=True)
class Inspected:
    """
    A file after the first look: readable text without NUL, a workbook, or Parquet.

    encoding: as Python names it; tidy: text without a lone carriage return or a blank beside a quotation mark; quoted:
    a quotation mark is in it; unit_separators: the character U+001F is.
    """

    path: Path
    sha256: str
    kind: Kind = Kind.TEXT
    encoding: str = "utf-8"
    lines: int = 0
    tidy: bool = False
    quoted: bool = False
    unit_separators: bool = False


@dataclass(frozen=True)
class Source:
    """
    The rows of one file, in order.

    select: gives FAULTS, `said` and the columns of the contract; numbered: it also gives row_number and line, otherwise
    row 1 is at line `first_line`; rows: how many there must be, none of them ragged, for the quick reading to be
    trusted; else `careful` gives the file's rows again.
    """

    file_no: int
    select: str
    numbered: bool = False
    first_line: int = 1
    rows: int | None = None
    careful: Callable[[], Source] | None = None


@dataclass(frozen=True)
class Staged:
    """
    The rows of one part of the contract, file by file.

    unread: headers no contract column answers to; notes: what was decided in reading, for the receipt.
    """

    part: Part
    sources: tuple[Source, ...]
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
