"""The hours in which people are contacted, on their own clocks."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from wherry.foundation.periods import LONDON, local_time
from wherry.outreach.types import Channel, Hours


def narrowed(*, contact_hours: Hours, step_hours: Hours | None) -> Hours:
    """Give the hours a step may use: its own, inside the programme's."""
    if step_hours is None:
        return contact_hours
    return Hours(max(contact_hours.opens, step_hours.opens), min(contact_hours.closes, step_hours.closes))


def is_within(*, hours: Hours, moment: dt.datetime, zone: ZoneInfo = LONDON) -> bool:
    """Say whether people's clocks stand inside the hours at a moment (which carries its time zone)."""
    return hours.opens <= local_time(moment, zone).time() < hours.closes


def next_opening(*, hours: Hours, moment: dt.datetime, zone: ZoneInfo = LONDON) -> dt.datetime:
    """
    Give the first moment (UTC) from `moment` on that is inside the hours; `moment` itself when it is.

    Wall-clock, so right on the days the clocks change: an opening inside the skipped hour opens an hour later by the
    clock; inside the repeated hour it opens at the first.
    """
    if is_within(hours=hours, moment=moment, zone=zone):
        return moment.astimezone(dt.UTC)
    today = local_time(moment, zone).date()
    for days in range(4):
        opening = dt.datetime.combine(today + dt.timedelta(days=days), hours.opens, zone).astimezone(dt.UTC)
        if opening >= moment and is_within(hours=hours, moment=opening, zone=zone):
            return opening
    raise ValueError("the hours never open")


def rings(channel: Channel) -> bool:
    """Say whether a channel must keep to the hours: a letter makes no noise at night, all else reaches a telephone."""
    return channel is not Channel.LETTER
