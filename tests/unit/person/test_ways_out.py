"""Stop, not me, died: never by one press too many, never a promise that may be untrue, and a way back after "stop"."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.support.county_of_one import County, county_of_one, recognised
from tests.support.roles import as_role
from wherry.checkin.models import Invitation
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.journeys.follow_wishes import follow
from wherry.people.models import WishRow
from wherry.web.components.words import catalogues

pytestmark = pytest.mark.django_db
RIGHT = {"born-day": "27", "born-month": "3", "born-year": "1941"}
WRONG = {**RIGHT, "born-day": "28"}
STOPPED = "You asked us to stop"


@pytest.fixture
def county(settings: object) -> County:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # type: ignore[attr-defined]
    return county_of_one()


def page(browser: Client, where: str) -> str:
    with as_role("web_person"):
        return browser.get(where, follow=True).content.decode()


def sent(browser: Client, where: str, answers: dict[str, str] | None = None) -> str:
    with as_role("web_person"):
        return browser.post(where, answers or {}, follow=True).content.decode()


def stopped(county: County) -> None:
    """Somebody who said stop, and whose links the worker has ended."""
    sent(Client(), f"/c/{county.token}/stop")
    follow(person_id=county.person.pk)
    with acting_as(WORKER):
        assert Invitation.objects.get(pk=county.invitation.pk).state == "revoked"


@pytest.mark.parametrize("what", ["stop", "not_me", "died"])
def test_saying_no_is_as_near_as_saying_yes_and_changes_nothing_h_01(county: County, what: str) -> None:
    by_link = page(Client(), f"/c/{county.token}/{what}")
    assert f'href="/c/{county.token}"' in by_link.partition("<footer")[0] and "No, go back" in by_link
    browser = recognised(client=Client(), county=county)
    assert 'href="/check-in/"' in page(browser, f"/leave/{what}").partition("<footer")[0]
    assert "Who is answering" in page(browser, "/check-in/")
    with acting_as(WORKER):
        assert WishRow.objects.count() == 0


def test_whoever_stopped_and_comes_back_is_told_so_and_whom_to_ring(county: County) -> None:
    stopped(county)
    back = sent(Client(), f"/c/{county.token}", RIGHT)
    assert STOPPED in back and "could not match" not in back
    assert "To begin again" in back and 'href="tel:01632960999"' in back.partition("<footer")[0]
    with as_role("web_person"):
        assert Client().get("/check-in/")["Location"] == "/c"


def test_nobody_learns_it_without_the_date_of_birth_or_by_trying_dates_h_15(county: County) -> None:
    stopped(county)
    assert STOPPED not in page(Client(), f"/c/{county.token}")
    for _ in range(5):
        assert STOPPED not in sent(Client(), f"/c/{county.token}", WRONG)
    assert STOPPED not in sent(Client(), f"/c/{county.token}", RIGHT)


def test_a_link_ended_for_another_reason_is_not_said_to_be_stopped(county: County) -> None:
    with acting_as(WORKER):
        county.invitation.change(state="revoked")
    assert "could not match" in sent(Client(), f"/c/{county.token}", RIGHT)


@pytest.mark.parametrize("what", ["stop", "pause", "way", "not_me", "died"])
def test_a_link_of_nobody_is_promised_nothing_and_told_whom_to_ring_h_01(county: County, what: str) -> None:
    chosen = {"days": "7", "language": "pl"}
    for language, words in catalogues().items():
        nobody = sent(Client(), f"/c/AAAAAAAAAAAAAAAAAAAAAA/{what}?language={language}", chosen)
        condition = words[f"person.maybe.{what}"].split(",")[0].split("،")[0]
        assert condition in nobody
        assert words[f"person.{what}.told"] not in nobody or what in ("not_me", "died")
        assert 'href="tel:01632960999"' in nobody.partition("<footer")[0]
    known = sent(recognised(client=Client(), county=county), f"/leave/{what}", chosen)
    assert "If this link" not in known


def test_language_and_large_print_ask_for_a_choice(county: County) -> None:
    nothing = sent(Client(), f"/c/{county.token}/way")
    assert "Choose a language, or another form for our letters" in nothing and "written it down" not in nothing
    with acting_as(WORKER):
        assert WishRow.objects.count() == 0
    assert "Thank you" in sent(Client(), f"/c/{county.token}/way", {"format": "braille"})
