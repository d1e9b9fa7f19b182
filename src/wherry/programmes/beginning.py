"""Begin a programme: the smallest one that passes every check, copied under its own name, its places to fill marked."""

from __future__ import annotations

import re
from pathlib import Path

from wherry.foundation.content import content_folder
from wherry.programmes.errors import CannotBeginHere

#: How a place to fill is marked in the files of the template.
MARK = "FILL IN"
_TEMPLATE = "smallest"
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")


def begin(*, directory: Path) -> tuple[Path, ...]:
    """
    Write the smallest programme into a folder that is new or empty; its last part is the programme's code.

    Returns the files written, in order. Raises CannotBeginHere; nothing that stands there is written over.
    """
    code = directory.resolve().name
    if not _CODE.fullmatch(code):
        raise CannotBeginHere(f"{code} cannot be a programme's code; name the folder in small letters, such as flood")
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise CannotBeginHere(f"{directory} is not empty; name a new folder")
    template = content_folder("programmes") / "templates" / _TEMPLATE
    return tuple(_copied(file, directory / file.relative_to(template), code) for file in _files(template))


def _files(template: Path) -> list[Path]:
    return [file for file in sorted(template.rglob("*")) if file.is_file()]


def _copied(file: Path, to: Path, code: str) -> Path:
    text = file.read_text(encoding="utf-8")
    name = code.replace("_", " ").capitalize()
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(text.replace(f"{_TEMPLATE.capitalize()} programme", name).replace(_TEMPLATE, code), encoding="utf-8")
    return to
