"""Say by when somebody is in touch about what was asked for: what the end of a check-in promises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from wherry.foundation.periods import local_time
from wherry.journeys.programme_in_force import InForce
from wherry.worklist.rules import within_hours


def in_touch_by(
    *, force: InForce, kinds: Iterable[str], urgency: str, said_at: dt.datetime, now: dt.datetime
) -> dt.datetime:
    """
    Give the moment by which whoever helps must have taken it up, by the programme's clocks for an urgency.

    kinds: of needs. Of every service that could be asked, the slowest clock counts, from when it was said or from when
    the day's contact hours begin again. A promise that has passed is not shown: then it counts from now.
    """
    wanted, hours = set(kinds), force.cadence.contact_hours
    asked = [one for one in force.services.listed if wanted & set(one.needs)] or list(force.services.listed)
    clock = dt.timedelta(hours=max((one.clock_hours.get(urgency, 0) for one in asked), default=0))

    def promised(moment: dt.datetime) -> dt.datetime:
        begun = within_hours(moment=local_time(moment), opens=hours.opens, closes=hours.closes)
        return within_hours(moment=begun + clock, opens=hours.opens, closes=hours.closes)

    first = promised(said_at)
    return first if first > now else promised(now)
