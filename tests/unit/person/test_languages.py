"""Whoever reads Arabic or Polish reads it on every page: in another browser, before the date, and where none is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from tests.support.county_of_one import County, county_of_one, recognised
from wherry.checkin.models import Invitation
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.web.components.words import catalogues

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(settings: object) -> Iterator[County]:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = "wherry.config.urls_person"  # type: ignore[attr-defined]
    settings.CSRF_FAILURE_VIEW = "wherry.web.person.once_more.forbidden"  # type: ignore[attr-defined]
    made = county_of_one()
    with connection.cursor() as cursor:
        cursor.execute("set local role web_person")
    yield made
    with connection.cursor() as cursor:
        cursor.execute("reset role")


def spoken(page: object) -> str:
    return page.content.decode().partition('lang="')[2].partition('"')[0]  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", sorted(catalogues()))
def test_a_language_once_chosen_is_spoken_in_another_browser_before_and_after_the_date(
    county: County, language: str
) -> None:
    recognised(client=Client(), county=county).get(f"/check-in/page/about_you?language={language}")
    anew = Client()
    assert spoken(anew.get(f"/c/{county.token}")) == language
    assert spoken(anew.get(f"/c/{county.token}/stop")) == language
    assert spoken(recognised(client=anew, county=county).get("/check-in/page/about_you")) == language
    with connection.cursor() as cursor:
        cursor.execute("reset role")
    with acting_as(WORKER):
        assert Invitation.objects.get().language == language


def test_a_browser_that_asks_for_a_language_is_not_answered_in_english_after_the_date(county: County) -> None:
    browser = Client(HTTP_ACCEPT_LANGUAGE="ar-SY,ar;q=0.9,en;q=0.5")
    assert spoken(browser.get(f"/c/{county.token}")) == "ar"
    assert spoken(recognised(client=browser, county=county).get("/check-in/page/about_you")) == "ar"


def test_a_link_of_nobody_looks_like_one_in_english_whatever_the_browser_asks_for_h_15(county: County) -> None:
    for asks in ("en", "pl", "de"):
        browser = Client(HTTP_ACCEPT_LANGUAGE=asks)
        assert spoken(browser.get(f"/c/{county.token}")) == spoken(browser.get("/c/AAAAAAAAAAAAAAAAAAAAAA"))


def test_refusals_speak_the_reader_s_language_and_offer_the_others(county: County) -> None:
    browser = Client(enforce_csrf_checks=True)
    for _ in range(2):
        nowhere = browser.get("/nowhere?language=pl")
    assert (nowhere.status_code, spoken(nowhere)) == (404, "pl")
    assert 'href="?language=ar"' in nowhere.content.decode()
    refused = browser.post("/c", {"code": "x"})
    assert (refused.status_code, spoken(refused)) == (403, "pl")
    assert "العربية" in refused.content.decode()


def test_a_refusal_speaks_what_the_page_before_spoke(county: County) -> None:
    recognised(client=Client(), county=county).get("/check-in/page/about_you?language=lt")
    anew = recognised(client=Client(), county=county)
    assert spoken(anew.get("/check-in/page/about_you")) == "lt"
    assert spoken(anew.get("/nowhere")) == "lt"


def test_the_first_page_says_that_one_may_stop_and_come_back_and_how(county: County) -> None:
    browser = recognised(client=Client(), county=county)
    first = browser.get("/check-in/page/about_you").content.decode()
    assert "You can stop at any time: what you said is kept." in first


def test_nobody_is_greeted_as_back_who_never_left(county: County) -> None:
    browser = recognised(client=Client(), county=county)
    browser.get("/check-in/")
    browser.post("/check-in/page/about_you", {"answering_for": "self"})
    assert browser.get("/check-in/")["Location"] == "/check-in/page/your_health"
    back = recognised(client=browser, county=county)
    assert back.get("/check-in/")["Location"] == "/check-in/page/your_health?resumed"


def test_a_list_in_arabic_has_arabic_commas(county: County) -> None:
    browser = recognised(client=Client(), county=county)
    browser.post("/check-in/page/about_you", {"answering_for": "self"})
    browser.post("/check-in/page/your_health", {"breathless": "no", "chest_pain": "no"})
    page = browser.get("/check-in/page/things_you_need?resumed&language=ar").content.decode()
    said = page.partition("أخبرتنا حتى الآن عن: ")[2].partition("</p>")[0]
    assert "،" in said and "," not in said
