"""A wrong delivery taken out: what it said counts nowhere, what others said counts again, and it is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from wherry.feeds import actions, queries
from wherry.feeds.errors import DeliveryUnknown, DeliveryWithdrawn
from wherry.feeds.types import Receipt
from wherry.foundation.actors import Actor, Kind
from wherry.foundation.errors import InputWrong
from wherry.journeys.runs_built_on import no_longer_true, runs_built_on
from wherry.journeys.withdraw_delivery import Consequences, try_withdrawal, withdraw
from wherry.people.linkage.actions import link
from wherry.population import Store, connect, ledger

HEADER = "Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth,Telephone,Last Updated\n"
KETT = "D82001,1,9990000018,Kett,Robert,12/03/1950,07700 900001,01/02/2026\n"
KETT_MOVED = "D82001,1,9990000018,Kett,Robert,12/03/1950,07700 900099,05/02/2026\n"
RIX = "D82001,2,,Rix,Ann,01/01/1940,,01/02/2026\n"
DEATHS = "NHS Number,Surname,Forename,Date of Birth,Date of Death,Date Registered\n"
EVENTS = "Practice Code,Patient ID,Event Date,SNOMED Code\n"
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
ANALYST = Actor(Kind.CONSOLE, "a.analyst")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def _receive(store: Store, content: str, name: str, contract: str = "gp_register", **more: bool) -> Receipt:
    file = store.path.parent / name
    file.write_text(content)
    found = queries.contract(name=contract)
    return actions.receive(contract=found, files=[file], store=store, by="a", received_at=NOW, **more)


def _withdraw(store: Store, batch_id: str, *, purge: bool = False) -> Consequences:
    return withdraw(by=ANALYST, store=store, batch_id=batch_id, why="wrong practice", at=NOW, purge=purge)


def _read(store: Store, table: str, columns: str) -> list[tuple[object, ...]]:
    with connect() as connection:
        return connection.execute(f"SELECT {columns} FROM ({store.source_sql(table)}) ORDER BY ALL").fetchall()


def test_its_people_go_and_those_another_delivery_repeats_stay(store: Store) -> None:
    wrong = _receive(store, HEADER + KETT + RIX, "a.csv")
    _receive(store, HEADER + KETT, "b.csv")
    link(store=store, by="a")

    told = _withdraw(store, wrong.batch_id)

    assert _read(store, "persons", "family_name") == [("Kett",)]
    assert _read(store, "contact_points", "value, source") == [("+447700900001", "gp_register")]
    assert (told.people_gone, told.people_changed, told.delivery.handed_on) == (1, 0, 1)


def test_what_an_earlier_delivery_said_is_true_again(store: Store) -> None:
    _receive(store, HEADER + KETT, "a.csv")
    wrong = _receive(store, HEADER + KETT_MOVED, "b.csv")
    link(store=store, by="a")

    told = _withdraw(store, wrong.batch_id)

    assert _read(store, "contact_points", "value") == [("+447700900001",)]
    assert told.gone == (("contact_points", 1),)


def test_a_death_only_it_told_of_is_taken_back_and_said_loudly(store: Store) -> None:
    _receive(store, HEADER + KETT, "a.csv")
    died = DEATHS + "9990000018,Kett,Robert,12/03/1950,20/02/2026,21/02/2026\n"
    wrong = _receive(store, died, "d.csv", "deaths")
    link(store=store, by="a")
    assert _read(store, "persons", "death_date") == [(dt.date(2026, 2, 20),)]

    told = _withdraw(store, wrong.batch_id)

    assert _read(store, "persons", "death_date") == [(None,)]
    assert (told.alive_again, told.people_changed, told.fields_changed) == (1, 1, (("death_date", 1),))


def test_facts_another_delivery_holds_too_pass_to_it_one_after_the_other(store: Store) -> None:
    rows = [f"D82001,1,0{day}/02/2020,195967001\n" for day in (1, 2, 3)]
    _receive(store, HEADER + KETT, "a.csv")
    first = _receive(store, EVENTS + rows[0] + rows[1], "1.csv", "gp_events")
    second = _receive(store, EVENTS + rows[0] + rows[1] + rows[2], "2.csv", "gp_events")
    third = _receive(store, EVENTS + rows[1] + rows[2], "3.csv", "gp_events")
    link(store=store, by="a")

    assert _withdraw(store, first.batch_id).gone == ()
    told = _withdraw(store, second.batch_id)

    assert [day for (day,) in _read(store, "facts", "date")] == [dt.date(2020, 2, 2), dt.date(2020, 2, 3)]
    assert {batch for (batch,) in _read(store, "facts", "batch_id")} == {third.batch_id}
    assert (told.gone, told.delivery.handed_on) == ((("facts", 1),), 2)


def test_when_everything_is_withdrawn_nobody_is_left_and_ids_come_back_with_the_data(store: Store) -> None:
    receipt = _receive(store, HEADER + KETT + RIX, "a.csv")
    link(store=store, by="a")
    people = _read(store, "persons", "person_id")
    _withdraw(store, receipt.batch_id)
    assert [_read(store, table, "person_id") for table in ("persons", "contact_points", "wishes", "facts")] == [[]] * 4

    _receive(store, HEADER + KETT + RIX, "a.csv", again=True)
    link(store=store, by="a")

    assert _read(store, "persons", "person_id") == people


def test_the_very_same_files_land_again_only_when_somebody_says_so(store: Store) -> None:
    first = _receive(store, HEADER + KETT, "a.csv")
    _withdraw(store, first.batch_id)
    with pytest.raises(DeliveryWithdrawn, match=r"withdrawn by a.analyst on 2026-03-02 .*--again"):
        _receive(store, HEADER + KETT, "renamed.csv")

    again = _receive(store, HEADER + KETT, "a.csv", again=True)

    assert (again.accepted, again.duplicate) == (1, 0)
    assert again.batch_id != first.batch_id
    assert _receive(store, HEADER + KETT, "a.csv").already_landed


def test_withdrawn_twice_is_withdrawn_once_and_the_first_reason_stays(store: Store) -> None:
    receipt = _receive(store, HEADER + KETT, "a.csv")
    link(store=store, by="a")
    _withdraw(store, receipt.batch_id)
    hashes = store.hashes()

    told = withdraw(by=ANALYST, store=store, batch_id=receipt.batch_id[:8], why="other", at=NOW)

    assert (told.delivery.already_withdrawn, told.delivery.why) == (True, "wrong practice")
    assert store.hashes() == hashes
    assert ledger.verify(store) == ()
    assert "wrong practice" not in (store.path / ledger.FILE_NAME).read_text(), "a reason may name somebody"


@pytest.mark.parametrize("name", ["0" * 32, "", "abc", "../../etc"])
def test_an_unknown_delivery_is_refused_and_nothing_changes(store: Store, name: str) -> None:
    _receive(store, HEADER + KETT, "a.csv")
    with pytest.raises(DeliveryUnknown, match="wherry feeds deliveries"):
        _withdraw(store, name)
    assert queries.withdrawals(store=store) == {}


def test_a_withdrawal_without_a_reason_is_refused(store: Store) -> None:
    receipt = _receive(store, HEADER + KETT, "a.csv")
    with pytest.raises(InputWrong, match="a name and a reason"):
        withdraw(by=ANALYST, store=store, batch_id=receipt.batch_id, why=" ", at=NOW)


def test_a_trial_tells_the_same_and_leaves_the_store_as_it_was(store: Store) -> None:
    wrong = _receive(store, HEADER + KETT + RIX, "a.csv")
    _receive(store, HEADER + KETT_MOVED, "b.csv")
    link(store=store, by="a")
    hashes = store.hashes()

    tried = try_withdrawal(by=ANALYST, store=store, batch_id=wrong.batch_id, at=NOW)

    assert store.hashes() == hashes
    assert [file.name for file in store.path.glob(".*")] == [".lock"]
    assert tried.people_gone == _withdraw(store, wrong.batch_id).people_gone == 1


def test_readers_refuse_the_old_tables_until_they_are_linked_anew(store: Store) -> None:
    receipt = _receive(store, HEADER + KETT, "a.csv")
    link(store=store, by="a")
    actions.withdraw(store=store, batch_id=receipt.batch_id, by="a", why="wrong", at=NOW)

    with pytest.raises(InputWrong, match="hold what a withdrawn delivery said; run wherry people link"):
        store.source_sql("persons")

    link(store=store, by="a")
    assert _read(store, "persons", "person_id") == []


def test_lists_made_while_it_counted_are_named_and_others_are_not(store: Store) -> None:
    def stratified(run: str) -> None:
        ledger.record(store, by="a", did="stratify", about={"run": run, "people": 3, "as_of": "2026-03-01"}, at=NOW)

    _receive(store, HEADER + RIX, "a.csv")
    link(store=store, by="a")
    stratified("before")
    wrong = _receive(store, HEADER + KETT, "b.csv")
    stratified("not linked yet")
    link(store=store, by="a")
    stratified("with it")

    told = _withdraw(store, wrong.batch_id)
    stratified("after")

    assert [one.run for one in told.lists] == ["with it"]
    assert [one.run for one in runs_built_on(store=store, batch_id=wrong.batch_id)] == ["with it"]
    assert no_longer_true(store=store) == {"with it": wrong.batch_id}


def test_a_run_made_again_without_the_delivery_is_true_again(store: Store) -> None:
    _receive(store, HEADER + RIX, "a.csv")
    wrong = _receive(store, HEADER + KETT, "b.csv")
    link(store=store, by="a")
    about = {"run": "the same", "people": 3, "as_of": "2026-03-01"}
    ledger.record(store, by="a", did="stratify", about=about, at=NOW)
    _withdraw(store, wrong.batch_id)
    assert no_longer_true(store=store) == {"the same": wrong.batch_id}

    ledger.record(store, by="a", did="stratify", about=about, at=NOW)

    assert no_longer_true(store=store) == {}


def test_a_purge_removes_its_files_and_leaves_a_certificate(store: Store) -> None:
    receipt = _receive(store, HEADER + KETT + RIX, "a.csv")
    _receive(store, HEADER + KETT, "b.csv")
    link(store=store, by="a")

    told = _withdraw(store, receipt.batch_id, purge=True)

    assert not list((store.path / "batches" / receipt.batch_id).glob("*.parquet"))
    assert "records.parquet" in Path(str(told.delivery.certificate)).read_text()
    assert _read(store, "persons", "family_name") == [("Kett",)]
    link(store=store, by="a")
    assert _receive(store, HEADER + KETT_MOVED, "c.csv").accepted == 1


def test_the_newest_directory_is_whole_though_it_repeats_the_one_before(store: Store) -> None:
    header = "organisation_code,name,kind\n"
    _receive(store, header + "A1,Food Hub,charity\nB2,Old Name,council\n", "1.csv", "partner_directory")
    _receive(store, header + "A1,Food Hub,charity\nB2,New Name,council\n", "2.csv", "partner_directory")

    found = queries.entries(store=store, contract="partner_directory")

    assert sorted(str(one["name"]) for one in found) == ["Food Hub", "New Name"]
