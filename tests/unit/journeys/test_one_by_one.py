"""One bad row costs the others nothing, and is still heard of."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from wherry.journeys.one_by_one import one_by_one, together


def test_a_bad_item_keeps_no_other_from_its_turn_and_is_raised_at_the_end() -> None:
    done: list[int] = []

    def do(item: int) -> int:
        if item == 2:
            raise ValueError("bad row")
        done.append(item)
        return 1

    with pytest.raises(ValueError, match="bad row"):
        one_by_one([1, 2, 3], do)
    assert done == [1, 3]


def test_lots_are_done_whole_and_in_order() -> None:
    lots: list[list[int]] = []

    def do(lot: Sequence[int]) -> int:
        lots.append(list(lot))
        return len(lot)

    assert together(range(5), do, size=2) == 5
    assert lots == [[0, 1], [2, 3], [4]]


def test_a_lot_with_a_bad_item_is_done_again_without_it() -> None:
    done: list[int] = []

    def do(lot: Sequence[int]) -> int:
        if 2 in lot:
            raise ValueError("bad row")
        done.extend(lot)
        return len(lot)

    with pytest.raises(ValueError, match="bad row"):
        together([1, 2, 3, 4, 5], do, size=3)
    assert done == [1, 3, 4, 5]
