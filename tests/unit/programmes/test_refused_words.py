"""Words nobody is shown or told: found whole, in every language, and on no page of the residents' site."""

from __future__ import annotations

import pytest

from wherry.foundation.content import content_folder
from wherry.journeys.check_programme.wording import words_shown
from wherry.programmes import refused_words
from wherry.programmes.files import load
from wherry.programmes.marked_yaml import read_section
from wherry.web.components.words import catalogues

FILE = content_folder("programmes") / "words" / "refused.yaml"
REFUSALS = refused_words.parse(read_section(path=str(FILE), content=FILE.read_bytes()))


def found(text: str, language: str = "en") -> list[str]:
    return [word for word, _ in refused_words.found_in(text=text, language=language, refusals=REFUSALS)]


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "We can diagnose this.", ["diagnose"]),
        ("en", "You are at LOW\n  risk.", ["LOW risk"]),
        ("en", "You don’t need a doctor", ["you don't need a doctor"]),
        ("en", "It is unpredictable, and an asterisk is not a secured cure-all", ["cure"]),
        ("en", "Do you need a doctor? Ring 111.", []),
        ("pl", "Masz niskie ryzyko.", ["niskie ryzyko"]),
        ("lt", "Jums nereikia gydytojo.", ["jums nereikia gydytojo"]),
        ("pt", "Não precisa de médico.", ["não precisa de médico"]),
        ("ar", "لا تحتاج إلى طبيب", ["لا تحتاج إلى طبيب"]),
        ("ar", "هذا هو التشخيص", ["التشخيص"]),
    ],
)
def test_a_refused_word_is_found_whole(language: str, text: str, words: list[str]) -> None:
    assert [one.lower() for one in found(text, language)] == [one.lower() for one in words]


@pytest.mark.parametrize("language", sorted(catalogues()))
def test_no_page_of_the_residents_site_holds_one(language: str) -> None:
    assert all(language in one.patterns for one in REFUSALS)
    assert {key: found(text, language) for key, text in catalogues()[language].items() if found(text, language)} == {}


def test_all_that_is_shown_or_said_is_looked_at() -> None:
    shown = list(words_shown(load(content_folder("programmes") / "covid_protect")))

    assert {one.section for one in shown} == {
        *("call_script", "questionnaire", "triage", "services"),
        *(f"messages/{language}" for language in ("en", "pl", "lt", "pt", "ar")),
    }
    told = {(one.section, one.language) for one in shown if one.section in ("questionnaire", "triage", "services")}
    assert len(told) == 3 * 5
    assert any(one.path[-2:] == ("about_them", "pl") for one in shown)
