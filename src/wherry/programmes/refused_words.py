"""`programmes/words/refused.yaml`: words nobody may be shown or told, by language, each with why and what instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from wherry.programmes.types import Section

NAME = "refused"
_TEXT = {"type": "string", "minLength": 1}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "words/refused.yaml",
    "type": "object",
    "required": ["refused"],
    "properties": {
        "refused": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["why", "instead", "words"],
                "properties": {
                    "why": {**_TEXT, "description": "What would be wrong with these words."},
                    "instead": {**_TEXT, "description": "What to write."},
                    "words": {
                        "type": "object",
                        "required": ["en"],
                        "propertyNames": {"pattern": "^[a-z]{2,3}$"},
                        "additionalProperties": {"type": "array", "minItems": 1, "uniqueItems": True, "items": _TEXT},
                    },
                },
                "additionalProperties": False,
            },
        }
    },
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Refusal:
    """One kind of words. patterns: language → what finds them; why and instead: for whoever wrote them."""

    why: str
    instead: str
    patterns: dict[str, re.Pattern[str]]


def parse(section: Section) -> tuple[Refusal, ...]:
    """Read a section that fits SCHEMA."""
    return tuple(
        Refusal(one["why"], one["instead"], {language: _pattern(words) for language, words in one["words"].items()})
        for one in section.data["refused"]
    )


def found_in(*, text: str, language: str, refusals: Sequence[Refusal]) -> Iterator[tuple[str, Refusal]]:
    """Give each refused word of a text as it stands there, the first of each kind; without a list, none."""
    plain = text.replace("\u2019", "'")
    for refusal in refusals:
        pattern = refusal.patterns.get(language)
        found = pattern.search(plain) if pattern else None
        if found:
            yield " ".join(found.group(0).split()), refusal


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_one, words)), re.IGNORECASE)


def _one(phrase: str) -> str:
    # Whole words, over the end of a line too: "at  risk" is found, "asterisk" is not.
    spaced = r"\s+".join(re.escape(part).replace(r"\*", r"\w*") for part in phrase.split())
    return rf"(?<!\w){spaced}(?!\w)"
