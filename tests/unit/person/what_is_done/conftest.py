"""A resident whose link came by a text."""

from __future__ import annotations

import pytest

from tests.support.county_of_one import County, county_of_one
from tests.support.reach import MORNING, Provider, set_clock
from wherry.journeys import hand_off, reach_out


@pytest.fixture
def county(provider: Provider, settings: object) -> County:
    """A resident whose link came by a text, which has left."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # type: ignore[attr-defined]
    set_clock(MORNING)
    made = county_of_one()
    reach_out.decide_contacts()
    assert hand_off.hand_off_what_was_left() == 1
    provider.took.clear()
    return made
