"""Red flags of answers still being given: kept at once, taken back when the answer is, heard by the worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from wherry.audit.actions import record
from wherry.cases.models import Occurrence
from wherry.checkin.models import Alarm
from wherry.checkin.types import AlarmRaised, Said
from wherry.foundation.actors import Actor


def keep_alarms(
    *, by: Actor, occurrence: Occurrence, flags: Iterable[AlarmRaised], said: Said, now: dt.datetime
) -> list[Alarm]:
    """
    Keep the red flags of the answers so far, once each; one whose answer was changed is marked, never taken away.

    flags: every red flag of all the answers so far; said: who gives them. Returns the alarms there is news of, for the
    worker to hear.
    Hazards: H-02 (a danger typed and never sent).
    """
    kept = {one.flag: one for one in Alarm.objects.filter(occurrence=occurrence)}
    raised = {one.flag: one for one in flags}
    news = [
        _sound(by=by, occurrence=occurrence, kept=kept.get(flag), raised=one, said=said, now=now)
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
    *, by: Actor, occurrence: Occurrence, kept: Alarm | None, raised: AlarmRaised, said: Said, now: dt.datetime
) -> Alarm:
    if kept is not None:
        kept.change(said_at=now, taken_back_at=None, heard_at=None, **_who(said))
        alarm = kept
    else:
        alarm = Alarm.objects.create(
            case_id=occurrence.case_id,
            audience_id=occurrence.audience_id,
            occurrence=occurrence,
            flag=raised.flag,
            rule=raised.rule,
            say=raised.say,
            said_at=now,
            **_who(said),
        )
    record(by=by, did="alarm.kept", subject="alarm", subject_ids=[alarm.id, alarm.case_id], now=now)
    return alarm


def _who(said: Said) -> dict[str, str]:
    return {
        "channel": said.channel,
        "language": said.language,
        "answered_by": said.answered_by,
        "they_agree": said.they_agree,
        "relation": said.relation,
    }


def alarm_heard(*, alarm: Alarm, now: dt.datetime) -> None:
    """Note that the worker acted on an alarm."""
    alarm.change(heard_at=now)
