"""What our own pieces show: frozen values a view fills, each drawn by its macro in `wherry/pieces.jinja`."""

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
class TaskCard:
    """One thing to do. `heading` names the kind of task or need, never a condition; `details` are short sentences."""

    heading: str
    href: str
    statuses: tuple[Status, ...] = ()
    details: tuple[str, ...] = ()
    due_at: dt.datetime | None = None


@dataclass(frozen=True)
class NavigationItem:
    """One entry of a site's menu."""

    text: str
    href: str
    current: bool = False
