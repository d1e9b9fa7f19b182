"""The page of how places differ: in words, with who agreed to it, and when nobody differs it says so."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest

from tests.support.lists import County, county
from wherry.foundation.content import content_folder
from wherry.journeys.programme_in_force import InForce, in_force
from wherry.programmes.files import load
from wherry.web.programme_office import variation

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> County:
    return county()


def _read(here: County, who: str = "lead") -> str:
    page = here.signed_in(who).get("/office/variation").content.decode()
    return " ".join(html.unescape(page).split())


def test_each_difference_is_said_in_words_with_who_agreed_and_how_long_ago(here: County) -> None:
    page = _read(here)

    assert "Second text" in page
    assert "The centre: after 6 hours" in page
    assert "<strong>Norwich:</strong> after 5 hours instead of 6" in page
    assert "Agreed by Norwich place board on 20 February 2026, " in page
    assert "As the centre has it: Waveney" in page
    assert "About Norwich community fridge" in page
    assert "Told, for Food: name, telephone, address" in page
    assert "Not there: Waveney" in page


def test_where_no_place_differs_the_page_says_so(here: County, monkeypatch: pytest.MonkeyPatch) -> None:
    def as_the_centre(*, programme: str, place: str = "") -> InForce:
        files = load(content_folder("programmes") / programme)
        return replace(in_force(programme=programme), files=replace(files, place=place or None))

    monkeypatch.setattr(variation, "worked_by", as_the_centre)

    page = _read(here)

    assert "No place differs" in page
    assert "instead of" not in page
