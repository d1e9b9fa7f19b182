"""Two texts that nobody answers, a voicemail, and at last a voice."""

from __future__ import annotations

import pytest

from tests.support.browser import press
from tests.support.life import Life, is_sound, next_call, words
from wherry.checkin.models import Response
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER

pytestmark = pytest.mark.django_db(transaction=True)


def test_somebody_silent_is_rung_gets_a_message_and_is_spoken_to_at_the_second_try(life: Life) -> None:
    life.joins("food_hub")
    # Given a text in the morning and one in the afternoon, and no answer to either
    life.goes_on()
    life.goes_on(hours=6.5)
    assert life.texts() == 2
    # Then nobody is rung that evening
    desk = life.at_desk("caller")
    assert "No task is open" in words(desk)
    # When the night has passed
    life.goes_on(hours=19)
    # Then a caller has them as the next call, and knows what was tried before
    desk.reload()
    assert "To ring now 1" in words(desk)
    next_call(desk)
    assert "They have not answered our messages" in words(desk)
    assert "A text on 2 March" in words(desk)
    # When the voicemail answers
    press(desk, "text=I left a message")
    next_call(desk)
    assert "Nothing is waiting for you now" in words(desk)
    # Then the call comes back by itself, and says so
    life.goes_on(hours=3.1)
    next_call(desk)
    assert "Tried once" in words(desk)
    assert "11:00: I left a message" in words(desk)
    is_sound(desk, "second-try")
    # When they answer, and have no food
    desk.check('input[name="food"][value="none"]')
    for question in ("breathless", "chest_pain"):
        desk.check(f'input[name="{question}"][value="no"]')
    press(desk, "text=Write down these answers")
    life.goes_on()
    # Then what they said stands as if they had written it, and food is asked for
    with acting_as(WORKER):
        assert Response.objects.get().channel == "phone"
    hub = life.at_partner("food_hub")
    assert "To answer (1)" in hub.inner_text("body")
    # And the office's sums agree
    office = life.at_office("")
    assert "Adds up" in words(office)
    assert life.browser.complaints == []
