"""A newer delivery knows another address and another number: the next caller and the next partner are told those."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.browser import press
from tests.support.life import Life, is_sound, next_call, open_first, words
from wherry.population import ledger
from wherry.population.store import Store, connect

pytestmark = pytest.mark.django_db(transaction=True)
NEW_DOOR, NEW_NUMBER = "9 Sea View, NR99 2BB", "+447700900202"


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store(Path(settings.HOME) / "store")
    shutil.rmtree(store.path, ignore_errors=True)
    yield store
    shutil.rmtree(store.path, ignore_errors=True)


def a_newer_delivery(store: Store) -> None:
    """The practice's next extract, linked: they have moved, and have another mobile."""
    with store.lock(), connect() as connection:
        store.write_table(
            connection,
            "persons",
            "select 'invented-1' person_id, null nhs_number, 'Ada' given_name, 'Testperson' family_name,"
            " date '1941-03-27' birth_date, null::date death_date, null sex, null ethnicity, null \"language\","
            " 'NR99 2BB' postcode, null lsoa, null::tinyint imd_decile, null uprn, 'norwich' place,"
            " null practice_code, null household_id, false communal, true synthetic",
        )
        store.write_table(
            connection,
            "contact_points",
            f"select 'invented-1' person_id, 'address' kind, '{NEW_DOOR}' value, 'gp_register' source,"
            " date '2026-03-03' recorded_on, null::date verified_on union all"
            f" select 'invented-1', 'mobile', '{NEW_NUMBER}', 'gp_register', date '2026-03-03', null::date",
        )
    ledger.record(store, by="analyst", did="link_people", about={"run": "second"})


def test_the_caller_rings_the_new_number_and_sees_whose_word_it_is(life: Life, store: Store) -> None:
    # Given somebody silent, of whom a newer delivery knows another number
    life.stays_silent()
    a_newer_delivery(store)
    life.goes_on()
    # When a caller opens their call
    desk = life.at_desk("caller")
    next_call(desk)
    # Then the new number stands first, with whose word it is and of when
    assert desk.locator('a[href^="tel:"]').first.get_attribute("href") == f"tel:{NEW_NUMBER}"
    assert "from the GP practice, 3 March 2026" in words(desk)
    is_sound(desk, "moved-numbers")
    assert life.browser.complaints == []


def test_a_partner_on_the_way_is_given_the_new_door(life: Life, store: Store) -> None:
    life.joins("food_hub", "norwich_council")
    # Given a partner who has accepted to bring food to the old door
    life.answers(food="none")
    hub = life.at_partner("food_hub")
    open_first(hub)
    press(hub, "text=Accept: we will do this")
    assert "1 High Street" in words(hub)
    # When the newer delivery is linked
    a_newer_delivery(store)
    life.goes_on()
    # Then they are told the new door and the new number, and that these have changed
    hub.reload()
    assert NEW_DOOR in words(hub)
    assert "1 High Street" not in words(hub)
    assert "Their address, number or way of speaking changed on" in words(hub)
    is_sound(hub, "moved-address")
    assert life.browser.complaints == []
