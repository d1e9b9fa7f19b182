"""A page asks the database as often however much waits."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.around_a_call import claim, form_at, minutes
from tests.support.county_of_one import County, a_task
from tests.support.roles import as_role

pytestmark = pytest.mark.django_db


def tasks_and_events(county: County, many: int) -> None:
    for _ in range(many):
        a_task(county=county, kind="read_words")


@pytest.mark.parametrize("page", ["/support/", "/support/team"])
def test_a_page_asks_no_more_of_the_database_however_much_waits(supervisor: Client, county: County, page: str) -> None:
    tasks_and_events(county, 2)
    minutes(5 * 60)
    asked = []
    for many in (0, 30):
        tasks_and_events(county, many)
        with as_role("web"), CaptureQueriesContext(connection) as queries:
            assert supervisor.get(page).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert 5 < asked[0] <= 45


def test_the_next_call_and_its_page_ask_no_more_however_much_waits(caller: Client, county: County) -> None:
    asked = []
    a_task(county=county)
    for many in (0, 30):
        tasks_and_events(county, many)
        with as_role("web"):
            with CaptureQueriesContext(connection) as claiming:
                address = claim(caller)
            counted = [len(claiming)]
            with CaptureQueriesContext(connection) as looking:
                form = form_at(caller, address, why="lunch")
            asked.append([*counted, len(looking)])
            caller.post(f"{address}/back", form)
    (claimed, looked), (claimed_of_many, looked_among_many) = asked
    assert 5 < claimed_of_many <= claimed <= 30
    assert 5 < looked_among_many <= looked <= 40
