"""Rows set aside go out as a file, come back mended and land once; what nobody mended stays open."""

from __future__ import annotations

import csv
import datetime as dt
import stat
from pathlib import Path

import pytest
from openpyxl import load_workbook

from wherry.feeds import actions, queries
from wherry.feeds.set_aside import OpenRows, hand_out, open_by_rule
from wherry.feeds.types import Receipt
from wherry.foundation.errors import InputWrong
from wherry.population import Store, connect

HEADER = "Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth,Telephone,Last Updated\r\n"
KETT = "D82001,1,9990000018,Kett,Robert,12/03/1950,07700 900001,01/02/2026\r\n"
NO_ID = "D82001,,9990000026,Rix,Ann,01/01/1940,,02/02/2026\r\n"
NOBODY = "D82001,3,,,Temporary,,,\r\n"
RAGGED = "D82001,4,,Cox,Flo,03/04/1935,,,,\r\n"
EVENTS = "Practice Code,Patient ID,Event Date,SNOMED Code\n"
BAD_DAY = "D82001,1,31/02/2020,195967001\n"
DAY_ONE, DAY_TWO = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), dt.datetime(2026, 3, 9, 9, tzinfo=dt.UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def _receive(
    store: Store, content: str, name: str, contract: str = "gp_register", at: dt.datetime = DAY_ONE
) -> Receipt:
    file = store.path.parent / name
    file.write_bytes(content.encode())
    return _land(store, file, contract, at)


def _land(store: Store, file: Path, contract: str = "gp_register", at: dt.datetime = DAY_TWO) -> Receipt:
    found = queries.contract(name=contract)
    return actions.receive(contract=found, files=[file], store=store, by="a", received_at=at)


def _hand_out(store: Store, name: str = "mend.csv", contract: str = "gp_register") -> Path:
    out = store.path.parent / name
    hand_out(store=store, contract=queries.contract(name=contract), out=out)
    return out


def _mend(file: Path, changes: dict[str, dict[str, str]]) -> None:
    """Fill cells of the rows whose `wherry_line` is a key, as somebody would in a spreadsheet."""
    with file.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        row.update(changes.get(row["wherry_line"], {}))
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _open(store: Store) -> dict[str, int]:
    return {one.example: one.rows for one in open_by_rule(store=store)}


def test_rows_handed_out_and_mended_land_once_and_leave_what_nobody_mended_open(store: Store) -> None:
    first = _receive(store, HEADER + KETT + NO_ID + NOBODY + RAGGED, "a.csv")
    assert (first.accepted, first.quarantined, first.still_open) == (1, 3, 3)
    file = _hand_out(store)
    _mend(file, {"3": {"patient_id": "2"}, "5": {"practice_code": "D82001", "patient_id": "4", "family_name": "Cox",
                                                 "given_name": "Flo", "birth_date": "03/04/1935"}})  # fmt: skip

    second = _land(store, file)

    assert (second.rows_in, second.accepted, second.quarantined) == (3, 2, 1)
    assert (second.put_right, second.still_open) == (2, 1)
    assert second.unread_columns == ()
    assert _open(store) == {"mend.csv:3": 1}
    assert [one.since for one in open_by_rule(store=store)] == [DAY_ONE.date()], "as old as when it first came"


def test_the_mended_row_sent_by_its_sender_too_is_a_duplicate(store: Store) -> None:
    _receive(store, HEADER + KETT + NO_ID, "a.csv")
    file = _hand_out(store)
    _mend(file, {"3": {"patient_id": "2"}})
    _land(store, file)

    whole = _receive(store, HEADER + KETT + NO_ID.replace(",,999", ",2,999"), "b.csv", at=DAY_TWO)

    assert (whole.accepted, whole.duplicate, whole.still_open) == (0, 2, 0)


def test_the_whole_file_mended_closes_its_rows_by_their_place(store: Store) -> None:
    wrong = EVENTS + "D82001,1,01/02/2020,195967001\n" + BAD_DAY + "D82001,2,01/02/2020,195967001\n"
    _receive(store, wrong, "a.csv", "gp_events")

    mended = _receive(store, wrong.replace("31/02", "28/02"), "b.csv", "gp_events", DAY_TWO)

    assert (mended.accepted, mended.duplicate, mended.put_right, mended.still_open) == (1, 2, 1, 0)
    assert open_by_rule(store=store) == ()


def test_another_event_of_the_same_person_is_not_the_mended_one(store: Store) -> None:
    _receive(store, EVENTS + "D82001,2,01/02/2020,195967001\n" + BAD_DAY, "a.csv", "gp_events")

    other = _receive(store, EVENTS + "D82001,1,05/03/2020,73211009\n", "b.csv", "gp_events", DAY_TWO)

    assert (other.accepted, other.put_right, other.still_open) == (1, 0, 1)


def test_another_practice_s_register_closes_nothing_and_the_next_of_the_same_does(store: Store) -> None:
    _receive(store, HEADER + NOBODY + KETT, "a.csv")
    other = _receive(store, HEADER + KETT.replace("D82001", "D82999"), "b.csv", at=DAY_TWO)
    assert other.still_open == 1

    known_now = "D82001,3,9990000034,Temple,Ida,01/01/1940,,\r\n"
    mended = _receive(store, HEADER + KETT + known_now, "c.csv", at=DAY_TWO)

    assert (mended.put_right, mended.still_open) == (1, 0)


def test_the_same_wrong_row_day_after_day_is_open_once_since_the_first_day(store: Store) -> None:
    rows = EVENTS + BAD_DAY
    for day in range(3):
        rows += f"D82001,{day},01/02/2020,195967001\n"
        receipt = _receive(store, rows, f"{day}.csv", "gp_events", DAY_ONE + dt.timedelta(days=day))

    assert receipt.still_open == 1
    assert [(one.rows, one.since) for one in open_by_rule(store=store)] == [(1, DAY_ONE.date())]


def test_an_older_extract_that_comes_late_closes_nothing_newer(store: Store) -> None:
    _receive(store, HEADER + KETT + NOBODY, "a.csv", at=DAY_TWO)
    old = store.path.parent / "old.csv"
    old.write_text(HEADER + "D82001,3,9990000034,Temple,Ida,01/01/1940,,\r\n")
    receipt = actions.receive(
        contract=queries.contract(name="gp_register"), files=[old], store=store, by="a", received_at=DAY_TWO,
        extracted_on=dt.date(2026, 1, 1),
    )  # fmt: skip
    assert receipt.still_open == 1


def test_what_a_withdrawn_delivery_put_right_is_open_again(store: Store) -> None:
    _receive(store, HEADER + KETT + NO_ID, "a.csv")
    file = _hand_out(store)
    _mend(file, {"3": {"patient_id": "2"}})
    mended = _land(store, file)
    assert _open(store) == {}

    actions.withdraw(store=store, batch_id=mended.batch_id, by="a", why="mended wrongly", at=DAY_TWO)

    assert _open(store) == {"a.csv:3": 1}


def test_a_workbook_holds_text_only_and_comes_back_as_it_went(store: Store) -> None:
    _receive(store, HEADER + KETT + NO_ID.replace("Rix", "=1+1").replace(",,02", ",07700 900002,02"), "a.csv")
    with pytest.raises(InputWrong, match=r"a.csv:3 begins as a formula does.*mend.xlsx"):
        _hand_out(store)
    assert not list(store.path.parent.glob("*mend*"))

    file = _hand_out(store, "mend.xlsx")
    book = load_workbook(file)
    sheet = book.worksheets[0]
    cells = {sheet.cell(1, at).value: sheet.cell(2, at) for at in range(1, sheet.max_column + 1)}
    assert (cells["family_name"].value, cells["family_name"].data_type) == ("=1+1", "s")
    cells["family_name"].value, cells["patient_id"].value = "Rix", "2"
    book.save(file)
    receipt = _land(store, file)

    assert (receipt.accepted, receipt.put_right, receipt.still_open) == (1, 1, 0)
    with connect() as connection:
        batch = store.path / "batches" / receipt.batch_id
        point = connection.execute(f"SELECT value FROM '{batch}/contact_points.parquet' WHERE kind = 'mobile'")
        assert point.fetchall() == [("+447700900002",)]


def test_the_file_is_its_owner_s_only_and_nothing_open_is_said_so(store: Store) -> None:
    _receive(store, HEADER + NO_ID, "a.csv")
    file = _hand_out(store)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    _mend(file, {"2": {"patient_id": "2"}})
    _land(store, file)
    with pytest.raises(InputWrong, match="nothing to mend"):
        _hand_out(store)


def test_counts_tell_rule_place_and_day_and_never_what_was_sent(store: Store) -> None:
    _receive(store, HEADER + NO_ID + NOBODY, "a.csv")
    found = open_by_rule(store=store)
    assert OpenRows(
        "gp_register", "missing", "patient_id", "patient_id is empty and this feed cannot do without it", 1,
        DAY_ONE.date(), "a.csv:2",
    ) in found  # fmt: skip
    assert "Rix" not in str(found)
