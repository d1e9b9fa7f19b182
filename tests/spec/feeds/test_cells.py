"""What a person reads in a cell of a workbook, drawn as a table: stored number, number format, column's type → text."""

from __future__ import annotations

import pytest

from wherry.feeds.formats.cells import date_form, is_surely_a_day, look_of, moment_of, moment_text, number_cell

TABLE = """
    stored               | format              | is read as
    9990000018           | General             | 9990000018
    9.990000018E9        | General             | 9990000018
    41.5                 | General             | 41.5
    7700900001           | 00000000000         | 07700900001
    7700900001           | 00000 000000        | 07700900001
    123456789012345      | General             | 123456789012345
    1300561000000107     | General             | 1.30056100000011E+15
    1300561000000107     | 0                   | 1.30056100000011E+15
    0.06                 | 0%                  | 6%
    0.065                | 0.0%                | 6.5%
    44242                | dd/mm/yyyy          | 2021-02-15
    44242                | [$-809]d mmmm yyyy  | 2021-02-15
    44242.5              | dd/mm/yyyy hh:mm    | 2021-02-15 12:00:00
    44242                | 0 "days"            | 44242
    44242                | [Red]0.00           | 44242
    0                    | dd/mm/yyyy          | 0
    60                   | dd/mm/yyyy          | 60
    59                   | dd/mm/yyyy          | 1900-02-28
    61                   | dd/mm/yyyy          | 1900-03-01
    -3                   | dd/mm/yyyy          | -3
    100                  | #,##0               | 100
"""
_LINES = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()[1:]]


@pytest.mark.parametrize(("stored", "form", "text"), _LINES)
def test_a_number_is_read_as_a_person_reads_it(stored: str, form: str, text: str) -> None:
    assert number_cell(stored, look_of(999, form), epoch_1904=False).text == text


def test_the_built_in_formats_are_known_by_number() -> None:
    read = [number_cell("44242", look_of(number, None), epoch_1904=False).text for number in (0, 1, 14, 22, 9, 49)]
    assert read == ["44242", "44242", "2021-02-15", "2021-02-15", "4424200%", "44242"]


def test_a_workbook_from_an_old_mac_counts_its_days_from_1904() -> None:
    assert number_cell("42780", look_of(14, None), epoch_1904=True).text == "2021-02-15"


@pytest.mark.parametrize(
    ("number", "formats", "is_day"),
    [
        (44242, ("%d/%m/%Y",), True),
        (44242.75, ("%d/%m/%Y",), True),
        (1950, ("%d/%m/%Y",), False),  # as likely a year
        (19560512, ("%Y%m%d",), False),  # a day written out
        (10256, ("%d%m%y",), False),  # 01/02/56 without its zero
    ],
)
def test_a_bare_number_is_a_day_only_where_it_can_be_nothing_else(
    number: float, formats: tuple[str, ...], is_day: bool
) -> None:
    assert is_surely_a_day(number, formats) == is_day


def test_a_day_is_written_in_a_form_its_contract_reads() -> None:
    moment = moment_of(44242, epoch_1904=False)
    assert moment is not None
    for formats, text in (
        (("%d/%m/%y", "%d/%m/%Y"), "15/02/2021"),
        ((), "2021-02-15"),
        (("excel_serial",), "2021-02-15"),
    ):
        assert moment_text(moment, date_form(formats)) == text
