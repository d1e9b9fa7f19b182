"""What a programme lets a place change: each path, and in which direction and how far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wherry.programmes.rules.directions import Direction, added, is_words, never_less, never_more, ordered, same_slots
from wherry.programmes.rules.paths import MISSING, matches
from wherry.programmes.types import Allowance

Refusal = tuple[str, str]
_WAYS: dict[str, tuple[Direction, str, str]] = {
    "add": (added, "a place may add here, and leave what the centre wrote as it is", "write only what is new"),
    "lower": (never_more, "a place may only lower this", "write {central} or less"),
    "raise": (never_less, "a place may only raise this", "write {central} or more"),
    "words": (
        lambda central, resolved: is_words(central) and same_slots(central, resolved),
        "a place may only reword this",
        "write text that holds the same {{placeholders}}",
    ),
}


def refusal(*, path: str, central: Any, value: Any, allowances: Sequence[Allowance]) -> Refusal | None:
    """
    Say why a place may not write this value at this path, and the mend; None where one of the allowances lets it.

    central: the value the centre has there, MISSING where it has none.
    """
    fitting = [one for one in allowances if matches(path=path, pattern=one.path)]
    if not fitting:
        mend = "remove it, or have the programme allow it under places_may_change"
        return f'a place may not change "{path}"', mend
    refused = [_refusal(path, central, value, one) for one in fitting]
    return None if None in refused else refused[0]


def _refusal(path: str, central: Any, value: Any, allowance: Allowance) -> Refusal | None:
    if allowance.only:
        holds, what, mend = _WAYS[allowance.only]
        if not holds(central, value):
            if central is MISSING:
                return f'"{path}": {what}, and the centre has nothing here', "remove it"
            return f'"{path}": {what}', mend.format(central=central)
    return _out_of_limits(path, value, allowance)


def _out_of_limits(path: str, value: Any, allowance: Allowance) -> Refusal | None:
    for limit, holds, words in (
        (allowance.at_least, never_less, "at least"),
        (allowance.at_most, never_more, "at most"),
    ):
        if limit is not None and (ordered(value) is None or not holds(limit, value)):
            return f'"{path}": the programme lets a place write {words} {limit} here', f"write {words} {limit}"
    return None
