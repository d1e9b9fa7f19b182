"""Nobody takes what somebody needs: a supervisor has it, and sees why."""

from __future__ import annotations

import pytest

from tests.support.browser import press
from tests.support.life import Life, is_sound, next_call, words

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_need_nobody_takes_is_a_supervisors_with_the_reason(life: Life) -> None:
    # Given somebody without food, where nobody brings any
    life.answers(food="none")
    # Then no caller is asked, and a supervisor is
    assert "To ring now 0" in words(life.at_desk("caller"))
    desk = life.at_desk("supervisor")
    next_call(desk)
    assert "A need with no service" in words(desk)
    assert "Food: No food left" in words(desk)
    assert "Food for two days or less" not in words(desk)
    # And they see why, not only that it is so
    assert "No service takes this need in this place." in words(desk)
    is_sound(desk, "no-service")
    # And the office sees that it waits, and with whom
    assert "Needs no service took 1" in words(life.at_office("stuck"))
    # When they have found help another way
    desk.locator("form", has=desk.locator('button[name="came"]')).locator("textarea, input[name=words]").fill(
        "A neighbour"
    )
    press(desk, 'button[value="found"]')
    assert life.browser.complaints == []
