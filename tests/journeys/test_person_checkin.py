"""A resident answers on a phone: from the link in a text to what to do now, and out by any of the doors."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.browser import Browser, axe_problems, overflows, press, press_enter
from tests.support.county_of_one import County, county_of_one, details, link_to
from wherry.cases.actions import open_case, open_occurrence
from wherry.cases.types import Door
from wherry.checkin.models import Alarm, Draft, Invitation, Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.people.actions import admit
from wherry.people.models import Report, WishRow
from wherry.web.person.links import holder_of

pytestmark = pytest.mark.django_db(transaction=True)
HOW_THEY_ARE = {
    "en": "How they are",
    "lt": "Kaip tas žmogus jaučiasi",
    "pt": "Como está essa pessoa",
    "ar": "كيف حال هذا الشخص",
}
PICTURES = os.environ.get("WHERRY_PICTURES", "")


@pytest.fixture
def county(_loop_beside_database: None) -> County:
    return county_of_one()


def is_sound(page: Page, name: str) -> None:
    """Every page passes axe and fits its screen; with WHERRY_PICTURES set, it is kept to be looked at."""
    assert axe_problems(page) == [], name
    fits(page, name)


def fits(page: Page, name: str) -> None:
    """Hold a page to its screen alone: of one that passed axe in another language, whose words are longer here."""
    if PICTURES:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
    assert overflows(page) == [], name


def say_born(page: Page, *, day: str = "27") -> None:
    page.fill("#born-day", day)
    page.fill("#born-month", "3")
    page.fill("#born-year", "1941")
    press(page, "main button")


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
    # Then what to do now stands alone and large, before anything else is asked, and is a press away
    is_sound(page, "now")
    assert page.inner_text("main").lstrip().startswith("Do this now")
    assert page.get_attribute("main .nhsuk-card a", "href") == "tel:999"
    with acting_as(WORKER):
        assert Alarm.objects.get().flag == "breathless_at_rest"
    press(page, "main button")
    is_sound(page, "things-you-need")
    choose(page, "food", "none")
    press(page, "main button")
    choose(page, "lonely", "often")
    page.fill('textarea[name="anything_else"]', "Thank you")
    page.check('input[name="rather_say"]')
    is_sound(page, "company-and-home")
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
    for values in ({"answering_for": "self"}, {"breathless": "no", "chest_pain": "no"}, {"food": "enough"}, {}):
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
    for what in ("not_me", "died", "pause", "way"):
        page.goto(f"{live_server}/c/{county.token}/{what}")
        is_sound(page, what)
    for address in ("/c", "/how-we-contact-you", "/told/died"):
        page.goto(f"{live_server}{address}")
        is_sound(page, f"page{address.replace('/', '-')}")
    page.context.close()


# Polish has a check-in of its own above.
@pytest.mark.parametrize("language", ["en", "lt", "pt", "ar"])
def test_somebody_answers_for_another_in_their_own_language(
    browser: Browser, county: County, live_server: object, language: str
) -> None:
    # Given a daughter with her father's telephone, and no scripts
    page = browser.page_at(390, scripts=False)
    page.goto(f"{live_server}/c/{county.token}?language={language}")
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    is_sound(page, f"landing-{language}")
    say_born(page)
    # When she says that she answers for him
    choose(page, "answering_for", "someone_else")
    is_sound(page, f"about-you-{language}")
    press(page, "main button")
    # Then she is asked once who she is, whether he knows, and how she is herself
    is_sound(page, f"about-helper-{language}")
    for name, value in {"relation": "family", "they_agree": "yes", "carer_help": "need_help"}.items():
        choose(page, name, value)
    press(page, "main button")
    # And the questions are about him
    assert HOW_THEY_ARE[language] in page.inner_text("h1")
    is_sound(page, f"their-health-{language}")
    for name, value in {"breathless": "no", "chest_pain": "no"}.items():
        choose(page, name, value)
    press(page, "main button")
    press(page, "main button")
    press(page, "main button")
    is_sound(page, f"send-{language}")
    press(page, "main button")
    is_sound(page, f"done-{language}")
    with acting_as(WORKER):
        assert Response.objects.get().answered_by == "someone_else"
    page.context.close()


def test_somebody_stops_half_way_and_goes_on_from_the_same_link(
    browser: Browser, county: County, live_server: object
) -> None:
    # Given two pages answered, and the telephone put away
    page = browser.page_at(390, scripts=False)
    page.goto(f"{live_server}/c/{county.token}")
    say_born(page)
    choose(page, "answering_for", "self")
    press(page, "main button")
    choose(page, "breathless", "no")
    choose(page, "chest_pain", "no")
    press(page, "main button")
    page.context.close()
    # When the link is opened again
    page = browser.page_at(390, scripts=False)
    page.goto(f"{live_server}/c/{county.token}")
    say_born(page)
    # Then it goes on where it was, and says what is kept
    assert "You told us so far: Who is answering, How you are" in page.inner_text("main")
    is_sound(page, "resumed")
    press(page, "main button")
    press(page, "main button")
    press(page, "main button")
    # And opened once more after the sending, it says that this is done, and none of the answers
    page.context.clear_cookies()
    with acting_as(WORKER):
        Invitation.objects.update(used_at=app_now() - dt.timedelta(hours=1))
    page.goto(f"{live_server}/c/{county.token}")
    say_born(page)
    assert "You have answered" in page.inner_text("h1")
    is_sound(page, "answered")
    page.context.close()


@pytest.mark.parametrize("language", ["en", "pl", "ar"])
@pytest.mark.parametrize("what", ["pause", "way", "not_me", "died"])
def test_each_way_out_is_one_short_page_and_says_what_happens_next(
    browser: Browser, county: County, live_server: object, what: str, language: str
) -> None:
    # Given the page a link opens, before anybody is recognised
    page = browser.page_at(390, scripts=False)
    page.goto(f"{live_server}/c/{county.token}/{what}?language={language}")
    is_sound(page, f"{what}-{language}")
    # When it is chosen
    if what == "pause":
        press(page, "main button")
        is_sound(page, f"pause-left-out-{language}")
        choose(page, "days", "7")
    if what == "way":
        choose(page, "language", language)
        page.check('input[value="large_print"]')
    press(page, "main button")
    # Then it is written, and the page says what happens next
    is_sound(page, f"{what}-told-{language}")
    with acting_as(WORKER):
        wished = sorted(WishRow.objects.values_list("kind", flat=True))
        reported = list(Report.objects.values_list("kind", flat=True))
    assert (wished, reported) == {
        "pause": (["pause"], []),
        "way": (["format", "language"], []),
        "not_me": ([], ["not_me"]),
        "died": ([], ["died"]),
    }[what]
    page.context.close()


def test_two_people_on_one_telephone_each_open_only_their_own(
    browser: Browser, county: County, live_server: object
) -> None:
    # Given a husband and a wife with one telephone, and so two links on it
    with acting_as(WORKER):
        now = app_now()
        details_of_him = details(today=now.date(), population_id="invented-2", birth_date=dt.date(1939, 5, 2))
        him = admit(by=WORKER, details=details_of_him, now=now)
        case = open_case(
            by=WORKER,
            person=him,
            audience=county.audience,
            category="shielded",
            tier=1,
            door=Door.SIGNED_LIST,
            opened_from=None,
            owner_team=county.team,
            now=now,
        )
        _, his = link_to(occurrence=open_occurrence(by=WORKER, case=case, number=1, now=now), now=now)
    page = browser.page_at(390)
    # When she opens his link with her own date of birth
    page.goto(f"{live_server}/c/{his}")
    say_born(page)
    # Then it lets her no further
    assert "could not match" in page.inner_text("main")
    # When she opens hers
    page.goto(f"{live_server}/c/{county.token}")
    say_born(page)
    choose(page, "answering_for", "self")
    press(page, "main button")
    # Then what she says is hers
    with acting_as(holder_of(token=county.token)):
        assert Draft.objects.get().answers == {"answering_for": "self"}
    page.context.close()
