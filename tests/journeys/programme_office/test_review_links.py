"""An analyst answers for two records, takes a person apart after reading what that comes to, and confirms it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.browser import Browser, press
from tests.support.linking import land
from tests.support.lists import assert_fit_to_read, county, page_of
from wherry.people.linkage import actions
from wherry.population import Store

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Featherstonehaugh-Wolfeschlegelsteinhausenbergerdorff"


@pytest.fixture
def store() -> Iterator[Store]:
    folder = Path(settings.HOME) / "store"
    shutil.rmtree(folder, ignore_errors=True)
    land(
        folder,
        1,
        [("1", "9990000131", "Jane", "Woodrow", "1950-03-07"), ("2", "9990079323", "Ada", "Rix", "1931-01-02")],
    )
    others = [
        ("7", "9990000131", "Jane", "Woodrow", "1950-03-07"),
        ("8", "9990000131", "June", LONG, "1975-11-30"),
        ("9", "9990079323", "Adam", "Smith", "1990-05-06"),
    ]
    land(folder, 2, others)
    actions.link(store=Store(folder), by="Ada", decided_on=dt.date(2026, 3, 2))
    yield Store(folder)
    shutil.rmtree(folder, ignore_errors=True)


def test_an_analyst_answers_and_takes_a_person_apart(chromium: str, live_server: object, store: Store) -> None:
    here = county()
    client, site = here.signed_in("analyst"), str(live_server)

    with Browser() as browser:
        page = page_of(browser=browser, site=site, client=client)

        # Given two pairs of records that a rule could not decide
        page.goto(f"{site}/office/links")
        assert page.get_by_text("2 pairs wait for an answer").is_visible()
        assert_fit_to_read(page, "office-links")

        # When the analyst looks at the first, forgets the reason, and answers with the keyboard alone
        page.get_by_role("link", name="Look at the first").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert_fit_to_read(page, "office-link-pair")
        press(page, page.get_by_role("button", name="Keep the answer"))
        assert page.get_by_text("Choose one of the three").first.is_visible()
        assert_fit_to_read(page, "office-link-pair-wrong")
        page.get_by_label("I am not sure: ask somebody else").focus()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Tab")
        page.keyboard.type("Different names and birth dates")
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")

        # Then the next pair comes, and it says what was kept
        assert page.get_by_text("Kept: not the same person").is_visible()
        page.get_by_label("I am not sure: ask somebody else").check()
        page.get_by_label("Why?").fill("The practice must say")
        press(page, page.get_by_role("button", name="Keep the answer"))
        assert page.get_by_text("1 pair waits").is_visible()
        assert page.get_by_text("was not sure, and asked somebody else").is_visible()
        assert_fit_to_read(page, "office-links-passed-on")

        # When a person's links are looked at, what taking them apart comes to is read first
        page.get_by_label("NHS number").fill("9990000131")
        press(page, page.get_by_role("button", name="Find them"))
        assert page.get_by_text("2 people bear this NHS number").is_visible()
        assert_fit_to_read(page, "office-links-two-bear-it")
        press(page, page.get_by_role("link", name="the first", exact=True))
        if page.get_by_text("There is nothing to take apart").count():
            page.go_back()
            press(page, page.get_by_role("link", name="the second"))
        page.get_by_label("S2").check()
        press(page, page.get_by_role("button", name="Show what it comes to"))
        assert page.get_by_text("Taken out: 1 record of s2").is_visible()
        assert_fit_to_read(page, "office-person-links")
        page.get_by_label("Why?").fill("Her aunt of the same name")
        press(page, page.get_by_role("button", name="Take them apart"))

        # Then nobody writes to them, and after the next run somebody confirms it
        assert page.get_by_text("nobody writes to them").first.is_visible()
        assert_fit_to_read(page, "office-separation-waits")
        actions.link(store=store, by="Ada")
        page.reload()
        assert_fit_to_read(page, "office-separation")
        page.get_by_label("Why?").fill("The practice has two patients")
        press(page, page.get_by_role("button", name="Confirm: they may be written to again"))
        assert page.get_by_text("Both people may be written to again").is_visible()
        assert browser.complaints == []
