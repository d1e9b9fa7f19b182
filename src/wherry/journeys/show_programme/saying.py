"""
How single values are said, and how what a chapter did not say is said all the same.

A chapter takes what it says out of a copy of its section. Whatever is left in the copy, a key somebody added since,
is told plainly at its end: nothing of a programme can be left out by being new.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wherry.journeys.show_programme.types import Item, Part, Said, Words
from wherry.programmes.types import KeyPath

LANGUAGES = {
    "ar": "Arabic",
    "en": "English",
    "lt": "Lithuanian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "uk": "Ukrainian",
    "ur": "Urdu",
}
SYSTEMS = {
    "snomed": "SNOMED CT",
    "dmd": "dm+d",
    "icd10": "ICD-10",
    "opcs4": "OPCS-4",
    "bnf": "BNF",
    "rxnorm": "RxNorm",
    "read": "Read",
    "local": "local codes",
}
_NAMES = ("id", "code", "linkId", "organisation", "kind")


def copied(value: Any) -> Any:
    """Copy plain values, keys and items, some five times as quickly as a copy of anything would be."""
    if isinstance(value, dict):
        return {key: copied(one) for key, one in value.items()}
    return [copied(one) for one in value] if isinstance(value, list) else value


def take(rest: Any, key: str, otherwise: Any = None) -> Any:
    """
    Take one value out of what is left to say.

    What has keys of its own stays until they are taken: one that nobody takes is then still left to say.
    """
    found = rest.get(key, otherwise)
    has_keys = (isinstance(found, Mapping) and found) or (
        isinstance(found, list) and any(isinstance(one, Mapping) for one in found)
    )
    return found if has_keys else rest.pop(key, otherwise)


def take_all(rest: Any) -> list[tuple[str, Any]]:
    """Take every key with its value out of what is left to say."""
    pairs = [(str(key), one) for key, one in rest.items()]
    rest.clear()
    return pairs


def said(label: str, *texts: object, raw: str = "") -> Said:
    """Say texts under a label, in English."""
    return Said(label, tuple(Words(str(one)) for one in texts), raw)


def derived(label: str, *texts: object) -> Said:
    """Say what another file decides."""
    return Said(label, tuple(Words(str(one)) for one in texts), is_derived=True)


def in_languages(label: str, texts: Any) -> Said:
    """Say words by language, each marked with its own, English first; takes them."""
    order = sorted(take_all(texts), key=lambda pair: (pair[0] != "en", pair[0]))
    return Said(label, tuple(Words(str(text), "" if lang == "en" else lang) for lang, text in order))


def language(code: str) -> str:
    """Name a language in English."""
    return LANGUAGES.get(code, code)


def spaced(code: object) -> str:
    """Say a code as words."""
    return str(code).replace("_", " ")


def first_up(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]


def listed(values: Iterable[object], *, last: str = "and") -> str:
    """Say several as “a, b and c”; nobody for none."""
    several = [plain(one) for one in values]
    return f"{', '.join(several[:-1])} {last} {several[-1]}" if len(several) > 1 else "".join(several) or "none"


def many(number: Any, one: str) -> str:
    """Say “1 hour”, “2 hours”."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def day(text: Any) -> str:
    """Say a day as “1 March 2026”; whatever is no day, as it stands."""
    try:
        told = dt.date.fromisoformat(str(text))
    except ValueError:
        return plain(text)
    return f"{told.day} {told:%B} {told.year}"


def plain(value: Any) -> str:
    """Say any value in one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{spaced(key)}: {plain(one)}" for key, one in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(plain, value)) or "none"
    return "nothing" if value is None else str(value)


def left_over(rest: Any, whole: Any, *, title: str = "Also said in this file") -> tuple[Part, ...]:
    """Say what a chapter did not: `rest` is what is left of a copy of `whole`. None where nothing is."""
    found: dict[KeyPath, list[tuple[KeyPath, str, str]]] = {}
    for names, path, words in _leaves(rest, whole, (), ()):
        # An item is the innermost thing of a list, or what stands first in the file.
        depth = next((at for at in range(len(path), 0, -1) if isinstance(path[at - 1], int)), 1)
        label = " · ".join(map(spaced, names[depth:]))
        found.setdefault(path[:depth], []).append((names[:depth], label, words))
    items = tuple(
        Item(
            key=f"also.{'.'.join(map(str, several[0][0]))}",
            title=first_up(" · ".join(map(spaced, several[0][0]))),
            said=tuple(said(label, words) for _, label, words in several),
            path=path,
        )
        for path, several in found.items()
    )
    return (Part(title, items),) if items else ()


def _leaves(
    rest: Any, whole: Any, path: KeyPath, names: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], KeyPath, str]]:
    if isinstance(rest, Mapping) and rest:
        for key, one in rest.items():
            yield from _leaves(one, _at(whole, key), (*path, key), (*names, str(key)))
    elif isinstance(rest, list) and any(isinstance(one, Mapping | list) for one in rest):
        for at, one in enumerate(rest):
            yield from _leaves(one, _at(whole, at), (*path, at), (*names, _name(_at(whole, at), at)))
    elif rest not in ([], {}) or whole == rest:
        yield names, path, plain(rest)


def _at(whole: Any, key: Any) -> Any:
    if isinstance(whole, Mapping):
        return whole.get(key)
    return whole[key] if isinstance(whole, list) and isinstance(key, int) and key < len(whole) else None


def _name(item: Any, at: int) -> str:
    named = next((item[name] for name in _NAMES if name in item), None) if isinstance(item, Mapping) else None
    return str(at + 1) if named is None else str(named)
