"""No number reaches them: a letter goes, and when that is not answered either, a supervisor has them."""

from __future__ import annotations

import pytest

from tests.support.browser import press
from tests.support.life import Life, is_sound, next_call, words
from wherry.cases.models import Occurrence
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_wrong_numbers_end_in_a_letter_and_then_with_a_supervisor(life: Life) -> None:
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
    # Then no number is tried a third time, and as the texts did not reach them either, a letter goes to their door
    assert life.texts() == 3
    assert "High Street" in life.telephone.took[-1][1]
    # When nobody answers it in five days
    life.goes_on(hours=6 * 24)
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
