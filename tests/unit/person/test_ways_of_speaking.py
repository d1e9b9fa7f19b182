"""
Residents are spoken to in one way in each language: in Polish by "you" as a friend would, never half by "Sir or Madam";
in Portuguese as somebody older is in Portugal, with neither "tu" nor "você".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from wherry.foundation.content import content_folder
from wherry.web.components import words

OTHER_WAYS = {
    "pl": re.compile(r"\b(?:Pan|Pani|Pana|Panu|Panią)\b|\b[Pp]roszę\b|\bprosimy (?:dzwonić|zadzwonić)"),
    "pt": re.compile(r"\b(?:tu|ti|te|contigo|teus?|tuas?|tens|estás|podes|queres|precisas|vocês?)\b", re.IGNORECASE),
}


def read(language: str) -> Iterator[Path]:
    yield Path(words.__file__).parent / "words" / f"{language}.yaml"
    yield from sorted(content_folder("programmes").glob(f"*/messages/{language}.yaml"))
    for name in ("questionnaire", "triage", "services"):
        yield from sorted(content_folder("programmes").glob(f"*/{name}.yaml"))


def said_in(file: Path, language: str) -> list[str]:
    """Give the words of a language alone: a whole file's, or what stands under its code in one of many languages."""
    lines = [line for line in file.read_text().splitlines() if not line.startswith(("stop_words", "#"))]
    if file.stem == language:
        return lines
    under = re.compile(rf"\b(?:\w+_)?{language}: (\"[^\"]*\"|[^,}}\n]*)")
    return [found for line in lines for found in under.findall(line)]


@pytest.mark.parametrize(
    ("language", "file"),
    [(language, file) for language in OTHER_WAYS for file in read(language)],
    ids=lambda told: "/".join(told.parts[-3:]) if isinstance(told, Path) else told,
)
def test_no_words_mix_two_ways_of_speaking_to_somebody(language: str, file: Path) -> None:
    assert [one for one in said_in(file, language) if OTHER_WAYS[language].search(one)] == []


def test_words_of_one_language_are_told_from_those_of_another(tmp_path: Path) -> None:
    file = tmp_path / "triage.yaml"
    file.write_text('food: {en: Te deum, pl: Jedzenie, pt: "Para ti, sim", ar: x}\n      pt: Tens comida?\n')
    assert [bool(OTHER_WAYS["pt"].search(one)) for one in said_in(file, "pt")] == [True, True]
