from __future__ import annotations

import datetime as dt
import re

import pytest

from wherry.web.components.words import WordsMissing, catalogues, direction, say, written_date

PLACES = re.compile(r"\{(\w+)\}")


def test_every_language_says_everything_the_others_say() -> None:
    words = catalogues()
    assert {"en", "pl", "lt", "pt", "ar"} <= set(words)
    for language, catalogue in words.items():
        assert set(catalogue) == set(words["en"]), language


def test_every_language_fills_in_the_same_places() -> None:
    words = catalogues()
    for key, english in words["en"].items():
        for language in words:
            assert set(PLACES.findall(words[language][key])) == set(PLACES.findall(english)), (language, key)


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "2 March 2026"), ("pl", "2 marca 2026"), ("lt", "2026 m. kovo 2 d."), ("pt", "2 de março de 2026")],
)
def test_a_date_is_written_as_its_language_writes_it(language: str, written: str) -> None:
    assert written_date(words=catalogues(), language=language, day=dt.date(2026, 3, 2)) == written


def test_missing_words_are_refused_and_never_shown_as_a_key() -> None:
    with pytest.raises(WordsMissing, match="missing in the language 'pl'"):
        say(words=catalogues(), language="pl", key="no.such.words")
    with pytest.raises(WordsMissing, match="no catalogue"):
        say(words=catalogues(), language="xx", key="continue")


def test_direction_follows_the_language_and_not_its_region() -> None:
    assert [direction(language=tag) for tag in ("ar", "ur-PK", "pl", "en")] == ["rtl", "rtl", "ltr", "ltr"]
