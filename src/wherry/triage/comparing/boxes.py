"""Say a set of combinations in few words: as boxes, each some values of every name, together the whole set. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence

Box = tuple[tuple[int, ...], ...]
"""For each name the values meant, by number, in order."""

MOST = 60


def boxes(*, cells: Collection[tuple[int, ...]], sizes: Sequence[int]) -> tuple[tuple[Box, ...], int]:
    """
    Cover a set of cells with boxes that lie within it; they may overlap, and each is as wide as it can be.

    sizes: how many values each name has. Returns the boxes, and how many cells are left out past MOST boxes.
    """
    whole, left = frozenset(cells), dict.fromkeys(cells)
    found: list[Box] = []
    while left and len(found) < MOST:
        box = _widest(next(iter(left)), whole, sizes)
        found.append(box)
        for cell in itertools.product(*box):
            left.pop(cell, None)
    return tuple(found), len(left)


def _widest(cell: tuple[int, ...], whole: frozenset[tuple[int, ...]], sizes: Sequence[int]) -> Box:
    """Widen a cell name by name in two orders, and keep the box that says more."""
    orders = (range(len(cell)), range(len(cell) - 1, -1, -1))
    return max((_widened(cell, whole, sizes, order) for order in orders), key=_says)


def _widened(
    cell: tuple[int, ...], whole: frozenset[tuple[int, ...]], sizes: Sequence[int], order: Sequence[int]
) -> Box:
    box: list[tuple[int, ...]] = [(value,) for value in cell]
    for at in order:
        box[at] = tuple(
            value
            for value in range(sizes[at])
            if all(one in whole for one in itertools.product(*box[:at], (value,), *box[at + 1 :]))
        )
    return tuple(box)


def _says(box: Box) -> int:
    size = 1
    for values in box:
        size *= len(values)
    return size
