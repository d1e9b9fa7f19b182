"""What becomes of dirty CSV: nothing vanishes, nothing is repaired in silence, nothing half-written is left."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wherry.feeds import actions, queries
from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.types import Contract, Receipt
from wherry.population import Store, connect, ledger

HEADER = "Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth,Telephone,Last Updated\r\n"
GOOD = "D82001,1,9990000018,Kett,Robert,12/03/1950,07700 900001/01632 960001,01/02/2026\r\n"
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def register() -> Contract:
    return queries.contract(name="gp_register")


def _receive(
    contract: Contract, folder: Path, content: str | bytes, name: str = "register.csv", **more: object
) -> Receipt:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    more.setdefault("received_at", NOW)
    return actions.receive(contract=contract, files=[file], store=Store(folder / "store"), by="a.analyst", **more)  # type: ignore[arg-type]


def _read(folder: Path, receipt: Receipt, table: str, columns: str) -> list[tuple[object, ...]]:
    with connect() as connection:
        connection.execute(f"SELECT {columns} FROM '{folder}/store/batches/{receipt.batch_id}/{table}.parquet'")
        return connection.fetchall()


CASES = {
    "a damaged NHS number is dropped with a warning, the person stays": (
        "D82001,2,9990000019,Rix,Ann,01/01/1940,,\r\n",
        (1, 0, 0),
        "nhs_number is not an NHS number",
    ),
    "neither number nor name and birth date is quarantined": (
        "D82001,2,,,Temporary,,,\r\n",
        (0, 1, 0),
        "too little to say whom",
    ),
    "a missing local id is quarantined": (
        ",2,9990000018,Rix,Ann,01/01/1940,,\r\n",
        (0, 1, 0),
        "practice_code is empty",
    ),
    "a row with a field too many is quarantined": (
        "D82001,2,,Rix,Ann,01/01/1940,,,,\r\n",
        (0, 1, 0),
        "more or fewer fields",
    ),
    "a row with a field too few is quarantined": ("D82001,2\r\n", (0, 1, 0), "more or fewer fields"),
    "a quotation mark amid text is quarantined": ('D82001,2,"a"b,Rix,Ann,01/01/1940,,\r\n', (0, 1, 0), "do not pair"),
    "an Excel error in a field the feed needs is quarantined": (
        "D82001,#N/A,,Rix,Ann,01/01/1940,,\r\n",
        (0, 1, 0),
        "patient_id is not what was meant",
    ),
    "a number Excel has shortened is no local id": (
        "D82001,1.23457E+17,,Rix,Ann,01/01/1940,,\r\n",
        (0, 1, 0),
        "patient_id is not what was meant",
    ),
    "an Excel error for a surname is no surname": (
        "D82001,2,,#NAME?,Ann,01/01/1940,,\r\n",
        (0, 1, 0),
        "too little to say whom",
    ),
    "a telephone that lost its zero gets it back, and that is said": (
        "D82001,2,,Rix,Ann,01/01/1940,7700900002,\r\n",
        (1, 0, 0),
        "phones had lost the zero",
    ),
    "nine digits are no telephone": (
        "D82001,2,,Rix,Ann,01/01/1940,770090000,\r\n",
        (1, 0, 0),
        "phones is not one or more",
    ),
    "a line break inside quotes is one row": ('D82001,2,,Rix,"Ann\nMary",01/01/1940,,\r\n', (1, 0, 0), None),
    "blank lines are no rows": ("\r\n\r\nD82001,2,,Rix,Ann,01/01/1940,,\r\n\r\n", (1, 0, 0), None),
    "the same row again is a duplicate": (GOOD, (0, 0, 1), None),
    "the same row with other blanks is a duplicate": (GOOD.replace("Kett", " Kett "), (0, 0, 1), None),
    "a last line without an end is a row": ("D82001,2,,Rix,Ann,01/01/1940,,", (1, 0, 0), None),
}


@pytest.mark.parametrize("case", CASES)
def test_one_dirty_line_beside_a_good_one(register: Contract, tmp_path: Path, case: str) -> None:
    line, (accepted, quarantined, duplicate), said = CASES[case]
    receipt = _receive(register, tmp_path, HEADER + GOOD + line)
    assert (receipt.accepted, receipt.quarantined, receipt.duplicate) == (accepted + 1, quarantined, duplicate)
    reasons = [one.words for one in (*receipt.quarantine, *receipt.warnings)]
    assert [reason for reason in reasons if said and said in reason] or not (said or reasons)


def test_two_telephones_in_one_field_are_two_contact_points(register: Contract, tmp_path: Path) -> None:
    receipt = _receive(register, tmp_path, HEADER + GOOD)
    found = _read(tmp_path, receipt, "contact_points", "kind, value, recorded_on")
    day = dt.date(2026, 2, 1)
    assert found == [("landline", "+441632960001", day), ("mobile", "+447700900001", day)]


def test_a_quarantined_row_keeps_what_was_sent_and_where(register: Contract, tmp_path: Path) -> None:
    receipt = _receive(register, tmp_path, HEADER + GOOD + "D82001,2,,,Temporary,,,\r\n")
    [(file, line, content)] = _read(tmp_path, receipt, "quarantine", "file, line, content")
    assert (file, line) == ("register.csv", 3)
    assert "Temporary" in str(content)


def test_headers_in_any_order_and_accepted_spelling_are_understood(register: Contract, tmp_path: Path) -> None:
    content = "dob,First Name,last_name,NHS No,Patient Number,ODS Code,Mood\n44242,Ann,Rix,9990000018,7,D82001,fine\n"
    receipt = _receive(register, tmp_path, b"\xef\xbb\xbf" + content.encode())
    assert receipt.unread_columns == ("Mood",)
    assert _read(tmp_path, receipt, "records", "subject_id, birth_date, synthetic") == [
        ("D82001:7", dt.date(2021, 2, 15), True)
    ]


REFUSED = {
    "empty": (b"", "is empty"),
    "only a blank line": (b"\n", "is empty|no header of the feed"),
    "a NUL byte": (HEADER.encode() + b"a\0b", ":2: the file is not text"),
    "a required column missing": (b"Practice Code,Patient ID\nD82001,1\n", ":1: the header has no column nhs_number"),
    "a required column renamed": (
        HEADER.replace("NHS Number", "NHS Numbr").encode(),
        r"not read \(NHS Numbr\), add that under headers of nhs_number in the contract gp_register.yaml",
    ),
    "a row where the header should be": (GOOD.encode(), ":1: this row is no header of the feed gp_register"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old .xls workbook, .* save it as .xlsx"),
    "compressed": (b"\x1f\x8b\x08", "is compressed; unpack it"),
    "a PDF": (b"%PDF-1.7\n", "is a PDF"),
    "a column twice": (b"NHS Number,nhs_number\n1,2\n", r":1: the header names nhs_number twice \(columns 1 and 2\)"),
    "an open quotation mark": ((HEADER + 'D82001,2,"never closed\r\n').encode(), ":2: a quotation mark"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_whole_in_one_sentence(
    register: Contract, tmp_path: Path, case: str
) -> None:
    content, said = REFUSED[case]
    with pytest.raises(DeliveryRefused, match=said):
        _receive(register, tmp_path, content)
    assert not list((tmp_path / "store").rglob("*.parquet"))
    assert not (tmp_path / "store" / "batches").exists()


def test_missing_files_folders_and_repeats_are_refused(register: Contract, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    file = tmp_path / "a.csv"
    file.write_text(HEADER)
    for files, said in (
        ([tmp_path / "no.csv"], "does not exist"),
        ([tmp_path], "is a folder"),
        ([file, file], "twice"),
        ([], "no file"),
    ):
        with pytest.raises(DeliveryRefused, match=said):
            actions.receive(contract=register, files=files, store=store, by="a", received_at=NOW)


def test_a_control_total_that_differs_lands_nothing(register: Contract, tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused, match="the sender counts 2 rows, the files hold 1"):
        _receive(register, tmp_path, HEADER + GOOD, control_total=2)
    assert queries.manifests(store=Store(tmp_path / "store")) == ()


def test_the_same_delivery_again_lands_nothing_and_says_so(register: Contract, tmp_path: Path) -> None:
    first = _receive(register, tmp_path, HEADER + GOOD)
    before = Store(tmp_path / "store").hashes()
    again = _receive(register, tmp_path, HEADER + GOOD, name="renamed.csv")
    assert (again.already_landed, again.duplicate, again.batch_id) == (True, 1, first.batch_id)
    assert Store(tmp_path / "store").hashes() == before
    assert ledger.verify(Store(tmp_path / "store")) == ()


def test_a_value_changed_and_changed_back_is_news_each_time(register: Contract, tmp_path: Path) -> None:
    moved = GOOD.replace("900001", "900002")
    other = "D82001,2,,Rix,Ann,01/01/1940,,\r\n"
    receipts = [
        _receive(register, tmp_path, HEADER + row + extra, name=f"{day}.csv")
        for day, (row, extra) in enumerate([(GOOD, ""), (moved, ""), (GOOD, other)])
    ]
    assert [receipt.accepted for receipt in receipts] == [1, 1, 2]


def test_a_cumulative_file_lands_only_what_it_adds(tmp_path: Path) -> None:
    events = queries.contract(name="gp_events")
    header = "Practice Code,Patient ID,Event Date,SNOMED Code\n"
    rows = [f"D82001,{number},01/02/2020,195967001\n" for number in range(3)]
    _receive(events, tmp_path, header + rows[0] + rows[1], name="1.csv")
    receipt = _receive(events, tmp_path, header + rows[2] + rows[1] + rows[0], name="2.csv")
    assert (receipt.accepted, receipt.duplicate, receipt.facts) == (1, 2, 1)


def test_a_receiver_killed_half_way_leaves_the_batch_whole_or_absent(register: Contract, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_text(HEADER + GOOD)
    script = (
        "import os, sys, datetime as dt, pathlib\n"
        "from wherry.feeds import actions, queries\n"
        "from wherry.population import Store\n"
        "actions._write_manifest = lambda *a: os._exit(9)\n"
        "actions.receive(contract=queries.contract(name='gp_register'), files=[pathlib.Path(sys.argv[1])],"
        " store=Store(pathlib.Path(sys.argv[2])), by='a', received_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))\n"
    )
    store = tmp_path / "store"
    killed = subprocess.run(
        [sys.executable, "-c", script, str(file), str(store)], env={**os.environ, "PYTHONPATH": "src"}, check=False
    )
    assert killed.returncode == 9
    assert queries.manifests(store=Store(store)) == ()
    receipt = actions.receive(contract=register, files=[file], store=Store(store), by="a", received_at=NOW)
    assert (receipt.accepted, receipt.already_landed) == (1, False)
    assert not (store / ".incoming").exists()


def test_a_plain_file_never_meets_the_slow_reader(
    register: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(**_: object) -> None:
        raise AssertionError("the careful reader was called")

    monkeypatch.setattr("wherry.feeds.formats.csv.careful_rows", slow)
    assert _receive(register, tmp_path, HEADER + GOOD).accepted == 1


def test_rows_sent_back_and_mended_land_with_what_came_with_them(register: Contract, tmp_path: Path) -> None:
    wrong = "D82001,,9990000026,Rix,Ann,01/01/1940,,02/02/2026\r\n"
    other = "D82001,3,,Cox,Flo,3/4/1935,,01/02/2026\r\n"
    first = _receive(register, tmp_path, HEADER + GOOD + wrong + other)
    assert [(one.words, one.example) for one in first.quarantine] == [
        ("patient_id is empty and this feed cannot do without it", "register.csv:3")
    ]

    again = _receive(register, tmp_path, HEADER + GOOD + wrong.replace(",,999", ",2,999") + other, name="mended.csv")

    assert (again.accepted, again.duplicate, again.quarantined) == (1, 2, 0)
    assert _read(tmp_path, again, "records", "subject_id, nhs_number") == [("D82001:2", "9990000026")]
    assert _receive(register, tmp_path, HEADER + wrong.replace(",,999", ",2,999"), name="late.csv").duplicate == 1
