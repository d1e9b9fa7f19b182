"""What differs value by value, by dotted path: for scripts, and for whoever wants every letter. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wherry.programmes.types import ProgrammeFiles

#: Letters of a value that are printed, and of those before its first change.
_LONGEST, _BEFORE = 100, 30


def values_changed(*, before: ProgrammeFiles, after: ProgrammeFiles) -> tuple[Mapping[str, Any], ...]:
    """Give `path`, `from` and `to` of every value that differs; items of a list by their name where they have one."""
    found: list[dict[str, Any]] = []
    _compare("", _whole(before), _whole(after), found)
    return tuple(found)


def _whole(files: ProgrammeFiles) -> dict[str, Any]:
    """Give every value under one root, list items by their name where they have one."""
    lists = {f"codelists/{name}": dict(one.pairs) for name, one in files.codelists.items()}
    sections = {name: _named(one.data) for name, one in {**files.sections, **files.cases}.items()}
    return {**sections, **lists}


def _named(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _named(one) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    names = [
        next((one[key] for key in ("id", "code", "linkId") if key in one), None) if isinstance(one, dict) else None
        for one in value
    ]
    if names and None not in names and len(set(map(str, names))) == len(names):
        return {str(name): _named(one) for name, one in zip(names, value, strict=True)}
    return [_named(one) for one in value]


def _compare(path: str, old: Any, new: Any, found: list[dict[str, Any]]) -> None:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            _compare(f"{path}.{key}" if path else str(key), old.get(key), new.get(key), found)
    elif old != new or type(old) is not type(new):
        found.append({"path": path, "from": old, "to": new})


def in_words(value: Any) -> str:
    """Say a value as it is printed."""
    if value is None:
        return "(nothing)"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def apart(old: str, new: str) -> tuple[str, str]:
    """Give two values as they are printed: long ones from a few words before the first letter in which they differ."""
    if len(old) <= _LONGEST and len(new) <= _LONGEST:
        return old, new
    alike = next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )
    begin = max(alike - _BEFORE, 0)
    begin = old.rfind(" ", 0, begin) + 1 if begin else 0
    return _from(old, begin), _from(new, begin)


def _from(text: str, begin: int) -> str:
    rest = f"…{text[begin:]}" if begin else text
    return rest if len(rest) <= _LONGEST else f"{rest[: _LONGEST - 1]}…"
