"""Every way out of the resident's site, and every page that leads no further, in each language it is offered in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.journeys.test_person_checkin import fits, is_sound, say_born
from tests.support.browser import Browser, press
from tests.support.county_of_one import PROGRAMME, County, county_of_one
from wherry.checkin.models import Invitation
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.journeys import follow_wishes
from wherry.journeys.programme_in_force import in_force
from wherry.people.models import Report, WishRow

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = ["en", "pl", "lt", "pt", "ar"]
#: The same page in another language has the same marks and other words; axe reads the marks, once each way.
_MARKS = {"en", "ar"}
#: What a telephone number reads like, whatever the language: every dead end names somebody to ring.
RING = 'a[href^="tel:"]'


@pytest.fixture
def county(_loop_beside_database: None) -> County:
    return county_of_one()


def _is_sound(page: Page, name: str, language: str) -> None:
    assert page.locator("html").get_attribute("lang") == language
    (is_sound if language in _MARKS else fits)(page, f"{name}-{language}")


def test_these_are_the_languages_the_programme_promises() -> None:
    assert sorted(LANGUAGES) == sorted(in_force(programme=PROGRAMME).programme.languages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_out_leads_to_an_end_or_to_a_person(
    browser: Browser, county: County, live_server: object, language: str
) -> None:
    # Given somebody who opens a way out by its address, with no link anywhere
    page = browser.page_at(390)
    for what in ("stop", "died", "not_me"):
        page.goto(f"{live_server}/leave/{what}?language={language}")
        # Then the page says what it is for, and whom to ring
        _is_sound(page, f"no-link-{what}", language)
        assert page.locator(f"main {RING}").count() >= 1
    # When a code is typed that is none, it says so, and what was typed is there to be mended
    page.goto(f"{live_server}/c")
    page.fill("#code", "K7P4-M9XH-2TQ")
    press(page, "main button")
    assert page.input_value("#code") == "K7P4-M9XH-2TQ"
    _is_sound(page, "code-wrong", language)
    # And whoever asks who is writing to them is answered
    page.goto(f"{live_server}/how-we-contact-you")
    _is_sound(page, "verify", language)
    # When each way out of a link is looked at, and they ask us to stop
    for what in ("pause", "way", "not_me", "died"):
        page.goto(f"{live_server}/c/{county.token}/{what}")
        _is_sound(page, what, language)
    page.goto(f"{live_server}/c/{county.token}/stop")
    press(page, "main button")
    _is_sound(page, "stop-told", language)
    with acting_as(WORKER):
        assert WishRow.objects.get().kind == "stop"
    follow_wishes.follow(person_id=county.person.pk)
    # And open the link once more, and say when they were born
    page.goto(f"{live_server}/c/{county.token}?language={language}")
    say_born(page)
    # Then the way back in is a person, and no question is asked
    _is_sound(page, "stopped", language)
    assert page.locator(f"main {RING}").count() == 1
    assert page.locator("main input:not([type=hidden])").count() == 0
    page.context.close()


def test_five_wrong_guesses_lead_to_a_person_who_rings(browser: Browser, county: County, live_server: object) -> None:
    # Given somebody who cannot say when the person was born
    page = browser.page_at(390)
    page.goto(f"{live_server}/c/{county.token}")
    for _ in range(5):
        say_born(page, day="28")
    # Then nothing is let in any more, and the page says who to ring
    is_sound(page, "guessed")
    assert page.locator(RING).count() >= 1
    with acting_as(WORKER):
        assert Invitation.objects.get().state == "locked"
    page.context.close()


def test_a_death_told_in_the_reader_s_language_is_answered_without_a_name(
    browser: Browser, county: County, live_server: object
) -> None:
    page = browser.page_at(390)
    for language in LANGUAGES:
        page.goto(f"{live_server}/c/{county.token}/died?language={language}")
        press(page, "main button")
        _is_sound(page, "died-told", language)
        assert not _names_anybody(page, county)
    with acting_as(WORKER):
        assert Report.objects.filter(kind="died").count() == 1
    page.context.close()


def _names_anybody(page: Page, county: County) -> bool:
    said = page.content()
    return county.person.given_name in said or county.person.family_name in said
