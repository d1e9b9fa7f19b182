"""Households and communal homes, drawn as records: who lives with whom, and where nobody is a household."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.support.linking import land, people_of
from wherry.foundation.errors import InputWrong
from wherry.people.from_store import person_with_nhs_number
from wherry.people.linkage import actions
from wherry.people.linkage.homes import CommunalWords, communal_words, homes_sql, is_communal_sql
from wherry.people.superseded import followed
from wherry.population import Store, connect
from wherry.population.store import write_parquet

WORDS = CommunalWords(("care home", "prison", "hostel"), ("road", "lane"), 3)
#: person, rank, uprn, address, postcode, marked by its sender
_Row = tuple[str, int, str | None, str | None, str | None, bool]


def homes(rows: list[_Row]) -> dict[str, tuple[str | None, bool, bool]]:
    connection = duckdb.connect()
    shape = "record_id VARCHAR, rank INTEGER, uprn VARCHAR, address VARCHAR, postcode VARCHAR, communal BOOLEAN"
    connection.execute(f"CREATE TABLE landed ({shape})")
    connection.executemany("INSERT INTO landed VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.execute("CREATE TABLE linked AS SELECT DISTINCT record_id, record_id AS person_id FROM landed")
    found = connection.execute(f"SELECT person_id, home, communal, is_crowded FROM ({homes_sql(WORDS)})").fetchall()
    return {person: (home, communal, crowded) for person, home, communal, crowded in found}


def test_a_property_number_makes_the_household_else_the_address_and_one_address_has_one_number() -> None:
    found = homes(
        [
            ("a", 1, "7", "1 Quay", "NR1 1AA", False),
            ("b", 2, None, "1, quay", "nr11aa", False),
            ("c", 3, None, "2 Quay", "NR1 1AA", False),
            ("d", 4, None, None, "NR1 1AA", False),
        ]
    )
    assert found["a"][0] == found["b"][0] == "uprn 7"
    assert found["c"][0] == "2quaynr11aa" and found["d"][0] is None


def test_whoever_moved_is_not_of_the_household_they_left() -> None:
    found = homes([("a", 1, "7", "1 Quay", "NR1 1AA", False), ("a", 2, None, "9 Hill", "NR2 2BB", False)])
    assert found["a"][0] == "9hillnr22bb"


def test_one_marked_record_or_the_words_of_an_address_make_a_home_communal_for_all_who_live_there() -> None:
    found = homes(
        [
            ("a", 1, "7", "1 Quay", "NR1 1AA", True),
            ("b", 2, "7", None, None, False),
            ("c", 3, "8", "Limes Care Home, 2 Quay", "NR1 1AA", False),
            ("d", 4, "8", "2 Quay", "NR1 1AA", False),
            ("e", 5, None, "4 Prison Lane", "NR1 1AA", False),
            ("f", 6, None, None, None, True),
        ]
    )
    assert {person for person, (_, communal, _) in found.items() if communal} == set("abcdf")


def test_whoever_left_a_communal_home_lives_in_none() -> None:
    found = homes([("a", 1, "7", "1 Quay", "NR1 1AA", True), ("a", 2, "9", "9 Hill", "NR2 2BB", False)])
    assert found["a"] == ("uprn 9", False, False)


def test_a_crowd_is_no_household_and_at_one_property_number_a_communal_home() -> None:
    at_a_number: list[_Row] = [(f"a{n}", n, "7", None, None, False) for n in range(4)]
    at_a_line: list[_Row] = [(f"b{n}", n, None, "1 Quay", "NR1 1AA", False) for n in range(4)]
    family: list[_Row] = [(f"c{n}", n, "9", None, None, False) for n in range(3)]
    found = homes([*at_a_number, *at_a_line, *family])
    assert {(person[0], communal, crowded) for person, (_, communal, crowded) in found.items()} == {
        ("a", True, True),
        ("b", False, True),
        ("c", False, False),
    }


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Marsh House CARE HOME", True),
        ("care-home, 1 Quay", True),
        ("Careholme", False),
        ("1 Prison Road", False),
        ("H.M. Prison, 1 Prison Road", True),
        ("", False),
    ],
)
def test_words_are_whole_and_a_street_of_that_name_is_no_home(address: str, expected: bool) -> None:
    sql = f"SELECT {is_communal_sql('address', WORDS)} FROM (SELECT ? AS address)"
    assert duckdb.connect().execute(sql, [address]).fetchall() == [(expected,)]


def test_the_words_we_ship_are_read_and_wrong_ones_are_refused_by_name(tmp_path: Path) -> None:
    shipped = communal_words()
    assert "care home" in shipped.words and "childrens home" in shipped.words and shipped.crowd == 10
    file = tmp_path / "communal.yaml"
    for text in ("words: [", "words: [a]\ncrowd: 3", "words: [1]\nunless_before: []\ncrowd: 3", "- a"):
        file.write_text(text)
        with pytest.raises(InputWrong, match=r"communal.yaml:\d"):
            communal_words(file=file)
    with pytest.raises(InputWrong, match="does not exist"):
        communal_words(file=tmp_path / "none.yaml")


def test_a_replaced_number_is_followed_to_the_one_in_use_and_a_ring_nowhere() -> None:
    changes = {"1": "2", "2": "3", "7": "8", "8": "7", "6": "7", "9": "9"}
    assert followed(changes=changes) == {"1": "3", "2": "3"}


def test_a_sender_still_using_a_replaced_number_means_the_same_person(tmp_path: Path) -> None:
    land(tmp_path, 1, [("1", "9990000131", "Jane", "Woodrow", "1950-03-07")])
    land(tmp_path, 2, [("7", "9990079323", "Jane", "Woodrow", "1950-03-07")])
    store = Store(tmp_path)
    actions.link(store=store, by="Ada")
    assert len(set(people_of(store).values())) == 2, "two different numbers never link"

    batch = tmp_path / "batches" / "changes"
    batch.mkdir()
    manifest = {"batch_id": "changes", "sequence": 3, "contract": "nhs_number_changes"}
    (batch / "manifest.json").write_text(json.dumps(manifest))
    with connect() as connection:
        for table in ("records", "facts", "contact_points", "wishes"):
            like = f"SELECT * FROM '{tmp_path}/batches/batch1/{table}.parquet' WHERE false"
            write_parquet(connection=connection, select_sql=like, file=batch / f"{table}.parquet")
        row = "SELECT '9990000131' old_nhs_number, '9990079323' new_nhs_number, 1 row_number, 'changes' batch_id"
        write_parquet(connection=connection, select_sql=row, file=batch / "entries.parquet")
    actions.link(store=store, by="Ada")
    assert len(set(people_of(store).values())) == 1
    (person,) = set(people_of(store).values())
    assert person_with_nhs_number(store=store, nhs_number="9990000131") == person
    assert person_with_nhs_number(store=store, nhs_number="9990079323") == person
