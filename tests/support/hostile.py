"""Files made to exhaust whoever reads them, of any size: each writes one and says what must be said of it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HEADER = b"Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth\n"
ROW = b"D82001,1,9990000018,Kett,Robert,12/03/1950\n"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def long_line(file: Path, megabytes: int) -> None:
    """Write one line of so many megabytes below a good header."""
    with file.open("wb") as written:
        written.write(HEADER)
        for _ in range(megabytes):
            written.write(b"a" * (1 << 20))


def open_quote(file: Path, megabytes: int) -> None:
    """Write good rows, one quotation mark, and good rows again."""
    many = ROW * ((megabytes << 19) // len(ROW))
    file.write_bytes(HEADER + many + b'"' + many)


def late_nul(file: Path, megabytes: int) -> None:
    """Write good rows and a NUL at the very end."""
    file.write_bytes(HEADER + ROW * ((megabytes << 20) // len(ROW)) + b"\0")


def wide(file: Path, columns: int) -> None:
    """Write a header of so many columns, short names each, and a row."""
    file.write_bytes(HEADER.strip() + b"".join(b",c%x" % number for number in range(columns)) + b"\n" + ROW)


def workbook(file: Path, before: str, repeated: str, times: int, part: str = "xl/worksheets/one.xml") -> None:
    """Write a workbook whose sheet (or other part) is something said many times over."""
    linked = '<Relationship Id="{}" Type="' + _OFFICE + '/{}" Target="{}"/>'
    fixed = {
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}">'
        + linked.format("a", "officeDocument", "/xl/workbook.xml")
        + "</Relationships>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
        + linked.format("s", "worksheet", "worksheets/one.xml")
        + linked.format("t", "sharedStrings", "texts.xml")
        + "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="One" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/texts.xml": f'<sst xmlns="{_MAIN}"/>',
        "xl/worksheets/one.xml": f'<worksheet xmlns="{_MAIN}"><sheetData/></worksheet>',
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in fixed.items():
            if name != part:
                archive.writestr(name, text)
        with archive.open(part, "w", force_zip64=True) as written:
            written.write(before.replace("MAIN", _MAIN).encode())
            piece = repeated.encode() * 4_096
            for _ in range(times // 4_096):
                written.write(piece)


def endless_row(file: Path, cells: int) -> None:
    """Write a workbook with one row of so many cells."""
    workbook(file, '<worksheet xmlns="MAIN"><sheetData><row r="1">', "<c><v>1</v></c>", cells)


def endless_text(file: Path, letters: int) -> None:
    """Write a workbook whose shared texts are one text of so many letters."""
    workbook(file, '<sst xmlns="MAIN"><si><t>', "a", letters, part="xl/texts.xml")


def more_rows_than_bytes(file: Path, rows: int) -> None:
    """Write Parquet that says so many rows in next to no bytes."""
    names = ["practice_code", "patient_id", "nhs_number", "family_name", "given_name", "birth_date"]
    schema = pa.schema([(name, pa.string()) for name in names])
    chunk = pa.table([pa.array(["1"] * 500_000)] * len(names), schema=schema)
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for _ in range(rows // 500_000):
            writer.write_table(chunk)


def one_text_many_times(file: Path, rows: int, letters: int) -> None:
    """Write Parquet in which one long text stands in every row by reference."""
    said = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["a" * letters]))
    names = ["practice_code", "patient_id", "nhs_number", "family_name", "given_name", "birth_date"]
    pq.write_table(pa.table([said] * len(names), names=names), file, dictionary_pagesize_limit=1 << 30)


def deep(file: Path, levels: int) -> None:
    """Write a good resource, and one with lists within lists."""
    good = b'{"resourceType":"Patient","id":"1","name":[{"family":"Kett","given":["Ann"]}],"birthDate":"1950-03-12"}\n'
    nested = b"[" * levels + b"]" * levels
    file.write_bytes(good + b'{"resourceType":"Patient","id":"2","name":' + nested + b"}\n")


CASES: dict[str, tuple[str, Callable[[Path, int], None], int, int, str]] = {
    # name: contract, how it is made, its size for every build, its real size, what is said
    "a header of a million columns": ("gp_register", wide, 300_000, 1_000_000, "over 1 MB|over 1,000 columns"),
    "a row that never ends": ("gp_register", endless_row, 600_000, 40_000_000, "damaged|would unpack"),
    "a text that never ends": ("gp_register", endless_text, 9 << 20, 900 << 20, "damaged|would unpack|MB of text"),
    "more rows than bytes": ("gp_register", more_rows_than_bytes, 1_500_000, 100_000_000, "rows in .* bytes"),
    "one line of a gigabyte": ("gp_register", long_line, 50, 1_024, "over 48 MB|over 1 MB|line"),
    "a quotation mark that never closes": ("gp_register", open_quote, 4, 400, "never closes"),
    "a NUL at the end": ("gp_register", late_nul, 17, 500, "holds a NUL"),
}
"""What must be refused, in bounded time and memory."""
