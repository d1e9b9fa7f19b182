"""Files under `places/` that belong to nothing: a mistyped programme or place would else be passed over in silence."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

from wherry.foundation.problems import Problem

_READ_BY_PEOPLE = (".md", ".txt")


def strays(*, directory: Path | str, places: Sequence[str]) -> tuple[Problem, ...]:
    """
    Find what no load would ever read, of the folder `places/` beside a programme.

    places: those the programme names; of another programme's files only the names are looked at.
    Hazard: H-10 (a place believes that its change holds, and it does not).
    """
    folder = Path(directory)
    programmes = sorted(file.parent.name for file in folder.resolve().parent.glob("*/programme.yaml"))
    found: list[Problem] = []
    for entry in _shown(folder.parent / "places"):
        if entry.is_dir():
            for file in _shown(entry):
                found += _of_file(file, folder.resolve().name, programmes, places)
        elif entry.suffix not in _READ_BY_PEOPLE:
            found.append(Problem(str(entry), 0, "this is no place's folder", "move it into the folder of its place"))
    return tuple(found)


def _shown(folder: Path) -> list[Path]:
    there = folder.iterdir() if folder.is_dir() else ()
    return sorted(one for one in there if not one.name.startswith("."))


def _of_file(file: Path, name: str, programmes: Sequence[str], places: Sequence[str]) -> Iterator[Problem]:
    if file.is_dir() or file.suffix != ".yaml":
        if file.suffix not in _READ_BY_PEOPLE:
            mend = "name it as its programme, ending in .yaml, or remove it"
            yield Problem(str(file), 0, "no part of Wherry reads this", mend)
    elif file.stem not in programmes:
        mend = f"{_meant(file.stem, programmes)}rename the file, or remove it"
        yield Problem(str(file), 0, f"there is no programme {file.stem}", mend)
    elif file.stem == name and file.parent.name not in places:
        mend = f"{_meant(file.parent.name, places)}rename the folder, or name the place in programme.yaml"
        yield Problem(str(file), 0, f"the programme {name} has no place {file.parent.name}", mend)


def _meant(name: str, known: Sequence[str]) -> str:
    alike = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {alike[0]}? " if alike else ""
