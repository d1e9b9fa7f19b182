"""Working through a list so that one bad row costs the others nothing, and is still heard of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


def one_by_one(items: Iterable[Item], do: Callable[[Item], int]) -> int:
    """
    Do something for each item and add up what it returns.

    A fault in one does not keep the rest from their turn; the first fault is raised when all have had it.
    """
    done, faults = 0, []
    for item in items:
        try:
            done += do(item)
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    return done
