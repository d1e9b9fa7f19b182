"""How long things took: from joining to the first contact, and what waited at the end of each day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from django.db import connection
from django.db.models import Count, Q

from wherry.evaluation.queries import MADE, about
from wherry.evaluation.types import ByDay, Took
from wherry.foundation.actors import Actor
from wherry.foundation.periods import LONDON, local_time
from wherry.governance.rules import Permission, require
from wherry.worklist.models import Task

#: The days within which somebody was first contacted, each counting those the one before did not.
WITHIN_DAYS = (1, 2, 3, 5, 7)
_SQL = (Path(__file__).parent / "sql" / "time_to_contact.sql").read_text(encoding="utf-8")


def time_to_contact(*, asked_by: Actor, programme: str) -> tuple[Took, ...]:
    """
    Count the people with an open case by the days from its opening to the first message left or word spoken.

    The last two are those it took longer, and those nobody has contacted yet: together they are everybody. One query.
    """
    require(asked_by, Permission.SEE_FUNNEL)
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"programme": programme, "made": list(MADE), "days": list(WITHIN_DAYS)})
        counted = dict(cursor.fetchall())
    names = (*(f"within {days} day{'s' if days > 1 else ''}" for days in WITHIN_DAYS), "later")
    return (
        *(Took(words, counted.get(bucket, 0)) for bucket, words in enumerate(names)),
        Took("not yet", counted.get(None, 0)),
    )


def backlog(*, asked_by: Actor, programme: str, now: dt.datetime, days: int = 14) -> tuple[ByDay, ...]:
    """
    Count the tasks waiting at the end of each of the last local days (today: now), oldest first. One query.

    A task done or taken off the list waits no more from that moment.
    """
    require(asked_by, Permission.SEE_FUNNEL)
    today = local_time(now).date()
    shown = [today - dt.timedelta(days=back) for back in reversed(range(days))]
    ends = [min(_midnight_after(day), now) for day in shown]
    begins = [_midnight_after(day - dt.timedelta(days=1)) for day in shown]
    counted = about(Task, programme).aggregate(**_daily(begins, ends))
    return tuple(
        ByDay(day, counted[f"waiting_{at}"], counted[f"came_{at}"], counted[f"done_{at}"])
        for at, day in enumerate(shown)
    )


def _daily(begins: Sequence[dt.datetime], ends: Sequence[dt.datetime]) -> dict[str, Count]:
    counts = {}
    for at, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        there = Q(opened_at__lte=end)
        counts[f"waiting_{at}"] = Count("id", filter=there & (Q(done_at__isnull=True) | Q(done_at__gt=end)))
        counts[f"came_{at}"] = Count("id", filter=there & Q(opened_at__gt=begin))
        counts[f"done_{at}"] = Count("id", filter=Q(done_at__gt=begin, done_at__lte=end))
    return counts


def _midnight_after(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=LONDON)
