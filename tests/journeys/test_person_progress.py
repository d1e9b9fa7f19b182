"""Somebody comes back to see what is being done for them: a code from a text, a few plain lines, and out again."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.browser import Browser, axe_problems, overflows, press, press_enter
from tests.support.county_of_one import County, county_of_one, details
from tests.support.reach import MORNING, Provider, lose_jobs, reset_clock, run_jobs, set_clock, wind_on
from wherry.audit.models import Event
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys import hand_off, reach_out, take_checkin
from wherry.organisations.actions import register_organisation
from wherry.organisations.types import OrganisationKind
from wherry.people.actions import admit
from wherry.referrals.actions import offer
from wherry.referrals.models import CallToAction
from wherry.triage.actions import move_need
from wherry.triage.models import Need
from wherry.web.components.words import catalogues
from wherry.web.person.links import holder_of
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("WHERRY_PICTURES", "")


@pytest.fixture
def telephone(provider: Provider) -> Provider:
    """The texts that arrive."""
    return provider


@pytest.fixture
def county(_loop_beside_database: None, telephone: Provider) -> Iterator[County]:
    """A resident who was texted and has answered: little food, few medicines, and somebody to talk to."""
    lose_jobs()
    set_clock(MORNING)
    made = county_of_one(given_name="Wilhelmina-Konstancja")
    reach_out.decide_contacts()
    hand_off.hand_off_what_was_left()
    by = holder_of(token=made.token)
    answers = {"breathless": "no", "chest_pain": "no", "safe_at_home": "yes", "food": "two_days_or_less"}
    answers |= {"medicines": "under_a_week", "lonely": "often"}
    with acting_as(by):
        type(made.invitation).objects.update(opened_at=app_now())
        made.invitation.refresh_from_db()
        take_checkin.take_answers(by=by, invitation=made.invitation, answers=answers, answered_by="self", now=app_now())
    take_checkin.triage_what_was_left()
    run_jobs()
    yield made
    reset_clock()


def is_sound(page: Page, name: str) -> None:
    """Every page passes axe and fits its screen; with WHERRY_PICTURES set, it is kept to be looked at."""
    if PICTURES:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
    assert axe_problems(page) == [], name
    assert overflows(page) == [], name


def newest_code(telephone: Provider) -> str:
    """Read the newest text, as they would."""
    run_jobs()
    found = re.search(r"\b(\d{6})\b", telephone.took[-1][2])
    assert found is not None
    return found.group(1)


def a_partner(state: str) -> None:
    """A partner takes the food, and brings it."""
    with acting_as(WORKER):
        now, need = app_now(), Need.objects.get(kind="food")
        if not CallToAction.objects.exists():
            hub = register_organisation(by=WORKER, code="food_hub", name="Food", kind=OrganisationKind.CHARITY, now=now)
            ends = now + dt.timedelta(hours=4)
            offer(by=WORKER, need=need, service="food_parcel", partner=hub, shared={}, clock_ends_at=ends, now=now)
            move_need(by=WORKER, need=need, to="referred", why="food_parcel", now=now)
        CallToAction.objects.update(state=state, outcome="helped", done_at=now)


@pytest.mark.parametrize("width", [390, 1280])
def test_somebody_sees_what_is_done_says_that_it_helped_and_signs_out(
    browser: Browser, county: County, telephone: Provider, live_server: object, width: int
) -> None:
    # Given somebody who answered this morning, back at their link
    page = browser.page_at(width)
    page.goto(f"{live_server}/c/{county.token}")
    for part, value in (("day", "27"), ("month", "3"), ("year", "1941")):
        page.fill(f"#born-{part}", value)
    press(page, "main button")
    press(page, "main >> text=See what is being done")
    # Then nothing is shown before a code
    is_sound(page, "progress-ask")
    assert "Food" not in page.inner_text("main")
    # When a code comes by text, and is first typed wrongly
    press(page, "text=Text me a code")
    is_sound(page, "progress-sent")
    code = newest_code(telephone)
    page.fill("#code", "1")
    press(page, "text=Show me")
    is_sound(page, "progress-wrong")
    page.fill("#code", code)
    press(page, "text=Show me")
    # Then each thing they asked for stands there, in plain words
    is_sound(page, "progress-looking")
    assert page.locator("main h2").count() == 3
    assert "We are looking for somebody to help." in page.inner_text("main")
    # When a partner has said yes
    a_partner("accepted")
    page.reload()
    assert "Food parcels" in page.inner_text("main") and "They said yes" in page.inner_text("main")
    is_sound(page, "progress-accepted")
    # When the partner calls it done
    a_partner("done")
    page.reload()
    is_sound(page, "progress-done")
    press(page, "text=Yes, it helped")
    # Then their word is kept, and carried out
    is_sound(page, "progress-thanks")
    run_jobs()
    with acting_as(WORKER):
        assert CallToAction.objects.get().state == "confirmed"
    page.goto(f"{live_server}/what-is-done")
    assert "Done. You told us that it helped." in page.inner_text("main")
    # When something is wrong, a call is a press away
    press(page, "text=This is wrong, or I still need it >> nth=0")
    is_sound(page, "progress-ring")
    assert "Somebody will ring you" in page.inner_text("main")
    # When they sign out, nothing can be seen in this browser, not even by going back
    press(page, "text=Sign out")
    is_sound(page, "progress-signed-out")
    page.go_back()
    assert "How far it is" not in page.inner_text("main")
    with acting_as(WORKER):
        assert Event.objects.filter(did="help.seen").count() >= 5
    assert [one for one in browser.complaints if "favicon" not in one] == []
    page.context.close()


@pytest.mark.parametrize("language", ["en", "pl", "pt", "ar"])
def test_it_is_reached_from_how_we_contact_you_by_keyboard_without_scripts(
    browser: Browser, county: County, telephone: Provider, live_server: object, language: str
) -> None:
    # Given a browser without scripts, and somebody who is not sure of us
    said = {key.removeprefix("person.progress."): words for key, words in catalogues()[language].items()}
    page = browser.page_at(390, scripts=False)
    page.goto(f"{live_server}/c/{county.token}?language={language}")
    page.focus("#born-day")
    for part in ("27", "3", "1941"):
        page.keyboard.type(part)
        page.keyboard.press("Tab")
    press_enter(page)
    page.goto(f"{live_server}/how-we-contact-you")
    is_sound(page, f"verify-{language}")
    page.focus(f'main a:has-text("{said["see"]}")')
    press_enter(page)
    is_sound(page, f"progress-ask-{language}")
    # When everything is done by keyboard
    page.focus('button[value="send"]')
    press_enter(page)
    is_sound(page, f"progress-sent-{language}")
    page.focus("#code")
    page.keyboard.type(newest_code(telephone))
    press_enter(page)
    # Then the page stands there in their language and direction
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert said["how_far"] in page.inner_text("main")
    a_partner("done")
    wind_on(dt.timedelta(days=3))
    # And after three days, what is late says so
    page.reload()
    assert said["how_far"] not in page.inner_text("main")
    page.focus('button[value="send"]')
    press_enter(page)
    page.focus("#code")
    page.keyboard.type(newest_code(telephone))
    press_enter(page)
    is_sound(page, f"progress-late-{language}")
    assert said["late"].split("{")[0].strip() in page.inner_text("main")
    page.focus('button[value="leave"]')
    press_enter(page)
    is_sound(page, f"progress-signed-out-{language}")
    page.context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_on_one_telephone_say_their_name_and_five_wrong_codes_end_in_a_call(
    browser: Browser, county: County, telephone: Provider, live_server: object, language: str
) -> None:
    # Given a husband with the same mobile number
    with acting_as(WORKER):
        his = details(today=app_now().date(), population_id="invented-2", given_name="Bob")
        admit(by=WORKER, details=his, now=app_now())
    page = browser.page_at(390, scripts=False)
    page.goto(f"{live_server}/c/{county.token}?language={language}")
    for part, value in (("day", "27"), ("month", "3"), ("year", "1941")):
        page.fill(f"#born-{part}", value)
    press(page, "main button")
    # When the name is not hers, nothing is sent and the page says so
    page.goto(f"{live_server}/what-is-done")
    page.fill("#first", "Bob")
    press(page, 'button[value="send"]')
    is_sound(page, f"progress-name-wrong-{language}")
    # When it is one of hers, a code comes
    page.fill("#first", "wilhelmina")
    press(page, 'button[value="send"]')
    wrong = f"{(int(newest_code(telephone)) + 1) % 1_000_000:06d}"
    # When five codes were wrong, it is over with this one, and somebody rings
    for _ in range(5):
        page.fill("#code", wrong)
        press(page, 'button[value="code"]')
    is_sound(page, f"progress-five-wrong-{language}")
    assert page.locator("#code").count() == 0
    run_jobs()
    with acting_as(WORKER):
        assert Task.objects.get(kind="call_back").state == "open"
    page.context.close()
