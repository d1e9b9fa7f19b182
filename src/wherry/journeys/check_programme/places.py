"""
Check a programme as every place has it: a place's overlay could break what holds centrally.

Hazard: H-10 (a rule is weakened in one place).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from wherry.foundation.problems import Problem
from wherry.journeys.check_programme.checking import check
from wherry.programmes.errors import ProgrammeNotFound, ProgrammeUnreadable
from wherry.programmes.files import load, places_of
from wherry.programmes.strays import strays
from wherry.programmes.types import Layer, ProgrammeFiles


@dataclass(frozen=True)
class Everywhere:
    """
    What the check of a programme and of every place found.

    told: what was proved, in words; definition: the hash of the centre's, empty where it cannot be read; places: the
    hash in each place that can be.
    """

    problems: tuple[Problem, ...]
    told: tuple[str, ...] = ()
    definition: str = ""
    places: Mapping[str, str] = field(default_factory=dict)


def check_everywhere(*, directory: Path | str) -> Everywhere:
    """
    Run every check on the centre, then on each place with an overlay, and name overlays that belong to nothing.

    A problem of one place alone says which. Raises ProgrammeNotFound: there is no programme in that folder.
    """
    try:
        centre = load(directory)
    except ProgrammeUnreadable as error:
        return Everywhere(error.problems)
    checked = check(files=centre)
    problems, told = [*checked.problems], [*checked.told]
    places: dict[str, str] = {}
    for place in places_of(centre):
        try:
            files = load(directory, place=place)
        except ProgrammeUnreadable as error:
            problems += error.problems
            continue
        except ProgrammeNotFound as error:
            problems.append(_misnamed(centre, str(error)))
            continue
        places[place] = files.hash
        problems += _of_the_place(files, centre, checked.problems)
        told.append(_in_words(files))
    problems += strays(directory=directory, places=places_of(centre))
    return Everywhere(tuple(sorted(set(problems))), tuple(told), centre.hash, places)


def _misnamed(centre: ProgrammeFiles, what: str) -> Problem:
    section = centre.sections["programme"]
    return Problem(section.path, section.line("places"), what, "name places in small letters, digits and _")


def _of_the_place(files: ProgrammeFiles, centre: ProgrammeFiles, told: tuple[Problem, ...]) -> list[Problem]:
    if files.overlay_path is None:
        return []
    found = check(files=files, centre=centre).problems
    return [replace(one, what=f"in {files.place}: {one.what}") for one in found if one not in told]


def _in_words(files: ProgrammeFiles) -> str:
    own = [one for one in files.origins.values() if one.layer is Layer.PLACE]
    if not own:
        return f"{files.place}: as the centre has it"
    return f"{files.place}: {len(own)} {'change' if len(own) == 1 else 'changes'} of its own, within the bounds"
