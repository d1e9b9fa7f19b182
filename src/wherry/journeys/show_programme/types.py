"""A programme in words: chapters of parts of items, each item a name and what is said of it. All frozen."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from wherry.programmes.types import KeyPath


class Shape(enum.StrEnum):
    """How a part is laid out: one after another, as a table, as steps in time, or as what a resident would see."""

    ENTRIES = "entries"
    TABLE = "table"
    TIMELINE = "timeline"
    SAMPLES = "samples"


@dataclass(frozen=True)
class Words:
    """Words in one language; lang empty: the page's own, English."""

    text: str
    lang: str = ""


@dataclass(frozen=True)
class Said:
    """
    One thing said of an item. label: what it is about, empty for its main sentence.

    raw: what is compared between two versions where the words alone would mislead, because other files fill them.
    is_derived: it only repeats what another file says, and is left out of comparing.
    """

    label: str
    words: tuple[Words, ...]
    raw: str = ""
    is_derived: bool = False

    @property
    def text(self) -> str:
        """Give its words as one text."""
        return "\n".join(one.text for one in self.words)

    @property
    def compared(self) -> str:
        """Give what two versions are compared by."""
        return self.raw or self.text


@dataclass(frozen=True)
class Item:
    """
    One thing of a programme. key: names it from version to version; code: its name in the files, shown small.

    path: where it stands in its file; is_grave: a red flag hangs on it; marks: what a place changed, and who agreed.
    """

    key: str
    title: str
    said: tuple[Said, ...]
    path: KeyPath = ()
    code: str = ""
    is_grave: bool = False
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """Items of one kind under a heading (empty: under the chapter's own), with sentences before them."""

    title: str
    items: tuple[Item, ...]
    shape: Shape = Shape.ENTRIES
    intro: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """One file of the programme in words. key: its section's name; order_matters: which part's order decides."""

    key: str
    title: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def items(self) -> tuple[Item, ...]:
        """Give every item, in order."""
        return tuple(item for part in self.parts for item in part.items)


@dataclass(frozen=True)
class InWords:
    """The whole programme in words."""

    title: str
    about: tuple[str, ...]
    chapters: tuple[Chapter, ...]
