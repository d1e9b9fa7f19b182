"""Working through a list so that one bad row costs the others nothing, and is still heard of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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


def together(items: Sequence[Item], do: Callable[[Sequence[Item]], int], *, size: int) -> int:
    """
    Do something for so many items at a time, each lot in a transaction of its own, and add up what it returns.

    A lot with a fault in it is done again one by one, so that only the bad row is left. `do` may thus be handed an item
    twice.
    """

    def lot(chosen: Sequence[Item]) -> int:
        try:
            return do(chosen)
        except Exception:
            return one_by_one(chosen, lambda item: do([item]))

    return one_by_one([items[start : start + size] for start in range(0, len(items), size)], lot)
