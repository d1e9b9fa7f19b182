"""What becomes of the same table in another encoding, with another separator, or as Parquet: the same rows, or a no."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wherry.feeds import actions, definition, queries
from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.types import Contract, Receipt
from wherry.population import Store, connect

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
NAMES = ["Practice Code", "Patient ID", "NHS Number", "Surname", "Forename", "Date of Birth", "Last Updated"]
ROW = ["D82001", "1", "9990000018", "Kétt-O’Shea", "Zoë", "12/03/1950", "01/02/2026"]
PEOPLE = "subject_id, nhs_number, family_name, given_name, birth_date, recorded_on"
PERSON = ("D82001:1", "9990000018", "Kétt-O’Shea", "Zoë", dt.date(1950, 3, 12), dt.date(2026, 2, 1))


@pytest.fixture(scope="module")
def register() -> Contract:
    return queries.contract(name="gp_register")


def _text(*rows: list[str], delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in (NAMES, *rows))


def _receive(contract: Contract, folder: Path, content: bytes, name: str = "register.csv") -> Receipt:
    file = folder / name
    file.write_bytes(content)
    return actions.receive(contract=contract, files=[file], store=Store(folder / "store"), by="a", received_at=NOW)


def _people(folder: Path, receipt: Receipt, columns: str = PEOPLE) -> list[tuple[object, ...]]:
    with connect() as connection:
        connection.execute(f"SELECT {columns} FROM '{folder}/store/batches/{receipt.batch_id}/records.parquet'")
        return connection.fetchall()


READ = {
    "utf-8": ("utf-8", ",", ()),
    "UTF-8 with its mark": ("utf-8-sig", ",", ()),
    "UTF-16, little end first": ("utf-16", ",", ("register.csv was read as UTF-16",)),
    "Windows-1252": ("cp1252", ",", ("register.csv was read as Windows-1252",)),
    "tabs": ("utf-8", "\t", ("register.csv was read as separated by tabs",)),
    "semicolons": ("utf-8", ";", ("register.csv was read as separated by semicolons",)),
    "bars": ("utf-8", "|", ("register.csv was read as separated by bars",)),
    "what Excel calls Unicode text": ("utf-16", "\t", ("register.csv was read as UTF-16, separated by tabs",)),
}


@pytest.mark.parametrize("case", READ)
def test_a_table_is_read_the_same_in_every_form_and_what_was_decided_is_said(
    register: Contract, tmp_path: Path, case: str
) -> None:
    encoding, delimiter, notes = READ[case]
    receipt = _receive(register, tmp_path, _text(ROW, delimiter=delimiter).encode(encoding))
    assert (receipt.accepted, receipt.notes) == (1, notes)
    assert _people(tmp_path, receipt) == [PERSON]
    again = _receive(register, tmp_path, _text(ROW).encode(), name="plain.csv")
    assert again.duplicate == 1


def test_utf16_with_the_big_end_first_is_read(register: Contract, tmp_path: Path) -> None:
    receipt = _receive(register, tmp_path, b"\xfe\xff" + _text(ROW).encode("utf-16-be"))
    assert _people(tmp_path, receipt) == [PERSON]


def _with_name(name: bytes) -> bytes:
    return _text(ROW).encode().replace("Kétt-O’Shea".encode(), name).replace("Zoë".encode(), b"Zo")


REFUSED = {
    "UTF-8 in one line and not in another": (
        _text(ROW).encode() + _text(ROW).encode("cp1252"),
        r":4: the text is not UTF-8 here, but at line 2 it is",
    ),
    "an é of DOS": (_with_name(b"Andr\x82"), ":2: the text is not UTF-8, nor plainly Windows-1252"),
    "an ö of DOS": (_with_name(b"K\x94nig"), "nor plainly Windows-1252"),
    "an é of the Macintosh": (_with_name(b"Andr\x8e"), "nor plainly Windows-1252"),
    "Polish in 8859-2": (_with_name("Wałęsa".encode("iso-8859-2")), "nor plainly Windows-1252"),
    "Polish in Windows-1250": (_with_name("Pawła".encode("cp1250")), "nor plainly Windows-1252"),
    "Turkish in Windows-1254": (_with_name("Ayşe".encode("cp1254")), "nor plainly Windows-1252"),
    "Lithuanian in Windows-1257": (_with_name("Žukauskienė".encode("cp1257")), "nor plainly Windows-1252"),
    "Cyrillic": (_with_name("Иванов".encode("cp1251")), "nor plainly Windows-1252"),
    "a byte Windows-1252 does not know": (_with_name(b"K\x9dtt"), "nor plainly Windows-1252"),
    "UTF-8 that breaks off after its mark": (b"\xef\xbb\xbf" + _with_name(b"K\xe9tt"), ":2: the file begins as UTF-8"),
    "UTF-16 that breaks off": (_text(ROW).encode("utf-16")[:-1], "begins as UTF-16 but is not, after line"),
    "UTF-16 without its mark": (_text(ROW).encode("utf-16-le"), "it holds a NUL"),
    "UTF-32": (_text(ROW).encode("utf-32"), "is UTF-32"),
    "compressed by another program": (b"BZh91AY&SY", "is compressed; unpack it"),
    "a database": (b"SQLite format 3\0", "is a database"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_text_that_could_be_read_in_two_ways_is_refused(register: Contract, tmp_path: Path, case: str) -> None:
    content, said = REFUSED[case]
    with pytest.raises(DeliveryRefused, match=said):
        _receive(register, tmp_path, content)
    assert not (tmp_path / "store" / "batches").exists()


@pytest.mark.parametrize("name", ["Müller", "O’Brien", "José", "Šimon", "François", "“Bob”", "Smith–Jones", "£5"])
def test_names_of_windows_1252_are_kept_letter_by_letter(register: Contract, tmp_path: Path, name: str) -> None:
    receipt = _receive(register, tmp_path, _with_name(name.encode("cp1252")))
    assert _people(tmp_path, receipt, "family_name") == [(name,)]


def test_a_header_that_fits_by_two_separators_is_refused(tmp_path: Path) -> None:
    columns = {"a": {"required": True}, "b": {"required": True}}
    shape = {"name": "c", "title": "t", "sender": "s", "source": "s", "kind": "delta", "format": "csv"}
    contract = definition.parse({**shape, "freshness_days": 1, "columns": columns, "record": {"given_name": "a"}})
    with pytest.raises(DeliveryRefused, match="can be separated by semicolons and by bars"):
        _receive(contract, tmp_path, b"a;|b|a;b;c\n1;2;3;4;5\n")


def test_what_looks_like_a_row_in_the_header_is_not_repeated(register: Contract, tmp_path: Path) -> None:
    merged = _text(ROW).replace("\r\n", ",", 1).encode()
    receipt = _receive(register, tmp_path, merged + _text(ROW).encode())
    assert receipt.unread_columns == ("7 columns that look like a row",)


def test_rows_ragged_or_quoted_are_read_alike_whatever_the_separator(register: Contract, tmp_path: Path) -> None:
    rows = [ROW, ["D82001", "2", "", '"Kett; Ann|"', '"a ""b"""', "01/01/1940", ""], ["D82001", "3"]]
    receipts = [
        _receive(register, tmp_path, _text(*rows, delimiter=one).encode(), name=f"{number}.csv")
        for number, one in enumerate((",", "\t"))
    ]
    assert [(one.accepted, one.quarantined, one.duplicate) for one in receipts] == [(2, 1, 0), (0, 1, 2)]


def test_rows_all_in_quotation_marks_never_meet_the_slow_reader(
    register: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object) -> None:
        raise AssertionError("the careful reader was called")

    monkeypatch.setattr("wherry.feeds.formats.csv.careful_rows", slow)
    quoted = [f'"{cell}"' for cell in [*ROW[:3], "Kett, of Ely", *ROW[4:]]]
    assert _receive(register, tmp_path, _text(quoted).encode()).accepted == 1


def _parquet(folder: Path, columns: dict[str, Any], name: str = "register.parquet") -> Path:
    file = folder / name
    pq.write_table(pa.table(columns), file)
    return file


def _columns(**more: Any) -> dict[str, Any]:
    return {
        "practice_code": ["D82001"],
        "patient_id": pa.array([1], pa.int64()),
        "NHS Number": pa.array([9990000018.0], pa.float64()),
        "Surname": pa.array(["Kétt-O’Shea"]).dictionary_encode(),
        "Forename": ["Zoë"],
        "Date of Birth": [dt.date(1950, 3, 12)],
        "Last Updated": pa.array([dt.datetime(2026, 2, 1)], pa.timestamp("us")),
        **more,
    }


def test_typed_columns_of_parquet_are_the_text_of_the_csv(register: Contract, tmp_path: Path) -> None:
    _receive(register, tmp_path, _text(ROW).encode())
    file = _parquet(tmp_path, _columns())
    receipt = _receive(register, tmp_path, file.read_bytes(), name="register.parquet")
    assert (receipt.duplicate, receipt.rows_in) == (1, 1)


NUMBERS = [
    (pa.array([12.5]), 12.5),
    (pa.array([7], pa.int8()), 7.0),
    (pa.array([Decimal("41.20")], pa.decimal128(9, 2)), 41.2),
    (pa.array([0.1], pa.float32()), 0.1),
    (pa.array([1e300]), 1e300),
    (pa.array([float("nan")]), None),
]


@pytest.mark.parametrize(("amount", "value"), NUMBERS, ids=lambda one: str(getattr(one, "type", "")))
def test_a_number_of_parquet_keeps_every_digit(tmp_path: Path, amount: Any, value: float | None) -> None:
    events = queries.contract(name="gp_events")
    columns = {"practice_code": ["D82001"], "patient_id": ["1"], "event_date": [dt.date(2020, 2, 1)]}
    file = _parquet(tmp_path, {**columns, "code": pa.array([11112222333344], pa.int64()), "amount": amount})
    receipt = _receive(events, tmp_path, file.read_bytes(), name="events.parquet")
    with connect() as connection:
        connection.execute(f"SELECT code, date, value FROM '{tmp_path}/store/batches/{receipt.batch_id}/facts.parquet'")
        assert connection.fetchall() == [("11112222333344", dt.date(2020, 2, 1), value)]


def test_an_identifier_a_binary_number_no_longer_holds_is_none(register: Contract, tmp_path: Path) -> None:
    file = _parquet(tmp_path, _columns(patient_id=pa.array([12345678901234567890.0])))
    receipt = _receive(register, tmp_path, file.read_bytes(), name="register.parquet")
    assert [(one.rule, one.column, one.example) for one in receipt.quarantine] == [
        ("wrong", "patient_id", "register.parquet:1")
    ]


def test_a_nul_inside_a_value_quarantines_its_row(register: Contract, tmp_path: Path) -> None:
    file = _parquet(tmp_path, _columns(Forename=["Zo\0e"]))
    receipt = _receive(register, tmp_path, file.read_bytes(), name="register.parquet")
    assert [one.rule for one in receipt.quarantine] == ["nul"]


UNFIT = {
    "a list": (_columns(Surname=pa.array([["Kett"]])), "column read as family_name is of type varchar"),
    "a structure": (_columns(Surname=pa.array([{"a": 1}])), "column read as family_name is of type struct"),
    "bytes": (_columns(Surname=pa.array([b"Kett"])), "column read as family_name is of type blob"),
    "a moment somewhere for a day": (
        _columns(**{"Date of Birth": pa.array([dt.datetime(1950, 3, 12)], pa.timestamp("us", tz="UTC"))}),
        "column read as birth_date is of type timestamp with time zone",
    ),
    "a column missing": ({"practice_code": ["D82001"]}, "the header has no column patient_id"),
    "a column twice": (_columns(**{"nhs number": ["9990000018"]}), "names nhs_number twice"),
}


@pytest.mark.parametrize("case", UNFIT)
def test_parquet_that_has_no_one_text_is_refused(register: Contract, tmp_path: Path, case: str) -> None:
    columns, said = UNFIT[case]
    content = _parquet(tmp_path, columns).read_bytes()
    with pytest.raises(DeliveryRefused, match=said):
        _receive(register, tmp_path, content, name="register.parquet")


def test_parquet_cut_short_is_refused_in_one_sentence(register: Contract, tmp_path: Path) -> None:
    content = _parquet(tmp_path, _columns()).read_bytes()
    for cut in (content[:-1], content[: len(content) // 2], b"PAR1", content[:40] + b"\xff" * 200 + content[240:]):
        with pytest.raises(DeliveryRefused, match="is damaged or was cut short"):
            _receive(register, tmp_path, cut, name="register.parquet")
    assert not (tmp_path / "store" / "batches").exists()
