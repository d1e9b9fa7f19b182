"""The words that tell a stranger too much: content, in `programmes/words/telling.yaml`, not code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wherry.programmes.types import Section

_SHORTEST_OF_A_NAME = 4


@dataclass(frozen=True)
class Telling:
    """
    Which words no text, subject or heading may hold: it lies on a table, or lights up on a locked telephone.

    by_language: of each language and of all (under ""); own: those of the programme's own name.
    """

    by_language: Mapping[str, re.Pattern[str]]
    own: re.Pattern[str] | None = None

    def found(self, text: str, *, language: str) -> str | None:
        """Give the first telling word of a text, as it stands there."""
        patterns = (self.own, self.by_language.get(""), self.by_language.get(language))
        hits = (pattern.search(text) for pattern in patterns if pattern is not None)
        return next((hit.group(0) for hit in hits if hit), None)


def read_telling(section: Section, *, names: Iterable[str] = ()) -> Telling:
    """Read a section that fits TELLING_SCHEMA. names: the programme's own, whose words tell what it is about."""
    data = section.data
    words = {"": data["everywhere"], **data["languages"]}
    harmless = {word.casefold() for word in data["harmless"]}
    own = {word for name in names for word in re.findall(r"[^\W\d_]+", name.casefold())}
    telling = sorted(word for word in own - harmless if len(word) >= _SHORTEST_OF_A_NAME)
    patterns = {language: _pattern(several) for language, several in words.items() if several}
    return Telling(by_language=patterns, own=_pattern(telling) if telling else None)


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """A star at either end stands for any letters; a blank for any space."""
    each = (re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)", re.IGNORECASE)
