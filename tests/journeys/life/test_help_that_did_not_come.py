"""A partner says that it is done, the person says that it is not: their word counts."""

from __future__ import annotations

import pytest

from tests.support.browser import press
from tests.support.life import Life, is_sound, open_first, words

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_resident_says_no_and_somebody_else_is_asked(life: Life) -> None:
    life.joins("food_hub", "norwich_council")
    # Given a partner who says that the food was brought
    life.answers(food="none")
    hub = life.at_partner("food_hub")
    open_first(hub)
    press(hub, "text=Accept: we will do this")
    hub.check('input[name="outcome"][value="helped"]')
    press(hub, "text=It is done")
    assert "Done, the person is being asked" in words(hub)
    # When the resident is asked by text, and says no
    life.goes_on()
    page = life.at_home()
    is_sound(page, "did-it-help")
    page.check('input[name="helped"][value="no"]')
    press(page, "main button")
    is_sound(page, "did-it-help-no")
    life.goes_on()
    # Then another is asked, at once
    council = life.at_partner("norwich_council")
    assert "To answer (1)" in council.inner_text("body")
    # And the first sees what the person says
    hub = life.at_partner("food_hub", state="finished")
    assert "The person says it did not help" in words(hub)
    # And the office's sums agree
    office = life.at_office("")
    assert "Adds up" in words(office)
    assert life.browser.complaints == []
