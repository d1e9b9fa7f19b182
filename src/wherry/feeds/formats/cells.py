"""What a person reads in a cell of a workbook, as text: number formats, dates counted in days, Excel's own limits."""

from __future__ import annotations

import datetime as dt
import enum
import re
from dataclasses import dataclass
from typing import NamedTuple

_BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)])
_BUILT_IN_PERCENT = frozenset([9, 10])
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DIGITS_KEPT = 15
_FIRST_LIKELY_DAY = 10_000
"""Below it a bare number may as well be a year; five digits begin in May 1927."""
_LAST_DAY = 109_574


class Show(enum.Enum):
    """How a number is shown: as it is, as a day or moment, as a share of a hundred, or filled up with zeros."""

    PLAIN = "plain"
    DATE = "date"
    PERCENT = "percent"
    FILLED = "filled"


@dataclass(frozen=True)
class Look:
    """A number format. places: how many digits it is filled up to."""

    show: Show
    places: int = 0


class Cell(NamedTuple):
    """
    A cell with something in it, as shown. number: set for a bare number, moment: for one shown as a day.

    A tuple: a workbook has millions, and the others of our frozen values take three times as long to make.
    """

    text: str
    number: float | None = None
    moment: dt.datetime | None = None


def look_of(number_format_id: int, code: str | None) -> Look:
    """Say how a number format shows a number. code: the format's own text, for those not built in."""
    if code is None:
        if number_format_id in _BUILT_IN_DATES:
            return Look(Show.DATE)
        return Look(Show.PERCENT) if number_format_id in _BUILT_IN_PERCENT else Look(Show.PLAIN)
    bare = _NOT_FORMAT.sub("", code.split(";")[0])
    if "general" not in bare.lower() and re.search("[ymdhs]", bare, re.IGNORECASE):
        return Look(Show.DATE)
    if "%" in bare:
        return Look(Show.PERCENT)
    places = bare.count("0")
    if places > 1 and re.fullmatch(r"[0 ()-]+", bare):
        return Look(Show.FILLED, places)
    return Look(Show.PLAIN)


def number_cell(stored: str, look: Look, *, epoch_1904: bool) -> Cell:
    """
    Read a number as stored in the file. Raises ValueError where it is none.

    A whole number of more than fifteen digits has lost its last ones in Excel: it is shown with an exponent, as Excel
    shows it, and no type but a plain number takes that.
    """
    value = float(stored)
    if look.show is Show.DATE:
        moment = moment_of(value, epoch_1904=epoch_1904)
        return Cell(moment_text(moment), None, moment) if moment else Cell(plain_number(value))
    if look.show is Show.PERCENT:
        return Cell(f"{plain_number(round(value * 100, 10))}%")
    text = plain_number(value)
    if look.show is Show.FILLED and text.isdigit():
        text = text.zfill(look.places)
    return Cell(text, value)


def plain_number(value: float) -> str:
    """Write a number without a needless `.0`; from sixteen digits on with an exponent."""
    if value == int(value):
        return str(int(value)) if abs(value) < 10**_DIGITS_KEPT else f"{value:.14E}"
    return repr(value)


def moment_of(days: float, *, epoch_1904: bool) -> dt.datetime | None:
    """
    Turn a count of days into a moment; None for what shows as no real day (0, the 29 February 1900 that never was).

    Excel counts from 1 January 1900 as day 1 and believes that year had a 29 February, day 60.
    """
    if epoch_1904:
        days += 1462
    whole = int(days)
    if not 1 <= whole < 2_958_466 or whole == 60:
        return None
    first = dt.datetime(1899, 12, 31) if whole < 60 else dt.datetime(1899, 12, 30)
    return first + dt.timedelta(days=whole, seconds=round((days - whole) * 86_400))


def moment_text(moment: dt.datetime, form: str | None = None) -> str:
    """Write a moment in a form, or as an ISO day, with its time where it has one."""
    if form:
        return moment.strftime(form)
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.time() != dt.time() else "%Y-%m-%d")


def date_form(formats: tuple[str, ...]) -> str:
    """Choose the form in which a date column's contract will read a day: one of its own, the year in full."""
    return next((form for form in formats if "%Y" in form), "%Y-%m-%d")


def is_surely_a_day(number: float, formats: tuple[str, ...]) -> bool:
    """Say whether a bare number in a date column can only be Excel's count of days."""
    if not _FIRST_LIKELY_DAY <= number < _LAST_DAY:
        return False
    # In a feed that writes days as 010256, a lost zero makes 10256 of it.
    short = [
        form for form in formats if "%" in form and re.fullmatch(r"[0-9]{5,6}", dt.date(1956, 2, 1).strftime(form))
    ]
    return not short
