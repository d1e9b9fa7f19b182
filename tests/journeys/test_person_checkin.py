"""A resident answers on a phone: from the link in a text to what to do now, and out by any of the doors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Page

from tests.support.browser import WITHOUT_BROWSER, Browser, axe_problems, chromium_path, overflows
from tests.support.county_of_one import County, county_of_one
from wherry.checkin.models import Alarm, Response
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.people.models import WishRow

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("WHERRY_PICTURES", "")


@pytest.fixture(autouse=True)
def _loop_beside_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser's own loop makes Django think it is asked from asynchronous code; it is not."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def browser(live_server: object, _loop_beside_database: None) -> Iterator[Browser]:
    """Open after the database is ready and closed before it is emptied: its loop may not stand around that."""
    if not chromium_path():
        pytest.skip(WITHOUT_BROWSER)
    with Browser() as opened:
        yield opened
        connections.close_all()  # those this test made beside the loop would outlive it unseen


@pytest.fixture
def county(_loop_beside_database: None) -> County:
    return county_of_one()


def is_sound(page: Page, name: str) -> None:
    """Every page passes axe and fits its screen; with WHERRY_PICTURES set, it is kept to be looked at."""
    if PICTURES:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
    assert axe_problems(page) == [], name
    assert overflows(page) == [], name


def say_born(page: Page, *, day: str = "27") -> None:
    page.fill("#born-day", day)
    page.fill("#born-month", "3")
    page.fill("#born-year", "1941")
    press(page, "main button")


def press(page: Page, what: str) -> None:
    """Press, and wait for the whole page that follows: nothing is asked of the server when the test ends."""
    with page.expect_navigation():
        page.click(what)


def press_enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, name: str, value: str) -> None:
    page.check(f'input[name="{name}"][value="{value}"]')


@pytest.mark.parametrize("width", [390, 1280])
def test_a_resident_with_a_red_flag_is_told_what_to_do_first(
    browser: Browser, county: County, live_server: object, width: int
) -> None:
    # Given a link in a text, opened on a phone
    page = browser.page_at(width)
    page.goto(f"{live_server}/c/{county.token}")
    is_sound(page, "landing")
    # When the date of birth is wrong, nothing is let in and the page says so
    say_born(page, day="28")
    is_sound(page, "landing-no-match")
    assert "could not match" in page.inner_text("main")
    # When it is right, the questions follow
    say_born(page)
    is_sound(page, "about-you")
    choose(page, "answering_for", "self")
    press(page, "main button")
    press(page, "main button")
    is_sound(page, "your-health-left-out")
    choose(page, "breathless", "at_rest")
    choose(page, "chest_pain", "not_sure")
    is_sound(page, "your-health")
    press(page, "main button")
    # Then what to do now stands alone, before anything else is asked, and the alarm is raised already
    is_sound(page, "now")
    assert page.inner_text("main").lstrip().startswith("Do this now")
    with acting_as(WORKER):
        assert Alarm.objects.get().flag == "breathless_at_rest"
    press(page, "main button")
    choose(page, "food", "none")
    press(page, "main button")
    choose(page, "lonely", "often")
    press(page, "main button")
    page.fill('textarea[name="anything_else"]', "Thank you")
    page.check('input[name="rather_say"]')
    is_sound(page, "anything-more")
    press(page, "main button")
    is_sound(page, "send")
    # When an answer is changed on the way, the look at the answers comes back with it
    press(page, "text=Change >> nth=5")
    choose(page, "medicines", "none")
    press(page, "main button")
    assert "No, I have run out" in page.inner_text("main")
    press(page, "main button")
    # Then what to do now comes before everything else, and the answers are stored
    is_sound(page, "done-red-flag")
    assert page.inner_text("main").lstrip().startswith("Do this now")
    assert page.locator("h1").count() == 1
    page.reload()
    with acting_as(WORKER):
        stored = Response.objects.get()
    assert stored.answers["breathless"] == "at_rest"
    assert [one for one in browser.complaints if "favicon" not in one] == []
    page.context.close()


def test_the_check_in_is_answered_in_polish_by_keyboard_without_javascript(
    browser: Browser, county: County, live_server: object
) -> None:
    # Given a browser without scripts
    page = browser.page_at(390, scripts=False)
    page.goto(f"{live_server}/c/{county.token}")
    # When Polish is chosen
    press(page, "text=Polski")
    assert page.locator("html").get_attribute("lang") == "pl"
    page.focus("#born-day")
    for part in ("27", "3", "1941"):
        page.keyboard.type(part)
        page.keyboard.press("Tab")
    press_enter(page)
    # Then every page is in Polish, to the end
    assert "Kto odpowiada" in page.inner_text("h1")
    for values in ({"answering_for": "self"}, {"breathless": "no", "chest_pain": "no"}, {"food": "enough"}, {}, {}):
        for name, value in values.items():
            page.focus(f'input[name="{name}"][value="{value}"]')
            page.keyboard.press("Space")
        page.focus("main button")
        press_enter(page)
    assert page.url.endswith("/check-in/send")
    page.focus("main button")
    press_enter(page)
    assert "Mamy Twoje odpowiedzi" in page.inner_text("h1")
    page.context.close()


def test_somebody_stops_us_from_the_message_itself(browser: Browser, county: County, live_server: object) -> None:
    # Given the page a link opens, before anybody is recognised
    page = browser.page_at(390)
    page.goto(f"{live_server}/c/{county.token}")
    # When "stop" is chosen and said once more
    press(page, "text=Stop contacting me")
    is_sound(page, "stop")
    press(page, "main button")
    # Then it is written, and the page says so
    is_sound(page, "stop-told")
    with acting_as(WORKER):
        assert WishRow.objects.get().kind == "stop"
    for what in ("not_me", "died"):
        page.goto(f"{live_server}/c/{county.token}/{what}")
        is_sound(page, what)
    for address in ("/c", "/how-we-contact-you", "/told/died"):
        page.goto(f"{live_server}{address}")
        is_sound(page, f"page{address.replace('/', '-')}")
    page.context.close()
