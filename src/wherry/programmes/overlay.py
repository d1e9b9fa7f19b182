"""Lay a place's overlay over the central sections: allowed keys, within the bounds, each change with its origin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wherry.foundation.problems import LineElsewhere, Problem
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.rules.allowances import refusal
from wherry.programmes.rules.bounds import bounds_broken
from wherry.programmes.rules.broken import Broken
from wherry.programmes.rules.differences import Difference, differences
from wherry.programmes.rules.paths import MISSING, changed, named, positions, split_path, value_at
from wherry.programmes.types import Allowance, KeyPath, Layer, Origin, Section

_KEYS = ("agreed_by", "agreed_on", "changes", "cases", "risk_cases")


@dataclass(frozen=True)
class Overlay:
    """
    A place's file: who agreed it, when, and its changes (dotted path → value), not yet laid over anything.

    cases: the place's own examples of what its changes must come to, named as files of `cases/` are.
    """

    place: str
    section: Section
    agreed_by: str
    agreed_on: dt.date
    changes: Mapping[str, Any]
    cases: Mapping[str, Section]

    def line(self, path: str, *below: str | int) -> int:
        """Give the line of one change, or of something in its value."""
        return self.section.line("changes", path, *below)


@dataclass(frozen=True)
class Change:
    """One change laid over its section. where: its path by position; central: the centre's value, or MISSING."""

    path: str
    section: str
    where: KeyPath
    value: Any
    central: Any


def read_overlay(*, place: str, section: Section) -> Overlay:
    """Read a place's file. Raises ProgrammeUnreadable with every problem of its form."""
    data, problems = section.data if isinstance(section.data, dict) else {}, []
    for key in data:
        if key not in _KEYS:
            what = f'"{key}" is not a key of an overlay'
            problems.append(Problem(section.path, section.line(key), what, f"keep to {', '.join(_KEYS)}"))
    if not isinstance(data.get("agreed_by"), str) or not data["agreed_by"].strip():
        problems.append(Problem(section.path, section.line("agreed_by"), "nobody has agreed this", "add agreed_by"))
    agreed_on = _date(data.get("agreed_on"))
    if agreed_on is None:
        what = "there is no day on which this was agreed"
        problems.append(Problem(section.path, section.line("agreed_on"), what, "add agreed_on: YYYY-MM-DD"))
    if not isinstance(data.get("changes"), dict):
        what = "there is no mapping of changes"
        problems.append(Problem(section.path, section.line("changes"), what, "write changes: and a path under it"))
    if problems or agreed_on is None:
        raise ProgrammeUnreadable(problems)
    return Overlay(place, section, data["agreed_by"], agreed_on, data["changes"], _cases(place, section))


def _cases(place: str, section: Section) -> dict[str, Section]:
    """Give the place's own cases as the files they would be: of answers, and of who is found."""
    return {
        f"{folder}places/{place}": Section(section.path, section.data[key], _below(section, (key,), ()))
        for key, folder in (("cases", "cases/"), ("risk_cases", "cases/risk/"))
        if key in section.data
    }


def _below(section: Section, prefix: KeyPath, where: KeyPath) -> dict[KeyPath, int]:
    """Give the lines of what stands under `prefix` as lines of the same under `where`, each with its file."""
    return {
        (*where, *key[len(prefix) :]): LineElsewhere(line, section.path)
        for key, line in section.lines.items()
        if key[: len(prefix)] == prefix
    }


def apply(
    *, overlay: Overlay, sections: Mapping[str, Section], allowed: Sequence[Allowance]
) -> tuple[dict[str, Section], dict[str, Origin]]:
    """
    Give the sections as they hold in the place, and the origin of each changed value by position.

    Raises ProgrammeUnreadable with every change that is not allowed, leads nowhere, or breaks a bound.
    """
    resolved, made, problems = dict(sections), list[Change](), list[Problem]()
    for path, value in overlay.changes.items():
        fault = _fault(overlay, path, value, sections, allowed)
        if fault is None:
            try:
                made.append(_laid(overlay, path, value, sections, resolved))
                continue
            except LookupError:
                mend = "correct the path; an item that is added bears the name its path ends with"
                fault = f'"{path}" leads nowhere in this programme', mend
        problems.append(Problem(overlay.section.path, overlay.line(path), *fault))
    problems += _bounds(overlay, sections, resolved, made)
    if problems:
        raise ProgrammeUnreadable(problems)
    return resolved, {key: origin for one in made for key, origin in _origins(overlay, one, sections).items()}


def _fault(
    overlay: Overlay, path: str, value: Any, sections: Mapping[str, Section], allowed: Sequence[Allowance]
) -> tuple[str, str] | None:
    around = next((other for other in overlay.changes if path.startswith(f"{other}.")), None)
    if around is not None:
        return f'"{path}" lies within "{around}", which is changed here too', "write it once, within the other"
    return refusal(path=path, central=_central(path, sections), value=value, allowances=allowed)


def _central(path: str, sections: Mapping[str, Section]) -> Any:
    split = split_path(path=path)
    if split is None or split[0] not in sections:
        return MISSING
    return value_at(data=sections[split[0]].data, keys=split[1])


def _laid(
    overlay: Overlay, path: str, value: Any, sections: Mapping[str, Section], resolved: dict[str, Section]
) -> Change:
    """Lay one change over the section in `resolved`. Raises LookupError: it leads nowhere."""
    split = split_path(path=path)
    if split is None or (split[0] not in resolved and split[1]):
        raise LookupError(path)
    name, keys = split
    before = resolved.get(name) or Section(path=overlay.section.path, data=None)
    data, where = changed(data=before.data, keys=keys, value=value)
    resolved[name] = replace(before, data=data, lines=_lines(overlay, path, before, where))
    return Change(path, name, where, value, _central(path, sections))


def _lines(overlay: Overlay, path: str, before: Section, where: KeyPath) -> dict[KeyPath, int]:
    """Give the section's lines, those of the changed value in the overlay's file."""
    kept = {key: line for key, line in before.lines.items() if key[: len(where)] != where}
    return {**kept, **_below(overlay.section, ("changes", path), where)}


def _origins(overlay: Overlay, change: Change, sections: Mapping[str, Section]) -> dict[str, Origin]:
    whole = (change.section, *map(str, change.where))
    return {
        ".".join((*whole, *map(str, one.where))): _origin(overlay, change, one, sections)
        for one in differences(central=change.central, value=change.value)
    }


def _origin(overlay: Overlay, change: Change, one: Difference, sections: Mapping[str, Section]) -> Origin:
    path = ".".join((change.path, *named(data=change.value, where=one.where)))
    if one.central_where is not None:
        split = split_path(path=change.path)
        section = sections[change.section]
        keys = positions(data=section.data, keys=split[1] if split else ())
        return Origin(path, Layer.CENTRAL, section.path, section.line(*keys, *one.central_where))
    return Origin(
        path=path,
        layer=Layer.PLACE,
        file=overlay.section.path,
        line=overlay.line(change.path, *one.where),
        place=overlay.place,
        agreed_by=overlay.agreed_by,
        agreed_on=overlay.agreed_on,
        central_value=None if one.central is MISSING else one.central,
    )


def _bounds(
    overlay: Overlay, central: Mapping[str, Section], resolved: Mapping[str, Section], made: Sequence[Change]
) -> list[Problem]:
    found = bounds_broken(
        central={name: section.data for name, section in central.items()},
        resolved={name: section.data for name, section in resolved.items()},
        place=overlay.place,
    )
    return [
        Problem(
            overlay.section.path,
            _line_of(overlay, one, made),
            f"{'.'.join(one.path)}: {one.what}, and no place may do that",
            one.mend,
        )
        for one in found
    ]


def _line_of(overlay: Overlay, broken: Broken, made: Sequence[Change]) -> int:
    """Give the line of the very key that breaks the bound, or of the change it lies in or that lies in it."""
    path = ".".join(broken.path)
    for change in made:
        if f"{path}.".startswith(f"{change.path}."):
            keys = broken.path[change.path.count(".") + 1 :]
            return overlay.line(change.path, *positions(data=change.value, keys=keys))
    return next((overlay.line(change.path) for change in made if change.path.startswith(f"{path}.")), 1)


def _date(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
