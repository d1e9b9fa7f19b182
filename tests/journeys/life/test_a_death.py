"""A relative rings and says that the person has died: every door closes, and one person makes sure."""

from __future__ import annotations

import pytest

from tests.support.browser import press
from tests.support.life import Life, is_sound, next_call, open_first, words
from wherry.cases.models import Case
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER

pytestmark = pytest.mark.django_db(transaction=True)


def a_relative_says_that_they_died(life: Life) -> None:
    desk = life.at_desk("caller")
    press(desk, "text=Somebody is ringing in")
    for field, value in (("family_name", "Testperson"), ("born-day", "27"), ("born-month", "3"), ("born-year", "1941")):
        desk.fill(f"#{field}", value)
    desk.fill("#postcode", "NR99 1AA")
    desk.check("text=They rang us")
    press(desk, "text=Look them up")
    press(desk, "text=Take this call")
    desk.click("text=They have died, or want us to stop")
    assert "I am very sorry" in words(desk)
    press(desk, 'button[value="died"]')
    life.goes_on()


def test_a_death_told_on_the_telephone_stops_the_partner_on_the_way_and_every_text(life: Life) -> None:
    life.joins("food_hub")
    # Given somebody whom a partner is about to visit
    life.answers(food="none")
    hub = life.at_partner("food_hub")
    open_first(hub)
    press(hub, "text=Accept: we will do this")
    assert "Ada Testperson" in words(hub)
    accepted = hub.url
    # When a daughter rings in
    a_relative_says_that_they_died(life)
    # Then the partner is told not to go, and no longer sees to whom
    hub.goto(accepted)
    assert "Taken back" in words(hub)
    assert "Do not visit or ring them" in words(hub)
    assert "Ada" not in hub.content()
    is_sound(hub, "taken-back")
    # And a supervisor is asked to make sure, without ringing the household
    chief = life.at_desk("supervisor")
    next_call(chief)
    assert "Told that somebody died" in words(chief)
    assert chief.locator('a[href^="tel:"]').count() == 0
    press(chief, "text=It is true")
    # And nothing is sent or asked, however long one waits
    before = life.texts()
    life.goes_on(hours=48)
    assert life.texts() == before
    with acting_as(WORKER):
        assert Case.objects.get().state == "excluded"
    assert life.browser.complaints == []


def test_a_report_that_was_a_mistake_costs_nobody_the_help_they_asked_for(life: Life) -> None:
    life.joins("food_hub")
    # Given somebody without food, and a caller who was told of the wrong death
    life.answers(food="none")
    a_relative_says_that_they_died(life)
    assert "To answer (0)" in life.at_partner("food_hub").inner_text("body")
    # When the supervisor finds that it was a mistake
    chief = life.at_desk("supervisor")
    next_call(chief)
    is_sound(chief, "told-of-a-death")
    press(chief, "text=It was a mistake")
    life.goes_on()
    # Then the food is asked for again
    assert "To answer (1)" in life.at_partner("food_hub").inner_text("body")
    assert life.browser.complaints == []
