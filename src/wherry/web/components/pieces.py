"""
What our own pieces show: frozen values a view fills, each drawn by the macro of the same name in `wherry/pieces.jinja`.

Hazard H-14: `PersonSummary` is what a caller may know. It has no place for a condition, a diagnosis or an NHS number.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

COLOURS = frozenset({"white", "grey", "green", "aqua-green", "blue", "purple", "pink", "red", "orange", "yellow"})


@dataclass(frozen=True)
class Status:
    """A state in words and a colour; the words carry the meaning, the colour only helps the eye."""

    text: str
    colour: str = "grey"

    def __post_init__(self) -> None:
        if self.colour not in COLOURS:
            raise ValueError(f"a tag cannot be {self.colour}")


@dataclass(frozen=True)
class PersonSummary:
    """Who to speak to and how. `speak`: ways and needs in plain words ("speak slowly", "use text relay")."""

    name: str
    age: int | None
    phone: str
    place: str
    language: str
    needs: tuple[str, ...] = ()
    speak: tuple[str, ...] = ()
    interpreter: bool = False


@dataclass(frozen=True)
class Reason:
    """Why a person is on a list: for clinicians. `data_as_of`: how old the feed was; `missing`: an input was absent."""

    words: str
    date: dt.date | None
    source: str
    data_as_of: dt.date | None
    missing: bool = False


@dataclass(frozen=True)
class TaskCard:
    """One thing to do. `heading` names the kind of task or need, never a condition; `details` are short sentences."""

    heading: str
    href: str
    statuses: tuple[Status, ...] = ()
    details: tuple[str, ...] = ()
    due_at: dt.datetime | None = None


@dataclass(frozen=True)
class FunnelRow:
    """One step of the funnel and how many people are there; `of_before`: the share of the step before, 0 to 1."""

    step: str
    people: int
    of_before: float | None = None
    note: str = ""


@dataclass(frozen=True)
class NavigationItem:
    """One entry of a site's menu."""

    text: str
    href: str
    current: bool = False
