"""What places there are, what each may change, and what each has changed, with who agreed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wherry.journeys.show_programme.saying import day, first_up, plain, said, spaced
from wherry.journeys.show_programme.types import Chapter, Item, Part
from wherry.programmes.types import Layer, Origin, ProgrammeFiles

KEY, TITLE = "places", "Places, and what they may change"
_ONLY = {
    "add": "may only be added to",
    "lower": "may only be lowered",
    "raise": "may only be raised",
    "words": "only its words may be changed",
}


def chapter(*, places: Sequence[Any], allowed: Sequence[Any], resolved: Mapping[str, ProgrammeFiles]) -> Chapter:
    """
    Say what places may change and what they did.

    places, allowed: as `programme.yaml` lists them; resolved: place → the programme as it holds there.
    """
    bounds = (
        "Whatever is listed here, no place can take anything away, make anything less urgent or later, lose anybody"
        " from the list or tell more of anybody."
    )
    named = tuple(Item(f"place.{one}", first_up(spaced(one)), (), code=str(one)) for one in places)
    may = tuple(map(_may_change, allowed))
    parts = [Part("Where it holds", named), Part("What a place may change", may, intro=(bounds,))]
    parts += [
        Part(f"What is different in {first_up(spaced(place))}", tuple(_changes(place, files)))
        for place, files in resolved.items()
    ]
    return Chapter(KEY, TITLE, tuple(parts))


def _may_change(one: Any) -> Item:
    if not isinstance(one, Mapping):
        return Item(f"may.{one}", _path_in_words(str(one)), (), code=str(one))
    rest = dict(one)
    path, only = str(rest.pop("path", "")), rest.pop("only", None)
    told = [said("", first_up(_ONLY.get(only, f"may only be changed: {spaced(only)}")))] if only else []
    told += [said(first_up(spaced(key)), plain(value)) for key, value in rest.items()]
    return Item(f"may.{path}", _path_in_words(path), tuple(told), code=path)


def _path_in_words(path: str) -> str:
    steps = ["each" if step == "*" else spaced(step) for step in path.split(".")]
    return first_up(" › ".join(steps))


def _changes(place: str, files: ProgrammeFiles) -> list[Item]:
    found = [one for one in files.origins.values() if one.layer is Layer.PLACE]
    return [_change(place, one, files) for one in found] or [Item(f"{place}.none", "Nothing", ())]


def _change(place: str, one: Origin, files: ProgrammeFiles) -> Item:
    section, *keys = one.path.split(".")
    told = [
        said("Is", *_lines(_value(files, one))),
        said("Centrally", *(["not there"] if one.central_value is None else _lines(one.central_value))),
        said("Agreed", f"By {one.agreed_by} on {day(one.agreed_on)}"),
    ]
    title = f"{first_up(spaced(place))}: {_path_in_words('.'.join([section, *keys]))}"
    return Item(f"{place}.{one.path}", title, tuple(told), code=one.path)


def _lines(value: Any) -> list[str]:
    """Say a value on as many lines as it has parts."""
    if isinstance(value, Mapping):
        return [f"{spaced(key)}: {plain(each)}" for key, each in value.items()]
    return [plain(each) for each in value] if isinstance(value, list) and value else [plain(value)]


def _value(files: ProgrammeFiles, one: Origin) -> Any:
    where = next(key for key, origin in files.origins.items() if origin is one)
    section = max((name for name in files.sections if where.startswith(f"{name}.")), key=len, default="")
    here: Any = files.sections[section].data if section else None
    for step in where.removeprefix(f"{section}.").split("."):
        here = here[int(step)] if isinstance(here, list) else here.get(step) if isinstance(here, Mapping) else None
    return here


def mark(origin: Origin, below: str) -> str:
    """Say in a few words what a place changed, and who agreed. below: the part of the item that is meant."""
    before = "added" if origin.central_value is None else f"centrally {plain(origin.central_value)}"
    where = f"{below}: " if below else ""
    return f"{where}{origin.place}: agreed by {origin.agreed_by} on {origin.agreed_on}; {before}"
