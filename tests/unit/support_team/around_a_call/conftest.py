"""One caller, a colleague and their supervisor, at eleven in the morning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.support.county_of_one import County, county_of_one, member, signed_in
from tests.support.places_and_people import QUICK_HASHES, let_it_be_eleven
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.organisations.types import Role


@pytest.fixture
def county() -> County:
    return county_of_one()


@pytest.fixture
def caller(county: County) -> Client:
    return signed_in(client=Client(), staff=county.staff["caller"])


@pytest.fixture
def supervisor(county: County) -> Client:
    return signed_in(client=Client(), staff=county.staff["supervisor"])


@pytest.fixture
def colleague(county: County) -> Client:
    with acting_as(WORKER), QUICK_HASHES:
        found = member(organisation=county.lead, role=Role.CALLER, team=county.team, name="kim", now=app_now())
    county.staff["kim"] = found
    return signed_in(client=Client(), staff=found)


@pytest.fixture(autouse=True)
def at_eleven_in_the_morning() -> Iterator[None]:
    let_it_be_eleven()
    yield
