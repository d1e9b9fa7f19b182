"""Text one person outside a cadence: the intent is written down, and its hand-off asked for at once."""

from __future__ import annotations

import datetime as dt

from wherry.cases.models import Occurrence
from wherry.foundation.actors import WORKER
from wherry.journeys.deferring import Job, defer
from wherry.outreach.actions import intend
from wherry.outreach.types import Channel
from wherry.people.types import ContactPoint


def text_somebody(
    *,
    occurrence: Occurrence,
    point: ContactPoint,
    message: str,
    step: str,
    language: str,
    now: dt.datetime,
    household_key: str = "",
) -> None:
    """
    Have a text sent to a number of somebody. Asked for twice for one step of an occurrence, it is sent once.

    household_key: given where the text counts against what a household is sent in a day.
    """
    attempt = intend(
        by=WORKER,
        occurrence=occurrence,
        step=step,
        channel=Channel.SMS,
        message=message,
        language=language,
        contact_point_id=point.id,
        to=point.value,
        household_key=household_key,
        now=now,
    )
    if attempt is not None:
        defer(Job.SEND_MESSAGE, about=attempt.pk)
