"""A couple shares one mobile: each has a link of their own, and what one asks for is brought to that one."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.browser import press
from tests.support.county_of_one import BORN, MOBILE
from tests.support.life import Life, is_sound, open_first, words
from tests.support.reach import one_more
from wherry.checkin.models import Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.people.types import ContactKind, ContactPoint

pytestmark = pytest.mark.django_db(transaction=True)
HIS_BIRTHDAY = dt.date(1939, 5, 2)


def test_each_opens_their_own_link_and_the_partner_is_told_of_whoever_asked(life: Life) -> None:
    life.joins("food_hub")
    # Given a husband on his wife's telephone
    with acting_as(WORKER):
        shared = ContactPoint(ContactKind.MOBILE, MOBILE, "gp_register", app_now().date())
    his = one_more(county=life.county, number=2, given_name="Bob", birth_date=HIS_BIRTHDAY, contact_points=(shared,))
    # When both are written to
    life.goes_on()
    # Then two texts are on it, each to one of them by name
    assert [to for _, to, _ in life.telephone.took] == [MOBILE, MOBILE]
    hers = next(taken for taken in life.telephone.took if "Ada" in taken[2])
    of_him = next(taken for taken in life.telephone.took if "Bob" in taken[2])
    # When she opens his by mistake, and says when she was born
    page = life.at_home(text=of_him, born=BORN)
    # Then she is told kindly, and sees nothing of his
    assert "could not match" in words(page)
    is_sound(page, "shared-not-hers")
    page.context.close()
    # When he opens it and has no food
    page = life.at_home(text=of_him, born=HIS_BIRTHDAY)
    for said in ({"answering_for": "self"}, {"breathless": "no", "chest_pain": "no"}, {"food": "none"}, {}, {}):
        for name, value in said.items():
            page.check(f'input[name="{name}"][value="{value}"]')
        press(page, "main button")
    page.context.close()
    life.goes_on()
    # Then it is his answer, and his food
    with acting_as(WORKER):
        assert Response.objects.get().occurrence_id == his.pk
    hub = life.at_partner("food_hub")
    open_first(hub)
    press(hub, "text=Accept: we will do this")
    assert "Bob Testperson" in words(hub)
    # And hers is still open to her
    page = life.at_home(text=hers, born=BORN)
    assert page.locator('input[name="answering_for"]').count() > 0
    assert life.browser.complaints == []
