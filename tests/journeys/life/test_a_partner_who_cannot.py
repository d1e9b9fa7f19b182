"""A partner says no, says nothing, or is full: the need goes to the next one, and nobody has to notice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.support.browser import press
from tests.support.life import Life, is_sound, open_first, words
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.referrals.models import CallToAction

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def food_wanted(life: Life) -> Life:
    """Two who bring food, and somebody without any."""
    life.joins("food_hub", "norwich_council")
    return life


def offered_to(life: Life, partner: str) -> Page:
    page = life.at_partner(partner)
    assert "To answer (1)" in page.inner_text("body")
    assert "Food" in words(page)
    assert "Ada" not in page.content()
    return page


def states() -> dict[str, str]:
    with acting_as(WORKER):
        return dict(CallToAction.objects.values_list("service", "state"))


def test_one_declines_and_the_next_is_asked_and_accepts(food_wanted: Life) -> None:
    life = food_wanted
    # Given an offer to the first
    life.answers(food="none")
    hub = offered_to(life, "food_hub")
    assert "To answer (0)" in life.at_partner("norwich_council").inner_text("body")
    # When they say that they cannot
    open_first(hub)
    is_sound(hub, "offer")
    hub.check("text=We have no capacity just now")
    press(hub, 'button:has-text("Decline")')
    life.goes_on()
    # Then it is the next one's, who sees who it is on accepting
    council = offered_to(life, "norwich_council")
    open_first(council)
    press(council, "text=Accept: we will do this")
    assert "Ada Testperson" in words(council)
    # And the no stays written down beside the yes
    assert states() == {"food_parcel": "declined", "norwich_community_support": "accepted"}
    assert life.browser.complaints == []


def test_one_lets_the_time_run_out_and_the_next_is_asked(food_wanted: Life) -> None:
    life = food_wanted
    # Given an offer to be answered within four hours
    life.answers(food="none")
    offered_to(life, "food_hub")
    # When nobody looks at it for so long
    life.goes_on(hours=4.1)
    # Then the next one has it, and the first is told, not left to find out at the door
    offered_to(life, "norwich_council")
    hub = life.at_partner("food_hub", state="finished")
    assert "Time ran out" in words(hub)
    open_first(hub)
    assert "so we asked somebody else" in words(hub)
    assert "Do not visit or ring them" in words(hub)
    is_sound(hub, "lapsed")
    assert states() == {"food_parcel": "lapsed", "norwich_community_support": "offered"}
    assert life.browser.complaints == []


def test_one_says_that_they_are_full_and_is_passed_over_at_once(food_wanted: Life) -> None:
    life = food_wanted
    # Given a partner who turns their dial down to nothing
    hub = life.at_partner("food_hub")
    press(hub, "text=Capacity")
    hub.check("text=Only so many more today")
    hub.fill("input[name=takes], #takes", "0")
    press(hub, "text=Say so")
    assert "Full for today" in words(hub)
    # When somebody needs food
    life.answers(food="none")
    # Then it is offered elsewhere, and never to them
    offered_to(life, "norwich_council")
    assert states() == {"norwich_community_support": "offered"}
    assert life.browser.complaints == []
