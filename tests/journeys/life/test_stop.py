"""STOP by text: one last word, and nothing after, not even a call that somebody has begun."""

from __future__ import annotations

import uuid

import pytest

from tests.support.county_of_one import MOBILE
from tests.support.life import Life, is_sound, next_call, words
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.outreach.actions import leave_inbound_text

pytestmark = pytest.mark.django_db(transaction=True)


def test_stop_by_text_reaches_the_caller_who_has_the_number_in_front_of_them(life: Life) -> None:
    # Given a caller about to dial
    life.stays_silent()
    desk = life.at_desk("caller")
    next_call(desk)
    assert desk.locator('a[href^="tel:"]').count() == 2
    # When the person texts STOP
    with acting_as(WORKER):
        leave_inbound_text(provider_event=uuid.uuid4().hex, number=MOBILE, text="Stop", now=app_now())
    life.goes_on()
    # Then one text says that it worked
    assert life.texts() == 3
    assert "you will get no more texts from us" in life.telephone.took[-1][2]
    # And the caller is told, kindly, that this call is over
    desk.reload()
    is_sound(desk, "call-stopped")
    assert "Nothing more needs to be done" in words(desk)
    assert desk.locator('a[href^="tel:"]').count() == 0
    # And there is nothing left to ring, today or in two days, and no more texts
    life.goes_on(hours=48)
    next_call(desk)
    assert "Nothing is waiting for you now" in words(desk)
    assert life.texts() == 3
