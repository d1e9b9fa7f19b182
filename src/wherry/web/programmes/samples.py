"""Messages as somebody invented would read them, by language, for whoever decides that they leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wherry.journeys.look_ahead import Sample
from wherry.web.components.languages import LANGUAGES


@dataclass(frozen=True)
class Language:
    """A language's samples. code: as in `lang`; people: how many are written to in it."""

    code: str
    name: str
    people: int
    samples: tuple[Sample, ...]


def by_language(samples: Iterable[Sample], *, people: Mapping[str, int] | None = None) -> list[Language]:
    """Gather samples by language, in the programme's order, with how many people are written to in each."""
    found: dict[str, list[Sample]] = {}
    for one in samples:
        found.setdefault(one.rendered.language, []).append(one)
    many = people or {}
    return [Language(code, LANGUAGES.get(code, code), many.get(code, 0), tuple(of)) for code, of in found.items()]
