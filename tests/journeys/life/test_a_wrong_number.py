"""No number reaches them: they are rung no more on any of them, and a supervisor has them."""

from __future__ import annotations

import pytest

from tests.support.life import Life, is_sound, next_call, press, words
from wherry.cases.models import Occurrence
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_wrong_numbers_end_with_a_supervisor(life: Life) -> None:
    # Given somebody silent, and strangers on both of their numbers
    life.stays_silent()
    desk = life.at_desk("caller")
    next_call(desk)
    press(desk, 'button[value="wrong_number"]')
    life.goes_on(hours=3.1)
    next_call(desk)
    # Then the number known to be wrong is not shown again
    assert desk.locator('a[href^="tel:"]').count() == 1
    press(desk, 'button[value="wrong_number"]')
    life.goes_on()
    # Then a supervisor has them, and is told that no number is left
    desk = life.at_desk("supervisor")
    next_call(desk)
    assert "Could not be reached" in words(desk)
    assert "No telephone number to ring" in words(desk)
    is_sound(desk, "no-number-left")
    with acting_as(WORKER):
        left = Occurrence.objects.get(pk=life.county.occurrence.pk)
    assert (left.state, left.owner_team_id) == ("exhausted", life.county.team.pk)
    assert life.browser.complaints == []
