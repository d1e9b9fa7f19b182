"""Help somebody asked for, and what becomes of it: asked about, found another way, promised; on a telephone too."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests.support.asking import asked_for_help, call_done
from tests.support.browser import Browser, axe_problems, overflows, press
from tests.support.county_of_one import County, a_task, county_of_one, signed_in
from tests.support.lists import page_of
from tests.support.reach import MORNING, Provider, lose_jobs, reset_clock, run_jobs, set_clock, wind_on
from wherry.journeys import call_to_action, close_the_loop, hand_off, reach_out
from wherry.web.components.words import catalogues

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("WHERRY_PICTURES", "")
NEIGHBOUR = "Her neighbour, Mrs Featherstonehaugh-Brzęczyszczykiewicz, shops for her each Tuesday and Friday"
WIDTHS = pytest.mark.parametrize("width", [390, 1280])


@pytest.fixture
def county(_loop_beside_database: None, provider: Provider) -> Iterator[County]:
    """A resident with a long name whose link came by a text."""
    lose_jobs()
    set_clock(MORNING)
    yield county_of_one(given_name="Wilhelmina Aleksandra", family_name="Featherstonehaugh-Brzęczyszczykiewicz")
    reset_clock()


def is_sound(page: Page, name: str) -> None:
    """Every page passes axe and fits its screen; with WHERRY_PICTURES set, it is kept to be looked at."""
    if PICTURES:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
    assert axe_problems(page) == [], name
    assert overflows(page) == [], name


def recognise(page: Page, where: str) -> None:
    page.goto(where)
    for part, value in (("day", "27"), ("month", "3"), ("year", "1941")):
        page.fill(f"#born-{part}", value)
    press(page, "main button")


def newest_code(provider: Provider) -> str:
    """Read the newest text, as they would."""
    run_jobs()
    found = re.search(r"\b(\d{6})\b", provider.took[-1][2])
    assert found is not None
    return found.group(1)


@WIDTHS
@pytest.mark.parametrize(("kind", "service"), [("food", "food_parcel"), ("loneliness", "listening_line")])
def test_asked_whether_help_came_somebody_reads_which(
    browser: Browser, county: County, provider: Provider, live_server: object, width: int, kind: str, service: str
) -> None:
    # Given somebody who asked for two things, one of which a service calls done
    asked_for_help(county, food="two_days_or_less", lonely="often")
    call_done(county, kind=kind, service=service)
    wind_on(dt.timedelta(days=1))
    close_the_loop.ask_whether_it_helped()
    hand_off.hand_off_what_was_left()
    link = re.search(r"/c/\S+", provider.took[-1][2])
    assert link is not None
    # When they open the link of the text, in each language
    page = browser.page_at(width, scripts=False)
    recognise(page, f"{live_server}{link.group()}")
    for language, words in catalogues().items():
        page.goto(f"{live_server}/did-it-help?language={language}")
        # Then the page says which help, by its name or by the day it was asked for
        assert "2026" in page.inner_text(".nhsuk-hint")
        assert (words["person.help.which"] in page.inner_text("main")) is (kind == "loneliness")
        is_sound(page, f"help-{kind}-{language}")
    assert browser.complaints == []


@WIDTHS
def test_a_supervisor_writes_down_help_found_another_way_and_the_person_reads_it(
    browser: Browser, county: County, provider: Provider, live_server: object, width: int
) -> None:
    # Given a need no service took, and a supervisor who holds it
    reach_out.decide_contacts()
    hand_off.hand_off_what_was_left()
    asked_for_help(county, food="two_days_or_less")
    call_to_action.place_needs()
    client = signed_in(client=Client(), staff=county.staff["supervisor"])
    page = page_of(browser=browser, site=str(live_server), client=client, width=width)
    page.goto(f"{live_server}/support/")
    press(page, "text=Next call")
    is_sound(page, "call-need")
    # When they write down who helps
    page.fill("#found", NEIGHBOUR)
    press(page, "text=Help was found another way")
    is_sound(page, "call-need-found")
    # Then the person reads it on their own page, in their language
    theirs = browser.page_at(width)
    recognise(theirs, f"{live_server}/c/{county.token}")
    theirs.goto(f"{live_server}/what-is-done")
    press(theirs, "text=Text me a code")
    code = newest_code(provider)
    theirs.fill("#code", code)
    press(theirs, "text=Show me")
    for language, words in catalogues().items():
        theirs.goto(f"{live_server}/what-is-done?language={language}")
        assert words["person.progress.found"] in theirs.inner_text("main") and NEIGHBOUR in theirs.inner_text("main")
        is_sound(theirs, f"progress-found-{language}")
    assert browser.complaints == []


@WIDTHS
def test_who_is_in_danger_reads_by_when_somebody_rings(
    browser: Browser, county: County, live_server: object, width: int
) -> None:
    # Given somebody who says that they cannot get their breath
    page = browser.page_at(width, scripts=False)
    recognise(page, f"{live_server}/c/{county.token}")
    page.goto(f"{live_server}/check-in/page/your_health")
    page.check("input[name=breathless][value=at_rest]")
    press(page, "main form button")
    # Then what to do now is followed by who rings, and by when
    for language, words in catalogues().items():
        page.goto(f"{live_server}/check-in/now?language={language}")
        by = words["person.done.by.hour"].format(time="10:15")
        assert words["person.now.told"].format(by=by) in page.inner_text("main")
        is_sound(page, f"now-{language}")
    assert browser.complaints == []


@WIDTHS
def test_a_caller_reads_which_help_to_ask_about(
    browser: Browser, county: County, live_server: object, width: int
) -> None:
    # Given somebody who cannot be asked by text
    asked_for_help(county, food="two_days_or_less", lonely="often")
    call = call_done(county, kind="food", service="food_parcel")
    a_task(county=county, kind="did_it_help", about_id=call.pk)
    # When a caller takes the call
    client = signed_in(client=Client(), staff=county.staff["caller"])
    page = page_of(browser=browser, site=str(live_server), client=client, width=width)
    page.goto(f"{live_server}/support/")
    press(page, "text=Next call")
    # Then it says which help, and who calls it done
    assert "The help: Food." in page.inner_text("main")
    is_sound(page, "call-did-it-help")
    assert browser.complaints == []
