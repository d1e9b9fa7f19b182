"""Facts told of an address, drawn as deliveries: who has them, who no longer does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from wherry.feeds import actions, queries
from wherry.feeds.actions import withdraw
from wherry.feeds.types import Receipt
from wherry.people.linkage.actions import link
from wherry.population import Store, connect

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
PEOPLE = """Client ID,First Name,Last Name,DOB,Address,Postcode,UPRN,Assessment Date,Care Package
1,Ann,Kett,01-Jan-1940,1 Quay,NR1 1AA,101,01-Nov-2026,N
2,Bob,Rix,02-Jan-1941,2 Quay,NR1 1AA,102,01-Nov-2026,N
3,Cat,Woodrow,03-Jan-1942,3 Quay,NR1 1AA,,01-Nov-2026,N
4,Dan,Larter,04-Jan-1943,9 Hill,NR2 2BB,204,01-Nov-2026,N
5,Eve,Gooch,05-Jan-1944,,,,01-Nov-2026,N
"""
HEADER = "incident,uprn,postcode,off_since,hours_expected,status,as_at\n"
#: Each delivery's rows (property number, postcode, status), one delivery a line; then who is without power.
TABLE = [
    ("a property number", [[("101", "", "Off")]], {"Kett"}),
    ("its leading zeros are no part of it", [[("000101", "", "Off")]], {"Kett"}),
    ("a postcode means all in it", [[("", "nr11aa", "Off")]], {"Kett", "Rix", "Woodrow"}),
    ("both: also whose own number nobody knows", [[("101", "NR1 1AA", "Off")]], {"Kett", "Woodrow"}),
    ("nobody lives there", [[("999", "NR9 9ZZ", "Off")]], set()),
    ("restored by number", [[("101", "", "Off"), ("102", "", "Off")], [("101", "", "Restored")]], {"Rix"}),
    ("restored by postcode", [[("101", "", "Off")], [("", "NR1 1AA", "Restored")]], set()),
    ("left out of a later file is still off", [[("101", "", "Off")], [("102", "", "Off")]], {"Kett", "Rix"}),
    (
        "a neighbour's power is no news of theirs",
        [[("101", "NR1 1AA", "Off")], [("101", "NR1 1AA", "Restored")]],
        {"Woodrow"},
    ),
    (
        "in one file the number counts before the postcode",
        [[("102", "", "Off"), ("", "NR1 1AA", "Restored")]],
        {"Rix"},
    ),
    (
        "said back in error, then off again",
        [[("101", "", "Off")], [("101", "", "Restored")], [("101", "", "Off")]],
        {"Kett"},
    ),
]


def receive(store: Store, content: str, name: str, contract: str) -> Receipt:
    file = store.path.parent / name
    file.write_text(content)
    found = queries.contract(name=contract)
    return actions.receive(contract=found, files=[file], store=store, by="a", received_at=NOW, synthetic=True)


def tell(store: Store, number: int, rows: list[tuple[str, str, str]]) -> Receipt:
    told = "".join(f"I1,{uprn},{code},24/11/2026 06:10,5,{said},{number}:00\n" for uprn, code, said in rows)
    return receive(store, HEADER + told, f"cut{number}.csv", "power_cut")


def without_power(store: Store) -> set[str]:
    link(store=store, by="a")
    facts, persons = store.source_sql("facts"), store.source_sql("persons")
    with connect() as connection:
        rows = connection.execute(
            f"SELECT family_name FROM ({facts}) JOIN ({persons}) USING (person_id)"
            " WHERE code = 'power_off' AND status = 'active'"
        ).fetchall()
    assert len(rows) == len(set(rows)), "each fact once"
    return {name for (name,) in rows}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "store")
    receive(made, PEOPLE, "people.csv", "adult_social_care")
    return made


@pytest.mark.parametrize(("about", "deliveries", "expected"), TABLE, ids=[row[0].replace(" ", "_") for row in TABLE])
def test_who_has_a_fact_of_an_address(
    store: Store, about: str, deliveries: list[list[tuple[str, str, str]]], expected: set[str]
) -> None:
    for number, rows in enumerate(deliveries):
        tell(store, number, rows)
    assert without_power(store) == expected, about


def test_a_row_without_an_address_is_set_aside_and_is_about_nobody(store: Store) -> None:
    told = tell(store, 1, [("", "", "Off"), ("", "not a postcode", "Off"), ("101", "", "Off")])
    assert (told.accepted, told.quarantined, told.records) == (1, 2, 0)
    assert without_power(store) == {"Kett"}


def test_such_facts_are_not_counted_as_of_a_person_nobody_sent(store: Store) -> None:
    tell(store, 1, [("999", "", "Off")])
    assert link(store=store, by="a").orphan_facts == 0


def test_a_delivery_taken_out_says_nothing_more(store: Store) -> None:
    wrong = tell(store, 1, [("101", "", "Off")])
    tell(store, 2, [("204", "", "Off")])
    withdraw(store=store, batch_id=wrong.batch_id, by="a", why="test file", at=NOW)
    assert without_power(store) == {"Larter"}


def test_whoever_moved_has_it_at_the_new_door_only(store: Store) -> None:
    moved = PEOPLE.splitlines()[0] + "\n1,Ann,Kett,01-Jan-1940,9 Hill,NR2 2BB,204,20-Nov-2026,N\n"
    receive(store, moved, "moved.csv", "adult_social_care")
    tell(store, 1, [("101", "", "Off")])
    assert without_power(store) == set()
    tell(store, 2, [("204", "", "Off")])
    assert without_power(store) == {"Kett", "Larter"}
