"""
The ways a place's value may differ from the centre's: `(central, resolved) -> bool`.

MISSING stands for a value that is not there. Numbers and times of day (`08:30`) have an order; nothing else has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from wherry.programmes.rules.paths import MISSING, name_of

Direction = Callable[[Any, Any], bool]
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_SLOT = re.compile(r"\{[a-z_]+\}")


def same(central: Any, resolved: Any) -> bool:
    """Nothing is changed, added or taken away."""
    return type(central) is type(resolved) and bool(central == resolved)


def kept(central: Any, resolved: Any) -> bool:
    """What the centre says stays as it is; where it says nothing, a place may."""
    return central is MISSING or same(central, resolved)


def never_more(central: Any, resolved: Any) -> bool:
    """Lower, earlier, or the same. A value where the centre has none is more."""
    first, second = ordered(central), ordered(resolved)
    return first is not None and second is not None and second <= first


def never_less(central: Any, resolved: Any) -> bool:
    """Higher, later, or the same. A value where the centre has none is less."""
    first, second = ordered(central), ordered(resolved)
    return first is not None and second is not None and second >= first


def grows(central: Any, resolved: Any) -> bool:
    """Every item of the centre is still there, in the centre's order."""
    rest: Iterator[Any] = iter(_items(resolved))
    return all(any(same(item, one) for one in rest) for item in _items(central))


def grows_at_end(central: Any, resolved: Any) -> bool:
    """The centre's items stand first, as they are."""
    items = _items(central)
    return isinstance(resolved, list) and same(items, resolved[: len(items)])


def shrinks(central: Any, resolved: Any) -> bool:
    """Nothing is there that the centre does not have."""
    return all(item in _items(central) for item in _items(resolved))


def central_first(central: Any, resolved: Any) -> bool:
    """The centre's items, by name, stand first in their order; each may itself be changed."""
    names = [name_of(item) for item in _items(central)]
    return [name_of(item) for item in _items(resolved)][: len(names)] == names


def no_new_items(central: Any, resolved: Any) -> bool:
    """No item, by name, stands there that the centre does not have."""
    names = [name_of(item) for item in _items(central)]
    return all(name_of(item) in names for item in _items(resolved))


def added(central: Any, resolved: Any) -> bool:
    """Nothing of the centre is touched: it was not there, or stands first in its list, or its keys are as they were."""
    if isinstance(central, dict) and isinstance(resolved, dict):
        return all(key in resolved and same(value, resolved[key]) for key, value in central.items())
    return central is MISSING or (isinstance(central, list) and grows_at_end(central, resolved))


def is_words(value: Any) -> bool:
    """Say whether this is text, or lines of text."""
    return _words(value) is not None


def same_slots(central: Any, resolved: Any) -> bool:
    """Text, or paragraphs, hold the same `{placeholders}` as often as the centre's. Other values: any."""
    first, second = _words(central), _words(resolved)
    return first is None or (second is not None and _slots(first) == _slots(second))


def _slots(words: str) -> Counter[str]:
    return Counter(_SLOT.findall(words))


def ordered(value: Any) -> float | None:
    """Give a number, or a time of day as minutes, so that two can be held against each other; None for all others."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _CLOCK.fullmatch(value):
        return int(value[:2]) * 60 + int(value[3:])
    return None


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _words(value: Any) -> str | None:
    if isinstance(value, str) and value.strip():
        return value
    whole = isinstance(value, list) and value and all(isinstance(one, str) and one.strip() for one in value)
    return "\n".join(value) if whole else None
