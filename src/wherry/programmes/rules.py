"""
A place's overlay: which keys it may change, and the bounds no overlay may leave, whatever the programme allows.

Bounds: nothing holding a red flag is taken away or narrowed, no urgency falls, no language is dropped. They are read
off the names `red_flag`, `urgency`, `languages` wherever they stand, so that a new room's section is bound as well.
Hazard: H-10 (a place's change weakens a safety rule).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wherry.programmes.types import KeyPath

URGENCIES = ("none", "routine", "soon", "today", "emergency")
_NAMES = ("id", "code", "linkId", "name")


def may_change(*, path: str, allowed: Sequence[str]) -> bool:
    """Say whether a dotted path is allowed. `*` in an allowed path stands for one part; nothing stands for several."""
    parts = path.split(".")
    return any(
        len(parts) == len(pattern) and all(want in ("*", part) for want, part in zip(pattern, parts, strict=True))
        for pattern in (one.split(".") for one in allowed)
    )


def split_path(*, path: str, sections: Mapping[str, Any]) -> tuple[str, tuple[str, ...]] | None:
    """Split a dotted path into its section (`messages/en`) and the keys below; None when no section has that name."""
    section, _, rest = path.partition(".")
    keys = tuple(rest.split("."))
    return (section, keys) if section in sections and all(keys) else None


def change(*, data: Any, keys: Sequence[str], value: Any) -> tuple[Any, KeyPath, Any]:
    """
    Give a copy of a section with one value changed or added, the path by position, and the central value.

    A part names a key of a mapping, or the list item whose `id`, `code`, `linkId` or `name` it is; a last part that
    names no item yet adds one. Raises LookupError when an earlier part leads nowhere or a scalar stands in the way.
    """
    changed = copy.deepcopy(data)
    here, where = changed, []
    for key in keys[:-1]:
        step = _step(here, key)
        here = here[step]
        where.append(step)
    step, before = _place(here, keys[-1], value)
    return changed, (*where, step), before


def bounds_broken(*, central: Any, resolved: Any) -> tuple[str, ...]:
    """Compare a section before and after its overlay; name each bound that was broken, by dotted path."""
    return tuple(_broken(central, resolved, ()))


def _step(here: Any, key: str) -> str | int:
    if isinstance(here, dict) and key in here:
        return key
    if isinstance(here, list):
        return _position(here, key)
    raise LookupError(key)


def _position(items: list[Any], key: str) -> int:
    for index, item in enumerate(items):
        if isinstance(item, dict) and key in [item.get(name) for name in _NAMES]:
            return index
    raise LookupError(key)


def _place(here: Any, key: str, value: Any) -> tuple[str | int, Any]:
    if isinstance(here, dict):
        before = here.get(key)
        here[key] = value
        return key, before
    if not isinstance(here, list):
        raise LookupError(key)
    try:
        index = _position(here, key)
    except LookupError:
        here.append(value)
        return len(here) - 1, None
    before, here[index] = here[index], value
    return index, before


def _broken(central: Any, resolved: Any, where: tuple[str, ...]) -> Iterator[str]:
    path = ".".join(where)
    if isinstance(central, dict):
        yield from _broken_mapping(central, resolved if isinstance(resolved, dict) else {}, where)
    elif isinstance(central, list):
        yield from _broken_list(central, resolved if isinstance(resolved, list) else [], where)
    elif where and where[-1] == "urgency" and _rank(resolved) < _rank(central):
        yield f"{path}: the urgency falls from {central}"


def _broken_mapping(central: dict[str, Any], resolved: dict[str, Any], where: tuple[str, ...]) -> Iterator[str]:
    flagged = central.get("red_flag")
    if flagged:
        if resolved.get("red_flag") != flagged:
            yield f"{'.'.join(where)}: the red flag {flagged} is taken away"
        if resolved.get("when") != central.get("when"):
            yield f"{'.'.join(where)}: what raises the red flag {flagged} is changed"
    for key, value in central.items():
        yield from _broken(value, resolved.get(key), (*where, str(key)))


def _broken_list(central: list[Any], resolved: list[Any], where: tuple[str, ...]) -> Iterator[str]:
    if where and where[-1] == "languages":
        for language in central:
            if language not in resolved:
                yield f"{'.'.join(where)}: the language {language} is dropped"
    for index, item in enumerate(central):
        if not isinstance(item, dict):
            continue
        name = next((str(item[key]) for key in _NAMES if key in item), str(index))
        try:
            yield from _broken(item, resolved[_position(resolved, name)], (*where, name))
        except LookupError:
            yield from _broken(item, resolved[index] if index < len(resolved) else None, (*where, name))


def _rank(urgency: Any) -> int:
    return URGENCIES.index(urgency) if urgency in URGENCIES else -1


PLACE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
