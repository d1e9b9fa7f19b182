"""Read a codelist as it lies in a programme: `codelists/<name>.csv` (code,term) and `<name>.yaml` beside it."""

from __future__ import annotations

import csv
import io
from typing import Any

from wherry.foundation.digests import sha256_of_bytes
from wherry.foundation.problems import Problem
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.types import CODE_SYSTEMS, Codelist, Section

_TEXT = {"type": "string", "minLength": 1}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "codelists/*.yaml: where a list comes from",
    "type": "object",
    "required": ["system", "source", "licence", "illustrative"],
    "properties": {
        "words": {**_TEXT, "description": "What the list holds."},
        "system": {"enum": list(CODE_SYSTEMS), "description": "The one code system of its codes."},
        "units": {"type": "array", "items": _TEXT, "description": "The units a value of it may be read in."},
        "source": {**_TEXT, "description": "Where it was published."},
        "version": {**_TEXT, "description": "The version or date it was published as."},
        "sha256": {**_TEXT, "description": "The hash of the file it was imported from."},
        "codes_sha256": {**_TEXT, "description": "The hash of the list as the import wrote it."},
        "licence": _TEXT,
        "illustrative": {"type": "boolean", "description": "A small sample, not for clinical use."},
    },
}


#: What a codelist says of itself under a name of its own.
_OWN = frozenset({"system", "source", "licence", "illustrative", "units"})


def read_codelist(*, name: str, path: str, content: bytes, about: Section | None) -> Codelist:
    """
    Read one codelist. Codes are kept as text, in file order.

    about: the file beside it with `system`, `source`, `licence`, `illustrative`.
    Raises ProgrammeUnreadable naming file and line: no `code` column, an empty or repeated code, no file beside it, or
    codes that are not those an import wrote. Hazard: H-10.
    """
    if about is None or not isinstance(about.data, dict):
        what = "nothing beside this list says where it comes from"
        raise ProgrammeUnreadable([Problem(path, 0, what, f"add {name}.yaml with system, source and licence")])
    told = about.data
    if told.get("codes_sha256") not in (None, sha256_of_bytes(content)):
        what = "these are not the codes that were imported: the import was cut short, or a hand changed them"
        mend = f"import the list again, or take codes_sha256 out of {name}.yaml and say there who changed it"
        raise ProgrammeUnreadable([Problem(path, 1, what, mend)])
    return Codelist(
        name=name,
        path=path,
        system=str(told.get("system") or "snomed"),
        pairs=_pairs(path, content),
        source=str(told.get("source") or ""),
        licence=str(told.get("licence") or ""),
        illustrative=bool(told.get("illustrative", False)),
        units=tuple(map(str, told.get("units") or ())),
        about={str(key): str(one) for key, one in told.items() if key not in _OWN and one is not None},
    )


def _pairs(path: str, content: bytes) -> dict[str, str]:
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ProgrammeUnreadable([Problem(path, 1, "this is not UTF-8 CSV", "save it as CSV in UTF-8")]) from error
    header = [name.strip().lower() for name in rows[0]] if rows else []
    if "code" not in header:
        raise ProgrammeUnreadable([Problem(path, 1, "there is no column `code`", "begin with a line `code,term`")])
    code_at, term_at = header.index("code"), header.index("term") if "term" in header else None
    return _collected(path, rows[1:], code_at, term_at)


def _collected(path: str, rows: list[list[str]], code_at: int, term_at: int | None) -> dict[str, str]:
    pairs: dict[str, str] = {}
    problems = []
    for line, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        code = row[code_at].strip() if code_at < len(row) else ""
        if not code:
            problems.append(Problem(path, line, "this row has no code", "add the code or remove the row"))
        elif code in pairs:
            problems.append(Problem(path, line, f"the code {code} is listed twice", "keep one of them"))
        pairs[code] = row[term_at].strip() if term_at is not None and term_at < len(row) else ""
    if not pairs:
        problems.append(Problem(path, 1, "the list is empty", "add its codes"))
    if problems:
        raise ProgrammeUnreadable(problems)
    return pairs
