from __future__ import annotations

import datetime as dt

import pytest

from wherry.foundation.periods import LONDON
from wherry.outreach.rules.hours import is_within, narrowed, next_opening
from wherry.outreach.types import Hours

SPRING, AUTUMN = dt.date(2026, 3, 29), dt.date(2026, 10, 25)
WINDOWS = [
    Hours(dt.time(8), dt.time(20)),
    Hours(dt.time(1, 30), dt.time(1, 45)),
    Hours(dt.time(0), dt.time(1, 15)),
    Hours(dt.time(23, 59), dt.time.max),
]


@pytest.mark.parametrize("day", [SPRING, AUTUMN, dt.date(2026, 3, 2)])
@pytest.mark.parametrize("hours", WINDOWS)
def test_no_minute_of_a_clock_change_day_leads_outside_the_hours(day, hours):
    start = dt.datetime.combine(day, dt.time(), LONDON).astimezone(dt.UTC)
    for minute in range(26 * 60):
        moment = start + dt.timedelta(minutes=minute)
        opening = next_opening(hours=hours, moment=moment)
        clock = opening.astimezone(LONDON)
        assert hours.opens <= clock.time() < hours.closes
        assert moment <= opening <= moment + dt.timedelta(hours=49)
        assert is_within(hours=hours, moment=moment) == (opening == moment)


def test_the_morning_after_the_clocks_change_opens_at_eight_by_the_clock():
    for day, utc_hour in ((SPRING, 7), (AUTUMN, 8)):
        night = dt.datetime.combine(day, dt.time(0, 30), LONDON)
        opening = next_opening(hours=WINDOWS[0], moment=night)
        assert opening == dt.datetime.combine(day, dt.time(utc_hour), dt.UTC)


def test_a_step_cannot_widen_the_hours():
    wide, day = Hours(dt.time(6), dt.time(23)), Hours(dt.time(8), dt.time(20))

    assert narrowed(contact_hours=day, step_hours=wide) == day
    assert narrowed(contact_hours=day, step_hours=None) == day


def test_hours_that_never_open_are_refused():
    with pytest.raises(ValueError, match="never open"):
        next_opening(hours=Hours(dt.time(9), dt.time(9)), moment=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="ambiguous"):
        is_within(hours=WINDOWS[0], moment=dt.datetime(2026, 3, 2, 12))
