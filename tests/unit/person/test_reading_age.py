"""What residents read asks for no more schooling than a child of eleven has."""

from __future__ import annotations

from pathlib import Path

import pytest

from wherry.nonprod.reading_age import ages_of, table
from wherry.programmes.reading_age import OLDEST, reading_age, words_a_sentence

AGES = ages_of(programme="covid_protect")


@pytest.mark.parametrize("what", sorted(AGES))
def test_no_page_or_message_asks_for_more_than_the_stated_age(what: str) -> None:
    assert AGES[what] <= OLDEST


def test_the_page_of_the_reference_is_the_one_made_from_the_words_today() -> None:
    kept = Path(__file__).parents[3] / "docs" / "reference" / "reading_age.md"
    assert kept.read_text() == table(ages=AGES), "run make docs"


def test_long_words_and_long_sentences_ask_for_more() -> None:
    easy = reading_age(text="Are you well? Do you have food?")
    hard = reading_age(
        text="Kindly communicate whether additional nutritional provision or pharmaceutical assistance is currently "
        "necessary, considering the circumstances in which you presently find yourself at your residence."
    )
    assert easy <= 6 < OLDEST < hard


def test_nothing_to_read_asks_for_nothing() -> None:
    assert reading_age(text="") == 5.0


def test_sentences_are_measured_in_any_language() -> None:
    assert words_a_sentence(text="Hello {name}. How are you?\nRing us") == 2.3
    assert words_a_sentence(text="كيف حالك؟ هل أنت بخير؟") == 2.5
    assert words_a_sentence(text="") == 0
