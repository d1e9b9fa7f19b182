"""A snapshot ends what it leaves out, unless it cannot be read of whom, or is plainly a part of one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from wherry.feeds import actions, queries
from wherry.people.linkage.actions import link
from wherry.population import Store, connect

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
HEADER = "Client ID,First Name,Last Name,DOB,Last Review,Care Package,Lives Alone"
KETT = "C1,Robert,Kett,12/03/1950,01/02/2026,No,Yes"
RIX = "C2,Ann,Rix,01/01/1940,01/02/2026,No,Yes"
COX = "C3,Flo,Cox,03/04/1935,01/02/2026,No,Yes"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def alone(store: Store, *, days_old: int, rows: list[str]) -> set[str]:
    """Receive a snapshot so many days old and link; gives the first names of those who live alone."""
    file = store.path.parent / f"{days_old}.csv"
    file.write_text("\n".join([HEADER, *rows]) + "\n" * (days_old + 1))
    actions.receive(
        contract=queries.contract(name="adult_social_care"),
        files=[file],
        store=store,
        by="a",
        received_at=NOW,
        extracted_on=NOW.date() - dt.timedelta(days=days_old),
    )
    link(store=store, by="a")
    with connect() as connection:
        facts, persons = store.source_sql("facts"), store.source_sql("persons")
        rows_found = connection.execute(
            f"SELECT given_name FROM ({facts}) JOIN ({persons}) USING (person_id) WHERE code = 'lives_alone'"
        ).fetchall()
    return {name for (name,) in rows_found}


def test_who_is_left_out_and_who_no_longer_lives_alone_are_found_no_more_h_09(store: Store) -> None:
    assert alone(store, days_old=5, rows=[KETT, RIX, COX]) == {"Robert", "Ann", "Flo"}
    assert alone(store, days_old=3, rows=[KETT, RIX.replace(",No,Yes", ",No,No")]) == {"Robert"}


def test_an_older_snapshot_that_comes_late_ends_nothing(store: Store) -> None:
    alone(store, days_old=3, rows=[KETT, RIX])
    assert alone(store, days_old=5, rows=[KETT]) == {"Robert", "Ann"}


def test_of_whom_the_newest_cannot_be_read_what_was_said_before_stands_h_11(store: Store) -> None:
    alone(store, days_old=5, rows=[KETT, RIX, COX])
    assert alone(store, days_old=3, rows=[KETT, RIX.replace("01/01/1940", "31/02/1940")]) == {"Robert", "Ann"}


def test_once_that_row_is_put_right_it_counts_and_nothing_else_ends(store: Store) -> None:
    no_longer_alone = RIX.replace(",No,Yes", ",Yes,No")
    alone(store, days_old=5, rows=[KETT, RIX, COX])
    unreadable = no_longer_alone.replace("01/01/1940", "31/02/1940")
    assert alone(store, days_old=3, rows=[KETT, unreadable, COX]) == {"Robert", "Ann", "Flo"}
    assert alone(store, days_old=2, rows=[no_longer_alone]) == {"Robert", "Flo"}


def test_a_file_cut_to_a_small_part_leaves_nobody_out_h_11(store: Store) -> None:
    alone(store, days_old=5, rows=[KETT, RIX, COX])
    assert alone(store, days_old=3, rows=[KETT]) == {"Robert", "Ann", "Flo"}
