"""Red flags of answers still being given: kept at once, taken back when the answer is, heard by the worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from wherry.audit.actions import record
from wherry.cases.models import Occurrence
from wherry.checkin.models import Alarm
from wherry.checkin.types import AlarmRaised
from wherry.foundation.actors import Actor


def keep_alarms(
    *, by: Actor, occurrence: Occurrence, flags: Iterable[AlarmRaised], channel: str, now: dt.datetime
) -> list[Alarm]:
    """
    Keep the red flags of the answers so far, once each; one whose answer was changed is marked, never taken away.

    flags: every red flag of all the answers so far. Returns the alarms there is news of, for the worker to hear.
    Hazards: H-02 (a danger typed and never sent).
    """
    kept = {one.flag: one for one in Alarm.objects.filter(occurrence=occurrence)}
    raised = {one.flag: one for one in flags}
    news = [
        _sound(by=by, occurrence=occurrence, kept=kept.get(flag), raised=one, channel=channel, now=now)
        for flag, one in raised.items()
        if flag not in kept or kept[flag].taken_back_at is not None
    ]
    for flag, alarm in kept.items():
        if flag not in raised and alarm.taken_back_at is None:
            alarm.change(taken_back_at=now, heard_at=None)
            news.append(alarm)
            record(by=by, did="alarm.taken_back", subject="alarm", subject_ids=[alarm.id, alarm.case_id], now=now)
    return news


def _sound(
    *, by: Actor, occurrence: Occurrence, kept: Alarm | None, raised: AlarmRaised, channel: str, now: dt.datetime
) -> Alarm:
    if kept is not None:
        kept.change(said_at=now, taken_back_at=None, heard_at=None)
        alarm = kept
    else:
        alarm = Alarm.objects.create(
            case_id=occurrence.case_id,
            audience_id=occurrence.audience_id,
            occurrence=occurrence,
            flag=raised.flag,
            rule=raised.rule,
            say=raised.say,
            channel=channel,
            said_at=now,
        )
    record(by=by, did="alarm.kept", subject="alarm", subject_ids=[alarm.id, alarm.case_id], now=now)
    return alarm


def alarm_heard(*, alarm: Alarm, now: dt.datetime) -> None:
    """Note that the worker acted on an alarm."""
    alarm.change(heard_at=now)
