"""Dates and periods by the calendar: ages, windows, wall-clock hours."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Period:
    """A closed period of days; `ends_on` None means still running."""

    starts_on: dt.date
    ends_on: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        """Say whether a day falls inside, both ends counted."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def uncovered(*, whole: Period, by: Iterable[Period]) -> tuple[Period, ...]:
    """
    Give the stretches of a period that none of some others hold, in order. A day after a last day is not a gap.

    O(n log n). A period that ends before it begins holds nothing, and has nothing that could be left over.
    """
    last = whole.ends_on or dt.date.max
    at, gaps = whole.starts_on, list[Period]()
    for one in sorted(by, key=lambda each: each.starts_on):
        until = one.ends_on or dt.date.max
        if until < max(at, one.starts_on):
            continue
        if one.starts_on > last:
            break
        if one.starts_on > at:
            gaps.append(Period(at, one.starts_on - dt.timedelta(days=1)))
        if until >= last:
            return tuple(gaps)
        at = until + dt.timedelta(days=1)
    return (*gaps, Period(at, whole.ends_on)) if at <= last else tuple(gaps)


def age_on(*, birth_date: dt.date, day: dt.date) -> int:
    """
    Count whole years lived, by the calendar.

    Someone born on 29 February turns a year older on 1 March of a common year, as English law counts it.
    """
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (0 if had_birthday else 1)


def months_before(*, day: dt.date, months: int) -> dt.date:
    """
    Give the same day of the month so many months earlier, or the last of that month where it is shorter.

    29 February 2024 less twelve months is 28 February 2023. Before the year 1: its first day.
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < dt.MINYEAR:
        return dt.date.min
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def local_time(moment: dt.datetime, zone: ZoneInfo = LONDON) -> dt.datetime:
    """Give a moment as people's clocks show it. The moment must carry its time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone is ambiguous")
    return moment.astimezone(zone)


def start_of_day(day: dt.date, zone: ZoneInfo = LONDON) -> dt.datetime:
    """Give the moment a day begins on people's clocks, in UTC."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=zone).astimezone(dt.UTC)
