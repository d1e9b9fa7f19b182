"""What cannot wait stays in sight until it is sent or somebody has seen to it; what is said of it is true."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from tests.support.county_of_one import County, county_of_one, recognised
from tests.support.reach import MORNING, set_clock, wind_on
from tests.support.roles import as_role
from wherry.checkin.models import Alarm
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys.programme_in_force import in_force
from wherry.journeys.promise_help import in_touch_by
from wherry.journeys.take_checkin import hear_alarm
from wherry.triage.models import RedFlag
from wherry.web.components.words import catalogues

pytestmark = pytest.mark.django_db
HEALTH, SEND, NOW = "/check-in/page/your_health", "/check-in/send", "/check-in/now"
CARD = "nhsuk-card--care--emergency"
IN_PAIN = {"breathless": "no", "chest_pain": "yes", "feeling": "same"}
WELL = {"breathless": "no", "chest_pain": "no", "feeling": "same"}


@pytest.fixture
def county(settings: object) -> County:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # type: ignore[attr-defined]
    set_clock(MORNING)
    return county_of_one()


def page(browser: Client, where: str) -> str:
    with as_role("web_person"):
        return re.sub(r"\s+", " ", browser.get(where, follow=True).content.decode())


def post(browser: Client, where: str, answers: dict[str, str] | None = None) -> str:
    with as_role("web_person"):
        return browser.post(where, answers or {})["Location"]


def in_pain(county: County) -> Client:
    browser = recognised(client=Client(), county=county)
    post(browser, "/check-in/page/about_you", {"answering_for": "self"})
    assert post(browser, HEALTH, IN_PAIN) == NOW
    return browser


def seen_to() -> None:
    with acting_as(WORKER):
        for alarm in Alarm.objects.all():
            hear_alarm(alarm_id=alarm.pk)
        for flag in RedFlag.objects.all():
            flag.change(closed_at=app_now(), outcome="rung")


def test_whoever_left_at_do_this_now_reads_it_first_in_a_new_browser_h_02(county: County) -> None:
    in_pain(county)
    anew = recognised(client=Client(), county=county)
    assert CARD in page(anew, "/check-in/")
    on = post(anew, NOW + "?resumed")
    assert on == "/check-in/page/things_you_need?resumed"


def test_it_stands_on_the_look_at_the_answers_until_they_are_sent_h_02(county: County) -> None:
    browser = in_pain(county)
    look = page(browser, SEND)
    assert CARD in look and look.count("<h1") == 1
    assert "What you said about “How you are” has been passed on already." in look
    assert "Nothing is sent until" not in look


def test_without_a_red_flag_nothing_was_sent_before_the_button(county: County) -> None:
    browser = recognised(client=Client(), county=county)
    post(browser, HEALTH, WELL)
    look = page(browser, SEND)
    assert "Nothing is sent until you press the button." in look and "passed on" not in look


def test_whoever_takes_it_back_reads_that_somebody_still_rings_h_02(county: County) -> None:
    browser = in_pain(county)
    post(browser, HEALTH, WELL)
    assert "has been passed on already" in page(browser, SEND)
    post(browser, SEND)
    done = page(browser, "/check-in/done")
    assert "somebody will still ring you by 10:15 today" in done
    assert "You did not ask for anything" not in done and CARD not in done


def test_once_somebody_has_seen_to_it_no_page_says_do_this_now(county: County) -> None:
    browser = in_pain(county)
    seen_to()
    assert CARD not in page(recognised(client=Client(), county=county), "/check-in/")
    assert CARD not in page(browser, SEND)
    post(browser, SEND)
    done = page(browser, "/check-in/done")
    assert CARD not in done and "Our team has seen to what could not wait." in done
    assert CARD not in page(recognised(client=Client(), county=county), "/check-in/")


def test_an_old_link_says_how_it_stands_and_none_of_what_was_answered(county: County) -> None:
    browser = recognised(client=Client(), county=county)
    post(browser, "/check-in/page/things_you_need", {"food": "none", "medicines": "enough", "essentials": "fine"})
    post(browser, SEND)
    assert "<li>Food</li>" in page(browser, "/check-in/done")
    anew = page(recognised(client=Client(), county=county), "/check-in/")
    assert "You have answered. Thank you." in anew and "<li>Food</li>" not in anew
    assert 'href="/what-is-done"' in anew.partition("<footer")[0]


def test_an_old_link_repeats_what_cannot_wait_while_nobody_has_seen_to_it_h_02(county: County) -> None:
    post(in_pain(county), SEND)
    anew = recognised(client=Client(), county=county)
    assert CARD in page(anew, "/check-in/")
    wind_on(dt.timedelta(minutes=31))
    assert CARD not in page(anew, "/check-in/")


@pytest.mark.parametrize("language", sorted(catalogues()))
def test_it_is_all_said_in_every_language(county: County, language: str) -> None:
    words, browser = catalogues()[language], in_pain(county)
    look = page(browser, f"{SEND}?language={language}")
    assert words["person.send.passed_on"].split("{")[0] in look and words["person.done.flag_heading"] in look
    post(browser, HEALTH, WELL)
    post(browser, SEND)
    assert words["person.done.still_rung"].split("{")[0] in page(browser, "/check-in/done")


def test_today_is_promised_only_while_the_day_s_hours_reach(county: County) -> None:
    def told(hour: int) -> str:
        set_clock(MORNING.replace(hour=hour))
        browser = recognised(client=Client(), county=county)
        post(browser, "/check-in/page/things_you_need", {"food": "none", "medicines": "enough", "essentials": "fine"})
        post(browser, SEND)
        return page(browser, "/check-in/done")

    assert "will be in touch by 3 March 2026." in told(22)


def test_a_promise_follows_the_slowest_clock_that_could_be_asked_inside_contact_hours() -> None:
    force, said = in_force(programme="covid_protect"), MORNING

    def by(urgency: str, said_at: dt.datetime) -> dt.datetime:
        return in_touch_by(force=force, kinds=("food",), urgency=urgency, said_at=said_at, now=said_at)

    assert by("emergency", said) - said == dt.timedelta(hours=1)
    assert by("today", said.replace(hour=22)).hour == 12
