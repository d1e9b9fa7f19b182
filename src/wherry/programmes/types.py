"""What a programme's folder holds, as every room reads it: sections with their lines, codelists, a hash, origins."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

CODE_SYSTEMS = ("snomed", "dmd", "icd10", "opcs4", "bnf", "rxnorm", "read", "local")
KeyPath = tuple[str | int, ...]


class Layer(enum.StrEnum):
    """Who decided a value: the programme's centre, or a place by its overlay."""

    CENTRAL = "central"
    PLACE = "place"


@dataclass(frozen=True)
class Origin:
    """
    Where one value comes from.

    path: dotted, as an overlay writes it (`cadence.caps.per_person`); file and line: where it is written;
    place, agreed_by, agreed_on and central_value: for a place's change only.
    """

    path: str
    layer: Layer
    file: str
    line: int
    place: str | None = None
    agreed_by: str | None = None
    agreed_on: dt.date | None = None
    central_value: Any = None


@dataclass(frozen=True)
class Allowance:
    """
    One item of `places_may_change`.

    path: dotted, `*` for any letters within one part; only: the one way in which it may be changed, None for any;
    at_least, at_most: the limits of a number or a time of day (HH:MM).
    """

    path: str
    only: str | None = None
    at_least: float | str | None = None
    at_most: float | str | None = None


@dataclass(frozen=True)
class Section:
    """
    One YAML file of a programme.

    path: the file as the user named it; data: plain YAML value with any overlay applied; lines: key path → line of
    the key (or list item), 1-based; a value a place changed keeps the line of the overlay's file in `origins`.
    """

    path: str
    data: Any
    lines: Mapping[KeyPath, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """Give the line of a key path, or of its nearest written parent, or 1."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


@dataclass(frozen=True)
class Codelist:
    """
    A list of codes of one code system. pairs: code → term, in file order.

    illustrative: true for a small sample that is not for clinical use; units: those a value of it may be read in,
    none where the list does not say; about: whatever else is said of it, such as its version.
    """

    name: str
    path: str
    system: str
    pairs: Mapping[str, str]
    source: str = ""
    licence: str = ""
    illustrative: bool = False
    units: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def codes(self) -> frozenset[str]:
        """Give the codes alone."""
        return frozenset(self.pairs)


@dataclass(frozen=True)
class Whole:
    """A programme as one thing: files by path (`<code>/risk.yaml`, `places/<place>/<code>.yaml`), and their hash."""

    code: str
    files: Mapping[str, str]
    hash: str


@dataclass(frozen=True)
class ProgrammeFiles:
    """
    A whole programme, resolved for one place or for none.

    sections: keyed by relative path without `.yaml` (`risk`, `messages/en`); cases: the same for `cases/`;
    hash: `sha256:…` over every file and the overlay; overlay_hash, overlay_path: None where no place's
    overlay is laid over it;
    origins: dotted path (list items by position) → Origin for every value a place changed, and for those of the centre
    that it wrote out again beside them; ask `origin` for any value.
    """

    directory: str
    name: str
    sections: Mapping[str, Section]
    codelists: Mapping[str, Codelist]
    hash: str
    cases: Mapping[str, Section] = field(default_factory=dict)
    place: str | None = None
    overlay_hash: str | None = None
    overlay_path: str | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def section(self, name: str) -> Section | None:
        """Give one section, or None when the folder has no such file."""
        return self.sections.get(name)

    def origin(self, section: str, *path: str | int) -> Origin:
        """Say who decided a value: the nearest overlaid parent wins, otherwise the centre."""
        for length in range(len(path), -1, -1):
            found = self.origins.get(".".join((section, *map(str, path[:length]))))
            if found:
                return self._below(found, section, path[length:], path)
        where = self.sections[section]
        return Origin(
            path=".".join((section, *map(str, path))), layer=Layer.CENTRAL, file=where.path, line=where.line(*path)
        )

    def _below(self, found: Origin, section: str, below: KeyPath, path: KeyPath) -> Origin:
        """Give the origin of part of what a place decided: at its own line, without the central value of it all."""
        if not below or found.layer is Layer.CENTRAL:
            return found
        line = int(self.sections[section].line(*path))
        return replace(found, path=".".join((found.path, *map(str, below))), line=line, central_value=None)
