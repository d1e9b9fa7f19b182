"""Compare two versions of a programme: what changed in words, what answers come to, and every value."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from wherry.journeys.compare_programmes.changes import groups_of, unsaid, without_noise
from wherry.journeys.compare_programmes.outcomes import outcomes
from wherry.journeys.compare_programmes.types import Change, Compared, Group, Kind, Line
from wherry.journeys.compare_programmes.values import in_words, values_changed
from wherry.journeys.read_programme import as_places_have_it
from wherry.journeys.show_programme import in_words as told
from wherry.programmes.types import ProgrammeFiles

Resolved = Mapping[str, ProgrammeFiles]
_NO_PLACES = (
    "What places changed is not compared: only one of the two has a folder of places beside it. Copy the whole folder"
    " of programmes to compare them too."
)


def compare(*, before: ProgrammeFiles, after: ProgrammeFiles) -> Compared:
    """
    Say what changed from one version to another, and in what its places have changed of it.

    Reads the places' own files where both versions have them beside them; some seconds at most, for the triage table.
    Raises ProgrammeUnreadable for a place's file that cannot be laid over its programme.
    Hazard: H-10 (a weakened version is signed because nobody saw what changed).
    """
    both = _places(before, after)
    values = values_changed(before=before, after=after)
    was, now = (
        told(files=files, resolved=places) for files, places in zip((before, after), both or ({}, {}), strict=True)
    )
    groups = without_noise(groups_of(before=was, after=now))
    forgotten = unsaid(groups=groups, paths=[one["path"] for one in values])
    if forgotten:
        groups = (*groups, _as_values([one for one in values if one["path"] in forgotten]))
    return Compared(
        before=before.hash,
        after=after.hash,
        groups=groups,
        outcomes=outcomes(before=before, after=after),
        values=values,
        notes=() if both is not None else (_NO_PLACES,),
    )


def _places(before: ProgrammeFiles, after: ProgrammeFiles) -> tuple[Resolved, Resolved] | None:
    if before.place or after.place:
        was, now = ({files.place: files} if files.place else {} for files in (before, after))
        return was, now
    if _has_places(before) != _has_places(after):
        return None
    if not _has_places(before):
        return {}, {}
    return as_places_have_it(files=before), as_places_have_it(files=after)


def _has_places(files: ProgrammeFiles) -> bool:
    return (Path(files.directory).resolve().parent / "places").is_dir()


def _as_values(values: list[Mapping[str, object]]) -> Group:
    changes = (
        Change(Kind.CHANGED, str(one["path"]), "", (Line("", in_words(one["from"]), in_words(one["to"])),))
        for one in values
    )
    return Group("values", "Other values", tuple(changes))
