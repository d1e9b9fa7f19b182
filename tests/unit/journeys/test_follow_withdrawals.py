"""A delivery is withdrawn: what only it told of somebody with a case holds no more, and nobody is lost over it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.county_of_one import County, county_of_one
from wherry.cases.models import Case
from wherry.cases.types import State
from wherry.database.context import acting_as, app_now
from wherry.feeds import actions, queries
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.journeys import follow_the_store, follow_wishes
from wherry.journeys.withdraw_delivery import withdraw
from wherry.outreach.rules.standing import forbidden
from wherry.people.linkage.actions import link
from wherry.people.models import ContactPointRow, Person, WishRow
from wherry.people.queries import reachable
from wherry.population import Store, connect
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
ANALYST = Actor(Kind.CONSOLE, "a.analyst")
REGISTER = "Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth,Telephone,Last Updated\n"
KETT = "D82001,1,9990000018,Kett,Robert,12/03/1950,{phone},{day}\n"
DEATHS = "NHS Number,Surname,Forename,Date of Birth,Date of Death,Date Registered\n"
DIED = "9990000018,Kett,Robert,12/03/1950,20/02/2026,21/02/2026\n"
RIGHT, WRONG = "+447700900001", "+447700900099"


@pytest.fixture
def store() -> Iterator[Store]:
    there = Store(Path(settings.HOME) / "store")
    shutil.rmtree(there.path, ignore_errors=True)
    yield there
    shutil.rmtree(there.path, ignore_errors=True)


def _land(store: Store, tmp_path: Path, content: str, *, name: str, contract: str = "gp_register") -> str:
    file = tmp_path / name
    file.write_text(content)
    landed = actions.receive(
        contract=queries.contract(name=contract), files=[file], store=store, by="a", received_at=NOW
    )
    link(store=store, by="a")
    return landed.batch_id


def _county(store: Store) -> County:
    with connect() as connection:
        [(person_id,)] = connection.execute(f"SELECT person_id FROM ({store.source_sql('persons')})").fetchall()
    county = county_of_one(population_id=person_id)
    _carry_on(county)
    return county


def _carry_on(county: County) -> None:
    """Let the worker do what waits for it."""
    follow_the_store.bring_people_up_to_date()
    follow_wishes.follow(person_id=county.person.pk)


def _withdraw(store: Store, batch_id: str) -> None:
    withdraw(by=ANALYST, store=store, batch_id=batch_id, why="wrong practice", at=NOW)


def _numbers(county: County) -> set[str]:
    with acting_as(WORKER):
        rows = ContactPointRow.objects.filter(person=county.person, wrong_since__isnull=True, value__in=[RIGHT, WRONG])
        return set(rows.values_list("value", flat=True))


def _case_state(county: County) -> str:
    with acting_as(WORKER):
        return str(Case.objects.get(pk=county.case.pk).state)


def test_a_number_only_it_gave_is_used_no_more_h_04(store: Store, tmp_path: Path) -> None:
    _land(store, tmp_path, REGISTER + KETT.format(phone="07700 900001", day="01/02/2026"), name="a.csv")
    wrong = _land(store, tmp_path, REGISTER + KETT.format(phone="07700 900099", day="05/02/2026"), name="b.csv")
    county = _county(store)
    assert _numbers(county) == {RIGHT, WRONG}

    _withdraw(store, wrong)
    _carry_on(county)

    assert _numbers(county) == {RIGHT}
    assert _case_state(county) == State.IN_CADENCE


def test_whom_nobody_tells_of_any_more_keeps_a_name_and_no_number_of_its_sender(store: Store, tmp_path: Path) -> None:
    wrong = _land(store, tmp_path, REGISTER + KETT.format(phone="07700 900099", day="01/02/2026"), name="a.csv")
    county = _county(store)
    _land(store, tmp_path, REGISTER + "D82001,9,,Rix,Ann,01/01/1940,,01/02/2026\n", name="other.csv")

    _withdraw(store, wrong)
    _carry_on(county)

    assert _numbers(county) == set()
    with acting_as(WORKER):
        assert Person.objects.get(pk=county.person.pk).family_name == "Kett"


def test_who_is_no_longer_said_to_be_dead_is_not_written_to_before_somebody_made_sure_h_01(
    store: Store, tmp_path: Path
) -> None:
    _land(store, tmp_path, REGISTER + KETT.format(phone="07700 900001", day="01/02/2026"), name="a.csv")
    county = _county(store)
    wrong = _land(store, tmp_path, DEATHS + DIED, name="deaths.csv", contract="deaths")
    _carry_on(county)
    assert _case_state(county) == State.EXCLUDED

    _withdraw(store, wrong)
    _carry_on(county)

    with acting_as(WORKER):
        person = Person.objects.get(pk=county.person.pk)
        assert person.died_on is None
        assert forbidden(reachable=reachable(person=person, day=app_now().date()), day=app_now().date()) is not None
        assert Task.objects.filter(case=county.case, kind="verify_death", state="open").count() == 1
    assert _case_state(county) == State.EXCLUDED


def test_a_wish_only_it_told_of_ends_and_one_told_to_us_stays(store: Store, tmp_path: Path) -> None:
    register = REGISTER + KETT.format(phone="07700 900001", day="01/02/2026")
    _land(store, tmp_path, register, name="a.csv")
    county = _county(store)
    with acting_as(WORKER):
        for source in ("gp_register", "the person"):
            WishRow.objects.create(
                person=county.person, kind="format", value="large_print", source=source, recorded_on=NOW.date()
            )
    wrong = _land(store, tmp_path, register.replace("900001", "900099"), name="b.csv")
    _carry_on(county)

    _withdraw(store, wrong)
    _carry_on(county)

    with acting_as(WORKER):
        ends = dict(WishRow.objects.filter(person=county.person).values_list("source", "ends_on"))
    assert ends["gp_register"] is not None
    assert ends["the person"] is None


def test_a_withdrawal_is_followed_once(store: Store, tmp_path: Path) -> None:
    _land(store, tmp_path, REGISTER + KETT.format(phone="07700 900001", day="01/02/2026"), name="a.csv")
    wrong = _land(store, tmp_path, REGISTER + KETT.format(phone="07700 900099", day="05/02/2026"), name="b.csv")
    county = _county(store)
    _withdraw(store, wrong)
    _carry_on(county)
    with acting_as(WORKER):
        ContactPointRow.objects.filter(person=county.person, value=WRONG).update(wrong_since=None)

    _land(store, tmp_path, REGISTER + "D82001,9,,Rix,Ann,01/01/1940,,01/02/2026\n", name="other.csv")
    _carry_on(county)

    assert WRONG in _numbers(county), "a colleague who found it right since is not overruled at every delivery"
