"""One board with everything somebody could see."""

from __future__ import annotations

import pytest

from tests.support.places_and_people import Side, a_side
from wherry.foundation.actors import Actor
from wherry.web.person.links import holder_of


@pytest.fixture
def side() -> Side:
    return a_side(code="icb", place="norwich")


@pytest.fixture
def holder(side: Side) -> Actor:
    return holder_of(token=side.token)
