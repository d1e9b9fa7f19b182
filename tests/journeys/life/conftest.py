"""What every journey of life begins with: a Monday morning, one resident, and nobody who has joined yet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.browser import Browser
from tests.support.county_of_one import LANDLINE, MOBILE, county_of_one
from tests.support.life import Life
from tests.support.reach import MORNING, Provider, lose_jobs, reset_clock, set_clock
from wherry.journeys import hand_off
from wherry.people.types import ContactKind, ContactPoint

REACHED_BY = tuple(
    ContactPoint(kind, value, "gp_register", MORNING.date())
    for kind, value in (
        (ContactKind.MOBILE, MOBILE),
        (ContactKind.LANDLINE, LANDLINE),
        (ContactKind.ADDRESS, "1 High Street, NR99 1AA"),
    )
)


@pytest.fixture
def life(browser: Browser, live_server: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    telephone = Provider()
    monkeypatch.setattr(hand_off.provider, "client", lambda **known: telephone)
    lose_jobs()
    set_clock(MORNING)
    yield Life(county_of_one(contact_points=REACHED_BY), str(live_server), browser, telephone)
    reset_clock()
