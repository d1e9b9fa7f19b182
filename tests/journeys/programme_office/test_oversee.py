"""A programme lead looks at the funnel, writes a decision down, and stops everything that leaves."""

from __future__ import annotations

import pytest

from tests.support.browser import Browser, press
from tests.support.lists import a_call, a_case, a_list, a_need, assert_fit_to_read, county, page_of
from wherry.audit.actions import record
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER, Actor, Kind

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_lead_sees_the_sums_decides_and_stops_sending(chromium: str, live_server: object) -> None:
    here = county()
    client, site = here.signed_in("lead"), str(live_server)

    with Browser() as browser:
        page = page_of(browser=browser, site=site, client=client)

        # Given a programme in which nobody has been contacted yet
        page.goto(f"{site}/office/")
        assert_fit_to_read(page, "office-empty")

    # When people answer and need help
    a_list(here)
    a_call(here, a_need(here, a_case(here), red_flag=True))
    with Browser() as browser:
        page = page_of(browser=browser, site=site, client=client)
        page.goto(f"{site}/office/")
        assert page.get_by_text("1 people with a case").is_visible()
        assert page.get_by_text("Adds up", exact=True).is_visible()
        assert_fit_to_read(page, "office-funnel")
        for name in ("Today", "Stuck", "Feeds", "Agreements"):
            press(page, page.get_by_role("navigation", name="Menu").get_by_role("link", name=name))
            assert_fit_to_read(page, f"office-{name.lower()}")

        # And she stops sending and writes down why
        press(page, page.get_by_role("link", name="Sending"))
        page.get_by_label("Why is it stopped?").fill("The Polish letter has a wrong telephone number")
        press(page, page.get_by_role("button", name="Stop everything that leaves"))
        assert page.get_by_text("Nothing leaves: The Polish letter").is_visible()
        assert_fit_to_read(page, "office-sending")
        press(page, page.get_by_role("link", name="Decisions"))
        assert_fit_to_read(page, "office-decisions-empty")
        page.get_by_text("Record a decision").click()
        press(page, page.get_by_role("button", name="Record it"))
        assert_fit_to_read(page, "office-decisions-wrong")
        page.get_by_label("What is decided?").fill("Letters wait until the telephone number is right")
        page.get_by_label("Why?").fill("Nobody could ring us back")
        page.get_by_label("Who owns the risk?").fill("Medical Director")
        page.get_by_label("Yes").check()
        for part, value in (("day", "1"), ("month", "6"), ("year", "2199")):
            page.locator(f"#review_on-{part}").fill(value)
        press(page, page.get_by_role("button", name="Record it"))

        # Then the decision stands in the log, and messages can leave again
        assert page.get_by_text("Risk owned by Medical Director").is_visible()
        assert_fit_to_read(page, "office-decisions")
        press(page, page.get_by_role("link", name="Sending"))
        press(page, page.get_by_role("button", name="Let messages leave again"))
        assert page.get_by_text("Messages may leave").is_visible()
        assert browser.complaints == []


def test_a_guardian_asks_about_an_unusual_look(chromium: str, live_server: object) -> None:
    here = county()
    client, site = here.signed_in("guardian"), str(live_server)

    # Given a caller who opened one resident's page nine times
    person = a_case(here).person_id
    by = Actor(kind=Kind.STAFF, id=str(here.staff["caller"].pk), organisations=(here.organisations["icb"].pk,))
    with acting_as(WORKER):
        for _ in range(9):
            record(by=by, did="person.seen", subject="person", subject_ids=[person], now=here.now)

    with Browser() as browser:
        page = page_of(browser=browser, site=site, client=client)

        # When the guardian opens the page of looks, with the keyboard alone
        page.goto(f"{site}/office/today")
        page.get_by_role("link", name="Who looked").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/office/who-looked")

        # Then the caller stands first, to ask about, and the resident is a number
        assert page.get_by_text("Opened the same person's page 8 times or more").is_visible()
        assert page.get_by_text("Berta").count() == 0
        assert_fit_to_read(page, "office-who-looked")
        press(page, page.get_by_role("link", name="Caller Example"))
        assert page.get_by_text("Looks by Caller Example").is_visible()
        assert_fit_to_read(page, "office-who-looked-one")
        assert browser.complaints == []
