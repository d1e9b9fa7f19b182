"""Reading a published list as it was downloaded: its columns found, codes told from what spreadsheets make of them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wherry.foundation.errors import InputWrong

# Headers, small letters and digits only, as the publishers write them. The first found wins.
HEADERS = {
    "snomed": "snomedcode snomedctcode snomedconceptid snomedctconceptid conceptid sctid snomedid snomedctid snomed",
    "dmd": "dmdid dmdcode dmd",
    "icd10": "icd10code icd10 icdcode icd",
    "opcs4": "opcs4code opcs4 opcscode opcs",
    "bnf": "bnfcode bnf",
    "rxnorm": "rxcui rxnorm",
    "read": "readcode ctv3id ctv3code ctv3 readv2code",
}
_ANY_SYSTEM = ("code", "id")
_TERMS = (
    *("term", "name", "description", "codedescription", "fsn", "preferredterm", "dmdname", "bnfname"),
    *("ctv3preferredtermdesc", "snomedconceptdescription", "rubric", "ethnicity"),
)
_SYSTEM_COLUMNS = ("system", "codesystem", "codingsystem", "terminology", "vocabulary")
_CODE = re.compile(r"[A-Za-z0-9.][A-Za-z0-9.\-_*+†]{0,59}")
_LARGEST = 20_000_000
_HEADER_WITHIN = 20


@dataclass(frozen=True)
class Published:
    """
    What a file holds. system: what its header says of the code system, None where it says nothing.

    pairs: code → term in file order, the first term of a code listed twice; lines: code → its line; repeated: rows
    whose code was there before; left: rows `only` left out.
    """

    pairs: dict[str, str]
    lines: dict[str, int]
    system: str | None = None
    repeated: int = 0
    left: int = 0


@dataclass(frozen=True)
class Wanted:
    """What to take from a file. column: that of the codes; only: column → the one value rows must have there."""

    system: str | None = None
    column: str | None = None
    only: dict[str, str] = field(default_factory=dict)


def read_published(*, file: Path, wanted: Wanted | None = None) -> dict[str, str]:
    """Read code → term in file order, of any system; raises InputWrong with the file and line."""
    return published(file=file, wanted=wanted or Wanted()).pairs


def published(*, file: Path, wanted: Wanted) -> Published:
    """
    Read a list, raising InputWrong with the file and line for what cannot be one.

    A code marked inactive stays: it is no longer given out, but old records hold it, and leaving it out would leave
    their people out. Hazard: H-11.
    """
    rows = list(_rows(file))
    at, names = _header(file, rows, wanted)
    system, code_at = _code_column(file, rows[at][0], names, wanted)
    term_at = next((names.index(each) for each in _TERMS if each in names and names.index(each) != code_at), None)
    only = {_column(file, rows[at][0], names, column): value for column, value in wanted.only.items()}
    pairs: dict[str, str] = {}
    lines: dict[str, int] = {}
    kept: list[tuple[int, list[str]]] = []
    filled = [(line, row) for line, row in rows[at + 1 :] if any(cell.strip() for cell in row)]
    for line, row in filled:
        if all(_cell(row, column) == value for column, value in only.items()):
            kept.append((line, row))
            code = _code(file, line, _cell(row, code_at))
            pairs.setdefault(code, _cell(row, term_at) if term_at is not None else "")
            lines.setdefault(code, line)
    _refuse_several_systems(file, names, kept)
    if not pairs:
        what = "no row has what --only asks for; check it" if only and filled else "holds no codes; download it again"
        raise InputWrong(f"{file}: {what}" if only and filled else f"{file} {what}")
    return Published(pairs, lines, system, len(kept) - len(pairs), len(filled) - len(kept))


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    if not file.is_file():
        raise InputWrong(f"{file} is not there, or is a folder; name the downloaded CSV file")
    if file.stat().st_size > _LARGEST:
        raise InputWrong(f"{file} is too large for a codelist; name the downloaded CSV file")
    text = _text(file, file.read_bytes())
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise InputWrong(f"{file} is empty; download it again")
    delimiter = max(",\t;|", key=first.count)
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputWrong(f"{file}:{line}: this is not CSV; download it again and do not open it first") from error


def _text(file: Path, content: bytes) -> str:
    if b"\0" in content:
        raise InputWrong(f"{file} is not text; save or download it as CSV, not as a workbook")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputWrong(
            f"{file}:{line}: the list is not CSV in UTF-8; download it again, do not open it first"
        ) from error


def _header(file: Path, rows: Sequence[tuple[int, list[str]]], wanted: Wanted) -> tuple[int, list[str]]:
    known = {*_ANY_SYSTEM, *" ".join(HEADERS.values()).split()}
    known |= {_plain(wanted.column)} if wanted.column else set()
    for at, (_, row) in enumerate(rows[:_HEADER_WITHIN]):
        names = [_plain(cell) for cell in row]
        if known & set(names):
            return at, names
    raise InputWrong(
        f"{file}:1: no column is called code; a published list begins with a line such as code,term;"
        " where its codes stand under another name, give it with --column"
    )


def _code_column(file: Path, line: int, names: list[str], wanted: Wanted) -> tuple[str | None, int]:
    """Give the system a header names, and where the codes are: asked for, the system's own, any system's, `code`."""
    owners = {header: system for system, headers in HEADERS.items() for header in headers.split()}
    if wanted.column:
        place = _column(file, line, names, wanted.column)
        return wanted.system or owners.get(names[place]), place
    own = [name for name in names if wanted.system and owners.get(name) == wanted.system]
    others = [name for name in names if name in owners and not wanted.system]
    plain = [name for name in _ANY_SYSTEM if name in names]
    if not (own or others or plain):
        found = ", ".join(name for name in names if name in owners)
        raise InputWrong(f"{file}:{line}: its codes are under {found}, not of the system asked for; check --system")
    name = (own or others or plain)[0]
    return wanted.system or owners.get(name), names.index(name)


def _column(file: Path, line: int, names: list[str], column: str) -> int:
    if _plain(column) not in names:
        raise InputWrong(
            f"{file}:{line}: there is no column {column}; its columns are {', '.join(filter(None, names))}"
        )
    return names.index(_plain(column))


def _plain(header: str) -> str:
    return re.sub(r"[^a-z0-9]", "", header.lower())


def _code(file: Path, line: int, code: str) -> str:
    if _CODE.fullmatch(code) and not re.fullmatch(r"[0-9.]+([eE]\+?[0-9]+|\.0+)", code):
        return code
    raise InputWrong(f"{file}:{line}: {_why_not_a_code(code)}; download the list again and do not open it first")


def _why_not_a_code(code: str) -> str:
    if not code:
        return "this row has no code"
    if re.fullmatch(r"[0-9.]+[eE]\+?[0-9]+", code):
        return "a spreadsheet has shortened this code, and its last digits are lost"
    if re.fullmatch(r"[0-9]+\.0+", code):
        return "a program has read this code as a number, and its digits may be wrong"
    return "this is not a code"


def _refuse_several_systems(file: Path, names: list[str], rows: list[tuple[int, list[str]]]) -> None:
    column = next((names.index(each) for each in _SYSTEM_COLUMNS if each in names), None)
    if column is None or not rows:
        return
    first = _cell(rows[0][1], column)
    other = next(((line, _cell(row, column)) for line, row in rows if _cell(row, column) != first), None)
    if other:
        mend = f'take one at a time, with --only "{names[column]}={first}"'
        raise InputWrong(f"{file}:{other[0]}: this list mixes code systems, {first} and {other[1]}; {mend}")


def _cell(row: list[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""
