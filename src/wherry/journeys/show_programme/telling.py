"""Tell a programme chapter by chapter, in the order of its story; what no chapter knows is told plainly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from wherry.journeys.show_programme.chapters import (
    about,
    agreed,
    answers,
    asked,
    changing,
    codes,
    contact,
    found,
    hazards,
    helping,
    judged,
    messages,
    places,
    script,
)
from wherry.journeys.show_programme.saying import copied, first_up, left_over, plain, said, spaced
from wherry.journeys.show_programme.source import Source
from wherry.journeys.show_programme.types import Chapter, InWords, Item, Part
from wherry.programmes.types import Layer, Origin, ProgrammeFiles

Tell = Callable[[Any, Source], tuple[Part, ...]]
_MESSAGES, _CASES = "messages/", "cases/"
_TOLD: Mapping[str, tuple[str, Tell]] = {
    "programme": (about.TITLE, about.parts),
    "agreements": (agreed.TITLE, agreed.parts),
    "risk": (found.TITLE, found.parts),
    "review": (changing.TITLE, changing.parts),
    "cadence": (contact.TITLE, contact.parts),
    "questionnaire": (asked.TITLE, asked.parts),
    "triage": (answers.TITLE, answers.parts),
    "call_script": (script.TITLE, script.parts),
    "services": (helping.TITLE, helping.parts),
    "measures": (judged.TITLE, judged.parts),
    "hazards": (hazards.TITLE, hazards.parts),
}
# The order of the story; what is not among them comes after, by name.
_ORDER = ("programme", "risk", "review", "cadence", _MESSAGES, "questionnaire", "triage", "call_script", "services")
_LAST = ("measures", "hazards", "agreements")
#: What a chapter meets in a file that was never held against its schema.
_MISSHAPEN = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def in_words(
    *, files: ProgrammeFiles, resolved: Mapping[str, ProgrammeFiles] | None = None, on: dt.date | None = None
) -> InWords:
    """
    Say the whole programme in words, in the order of its story.

    resolved: place → the same as it holds there, for what each place changed; on: the day it is told, if it is to say.
    """
    resolved = resolved if resolved is not None else ({files.place: files} if files.place else {})
    told = [chapter_of(files=files, section=name) for name in sorted(files.sections, key=_rank)]
    lists = codes.chapter(files.codelists)
    if lists:
        at = next((number for number, one in enumerate(told, start=1) if one.key == "risk"), len(told))
        told.insert(at, lists)
    programme = Source(files).data("programme")
    where, allowed = programme.get("places"), programme.get("places_may_change")
    if isinstance(where, list) and isinstance(allowed, list):
        told.append(places.chapter(places=where, allowed=allowed, resolved=resolved))
    told += [_plainly(name, section.data) for name, section in sorted(files.cases.items())]
    return InWords(str(programme.get("name", files.name)), tuple(_about(files, on)), tuple(told))


def _about(files: ProgrammeFiles, on: dt.date | None) -> list[str]:
    told = [f"Definition: {files.hash}"]
    if on is not None:
        told.append(f"As it stood on {on.day} {on:%B} {on.year}.")
    if files.place:
        many = sum(map(_is_placed, files.origins.values()))
        changes = f"{many} change{'s' if many > 1 else ''} of its own" if many else "no changes of its own"
        told.append(f"As it holds in {first_up(spaced(files.place))}, which has {changes}.")
    return told


def _rank(name: str) -> tuple[int, str]:
    kind = _MESSAGES if name.startswith(_MESSAGES) else name
    if kind in _ORDER:
        return _ORDER.index(kind), "" if name == "messages/en" else name
    return (100 + _LAST.index(kind), name) if kind in _LAST else (50, name)


def chapter_of(*, files: ProgrammeFiles, section: str) -> Chapter:
    """Say one section. A file that does not fit its schema is told plainly, as it is written."""
    data = files.sections[section].data
    title, tell = _TOLD.get(section, (None, None))
    if section.startswith(_MESSAGES):
        title, tell = messages.title(section), messages.parts
    if title is None or tell is None:
        return _plainly(section, data)
    rest = copied(data)
    try:
        parts = tell(rest, Source(files))
    except _MISSHAPEN:
        told = _plainly(section, data)
        return replace(
            told, title=title, notes=("This file does not have the shape it should: it is shown as written.",)
        )
    if section == "programme":
        # Told in a chapter of their own, beside what each place did.
        rest = {key: one for key, one in rest.items() if key not in ("places", "places_may_change")}
    parts = tuple(one for one in (*parts, *left_over(rest, data)) if one.items)
    return Chapter(section, title, tuple(_marked(one, files, section) for one in parts))


def _plainly(name: str, data: Any) -> Chapter:
    kind, _, rest = name.partition("/")
    heading = {"cases": "Examples it is held against"}.get(kind, first_up(spaced(kind)))
    title = f"{heading}: {spaced(rest)}" if rest else heading
    if not isinstance(data, dict | list):
        return Chapter(name, title, (Part("", (Item("all", "All of it", (said("", plain(data)),)),)),))
    return Chapter(name, title, left_over(data, data, title=""))


def _marked(part: Part, files: ProgrammeFiles, section: str) -> Part:
    if not files.origins:
        return part
    return replace(part, items=tuple(replace(one, marks=tuple(_marks(one, files, section))) for one in part.items))


def _marks(item: Item, files: ProgrammeFiles, section: str) -> list[str]:
    if not item.path:
        return []
    here = ".".join((section, *map(str, item.path)))
    return [
        places.mark(origin, _below(where, here))
        for where, origin in files.origins.items()
        if _is_placed(origin) and (f"{where}.".startswith(f"{here}.") or f"{here}.".startswith(f"{where}."))
    ]


def _is_placed(origin: Origin) -> bool:
    return origin.layer is Layer.PLACE


def _below(where: str, here: str) -> str:
    return spaced(where.removeprefix(here).strip(".").replace(".", " ")) if where.startswith(f"{here}.") else ""
