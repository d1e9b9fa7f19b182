"""A caller's call, in a real browser: sign in, next call, the script, the answers, how it ended."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Page

from tests.support.browser import WITHOUT_BROWSER, Browser, axe_problems, chromium_path, overflows
from tests.support.county_of_one import PASSWORD, County, a_task, county_of_one, member
from tests.support.telephones import enrolled
from wherry.checkin.models import Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.organisations.models import Staff
from wherry.organisations.types import Role
from wherry.worklist.models import Task

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
    made = county_of_one(language="pl")
    with acting_as(WORKER):
        now = app_now()
        member(organisation=made.lead, role=Role.CALLER, team=made.team, now=now, name="kim")
        member(organisation=made.lead, role=Role.SUPERVISOR, team=made.team, now=now, name="sam")
    return made


def is_sound(page: Page, name: str) -> None:
    """Every page passes axe and fits its screen; with WHERRY_PICTURES set, it is kept to be looked at."""
    if PICTURES:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
    assert axe_problems(page) == [], name
    assert overflows(page) == [], name


def sign_in(page: Page, address: object, name: str) -> None:
    with acting_as(WORKER):
        telephone = enrolled(Staff.objects.get(email=f"{name}@icb.example"))
    page.goto(f"{address}/support/")
    page.fill("#email", f"{name}@icb.example")
    page.fill("#password", PASSWORD)
    press(page, "main button")
    page.fill("#code", telephone.next_code())
    press(page, "main button")


def press(page: Page, what: str) -> None:
    """Press, and wait for the whole page that follows: nothing is asked of the server when the test ends."""
    with page.expect_navigation():
        page.click(what)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_caller_takes_a_check_in_and_meets_a_red_flag(
    browser: Browser, county: County, live_server: object, width: int
) -> None:
    # Given a call that waits, and a caller who signs in
    a_task(county=county)
    page = browser.page_at(width)
    page.goto(f"{live_server}/sign-in")
    is_sound(page, "sign-in")
    sign_in(page, live_server, "kim")
    is_sound(page, "today")
    # When they take the next call, the person, the number and the words are in front of them
    press(page, "text=Next call")
    is_sound(page, "task")
    assert page.locator('a[href="tel:+447700900101"]').count() == 1
    # When what they hear needs help now
    page.check('input[name="breathless"][value="at_rest"]')
    press(page, "text=Write down these answers")
    # Then the script stops, and the answers are stored
    is_sound(page, "after-red-flag")
    assert "Please ring 999" in page.inner_text("main")
    with acting_as(WORKER):
        assert Response.objects.get().answers == {"breathless": "at_rest"}
    press(page, "text=Next call")
    assert "Nothing is waiting" in page.inner_text("main")
    assert [one for one in browser.complaints if "favicon" not in one] == []
    page.context.close()


def test_nobody_answers_and_a_supervisor_settles_a_death(browser: Browser, county: County, live_server: object) -> None:
    # Given a call nobody answers
    a_task(county=county)
    page = browser.page_at(390)
    sign_in(page, live_server, "kim")
    press(page, "text=Next call")
    press(page, "text=Nobody answered")
    # Then it waits for later
    with acting_as(WORKER):
        assert Task.objects.get().state == "open"
    page.context.close()
    # Given a report of a death, for a supervisor
    from wherry.people.models import Report

    with acting_as(WORKER):
        said = Report.objects.create(person=county.person, kind="died", source="link", reported_at=app_now())
    a_task(county=county, kind="verify_death", about_id=said.pk, for_role="supervisor")
    page = browser.page_at(390)
    sign_in(page, live_server, "sam")
    press(page, "text=Next call")
    is_sound(page, "verify-death")
    press(page, "text=It is true")
    with acting_as(WORKER):
        assert Report.objects.get().resolution == "confirmed"
    page.context.close()
