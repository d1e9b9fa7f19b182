"""Whoever gives an answer that cannot wait reads that somebody rings, and by when: a promise the clock of it keeps."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from tests.support.county_of_one import County, county_of_one, recognised
from tests.support.reach import MORNING, set_clock, wind_on
from tests.support.roles import as_role
from wherry.web.components.words import catalogues

pytestmark = pytest.mark.django_db
HEALTH = "/check-in/page/your_health"
IN_DANGER = {"breathless": "at_rest", "chest_pain": "no", "feeling": "same"}


@pytest.fixture
def county(settings: object) -> County:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # type: ignore[attr-defined]
    set_clock(MORNING)
    return county_of_one()


def words_on(browser: Client, where: str) -> str:
    with as_role("web_person"):
        return re.sub(r"\s+", " ", browser.get(where).content.decode())


def in_danger(county: County) -> Client:
    """Somebody who said a moment ago that they are short of breath sitting still."""
    browser = recognised(client=Client(), county=county)
    with as_role("web_person"):
        assert browser.post(HEALTH, IN_DANGER)["Location"] == "/check-in/now"
    return browser


def sent(browser: Client) -> None:
    with as_role("web_person"):
        assert browser.post("/check-in/send")["Location"] == "/check-in/done"


def test_a_red_flag_s_page_says_who_rings_and_by_when_h_02(county: County) -> None:
    page = words_on(in_danger(county), "/check-in/now")
    assert "Somebody will ring you by 10:15 today." in page


def test_the_promise_does_not_move_when_the_page_is_opened_again(county: County) -> None:
    browser = in_danger(county)
    wind_on(dt.timedelta(minutes=20))
    assert "by 10:15 today" in words_on(browser, "/check-in/now")
    sent(browser)
    done = words_on(browser, "/check-in/done")
    assert "Somebody will ring you by 10:15 today." in done
    assert "as soon as they can" not in done


def test_a_promise_that_has_passed_is_not_shown(county: County) -> None:
    browser = in_danger(county)
    wind_on(dt.timedelta(hours=2))
    assert "by 12:15 today" in words_on(browser, "/check-in/now")


def test_at_night_the_promise_is_for_when_ringing_begins(county: County) -> None:
    set_clock(MORNING.replace(hour=23))
    browser = in_danger(county)
    assert "Somebody will ring you by 3 March 2026 at 08:45." in words_on(browser, "/check-in/now")


@pytest.mark.parametrize("language", sorted(catalogues()))
def test_it_is_said_in_every_language(county: County, language: str) -> None:
    page = words_on(in_danger(county), f"/check-in/now?language={language}")
    words = catalogues()[language]
    assert words["person.now.told"].format(by=words["person.done.by.hour"].format(time="10:15")) in page


def test_what_is_better_not_read_over_a_shoulder_has_its_time_too_and_no_card(county: County) -> None:
    browser = recognised(client=Client(), county=county)
    with as_role("web_person"):
        browser.post("/check-in/page/company_and_home", {"safe_at_home": "no"})
    sent(browser)
    done = words_on(browser, "/check-in/done")
    assert "will be in touch by 10:15 today." in done
    assert "nhsuk-card--care--emergency" not in done
