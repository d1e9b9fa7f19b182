"""
How the places differ from the centre and from each other: each key, who agreed to it, when, and how long ago.

In:      a programme as the centre has it and as each place has it
Out:     Variation: in words a lay member reads, and as plain values
Never:   decides whether a difference is allowed: `programmes` did, before anything was laid over
Hazards: H-10 (a rule is weakened in one place)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wherry.journeys.compare_programmes.changes import groups_of
from wherry.journeys.compare_programmes.types import Line
from wherry.journeys.show_programme import in_words
from wherry.journeys.show_programme.saying import first_up, plain, spaced
from wherry.programmes.types import Layer, Origin, ProgrammeFiles

_UNITS = ("hours", "days", "minutes", "seconds")
_NAMED_BY = ("name", "words", "text", "title", "en")
#: Letters of a value that still reads within a sentence.
_SHORT = 60


@dataclass(frozen=True)
class InPlace:
    """
    What one place does otherwise. words: "after 5 hours instead of 6"; details: of something added, label and words.

    age_days: since it was agreed, below 0 where the day is still to come; value: as it is written.
    """

    place: str
    words: str
    agreed_by: str
    agreed_on: dt.date
    age_days: int
    value: Any
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Differing:
    """
    One key in which places differ. path: dotted; subject: what it is about, in words; central: what the centre has, in
    words, empty where it has nothing; as_centrally: the places that leave it as it is.
    """

    path: str
    subject: str
    central: str
    central_value: Any
    places: tuple[InPlace, ...]
    as_centrally: tuple[str, ...]

    @property
    def elsewhere(self) -> str:
        """Say what the places do that leave it as it is."""
        return "As the centre has it" if self.central else "Not there"


@dataclass(frozen=True)
class Chapter:
    """The keys of one file."""

    title: str
    differing: tuple[Differing, ...]


@dataclass(frozen=True)
class Variation:
    """How all places differ. places: every place, with how many keys are its own."""

    definition: str
    on: dt.date
    chapters: tuple[Chapter, ...]
    places: Mapping[str, int]


def variation(*, centre: ProgrammeFiles, places: Mapping[str, ProgrammeFiles], on: dt.date) -> Variation:
    """Lay the places beside the centre. places: place → the programme as it holds there; on: the day it is told."""
    told = in_words(files=centre, resolved={})
    titles = {one.key: one.title for one in told.chapters}
    origins = {place: tuple(_own(files)) for place, files in places.items()}
    details = {place: _details(told, files) for place, files in places.items() if origins[place]}
    paths = dict.fromkeys(one.path for own in origins.values() for one in own)
    found: dict[str, list[Differing]] = {}
    for path in paths:
        theirs = [
            _in_place(one, place, places[place], details[place], on)
            for place, own in origins.items()
            for one in own
            if one.path == path
        ]
        first = next(one for own in origins.values() for one in own if one.path == path)
        elsewhere = tuple(place for place in places if place not in {one.place for one in theirs})
        section = path.partition(".")[0]
        differing = Differing(
            path, _subject(first, theirs), _centrally(first), first.central_value, tuple(theirs), elsewhere
        )
        found.setdefault(section, []).append(differing)
    order = [*titles, *(one for one in found if one not in titles)]
    chapters = tuple(
        Chapter(titles.get(name, first_up(spaced(name))), tuple(found[name])) for name in order if name in found
    )
    return Variation(centre.hash, on, chapters, {place: len(own) for place, own in origins.items()})


def _own(files: ProgrammeFiles) -> Iterator[Origin]:
    return (one for one in files.origins.values() if one.layer is Layer.PLACE)


def _details(told: Any, files: ProgrammeFiles) -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """Give what is said of each new thing, by file and code, in English."""
    groups = groups_of(before=told, after=in_words(files=files, resolved={}))
    return {
        (group.key, one.code): tuple(_said(line) for line in one.lines if line.after and not line.lang)
        for group in groups
        for one in group.changes
    }


def _said(line: Line) -> tuple[str, str]:
    return line.label, line.after


def _in_place(
    origin: Origin,
    place: str,
    files: ProgrammeFiles,
    details: Mapping[tuple[str, str], tuple[tuple[str, str], ...]],
    on: dt.date,
) -> InPlace:
    if origin.agreed_by is None or origin.agreed_on is None:
        raise ValueError(origin.path)  # only a place's own origins come here, and nobody's overlay is refused
    value = value_of(files, origin)
    section, _, rest = origin.path.partition(".")
    is_new = origin.central_value is None and isinstance(value, dict)
    return InPlace(
        place=place,
        words=_words(rest.rpartition(".")[2] or section, value, origin.central_value),
        agreed_by=origin.agreed_by,
        agreed_on=origin.agreed_on,
        age_days=(on - origin.agreed_on).days,
        value=value,
        details=details.get((section, rest.rpartition(".")[2]), ()) if is_new else (),
    )


def value_of(files: ProgrammeFiles, origin: Origin) -> Any:
    """Give the value an origin of these files speaks of."""
    where = next(key for key, one in files.origins.items() if one is origin)
    section, _, rest = where.partition(".")
    here = files.sections[section].data
    for key in rest.split(".") if rest else ():
        here = here[int(key)] if isinstance(here, list) else here[key]
    return here


def _subject(origin: Origin, theirs: list[InPlace]) -> str:
    """Name what a path is about: the thing added, or the innermost thing that has a name."""
    parts = origin.path.split(".")
    value = theirs[0].value
    if origin.central_value is None and isinstance(value, dict):
        return _named(value) or first_up(spaced(parts[-1]))
    above = [one for one in parts[1:-1] if not one.isdigit()]
    return first_up(spaced(above[-1] if above else parts[0]))


def _named(value: Mapping[str, Any]) -> str:
    for key in _NAMED_BY:
        found = value.get(key)
        if isinstance(found, str):
            return found
        if isinstance(found, dict) and isinstance(found.get("en"), str):
            return str(found["en"])
    return ""


def _words(key: str, value: Any, central: Any) -> str:
    if central is None and isinstance(value, dict):
        return "has this of its own"
    label, unit = _label(key)
    said = _with_unit(value, unit)
    begun = f"{label} {said}" if label else said
    if central is None:
        return f"{begun}, where the centre has nothing"
    if len(plain(value)) > _SHORT or len(plain(central)) > _SHORT:
        return begun
    return f"{begun} instead of {plain(central)}"


def _label(key: str) -> tuple[str, str]:
    """Part `after_hours` into what it says and its unit; a number of a line says nothing."""
    if key.isdigit():
        return "", ""
    begin, _, unit = key.rpartition("_")
    return (spaced(begin), unit) if unit in _UNITS and begin else (spaced(key), "")


def _with_unit(value: Any, unit: str) -> str:
    return f"{value} {unit[:-1] if value == 1 else unit}" if unit else plain(value)


def _centrally(origin: Origin) -> str:
    if origin.central_value is None:
        return ""
    label, unit = _label(origin.path.rpartition(".")[2])
    said = _with_unit(origin.central_value, unit)
    return f"{label} {said}" if label else said


def ago(days: int) -> str:
    """Say how old an agreement is."""
    if days < 0:
        return "a day still to come"
    return "today" if days == 0 else "yesterday" if days == 1 else f"{days:,} days ago"


def as_plain(found: Variation) -> dict[str, Any]:
    """Write it as JSON values, key by key."""
    return {
        "definition": found.definition,
        "on": found.on.isoformat(),
        "places": dict(found.places),
        "differing": [
            {
                "path": one.path,
                "subject": one.subject,
                "central": one.central_value,
                "places": {
                    each.place: {
                        "value": each.value,
                        "words": each.words,
                        "agreed_by": each.agreed_by,
                        "agreed_on": each.agreed_on.isoformat(),
                        "age_days": each.age_days,
                    }
                    for each in one.places
                },
                "as_centrally": list(one.as_centrally),
            }
            for chapter in found.chapters
            for one in chapter.differing
        ],
    }


def lines_of(found: Variation) -> Iterator[str]:
    """Write it line by line, for a terminal."""
    for chapter in found.chapters:
        yield from (chapter.title, "-" * len(chapter.title))
        for one in chapter.differing:
            yield f"  {one.subject}{f': centrally {one.central}' if one.central else ''}   [{one.path}]"
            for each in one.places:
                agreed = f"agreed by {each.agreed_by} on {each.agreed_on}, {ago(each.age_days)}"
                yield f"    {place_name(each.place)}: {each.words} ({agreed})"
                yield from (f"      {label}: {words}" if label else f"      {words}" for label, words in each.details)
            if one.as_centrally:
                yield f"    {one.elsewhere}: {', '.join(map(place_name, one.as_centrally))}"
        yield ""
    alike = [place_name(place) for place, many in found.places.items() if not many]
    if alike:
        yield f"Nothing of their own: {', '.join(alike)}"


def place_name(place: str) -> str:
    """Say a place as people write it."""
    return first_up(spaced(place))
