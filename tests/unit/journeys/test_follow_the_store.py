"""A newer delivery says that somebody with a case has died, or may have: no door stays open."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.county_of_one import County, county_of_one
from wherry.cases.models import Case
from wherry.cases.types import State
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys import follow_the_store, follow_wishes
from wherry.people.models import Person
from wherry.people.queries import reachable
from wherry.population import ledger
from wherry.population.store import Store, connect, write_parquet
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store(Path(settings.HOME) / "store")
    shutil.rmtree(store.path, ignore_errors=True)
    yield store
    shutil.rmtree(store.path, ignore_errors=True)


@pytest.fixture
def county() -> County:
    return county_of_one()


def land(store: Store, *, died: str | None, run: str, others: str = "") -> None:
    death = f"date '{died}'" if died else "null::date"
    with store.lock(), connect() as connection:
        store.write_table(
            connection,
            "persons",
            "select 'invented-1' person_id, null nhs_number, 'Ada' given_name, 'Testperson' family_name,"
            f" date '1941-02-03' birth_date, {death} death_date, null sex, null ethnicity, null \"language\","
            " null postcode, null lsoa, null::tinyint imd_decile, null uprn, null place, null practice_code,"
            f" null household_id, false communal, true synthetic {others}",
        )
    ledger.record(store, by="analyst", did="link_people", about={"run": run})


def state_of(county: County) -> tuple[str, str]:
    with acting_as(WORKER):
        case = Case.objects.get(pk=county.case.pk)
        return case.state, case.state_reason


def test_a_death_in_a_newer_delivery_ends_contact(store: Store, county: County) -> None:
    land(store, died=None, run="first")
    assert follow_the_store.bring_people_up_to_date() == 1
    assert state_of(county)[0] == State.IN_CADENCE

    land(store, died="2026-02-20", run="second")
    assert follow_the_store.bring_people_up_to_date() == 1
    follow_wishes.follow(person_id=county.person.pk)

    assert state_of(county) == (State.EXCLUDED, "died")
    with acting_as(WORKER):
        person = Person.objects.get(pk=county.person.pk)
        assert reachable(person=person, day=app_now().date()).died_on is not None


def test_the_same_link_run_is_followed_once(store: Store, county: County) -> None:
    land(store, died=None, run="first")

    assert [follow_the_store.bring_people_up_to_date() for _ in range(2)] == [1, 0]


def test_a_notice_that_may_be_theirs_stops_contact_until_somebody_looked(store: Store, county: County) -> None:
    dead = (
        " union all select 'somebody-else', null, 'A', 'Testperson', date '1941-02-03', date '2026-02-01',"
        " null, null, null, null, null, null, null, null, null, null, false, true"
    )
    land(store, died=None, run="first", others=dead)
    (store.path / "links").mkdir()
    with connect() as connection:
        write_parquet(
            connection=connection,
            select_sql="select unnest(['ours', 'theirs']) record_id, unnest(['invented-1', 'somebody-else']) person_id",
            file=store.path / "links" / "links-000001.parquet",
        )
        write_parquet(
            connection=connection,
            select_sql="select 'theirs' left_record, 'ours' right_record",
            file=store.path / "links" / "review.parquet",
        )

    follow_the_store.bring_people_up_to_date()
    follow_wishes.follow(person_id=county.person.pk)

    assert state_of(county) == (State.EXCLUDED, "reported died")
    with acting_as(WORKER):
        assert Task.objects.get(kind="verify_death").for_role == "supervisor"
