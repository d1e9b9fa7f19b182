"""Asked whether help came, somebody knows which help is meant, and nobody else learns what they asked for."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client

from tests.support.asking import asked_for_help, call_done
from tests.support.county_of_one import County, a_task, county_of_one, link_to, signed_in
from tests.support.reach import MORNING, Provider, set_clock, wind_on
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys import close_the_loop, hand_off
from wherry.web.components.words import catalogues

pytestmark = pytest.mark.django_db
BORN = {"born-day": "27", "born-month": "3", "born-year": "1941"}


@pytest.fixture
def county(settings: object) -> County:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # type: ignore[attr-defined]
    set_clock(MORNING)
    return county_of_one()


def asked(county: County, provider: Provider, *, kind: str, service: str, **answers: str) -> tuple[str, Client]:
    """Somebody asked on Monday, was helped, and two days later opens the link of the text that asks about it."""
    asked_for_help(county, **answers)
    call_done(county, kind=kind, service=service)
    wind_on(dt.timedelta(days=2))
    assert close_the_loop.ask_whether_it_helped() == 1
    assert hand_off.hand_off_what_was_left() == 1
    ((_, _, body),) = provider.took
    link, browser = re.search(r"/c/\S+", body), Client()
    assert link is not None
    assert browser.post(link.group(), BORN).status_code == 302
    return body, browser


def page_of(browser: Client, language: str = "en") -> str:
    with connection.cursor() as cursor:
        cursor.execute("set local role web_person")
    page = browser.get(f"/did-it-help?language={language}").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("reset role")
    return page


@pytest.mark.parametrize(
    ("language", "need"), [("en", "Food"), ("pl", "Jedzenie"), ("lt", "Maistas"), ("pt", "Comida"), ("ar", "الطعام")]
)
def test_the_page_names_the_help_in_the_reader_s_language(
    county: County, provider: Provider, language: str, need: str
) -> None:
    _, browser = asked(county, provider, kind="food", service="food_parcel", food="two_days_or_less")
    page = page_of(browser, language)
    words = catalogues()[language]
    about = re.search(r'class="nhsuk-hint[^>]*>\s*(.*?)\s*</div>', page, re.S)
    assert about is not None and need in about.group(1) and "2026" in about.group(1), page
    assert words["person.help.which"] not in page


def test_the_text_itself_names_nothing_h_15(county: County, provider: Provider) -> None:
    body, _ = asked(county, provider, kind="food", service="food_parcel", food="two_days_or_less")
    assert "food" not in body.lower() and "parcel" not in body.lower()


def test_what_a_programme_keeps_quiet_is_told_by_its_day_and_named_after_a_code_h_15(
    county: County, provider: Provider
) -> None:
    _, browser = asked(county, provider, kind="loneliness", service="listening_line", lonely="often")
    page = page_of(browser)
    assert "You asked for it on 2 March 2026." in page
    assert "Company" not in page and "istening" not in page
    assert catalogues()["en"]["person.help.which"] in page and 'href="/what-is-done"' in page


def test_a_link_that_says_nothing_of_its_help_still_asks(county: County) -> None:
    with acting_as(WORKER):
        _, token = link_to(occurrence=county.occurrence, now=app_now(), kind="did_it_help", about_id=county.case.pk)
    browser = Client()
    browser.post(f"/c/{token}", BORN)
    assert "Did you get the help you asked for?" in page_of(browser)


def test_a_caller_reads_which_help_and_who_said_it_is_done(county: County) -> None:
    asked_for_help(county, food="two_days_or_less")
    call = call_done(county, kind="food", service="food_parcel")
    a_task(county=county, kind="did_it_help", about_id=call.pk)
    caller = signed_in(client=Client(), staff=county.staff["caller"])
    page = caller.post("/support/next", follow=True).content.decode()
    assert "The help: Food. They told us on 2 March." in page
    assert "Food parcels said on 2 March that it is done." in page
