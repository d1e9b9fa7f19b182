"""Taking a published codelist into a programme's folder, exactly as downloaded, or refusing it in one sentence."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

from wherry.foundation.errors import InputWrong
from wherry.population.writing import together

_CODE_HEADERS = ("code", "id", "conceptid", "concept_id", "snomedcode", "snomed_code", "dmd_id", "snomedctconceptid")
_TERM_HEADERS = ("term", "name", "description", "fsn", "preferred_term", "dmd_name", "ethnicity")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,17}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_LARGEST = 20_000_000


@dataclass(frozen=True)
class Taken:
    """What was written. codes: rows now; before: rows the programme's list had, 0 for a new one."""

    path: Path
    codes: int
    before: int


def take_in(*, file: Path, programme: Path, name: str, system: str, source: str | None, licence: str) -> Taken:
    """
    Write `codelists/<name>.csv` and `<name>.yaml` of a programme from a published list.

    Raises InputWrong, with the file and line, for what cannot be a codelist; nothing is written then.
    """
    if not _NAME.fullmatch(name):
        raise InputWrong(f"a list's name is small letters, digits and underscores; {name[:40]!r} is not")
    if not (programme / "programme.yaml").is_file() and not (programme / "codelists").is_dir():
        raise InputWrong(f"{programme} is not a programme's folder; name the folder that holds programme.yaml")
    pairs = read_published(file=file)
    target = programme / "codelists" / f"{name}.csv"
    before = len(read_published(file=target)) if target.is_file() else 0
    target.parent.mkdir(exist_ok=True)
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(("code", "term"))
    rows.writerows(pairs.items())
    about = {"system": system, "source": source or file.name, "licence": licence, "illustrative": False}
    # JSON text is YAML text too, and quotes what the user typed.
    with together(target.with_suffix(".yaml"), target) as (new_about, new_list):
        new_about.write_text("".join(f"{key}: {json.dumps(told)}\n" for key, told in about.items()), encoding="utf-8")
        new_list.write_text(written.getvalue(), encoding="utf-8")
    return Taken(target, len(pairs), before)


def read_published(*, file: Path) -> dict[str, str]:
    """
    Read code → term in file order; a code listed twice is one, with its first term.

    A code marked inactive stays: it is no longer given out, but old records hold it, and leaving it out would leave
    their people out. Hazard: H-11.
    """
    header, *rows = _rows(file)
    names = [re.sub(r"\s+", "", cell.strip().lower()) for cell in header]
    code_at = next((names.index(each) for each in _CODE_HEADERS if each in names), None)
    if code_at is None:
        raise InputWrong(f"{file}:1: no column is called code; a published list begins with a line such as code,term")
    term_at = next((names.index(each) for each in _TERM_HEADERS if each in names), None)
    pairs: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        code = _cell(row, code_at)
        if not _CODE.fullmatch(code):
            raise InputWrong(
                f"{file}:{line}: {_why_not_a_code(code)}; download the list again and do not open it first"
            )
        pairs.setdefault(code, _cell(row, term_at) if term_at is not None else "")
    if not pairs:
        raise InputWrong(f"{file} holds no codes; download the list again")
    return pairs


def _rows(file: Path) -> list[list[str]]:
    if not file.is_file():
        raise InputWrong(f"{file} is not there, or is a folder; name the downloaded CSV file")
    if file.stat().st_size > _LARGEST:
        raise InputWrong(f"{file} is too large for a codelist; name the downloaded CSV file")
    content = file.read_bytes()
    if b"\0" in content:
        raise InputWrong(f"{file} is not text; save or download it as CSV, not as a workbook")
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputWrong(f"{file} is not CSV in UTF-8; download it again") from error
    if not rows:
        raise InputWrong(f"{file} is empty; download it again")
    return rows


def _cell(row: list[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _why_not_a_code(code: str) -> str:
    if not code:
        return "this row has no code"
    if re.fullmatch(r"[0-9.]+[eE]\+[0-9]+", code):
        return "a spreadsheet has shortened this code, and its last digits are lost"
    return "this is not a code"
