"""
Dotted paths into a programme (`cadence.steps.second_text.after_hours`), as overlays and `places_may_change` write them.

A part names a key of a mapping, or the list item that bears the name. `*` in an allowed path stands for any letters
within one part (`text_*`, `messages/*`); nothing stands for several parts.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from wherry.programmes.types import KeyPath

PLACE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
NAMES = ("id", "code", "linkId", "name", "category", "criterion", "organisation")


class _Missing:
    """Nothing stands there; `null` is something else."""

    def __repr__(self) -> str:
        return "MISSING"

    def __deepcopy__(self, memo: object) -> _Missing:
        return self


MISSING: Final = _Missing()


def matches(*, path: str, pattern: str) -> bool:
    """Say whether a dotted path is one of those a pattern stands for."""
    return _compiled(pattern).fullmatch(path) is not None


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("[^.]*".join(map(re.escape, pattern.split("*"))))


def name_of(item: Any) -> str | None:
    """Give the name a list item is addressed by, or None. A questionnaire's option is named by its coding."""
    if not isinstance(item, dict):
        return None
    coding = item.get("valueCoding")
    for holder in (item, coding if isinstance(coding, dict) else {}):
        for key in NAMES:
            if isinstance(holder.get(key), str | int):
                return str(holder[key])
    return None


def split_path(*, path: str) -> tuple[str, tuple[str, ...]] | None:
    """Split a path into its section (`messages/en`) and the keys below, none for a whole file. None: malformed."""
    section, *keys = path.split(".")
    return (section, tuple(keys)) if section and all(keys) else None


def value_at(*, data: Any, keys: Sequence[str]) -> Any:
    """Give the value at the keys, MISSING where nothing stands."""
    here = data
    for key in keys:
        try:
            here = here[_step(here, key)]
        except LookupError:
            return MISSING
    return here


def changed(*, data: Any, keys: Sequence[str], value: Any) -> tuple[Any, KeyPath]:
    """
    Give a copy of a section with one value changed or added, and the path by position.

    A last part that names no item of a list adds one at its end. Raises LookupError when an earlier part leads nowhere,
    a scalar stands in the way, or an item does not bear the name it is put under.
    """
    if not keys:
        return copy.deepcopy(value), ()
    made = copy.deepcopy(data)
    here, where = made, []
    for key in keys[:-1]:
        where.append(_step(here, key))
        here = here[where[-1]]
    return made, (*where, _put(here, keys[-1], copy.deepcopy(value)))


def position(*, items: Sequence[Any], name: str) -> int:
    """Give where the item of that name stands. Raises LookupError."""
    for index, item in enumerate(items):
        if name_of(item) == name:
            return index
    raise LookupError(name)


def leads_somewhere(*, pattern: str, sections: Mapping[str, Any]) -> bool:
    """Say whether a pattern fits anything of a programme, or something that could be added beside what is there."""
    section, *parts = pattern.split(".")
    here = [data for name, data in sections.items() if _compiled(section).fullmatch(name)]
    if not parts:
        return bool(here) or "/" in section
    for part in parts[:-1]:
        here = [below for one in here for name, below in _below(one) if _compiled(part).fullmatch(name)]
    return any(isinstance(one, dict) or (isinstance(one, list) and any(map(name_of, one))) for one in here)


def _below(here: Any) -> list[tuple[str, Any]]:
    if isinstance(here, dict):
        return list(here.items())
    return [(name_of(one) or "", one) for one in here] if isinstance(here, list) else []


def positions(*, data: Any, keys: Sequence[str]) -> KeyPath:
    """Turn names into positions as far as they lead, for asking a section its line."""
    here, where = data, list[str | int]()
    for key in keys:
        try:
            where.append(_step(here, key))
        except LookupError:
            break
        here = here[where[-1]]
    return tuple(where)


def _step(here: Any, key: str) -> str | int:
    if isinstance(here, dict) and key in here:
        return key
    if isinstance(here, list):
        return position(items=here, name=key)
    raise LookupError(key)


def _put(here: Any, key: str, value: Any) -> str | int:
    if isinstance(here, dict):
        here[key] = value
        return key
    if not isinstance(here, list) or name_of(value) != key:
        raise LookupError(key)
    try:
        index = position(items=here, name=key)
    except LookupError:
        here.append(value)
        return len(here) - 1
    here[index] = value
    return index


def named(*, data: Any, where: KeyPath) -> tuple[str, ...]:
    """Turn positions into names: the other way round than `positions`. An item without a name keeps its number."""
    here, names = data, list[str]()
    for key in where:
        here = here[key]
        names.append((name_of(here) or str(key)) if isinstance(key, int) else key)
    return tuple(names)
