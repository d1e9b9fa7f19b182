"""
Pictures of counts: where each bar of a chart stands, worked out here; drawn by the macros of `wherry/charts.jinja`.

A chart is a frozen value a view fills with counts and words already chosen; no row of a person is ever in it. Widths
are in the units of the picture's own box, a telephone's width, so that its words stay readable there. A number too
small to show is None: it has a place in the picture, the words say so, and no bar gives it away.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

#: The box every picture is drawn in; at 390 px on a telephone a unit is nearly a pixel.
WIDTH = 400
_ROW = 50
_BAR = 20
_TALL = 200
_FOOT = 30
_HEAD = 24
#: Room at both sides of columns, for half a label.
_EDGE = 24
#: How wide a letter is, near enough.
_LETTER = 8.5
#: Letters of a label that fit above a bar.
_LETTERS = 44
SHADES = frozenset({"main", "quiet", "alarm"})


@dataclass(frozen=True)
class Bar:
    """
    One bar. value: not negative, None for a number too small to show; said: the number in words or digits, as printed.

    shade: `main`, `quiet` (for comparison) or `alarm`; the words must say what the shade means.
    """

    label: str
    value: float | None
    said: str
    shade: str = "main"

    def __post_init__(self) -> None:
        if self.shade not in SHADES:
            raise ValueError(f"a bar cannot be {self.shade}")
        if self.value is not None and self.value < 0:
            raise ValueError("a bar cannot be shorter than nothing")


@dataclass(frozen=True)
class Drawn:
    """A bar with its place: x, y, width and height of its rectangle, and where its label and number stand."""

    bar: Bar
    label: str
    x: float
    y: float
    width: float
    height: float
    label_at: tuple[float, float]
    said_at: tuple[float, float]


@dataclass(frozen=True)
class Chart:
    """
    A picture ready to be drawn.

    name: unique on its page (it makes the ids of title and description); lies: `bars` or `columns`; height: of the box;
    description: what a person who cannot see it is told instead.
    """

    name: str
    title: str
    description: str
    lies: str
    height: float
    drawn: tuple[Drawn, ...]
    width: int = WIDTH


def bar_chart(*, name: str, title: str, bars: Sequence[Bar], description: str = "", whole: float = 0) -> Chart:
    """
    Lay bars below each other, each with its label above it and its number after it: for names, which are long.

    whole: what a full width stands for (1 for shares); 0 takes the longest bar.
    """
    room = WIDTH - 8 - _widest(bar.said for bar in bars)
    most = whole or _most(bars)
    drawn = tuple(
        Drawn(
            bar=bar,
            label=_short(bar.label, _LETTERS),
            x=0,
            y=number * _ROW + 22,
            width=_scaled(bar.value, most, room),
            height=_BAR,
            label_at=(0, number * _ROW + 15),
            said_at=(_scaled(bar.value, most, room) + 8, number * _ROW + 38),
        )
        for number, bar in enumerate(bars)
    )
    return Chart(name, title, description or _told(bars), "bars", len(bars) * _ROW, drawn)


def column_chart(*, name: str, title: str, bars: Sequence[Bar], description: str = "", whole: float = 0) -> Chart:
    """
    Stand columns beside each other, in the order of time: for days, whose labels are short.

    Where not every column has room for its number only the tallest carries one; labels thin out to every second, third…
    """
    most = whole or _most(bars)
    step = (WIDTH - 2 * _EDGE) / max(len(bars), 1)
    every = max(1, math.ceil(_widest(bar.label for bar in bars) / step))
    crowded = _widest(bar.said for bar in bars) > step
    tallest = max(range(len(bars)), key=lambda at: bars[at].value or 0, default=0)
    drawn = tuple(
        _column(bar, at, step, most, named=at % every == 0, counted=not crowded or at == tallest)
        for at, bar in enumerate(bars)
    )
    return Chart(name, title, description or _told(bars), "columns", _HEAD + _TALL + _FOOT, drawn)


def _column(bar: Bar, number: int, step: float, most: float, *, named: bool, counted: bool) -> Drawn:
    tall = _scaled(bar.value, most, _TALL)
    left = _EDGE + number * step
    return Drawn(
        bar=bar if counted else replace(bar, said=""),
        label=bar.label if named else "",
        x=round(left + step * 0.1, 1),
        y=round(_HEAD + _TALL - tall, 1),
        width=round(step * 0.8, 1),
        height=tall,
        label_at=(round(left + step / 2, 1), _HEAD + _TALL + 20),
        said_at=(round(left + step / 2, 1), round(_HEAD + _TALL - tall - 6, 1)),
    )


def _widest(texts: Iterable[str]) -> float:
    return max((len(text) for text in texts), default=0) * _LETTER + _LETTER


def _most(bars: Sequence[Bar]) -> float:
    return max((bar.value for bar in bars if bar.value is not None), default=0)


def _scaled(value: float | None, most: float, room: float) -> float:
    """Give a length; what is there but very small keeps a unit, so that it is not taken for nothing."""
    if not value or not most:
        return 0.0
    return round(max(min(value / most, 1) * room, 1), 1)


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


def _told(bars: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.label}: {bar.said}" for bar in bars) or "Nothing to show yet"
