"""Where a place's value differs from the centre's, as deep as can be said, so that each part keeps its own origin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wherry.programmes.rules.paths import MISSING, name_of
from wherry.programmes.types import KeyPath


@dataclass(frozen=True)
class Difference:
    """
    One part of a changed value, by position within it.

    central: what the centre has there, or MISSING; central_where: for a part that is as the centre has it (the place
    wrote it out again), where it stands in the centre's value; None for what the place decided.
    """

    where: KeyPath
    central: Any = MISSING
    central_where: KeyPath | None = None


def differences(*, central: Any, value: Any) -> tuple[Difference, ...]:
    """Give the parts of a place's value, each either the place's or the centre's. The same value again: the place's."""
    found = tuple(_parts(central, value, (), ()))
    return found if any(one.central_where is None for one in found) else (Difference((), central),)


def _parts(central: Any, value: Any, where: KeyPath, central_where: KeyPath) -> Iterator[Difference]:
    if central is not MISSING and central == value:
        yield Difference(where, central, central_where)
    elif isinstance(central, dict) and isinstance(value, dict):
        for key, one in value.items():
            yield from _parts(central.get(key, MISSING), one, (*where, key), (*central_where, key))
    elif isinstance(central, list) and isinstance(value, list):
        for index, one in enumerate(value):
            at = _counterpart(central, value, index)
            before = MISSING if at is None else central[at]
            yield from _parts(before, one, (*where, index), (*central_where, index if at is None else at))
    else:
        yield Difference(where, central)


def _counterpart(central: list[Any], value: list[Any], index: int) -> int | None:
    """Find the centre's item that this one is: by name, or for plain values the same value, as often as it stands."""
    item = value[index]
    alike = [at for at, one in enumerate(central) if _is_same_item(one, item)]
    turn = sum(_is_same_item(one, item) for one in value[:index])
    if turn < len(alike):
        return alike[turn]
    # Lines of as many as the centre has: the one in its place is reworded, not another one.
    return index if len(value) == len(central) and not isinstance(item, dict) and central[index] not in value else None


def _is_same_item(one: Any, other: Any) -> bool:
    return name_of(one) == name_of(other) if isinstance(one, dict) and name_of(one) else bool(one == other)
