"""A resident is invited once, to something that is no emergency: says no, or yes, and is asked nothing more."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page

from tests.support import county_of_one as made_of_one
from tests.support.browser import Browser, axe_problems, overflows, press
from tests.support.county_of_one import County, county_of_one
from tests.support.in_force import put_in_force
from wherry.cases.models import Case
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys.agree_the_list import cases_whose_next_is_due
from wherry.journeys.take_checkin import triage_what_was_left
from wherry.triage.models import Need

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("WHERRY_PICTURES", "")


@pytest.fixture
def county(_loop_beside_database: None, monkeypatch: pytest.MonkeyPatch) -> County:
    monkeypatch.setattr(made_of_one, "PROGRAMME", "diabetes_prevention")
    with acting_as(WORKER):
        put_in_force("diabetes_prevention", version=UUID("00000000-0000-4000-8000-000000000002"))
    return county_of_one()


def is_sound(page: Page, name: str) -> None:
    if PICTURES:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
    assert (axe_problems(page), overflows(page)) == ([], []), name


def answered(page: Page, county: County, live_server: object, **answers: str) -> str:
    """Open the link, say who one is, answer and send; what the last page says."""
    page.goto(f"{live_server}/c/{county.token}")
    for name, value in zip(("day", "month", "year"), ("27", "3", "1941"), strict=True):
        page.fill(f"#born-{name}", value)
    press(page, "main button")
    for name in ("place", "very_thirsty"):
        page.check(f'input[name="{name}"][value="{answers[name]}"]')
        is_sound(page, f"invitation-{name}")
        press(page, "main button")
    is_sound(page, "invitation-send")
    press(page, "main button")
    return page.inner_text("main")


@pytest.mark.parametrize("width", [390, 1280] if PICTURES else [390])
def test_who_says_no_is_promised_no_other_day_and_is_asked_no_more(
    browser: Browser, county: County, live_server: object, width: int
) -> None:
    page = browser.page_at(width)

    # When they say no
    told = answered(page, county, live_server, place="no", very_thirsty="no")

    # Then the page says that nobody asks again, and so does the link when it is opened later
    is_sound(page, "invitation-done")
    assert "We will not ask again" in told and "again on" not in told
    page.goto(f"{live_server}/check-in/answered")
    is_sound(page, "invitation-answered")
    assert "We will not ask again" in page.inner_text("main")

    # And the case is declined, with nothing for anybody to do
    triage_what_was_left()
    with acting_as(WORKER):
        assert (Case.objects.get().state, Need.objects.count()) == ("declined", 0)
        assert cases_whose_next_is_due(programme="diabetes_prevention", now=app_now()) == []
    page.context.close()


def test_who_says_no_and_is_becoming_ill_is_told_what_to_do_and_has_not_declined(
    browser: Browser, county: County, live_server: object
) -> None:
    page = browser.page_at(390)

    told = answered(page, county, live_server, place="no", very_thirsty="yes")

    is_sound(page, "invitation-done-flag")
    assert "ring your GP practice today" in told and "We will not ask again" not in told
    triage_what_was_left()
    with acting_as(WORKER):
        assert (Case.objects.get().state, [one.kind for one in Need.objects.all()]) == ("reached", ["care"])
    page.context.close()
