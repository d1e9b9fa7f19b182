"""Who comes back without a link (an hour later, from the site's bare address) reads how to go on, never a dead end."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.support.county_of_one import county_of_one
from wherry.organisations.types import GUESSED, Guess
from wherry.web.components.words import catalogues

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(settings: object) -> Client:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = "wherry.config.urls_person"  # type: ignore[attr-defined]
    county_of_one()
    return Client()


def test_the_bare_address_and_every_page_without_a_session_lead_to_the_text_first(browser: Client) -> None:
    assert browser.get("/check-in/page/things_you_need")["Location"] == "/c"
    for address in ("/", "/c"):
        page = browser.get(address).content.decode()
        order = ("Open the link in our text again", "What you told us so far is kept", "code from our letter")
        found = [page.index(words) for words in order]
        assert found == sorted(found)


@pytest.mark.parametrize("what", ["stop", "pause", "way", "not_me", "died"])
def test_a_way_out_without_a_link_says_how_to_take_it_h_01(browser: Client, what: str) -> None:
    for language, words in catalogues().items():
        for answer in (browser.get(f"/leave/{what}?language={language}"), browser.post(f"/leave/{what}")):
            page = answer.content.decode()
            assert answer.status_code == 200
            assert words[f"person.{what}.heading"] in page and words["person.no_link.link"] in page
            assert 'href="tel:01632960999"' in page.partition("<footer")[0]
            assert (words["person.no_link.reply"] in page) is (what == "stop")


def test_codes_of_letters_cannot_be_tried_without_end_h_08(browser: Client) -> None:
    limit = GUESSED[Guess.LETTER_CODE].per_address
    answers = [browser.post("/c", {"code": "0" * 12}).status_code for _ in range(limit + 1)]
    assert answers == [302] * limit + [429]
