"""The way in, in a real browser: every page of signing in, in every state, at a telephone's width and a desk's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Page

from tests.support.browser import WITHOUT_BROWSER, Browser, axe_problems, chromium_path, overflows, press
from tests.support.county_of_one import PASSWORD, agreed, member
from tests.support.telephones import Telephone, enrolled
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.organisations.actions import form_team, give_role, register_organisation
from wherry.organisations.models import SignIn, Staff
from wherry.organisations.types import GUESSED, Guess, OrganisationKind, Purpose, Role
from wherry.web.sign_in.sessions import SIGN_IN

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("WHERRY_PICTURES", "")
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh"


@pytest.fixture(autouse=True)
def _loop_beside_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser's own loop makes Django think it is asked from asynchronous code; it is not."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def browser(live_server: object, _loop_beside_database: None) -> Iterator[Browser]:
    if not chromium_path():
        pytest.skip(WITHOUT_BROWSER)
    with Browser() as opened:
        yield opened
        connections.close_all()


@pytest.fixture
def staff(_loop_beside_database: None) -> dict[str, Staff]:
    """A caller with two employers, and a supervisor."""
    with acting_as(WORKER):
        now = app_now()
        icb = register_organisation(
            by=WORKER, code="icb", name="Norfolk and Waveney board", kind=OrganisationKind.HEALTH_BOARD, now=now
        )
        hub = register_organisation(
            by=WORKER, code="hub", name="The food hub of Norwich", kind=OrganisationKind.CHARITY, now=now
        )
        agreed(organisation=icb, purposes=(Purpose.SUPPORT,), now=now)
        team = form_team(by=WORKER, code="t", name="Team", organisation=icb, now=now)
        made = {
            role: member(organisation=icb, role=Role(role), now=now, team=team) for role in ("caller", "supervisor")
        }
        long = member(organisation=icb, role=Role.CALLER, now=now, team=team, name=LONG_NAME)
        give_role(by=WORKER, staff=long, organisation=hub, role=Role.PARTNER, now=now)
    return made | {"long": long}


def is_sound(page: Page, name: str) -> None:
    """Every page passes axe and fits its screen; with WHERRY_PICTURES set, it is kept to be looked at."""
    if PICTURES:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=str(Path(PICTURES) / f"sign-in-{name}-{width}.png"), full_page=True)
    assert axe_problems(page) == [], name
    assert overflows(page) == [], name


def with_password(page: Page, site: object, email: str, password: str = PASSWORD, path: str = "/") -> None:
    page.goto(f"{site}{path}")
    if "/sign-in" not in page.url:
        page.goto(f"{site}/sign-in")
    page.fill("#email", email)
    page.fill("#password", password)
    press(page, "main button")


def with_code(page: Page, telephone: Telephone) -> None:
    page.fill("#code", telephone.next_code())
    press(page, "main button")


def sent_to_sleep(staff: Staff) -> None:
    with acting_as(SIGN_IN):
        SignIn.objects.filter(staff=staff).update(seen_at=app_now().replace(year=2020))


@pytest.mark.parametrize("width", [390, 1280])
def test_the_first_day_the_telephone_is_set_up_by_keyboard_alone(
    browser: Browser, staff: dict[str, Staff], live_server: object, width: int
) -> None:
    # Given a volunteer on their first day, who mistypes the password, and whose mouse is broken
    page = browser.page_at(width)
    with_password(page, live_server, "caller@icb.example", "not it")
    is_sound(page, "wrong-password")
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.press("#password", "Enter")

    # When they set up their telephone, first with a wrong code
    is_sound(page, "set-up")
    page.click("text=cannot use the picture")
    secret = page.locator("details strong").inner_text()
    is_sound(page, "set-up-text")
    page.fill("#code", "000000")
    with page.expect_navigation():
        page.press("#code", "Enter")
    is_sound(page, "set-up-wrong")
    page.fill("#code", Telephone(secret.replace(" ", "")).next_code())
    with page.expect_navigation():
        page.press("#code", "Enter")

    # Then they get codes to keep, and go straight to their calls
    is_sound(page, "codes")
    assert page.locator("main li strong").count() == 10
    press(page, "text=I have kept them")
    assert page.url.endswith("/support/")
    page.goto(f"{live_server}/account")
    is_sound(page, "account")
    assert [one for one in browser.complaints if "favicon" not in one] == []
    page.context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_somebody_with_two_employers_says_whom_they_work_for(
    browser: Browser, staff: dict[str, Staff], live_server: object, width: int
) -> None:
    # Given somebody with a long name and two employers
    telephone = enrolled(staff["long"])
    page = browser.page_at(width)
    with_password(page, live_server, f"{LONG_NAME}@icb.example")
    is_sound(page, "code")
    page.fill("#code", "123")
    press(page, "main button")
    is_sound(page, "code-wrong")
    with_code(page, telephone)

    # When they choose one, after pressing too soon
    is_sound(page, "working-for")
    press(page, "main button")
    is_sound(page, "working-for-none")
    page.get_by_label("The food hub of Norwich").check()
    press(page, "main button")

    # Then they are there, the head of each page says so, and they can change
    assert page.url.endswith("/partners/")
    is_sound(page, "at-the-hub")
    assert "The food hub of Norwich" in page.locator("header").inner_text()
    press(page, "header >> text=Change")
    page.get_by_label("Norfolk and Waveney board").check()
    press(page, "main button")
    assert page.url.endswith("/support/")
    page.context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_form_that_comes_too_late_is_kept_and_sent_again(
    browser: Browser, staff: dict[str, Staff], live_server: object, width: int
) -> None:
    # Given somebody who typed something and was called away
    telephone = enrolled(staff["caller"])
    page = browser.page_at(width)
    with_password(page, live_server, "caller@icb.example")
    with_code(page, telephone)
    page.goto(f"{live_server}/support/ringing-in")
    page.fill("#family_name", "Testperson")
    sent_to_sleep(staff["caller"])

    # When they send it
    press(page, "main button")

    # Then it is kept in the page; they sign in in another tab, send it again, and it arrives
    is_sound(page, "kept")
    with page.context.expect_page() as opened:
        page.click("text=Sign in again, in a new tab")
    other = opened.value
    other.fill("#email", "caller@icb.example")
    other.fill("#password", PASSWORD)
    press(other, "main button")
    with_code(other, telephone)
    other.close()
    press(page, "text=Send it again")
    assert page.input_value("#family_name") == "Testperson"

    # And a page asked for too late says why one must sign in
    sent_to_sleep(staff["caller"])
    page.goto(f"{live_server}/support/")
    is_sound(page, "away")
    assert "nothing happened for 30 minutes" in page.inner_text("main")
    page.context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_supervisor_helps_somebody_who_lost_their_telephone(
    browser: Browser, staff: dict[str, Staff], live_server: object, settings: Any, width: int
) -> None:
    settings.SITE = "staff"  # whose refusals are told in words for staff
    # Given a caller without telephone or codes, who guesses until they have to wait
    lost, telephone = enrolled(staff["caller"]), enrolled(staff["supervisor"])
    page = browser.page_at(width)
    with_password(page, live_server, "caller@icb.example")
    press(page, "text=I have not got my telephone")
    is_sound(page, "recovery")
    for _ in range(GUESSED[Guess.CODE].per_account):
        page.fill("#recovery_code", "abcde-fghjk")
        press(page, "main button")
    is_sound(page, "recovery-wrong")
    page.fill("#recovery_code", "abcde-fghjk")
    press(page, "main button")
    is_sound(page, "wait")
    assert "Wait 15 minutes" in page.inner_text("main")
    page.context.close()

    # When their supervisor lets them start anew
    page = browser.page_at(width)
    with_password(page, live_server, "supervisor@icb.example")
    with_code(page, telephone)
    page.goto(f"{live_server}/account")
    is_sound(page, "account-supervisor")
    press(page, "text=Help a colleague sign in")
    is_sound(page, "colleagues")
    press(page, "main a:has-text('Start anew')")
    is_sound(page, "reset")
    press(page, "main button")
    is_sound(page, "was-reset")
    given = page.locator(".nhsuk-panel strong").inner_text()
    page.context.close()

    # Then the caller chooses a password of their own with what they were told
    page = browser.page_at(width)
    with_password(page, live_server, "caller@icb.example", given)
    is_sound(page, "new-password")
    page.fill("#new_password", "short")
    press(page, "main button")
    is_sound(page, "new-password-poor")
    for field in ("new_password", "again"):
        page.fill(f"#{field}", "three words of mine")
    press(page, "main button")
    assert page.url.endswith("/sign-in/set-up")
    assert lost.secret not in page.content().replace(" ", "")
    page.context.close()
