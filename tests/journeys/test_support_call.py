"""A caller's call, in a real browser: sign in, next call, the script, the answers, how it ended."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.browser import Browser, axe_problems, overflows, press
from tests.support.county_of_one import PASSWORD, County, a_task, county_of_one, member
from tests.support.places_and_people import let_it_be_eleven, set_clock_ahead
from tests.support.telephones import enrolled
from wherry.checkin.models import Alarm, Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.organisations.models import Staff
from wherry.organisations.types import Role
from wherry.people.models import ContactPointRow, Report, WishRow
from wherry.people.types import Wish, WishKind
from wherry.worklist.models import CallDraft, Task

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("WHERRY_PICTURES", "")


@pytest.fixture
def county(_loop_beside_database: None) -> Iterator[County]:
    today = dt.date(2026, 1, 1)
    made = county_of_one(
        language="pl",
        given_name="Wilhelmina Aleksandra",
        family_name="Featherstonehaugh-Brzęczyszczykiewicz",
        wishes=(
            Wish(WishKind.COMMUNICATION_NEED, "hard of hearing: speak slowly", "gp_register", today),
            Wish(WishKind.PROXY, "Her daughter Marta, with consent", "gp_register", today),
            Wish(WishKind.SAFE_CONTACT, "mobile only, before noon", "gp_register", today),
        ),
    )
    set_clock_ahead(dt.timedelta(0))
    let_it_be_eleven()
    with acting_as(WORKER):
        now = app_now()
        member(organisation=made.lead, role=Role.CALLER, team=made.team, now=now, name="kim")
        member(organisation=made.lead, role=Role.SUPERVISOR, team=made.team, now=now, name="sam")
    yield made
    set_clock_ahead(dt.timedelta(0))


def is_sound(page: Page, name: str) -> None:
    """Every page passes axe and fits its screen; with WHERRY_PICTURES set, it is kept to be looked at."""
    if PICTURES:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
    assert axe_problems(page) == [], name
    assert overflows(page) == [], name


def walk_without_scripts(browser: Browser) -> Page:
    """A phone without scripts: axe, a script itself, cannot run there."""
    return browser.page_at(390, scripts=False)


def sign_in(page: Page, address: object, name: str) -> None:
    with acting_as(WORKER):
        telephone = enrolled(Staff.objects.get(email=f"{name}@icb.example"))
    page.goto(f"{address}/support/")
    page.fill("#email", f"{name}@icb.example")
    page.fill("#password", PASSWORD)
    press(page, "main button")
    page.fill("#code", telephone.next_code())
    press(page, "main button")


def press_enter(page: Page) -> None:
    """Press Enter on the button that has the focus from the start."""
    page.wait_for_selector(".calls-next:focus")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def later(minutes: float) -> None:
    """Let the application's clock run on."""
    with acting_as(WORKER):
        now = app_now()
    set_clock_ahead(now - dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes))


def the_task() -> Task:
    with acting_as(WORKER):
        return Task.objects.get(kind="check_in_call")


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
    page.goto(f"{live_server}/")
    is_sound(page, "home")
    page.goto(f"{live_server}/support/")
    # When they press Enter, the person, the number and the words are in front of them
    press_enter(page)
    for closed in page.locator("details").all():
        closed.evaluate("one => one.open = true")
    is_sound(page, "task")
    assert page.locator('a[href="tel:+447700900101"]').count() == 1
    assert "ask for Polish" in page.inner_text("main")
    # When what they hear needs help now
    page.check('input[name="breathless"][value="at_rest"]')
    # Then the script stops at that answer, before anything is sent, and the flag is raised
    page.wait_for_selector("#stop-now:not([hidden])")
    assert "Please ring 999" in page.inner_text("#stop-now")
    is_sound(page, "task-stop")
    with acting_as(WORKER):
        assert Alarm.objects.get().channel == "phone"
    press(page, "text=Send what they said now")
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


def test_silence_a_message_and_a_wrong_number_each_end_in_one_tap_and_a_mis_tap_is_taken_back(
    browser: Browser, county: County, live_server: object
) -> None:
    # Given somebody who has not answered, with two numbers
    a_task(county=county)
    page = browser.page_at(390)
    sign_in(page, live_server, "kim")
    # When a message is left
    press(page, "text=Next call")
    assert "Somebody rings again at 14:00" in page.inner_text("main")
    press(page, "text=I left a message")
    # Then the day says so, and offers to take it back
    is_sound(page, "today-after-a-tap")
    assert "you left a message" in page.inner_text("main")
    press(page, "text=That was a mistake")
    assert the_task().tries == 0
    # When it was the wrong number
    press(page, "text=It is the wrong number")
    # Then that number is not rung again, and the other one is tried
    with acting_as(WORKER):
        assert ContactPointRow.objects.filter(wrong_since__isnull=False).count() == 1
    assert (the_task().state, the_task().tries) == ("open", 1)
    later(185)
    page.goto(f"{live_server}/support/")
    press(page, "text=Next call")
    assert page.locator('a[href^="tel:"]').count() == 1
    assert "it is the wrong number" in page.inner_text("main")
    page.context.close()


def test_a_relative_says_that_they_died_and_a_supervisor_is_asked(
    browser: Browser, county: County, live_server: object
) -> None:
    # Given a call in which a relative answers
    a_task(county=county)
    page = walk_without_scripts(browser)
    sign_in(page, live_server, "kim")
    press(page, "text=Next call")
    # When they say that the person has died, it takes two taps, with words to say
    page.click("text=They have died, or want us to stop")
    assert "I am very sorry" in page.inner_text("main")
    press(page, "text=I was told that they have died")
    # Then contact stops at once
    with acting_as(WORKER):
        assert Report.objects.get().kind == "died"
    assert the_task().state == "done"
    page.context.close()


def test_they_ask_for_another_time_and_it_comes_back_to_the_same_caller(
    browser: Browser, county: County, live_server: object
) -> None:
    # Given somebody who answers and cannot talk now
    a_task(county=county)
    page = browser.page_at(390)
    sign_in(page, live_server, "kim")
    press(page, "text=Next call")
    page.click("text=They asked for another time")
    page.check("text=Today at 14:00")
    page.fill("#words", "after the carer has left")
    press(page, "text=Promise this call")
    # Then it is among the caller's own, with its time
    assert "14:00 Check-in by telephone" in page.inner_text(".calls-mine")
    is_sound(page, "today-with-a-promise")
    # When the time has come
    later(185)
    page.reload()
    press(page, ".calls-mine button")
    # Then their own words are there
    assert "after the carer has left" in page.inner_text("main")
    page.context.close()


def test_a_call_is_handed_to_a_colleague_with_a_note(browser: Browser, county: County, live_server: object) -> None:
    # Given a call that is better in a supervisor's hands
    a_task(county=county)
    page = browser.page_at(390)
    sign_in(page, live_server, "kim")
    press(page, "text=Next call")
    page.click("text=Hand it to somebody else")
    page.select_option("#to", label="Sam (supervisor)")
    page.fill("#note", "asks for the supervisor")
    press(page, "text=Hand it over")
    page.context.close()
    # When the supervisor looks at their day
    page = browser.page_at(1280)
    sign_in(page, live_server, "sam")
    assert "Now Check-in by telephone" in page.inner_text(".calls-mine")
    # Then they see the team, what is stuck, and take it with its note
    later(300)
    page.goto(f"{live_server}/support/team")
    is_sound(page, "team")
    press(page, ".nhsuk-table a")
    is_sound(page, "stuck")
    page.goto(f"{live_server}/support/")
    press(page, "text=Next call")
    assert "asks for the supervisor" in page.inner_text("main")
    page.context.close()


def test_the_connection_drops_and_nothing_written_is_lost(
    browser: Browser, county: County, live_server: object
) -> None:
    # Given a call under way, its answers kept as they are given
    a_task(county=county)
    page = browser.page_at(390)
    sign_in(page, live_server, "kim")
    press(page, "text=Next call")
    page.check('input[name="food"][value="none"]')
    page.wait_for_selector("text=Kept at")
    # When the connection drops
    page.context.set_offline(True)
    page.check('input[name="medicines"][value="none"]')
    # Then the page says so, and keeps what is on it
    page.wait_for_selector("text=the connection is down")
    is_sound_offline = overflows(page)
    assert is_sound_offline == []
    # When it is back
    page.context.set_offline(False)
    page.wait_for_selector("text=Kept at")
    page.close(run_before_unload=False)
    # Then everything is there, though the page was never sent
    with acting_as(WORKER):
        assert CallDraft.objects.get().answers == {"food": "none", "medicines": "none"}


def test_two_callers_press_next_at_once_and_get_one_call_each(
    browser: Browser, county: County, live_server: object
) -> None:
    # Given two calls and two callers
    a_task(county=county)
    a_task(county=county, kind="call_back")
    pages = [browser.page_at(390), browser.page_at(390)]
    for page, name in zip(pages, ("kim", "sam"), strict=True):
        sign_in(page, live_server, name)
    # When both press next before either is answered
    for page in pages:
        page.evaluate("document.querySelector('.calls-next').form.requestSubmit()")
    for page in pages:
        page.wait_for_url("**/support/task/**")
    # Then each has their own
    assert len({page.url for page in pages}) == 2
    for page in pages:
        page.context.close()


def test_a_lease_runs_out_and_nothing_typed_is_lost(browser: Browser, county: County, live_server: object) -> None:
    # Given a call left lying for half an hour, with answers on the page
    a_task(county=county)
    page = browser.page_at(390)
    sign_in(page, live_server, "kim")
    press(page, "text=Next call")
    address = page.url
    page.check('input[name="food"][value="none"]')
    page.wait_for_selector("text=Kept at")  # a save that came after the half hour would be a sign of life
    later(30)
    # When it is opened again elsewhere, it is said kindly
    other = page.context.new_page()
    other.goto(address)
    is_sound(other, "gone")
    assert "Go on with this call" in other.inner_text("main")
    # Then the answers on the first page are taken all the same
    press(page, "text=Write down these answers")
    with acting_as(WORKER):
        assert Response.objects.get().answers == {"food": "none"}
    page.context.close()


def test_a_whole_call_by_keyboard_alone(browser: Browser, county: County, live_server: object) -> None:
    # Given a caller who uses no mouse
    a_task(county=county)
    page = browser.page_at(1280)
    sign_in(page, live_server, "kim")
    # When they press Enter, walk to the first question, answer with the arrows, and go on to the button
    press_enter(page)
    reached = set()
    for _ in range(200):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
        if name == "food" and name not in reached:
            page.keyboard.press("Space")
        reached.add(name)
        if name == "Write down these answers":
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    # Then the answers are stored, and the next Enter is the next call
    with acting_as(WORKER):
        assert Response.objects.get().answers == {"food": "enough"}
    assert "Written down" in page.inner_text("h1")
    page.context.close()


def test_somebody_rings_in_and_says_stop(browser: Browser, county: County, live_server: object) -> None:
    # Given somebody on the line whom nobody is ringing
    page = browser.page_at(390)
    sign_in(page, live_server, "kim")
    page.click("text=Somebody is ringing in")
    is_sound(page, "ringing-in")
    page.fill("#family_name", county.person.family_name)
    page.fill("#born-day", "27")
    page.fill("#born-month", "3")
    page.fill("#born-year", "1941")
    page.fill("#postcode", "NR99 1AA")
    page.check("text=They rang us")
    press(page, "text=Look them up")
    is_sound(page, "ringing-in-found")
    press(page, "text=Take this call")
    # When they want no more of us
    page.click("text=They have died, or want us to stop")
    press(page, "text=They want us to stop all contact")
    # Then it is written
    with acting_as(WORKER):
        assert WishRow.objects.filter(kind="stop").count() == 1
    page.context.close()
