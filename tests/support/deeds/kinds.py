"""How a deed is tried: a function of a side and a moment; and what several rooms' deeds share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from tests.support.places_and_people import Side
from wherry.checkin.actions import alarms
from wherry.checkin.models import Alarm
from wherry.checkin.types import AlarmRaised, Said
from wherry.foundation.actors import WORKER

Deed = Callable[[Side, dt.datetime], object]
HOUR = dt.timedelta(hours=1)


def by_lead(action: Callable[..., object], **more: object) -> Deed:
    return lambda side, now: action(by=side.actor("programme_lead"), now=now, **more)


def details_of_another(now: dt.datetime) -> object:
    from tests.support.county_of_one import details

    return details(today=now.date(), population_id="p10")


def an_alarm(side: Side, now: dt.datetime) -> Alarm:
    raised = [AlarmRaised("x", "x", "x"), AlarmRaised("chest_pain", "chest_pain", "Ring 999")]
    alarms.keep_alarms(by=WORKER, occurrence=side.later, flags=raised, said=Said(now, "web", "en", "self"), now=now)
    return Alarm.objects.get(flag="chest_pain")
