"""What becomes of an Excel workbook: the CSV's contract, its rows all there, its damage seen, its traps shut."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from wherry.feeds import actions, queries
from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.formats.workbook import _unescaped, open_workbook
from wherry.feeds.types import Contract, Receipt
from wherry.population import Store, connect

HEADER = [
    "Practice Code",
    "Patient ID",
    "NHS Number",
    "Surname",
    "Forename",
    "Date of Birth",
    "Telephone",
    "Date of Death",
]
GOOD = ["D82001", 1, 9990000018, "Kett", "Robert", dt.date(1950, 3, 12), "07700 900001", None]
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def register() -> Contract:
    return queries.contract(name="gp_register")


def _workbook(*rows: list[Any], more: dict[str, list[list[Any]]] | None = None) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheets = {"Register": [HEADER, *rows], "Notes": [], **(more or {})}
    for name, content in sheets.items():
        sheet = book.active if name == "Register" else book.create_sheet(name)
        sheet.title = name
        for row in content:
            sheet.append(row)
    return book


def _saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _receive(contract: Contract, folder: Path, content: bytes, name: str = "register.xlsx") -> Receipt:
    file = folder / name
    file.write_bytes(content)
    store = Store(folder / "store")
    return actions.receive(contract=contract, files=[file], store=store, by="a.analyst", received_at=NOW)


def _read(folder: Path, receipt: Receipt, table: str, columns: str) -> list[tuple[object, ...]]:
    with connect() as connection:
        connection.execute(f"SELECT {columns} FROM '{folder}/store/batches/{receipt.batch_id}/{table}.parquet'")
        return connection.fetchall()


def _repacked(content: bytes, part: str, change: tuple[str, str]) -> bytes:
    made = io.BytesIO()
    assert part in zipfile.ZipFile(io.BytesIO(content)).namelist()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == part:
                assert change[0].encode() in text
                text = text.replace(change[0].encode(), change[1].encode())
            new.writestr(name, text)
    return made.getvalue()


def test_a_workbook_is_read_under_the_contract_of_the_csv(register: Contract, tmp_path: Path) -> None:
    rows = [
        GOOD,
        ["D82001", 2, None, "Rix", "Ann", 14611, 7700900002, 0],
        ["D82001", 3, 999000018, "Bo", "Di", "01/02/1940", 163296000, "=1/0"],
        ["D82001", 4, "#N/A", "Gay", "Eve", 19560512, None, None],
        ["#REF!", 5, None, "Cox", "Flo", "1/1/1940", None, None],
        ["D82001", None, None, "Cox", "Flo", "1/1/1940", None, None, None, "beyond the header"],
    ]
    receipt = _receive(register, tmp_path, _saved(_workbook(*rows)), name="register.csv")

    assert (receipt.rows_in, receipt.accepted, receipt.quarantined) == (6, 4, 2)
    assert _read(tmp_path, receipt, "records", "subject_id, nhs_number, birth_date, death_date") == [
        ("D82001:1", "9990000018", dt.date(1950, 3, 12), None),
        ("D82001:2", None, dt.date(1940, 1, 1), None),
        ("D82001:3", None, dt.date(1940, 2, 1), None),
        ("D82001:4", None, dt.date(1956, 5, 12), None),
    ]
    assert _read(tmp_path, receipt, "contact_points", "value") == [("+447700900001",), ("+447700900002",)]
    assert {(one.column, one.example) for one in receipt.quarantine} == {
        ("practice_code", "register.csv:6"),
        (None, "register.csv:7"),
    }
    assert {(one.rule, one.column, one.rows) for one in receipt.warnings} == {
        ("lost_zero", "phones", 1),
        ("wrong", "nhs_number", 2),
        ("wrong", "phones", 1),
        ("wrong", "died_on", 2),
    }


def test_the_same_register_as_workbook_and_as_csv_is_the_same_people(register: Contract, tmp_path: Path) -> None:
    _receive(register, tmp_path, _saved(_workbook(GOOD)))
    same = ",".join(HEADER) + "\r\nD82001,1,9990000018,Kett,Robert,12/03/1950,07700 900001,\r\n"
    assert _receive(register, tmp_path, same.encode(), name="register.csv").duplicate == 1


def test_a_formula_counts_by_its_saved_result(register: Contract, tmp_path: Path) -> None:
    row = [*GOOD[:3], '=UPPER("kett")', *GOOD[4:]]
    content = _repacked(_saved(_workbook(row)), "xl/worksheets/sheet1.xml", ("<v />", "<v>KETT</v>"))
    content = _repacked(content, "xl/worksheets/sheet1.xml", ('<c r="D2">', '<c r="D2" t="str">'))
    receipt = _receive(register, tmp_path, content)
    assert _read(tmp_path, receipt, "records", "family_name") == [("KETT",)]


def test_no_row_is_lost_where_the_sheet_understates_its_size(register: Contract, tmp_path: Path) -> None:
    rows = [["D82001", number, None, "Rix", "Ann", dt.date(1940, 1, 1)] for number in range(300)]
    content = _saved(_workbook(*rows))
    content = _repacked(content, "xl/worksheets/sheet1.xml", ('ref="A1:H301"', 'ref="A1:H2"'))
    assert _receive(register, tmp_path, content).rows_in == 300


def test_what_a_workbook_holds_is_what_another_reader_finds_in_it(tmp_path: Path) -> None:
    rows = [[None, "a", "", " b ", "ü_x", True, False, 1.5, 10**9], ["multi\nline", None, "=1", "&<>"]]
    file = tmp_path / "any.xlsx"
    file.write_bytes(_saved(_workbook(*rows)))
    expected = openpyxl.load_workbook(file, read_only=True)["Register"].iter_rows(values_only=True)
    with open_workbook(file) as book:
        found = [[cells.get(at) for at in range(9)] for _, cells in book.rows(book.sheets[0])]
    shown = [["" if one is None else one.text for one in row] for row in found]
    assert shown == [_as_text(row) for row in expected]


def test_characters_written_as_their_number_are_those_characters() -> None:
    assert _unescaped("a_x000D_b_x0000_c_xD800_d_x00e9_") == "a\rb\ufffdc\ufffdd\u00e9"


def _as_text(row: tuple[Any, ...]) -> list[str]:
    said = ["" if one is None else str(one).upper() if isinstance(one, bool) else str(one) for one in row]
    return (said + [""] * 9)[:9]


def _bomb() -> bytes:
    content = io.BytesIO(_saved(_workbook(GOOD)))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"\0" * (40 << 20))
    return content.getvalue()


def _archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("register.csv", "a,b\n")
    return content.getvalue()


_SHEET = "xl/worksheets/sheet1.xml"
REFUSED = {
    "rows in two sheets": (lambda: _saved(_workbook(GOOD, more={"Old": [["x"]]})), r"in 2 sheets \(Register, Old\)"),
    "a second sheet that is hidden": (lambda: _hidden(), r"in 2 sheets \(Register, Old\)"),
    "no row at all": (lambda: _saved(openpyxl.Workbook()), "no sheet has a row"),
    "cut short": (lambda: _saved(_workbook(GOOD))[:-900], "is damaged or was cut short"),
    "a byte turned": (lambda: _turned(_saved(_workbook(GOOD))), "is damaged or was cut short"),
    "XML that does not end": (
        lambda: _repacked(_saved(_workbook(GOOD)), _SHEET, ("</sheetData>", "")),
        "is damaged or was cut short",
    ),
    "entities": (
        lambda: _repacked(_saved(_workbook(GOOD)), _SHEET, ("<worksheet", "<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet")),
        "is damaged or was cut short",
    ),
    "a bomb": (_bomb, r"would unpack to 40 MB, \d+ times its size"),
    "another archive": (_archive, "is an archive and no .xlsx workbook"),
    "a title above the header": (
        lambda: _repacked(_saved(_workbook(GOOD)), _SHEET, ("Practice Code", "Register of May")),
        ":1: the header has no column practice_code",
    ),
}


def _by_another_program(strings: str, rows: str) -> bytes:
    """A workbook with shared strings, its own prefixes and no cell references, as some programs write them."""
    main, links = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org"
    office = f"{links}/officeDocument/2006/relationships"
    packed = f'xmlns="{links}/package/2006/relationships"'
    parts = {
        "_rels/.rels": f'<Relationships {packed}><Relationship Id="a" Type="{office}/officeDocument"'
        ' Target="/xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f"<Relationships {packed}>"
        f'<Relationship Id="s" Type="{office}/worksheet" Target="worksheets/one.xml"/>'
        f'<Relationship Id="t" Type="{office}/sharedStrings" Target="/xl/strings.xml"/></Relationships>',
        "xl/workbook.xml": f'<x:workbook xmlns:x="{main}" xmlns:r="{office}"><x:sheets>'
        '<x:sheet name="One" sheetId="1" r:id="s"/></x:sheets></x:workbook>',
        "xl/strings.xml": f'<x:sst xmlns:x="{main}">{strings}</x:sst>',
        "xl/worksheets/one.xml": f'<x:worksheet xmlns:x="{main}"><x:sheetData>{rows}</x:sheetData></x:worksheet>',
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


def test_shared_and_many_coloured_strings_without_references_are_read_in_order(tmp_path: Path) -> None:
    file = tmp_path / "any.xlsx"
    coloured = "<x:si><x:r><x:t>Ke</x:t></x:r><x:r><x:t>tt</x:t></x:r><x:rPh><x:t>ket</x:t></x:rPh></x:si>"
    cells = '<x:c t="s"><x:v>1</x:v></x:c><x:c/><x:c t="s"><x:v>0</x:v></x:c><x:c t="d"><x:v>2021-02-15</x:v></x:c>'
    file.write_bytes(_by_another_program(f"<x:si><x:t>Ann</x:t></x:si>{coloured}", f"<x:row/><x:row>{cells}</x:row>"))
    with open_workbook(file) as book:
        [(number, found)] = book.rows(book.sheets[0])
    assert (number, {at: cell.text for at, cell in found.items()}) == (2, {0: "Kett", 2: "Ann", 3: "2021-02-15"})


def _hidden() -> bytes:
    book = _workbook(GOOD, more={"Old": [["x"]]})
    book["Old"].sheet_state = "veryHidden"
    return _saved(book)


def _turned(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo(_SHEET).header_offset + 120
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


@pytest.mark.parametrize("case", REFUSED)
def test_a_workbook_that_cannot_be_trusted_is_refused_whole_in_one_sentence(
    register: Contract, tmp_path: Path, case: str
) -> None:
    make, said = REFUSED[case]
    with pytest.raises(DeliveryRefused, match=said):
        _receive(register, tmp_path, make())
    assert not (tmp_path / "store" / "batches").exists()
