"""
What pages say to residents, by key and language, and how each language writes a date.

A catalogue is `words/<language>.yaml`: nested keys read with dots, `{name}` for what is filled in. Every catalogue has
the same keys (a test compares them), so nothing falls back to English unseen. Staff pages are written in English in
place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from wherry.foundation.errors import EnvironmentWrong
from wherry.foundation.languages import RIGHT_TO_LEFT

Catalogue = Mapping[str, str]


class WordsMissing(EnvironmentWrong):
    """A page asks for words that its language's catalogue does not hold."""


def direction(*, language: str) -> str:
    """Give the writing direction of a language for the `dir` attribute: `ltr` or `rtl`."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def _flat(node: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in node.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{name}.")
        else:
            flat[name] = str(value)
    return flat


def read_catalogue(*, text: str) -> Catalogue:
    """Read one catalogue's YAML text into dotted keys and their words."""
    return MappingProxyType(_flat(yaml.safe_load(text)))


@cache
def catalogues() -> Mapping[str, Catalogue]:
    """Give every catalogue shipped with the components, by language tag. Read once per process."""
    folder = files(__package__) / "words"
    found = {
        item.name.removesuffix(".yaml"): read_catalogue(text=item.read_text(encoding="utf-8"))
        for item in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if item.name.endswith(".yaml")
    }
    return MappingProxyType(found)


def say(*, words: Mapping[str, Catalogue], language: str, key: str, **values: object) -> str:
    """
    Give the words for a key in a language, with `{name}` places filled in.

    Raises WordsMissing where the language or the key is not there: a page must never show a key or a wrong language.
    """
    if language not in words:
        raise WordsMissing(f"there is no catalogue of words for the language {language!r}")
    if key not in words[language]:
        raise WordsMissing(f"the words {key!r} are missing in the language {language!r}")
    return words[language][key].format(**values)


def written_date(*, words: Mapping[str, Catalogue], language: str, day: dt.date) -> str:
    """Write a day as the language does: 2 March 2026, 2 marca 2026, 2026 m. kovo 2 d."""
    month = say(words=words, language=language, key=f"date.months.{day.month}")
    return say(words=words, language=language, key="date.pattern", day=day.day, month=month, year=day.year)
