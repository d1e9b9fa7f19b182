"""Read a programme's folder from disk. Nothing here executes content, opens a database or reaches the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from wherry.foundation.digests import sha256_of, sha256_of_bytes
from wherry.foundation.problems import Problem
from wherry.programmes import codelists, overlay
from wherry.programmes.definition import allowances
from wherry.programmes.errors import ProgrammeNotFound, ProgrammeUnreadable
from wherry.programmes.marked_yaml import read_section
from wherry.programmes.rules.paths import PLACE_NAME
from wherry.programmes.types import Codelist, ProgrammeFiles, Section

Read = TypeVar("Read")
_LARGEST_FILE_BYTES = 5_000_000


def load(directory: Path | str, *, place: str | None = None) -> ProgrammeFiles:
    """
    Read, hash and resolve a programme, with the overlay of one place if it has one.

    The hash covers every file of the folder that is not hidden, by relative path and content, and the overlay.
    Raises ProgrammeNotFound, or ProgrammeUnreadable with every problem found, each at its file and line.
    Hazard: H-10 (a wrong version of the rules is used).
    """
    folder = Path(directory)
    contents = contents_of(folder)
    sections, lists, cases = _read_all(folder, contents)
    hashes = {name: sha256_of_bytes(content) for name, content in contents.items()}
    found = _overlay(folder, sections, place)
    overlay_hash = found[1] if found else None
    files = ProgrammeFiles(
        directory=str(folder),
        name=folder.resolve().name,
        sections=sections,
        codelists=lists,
        cases=cases,
        hash=f"sha256:{sha256_of({'files': hashes, 'place': place, 'overlay': overlay_hash})}",
        place=place,
        overlay_hash=overlay_hash,
    )
    return _in_place(files, found[0]) if found else files


def contents_of(folder: Path) -> dict[str, bytes]:
    """Give every file of a programme's folder that is not hidden, by relative path. Raises ProgrammeNotFound."""
    if not (folder / "programme.yaml").is_file():
        found = "is not a folder" if not folder.is_dir() else "holds no programme.yaml"
        raise ProgrammeNotFound(f"{folder} {found}; name a programme's folder, such as programmes/covid_protect")
    contents = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder)
        if not file.is_file() or any(part.startswith(".") for part in name.parts):
            continue
        if file.stat().st_size > _LARGEST_FILE_BYTES:
            what = f"the file is larger than {_LARGEST_FILE_BYTES // 1_000_000} MB"
            raise ProgrammeUnreadable([Problem(str(file), 0, what, "a programme's files are small; split it")])
        contents[name.as_posix()] = file.read_bytes()
    return contents


def _read_all(
    folder: Path, contents: Mapping[str, bytes]
) -> tuple[dict[str, Section], dict[str, Codelist], dict[str, Section]]:
    problems: list[Problem] = []
    yamls: dict[str, Section] = {}
    for name, content in contents.items():
        if name.endswith(".yml"):
            problems.append(Problem(str(folder / name), 0, "the name ends in .yml", "rename it to end in .yaml"))
        if name.endswith(".yaml"):
            read = _collect(problems, partial(read_section, path=str(folder / name), content=content))
            if read:
                yamls[name.removesuffix(".yaml")] = read
    lists: dict[str, Codelist] = {}
    for name, content in contents.items():
        if name.startswith("codelists/") and name.endswith(".csv"):
            stem = name.removesuffix(".csv")
            read_list = _collect(problems, partial(_codelist, folder, name, content, yamls.get(stem)))
            if read_list:
                lists[stem.removeprefix("codelists/")] = read_list
    if problems:
        raise ProgrammeUnreadable(problems)
    cases = {name: section for name, section in yamls.items() if name.startswith("cases/")}
    apart = ("cases/", "codelists/")
    return {name: section for name, section in yamls.items() if not name.startswith(apart)}, lists, cases


def _collect(problems: list[Problem], read: Callable[[], Read]) -> Read | None:
    try:
        return read()
    except ProgrammeUnreadable as error:
        problems.extend(error.problems)
        return None


def _codelist(folder: Path, name: str, content: bytes, about: Section | None) -> Codelist:
    stem = Path(name).stem
    return codelists.read_codelist(name=stem, path=str(folder / name), content=content, about=about)


def _overlay(folder: Path, sections: Mapping[str, Section], place: str | None) -> tuple[overlay.Overlay, str] | None:
    """Read the place's file with its hash; None without a place, or for a place that changes nothing."""
    if place is None:
        return None
    programme = sections["programme"]
    places = _texts(programme, "places")
    if place not in places or not PLACE_NAME.fullmatch(place):
        raise ProgrammeNotFound(f'{programme.path} has no place "{place}"; its places are {", ".join(places)}')
    file = folder.resolve().parent / "places" / place / f"{folder.resolve().name}.yaml"
    if not file.is_file():
        return None
    content = file.read_bytes()
    shown = str(folder.parent / "places" / place / file.name)
    read = overlay.read_overlay(place=place, section=read_section(path=shown, content=content))
    return read, f"sha256:{sha256_of_bytes(content)}"


def _in_place(files: ProgrammeFiles, found: overlay.Overlay) -> ProgrammeFiles:
    allowed = allowances(files.sections["programme"])
    resolved, origins = overlay.apply(overlay=found, sections=files.sections, allowed=allowed)
    cases = {**files.cases, **found.cases}
    return replace(files, sections=resolved, origins=origins, cases=cases, overlay_path=found.section.path)


def places_of(files: ProgrammeFiles) -> tuple[str, ...]:
    """Give the places a programme names, of a programme that may not have been checked."""
    return tuple(_texts(files.sections["programme"], "places"))


def _texts(programme: Section, key: str) -> list[str]:
    # Read before anything is held against its schema, so nothing may be taken for granted.
    found = programme.data.get(key) if isinstance(programme.data, dict) else None
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
