"""Lay a place's overlay over the central sections: allowed keys, within the bounds, each change with its origin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wherry.foundation.problems import Problem
from wherry.programmes import rules
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.types import Layer, Origin, Section


@dataclass(frozen=True)
class Overlay:
    """A place's file: who agreed it, when, and its changes (dotted path → value), not yet laid over anything."""

    place: str
    section: Section
    agreed_by: str
    agreed_on: dt.date
    changes: Mapping[str, Any]

    def line(self, path: str) -> int:
        """Give the line of one change."""
        return self.section.line("changes", path)


def read_overlay(*, place: str, section: Section) -> Overlay:
    """Read a place's file. Raises ProgrammeUnreadable with every problem of its form."""
    data, problems = section.data if isinstance(section.data, dict) else {}, []
    for key in data:
        if key not in ("agreed_by", "agreed_on", "changes"):
            what = f'"{key}" is not a key of an overlay'
            problems.append(Problem(section.path, section.line(key), what, "keep agreed_by, agreed_on and changes"))
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
    return Overlay(place, section, data["agreed_by"], agreed_on, data["changes"])


def apply(
    *, overlay: Overlay, sections: Mapping[str, Section], allowed: Sequence[str]
) -> tuple[dict[str, Section], dict[str, Origin]]:
    """
    Give the sections as they hold in the place, and the origin of each changed value by position.

    Raises ProgrammeUnreadable with every change that is not allowed, leads nowhere, or breaks a bound.
    """
    resolved, origins, problems = dict(sections), dict[str, Origin](), []
    for path, value in overlay.changes.items():
        line = overlay.line(path)
        if not rules.may_change(path=path, allowed=allowed):
            what = f'a place may not change "{path}"'
            mend = "remove it, or have the programme allow it under places_may_change"
            problems.append(Problem(overlay.section.path, line, what, mend))
            continue
        try:
            name, where, before = _changed(resolved, path, value)
        except LookupError:
            what = f'"{path}" leads nowhere in this programme'
            problems.append(Problem(overlay.section.path, line, what, "correct the path"))
            continue
        key = ".".join((name, *map(str, where)))
        origins[key] = _origin(overlay, path, line, before)
    problems += _bounds(overlay, sections, resolved)
    if problems:
        raise ProgrammeUnreadable(problems)
    return resolved, origins


def _changed(resolved: dict[str, Section], path: str, value: Any) -> tuple[str, tuple[str | int, ...], Any]:
    split = rules.split_path(path=path, sections=resolved)
    if split is None:
        raise LookupError(path)
    name, keys = split
    data, where, before = rules.change(data=resolved[name].data, keys=keys, value=value)
    resolved[name] = replace(resolved[name], data=data)
    return name, where, before


def _origin(overlay: Overlay, path: str, line: int, before: Any) -> Origin:
    return Origin(
        path=path,
        layer=Layer.PLACE,
        file=overlay.section.path,
        line=line,
        place=overlay.place,
        agreed_by=overlay.agreed_by,
        agreed_on=overlay.agreed_on,
        central_value=before,
    )


def _bounds(overlay: Overlay, central: Mapping[str, Section], resolved: Mapping[str, Section]) -> list[Problem]:
    found = []
    for name, section in central.items():
        for broken in rules.bounds_broken(central=section.data, resolved=resolved[name].data):
            line = next((overlay.line(path) for path in overlay.changes if path.startswith(f"{name}.")), 1)
            what = f"{name}.{broken}; no place may do that"
            found.append(Problem(overlay.section.path, line, what, "take this change out"))
    return found


def _date(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
