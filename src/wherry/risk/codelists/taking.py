"""From a published list to `codelists/<name>.csv` and the file beside it that says where it came from."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wherry.foundation.digests import sha256_of_bytes
from wherry.foundation.errors import InputWrong
from wherry.population.writing import together
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.marked_yaml import read_section
from wherry.risk.codelists.published import Published, Wanted, published
from wherry.risk.codelists.shapes import drug_extension, spelt, why_not

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
#: A programme refuses a larger file when it is loaded.
_LARGEST_WRITTEN = 5_000_000
#: Publishers put a version's date or short hash at the end of the file's name.
_VERSION = re.compile(r"-(\d{4}-\d{2}-\d{2}|[0-9a-f]{8})$")
#: What the programme's people wrote about the list, which a newer version of it leaves as it is.
_KEPT = ("words", "units")


@dataclass(frozen=True)
class Origin:
    """Where a list comes from, as the person importing it says."""

    source: str | None = None
    version: str | None = None
    licence: str = "not stated by the person who imported it"


@dataclass(frozen=True)
class Taken:
    """What was written. codes: in the list now; before: codes the programme's list had, 0 for a new one."""

    path: Path
    codes: int
    before: int
    system: str
    repeated: int = 0
    left: int = 0


def take_in(
    *,
    file: Path,
    programme: Path,
    name: str,
    system: str | None = None,
    source: str | None = None,
    licence: str = Origin.licence,
    version: str | None = None,
    column: str | None = None,
    only: dict[str, str] | None = None,
) -> Taken:
    """
    Write `codelists/<name>.csv` and `<name>.yaml` of a programme from a published list; the same file, the same bytes.

    system: None takes that of the programme's list of this name, else what the file's header or its codes say.
    Raises InputWrong, with the file and line, for what cannot be a list of one system; nothing is written then.
    """
    target = _target(programme, name)
    before = _about(target)
    known = system or before.get("system")
    found = published(file=file, wanted=Wanted(known, column, only or {}))
    decided = known or found.system or _system_by_codes(file, found)
    if before.get("system") not in (None, decided):
        what = f"the programme's list {name} is {spelt(before['system'])}, and this would be {spelt(decided)}"
        raise InputWrong(f"{file}: {what}; the rules that read it name its system, so choose another --name")
    _refuse_other_systems(file, found, decided)
    codes_before = len(published(file=target, wanted=Wanted()).pairs) if target.is_file() else 0
    origin = Origin(source or file.name, version or _version_of(file), licence)
    # A list taken from another programme stays the sample it is there.
    beside = _about(file) if file != target else {}
    content = _content(target, found)
    told = _told({**beside, **before}, decided, origin, file, only, sample=beside)
    _write(target, content, {**told, "codes_sha256": sha256_of_bytes(content)})
    return Taken(target, len(found.pairs), codes_before, decided, found.repeated, found.left)


def _target(programme: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise InputWrong(f"a list's name is small letters, digits and underscores; {name[:40]!r} is not")
    if not (programme / "programme.yaml").is_file() and not (programme / "codelists").is_dir():
        raise InputWrong(f"{programme} is not a programme's folder; name the folder that holds programme.yaml")
    return programme / "codelists" / f"{name}.csv"


def _about(target: Path) -> dict[str, Any]:
    about = target.with_suffix(".yaml")
    if not about.is_file():
        return {}
    try:
        told = read_section(path=str(about), content=about.read_bytes()).data
    except ProgrammeUnreadable as error:
        raise InputWrong(f"{error}; mend or remove it, then import again") from error
    return told if isinstance(told, dict) else {}


def _system_by_codes(file: Path, found: Published) -> str:
    """Tell dm+d from SNOMED CT by the namespace some of the codes name; no other system is guessed."""
    for code, line in found.lines.items():
        wrong = why_not(code=code, system="dmd" if drug_extension(code) else "snomed")
        if wrong:
            raise InputWrong(f"{file}:{line}: {code} is no SNOMED CT code: {wrong}; if it is of another, give --system")
    return "dmd" if any(drug_extension(code) for code in found.pairs) else "snomed"


def _refuse_other_systems(file: Path, found: Published, system: str) -> None:
    for code, line in found.lines.items():
        wrong = why_not(code=code, system=system)
        if wrong:
            mend = "import each code system as a list of its own, or download the list again"
            raise InputWrong(f"{file}:{line}: {code} is no {spelt(system)} code: {wrong}; {mend}")


def _version_of(file: Path) -> str | None:
    found = _VERSION.search(file.stem)
    return found.group(1) if found else None


def _told(
    before: dict[str, Any],
    system: str,
    origin: Origin,
    file: Path,
    only: dict[str, str] | None,
    *,
    sample: dict[str, Any],
) -> dict[str, object]:
    told: dict[str, object] = {key: before[key] for key in _KEPT if key in before}
    told |= {"system": system, "source": origin.source}
    told |= {"version": origin.version} if origin.version else {}
    told |= {"only": only} if only else {}
    told |= {"sha256": sha256_of_bytes(file.read_bytes()), "licence": origin.licence}
    return {**told, "illustrative": sample.get("illustrative") is True}


def _content(target: Path, found: Published) -> bytes:
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(("code", "term"))
    rows.writerows(found.pairs.items())
    content = written.getvalue().encode()
    if len(content) > _LARGEST_WRITTEN:
        raise InputWrong(
            f"{target.name} would be larger than a programme's files may be; take a part of it with --only"
        )
    return content


def _write(target: Path, content: bytes, told: dict[str, object]) -> None:
    target.parent.mkdir(exist_ok=True)
    # JSON text is YAML text too, and quotes what the user typed.
    about = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in told.items())
    with together(target.with_suffix(".yaml"), target) as (new_about, new_list):
        new_about.write_text(about, encoding="utf-8")
        new_list.write_bytes(content)
