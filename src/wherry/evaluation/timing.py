"""How long things took: from joining to the first contact, and what waited at the end of each day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from wherry.cases.models import Case
from wherry.evaluation.queries import MADE
from wherry.evaluation.types import ByDay, Took
from wherry.foundation.actors import Actor
from wherry.foundation.periods import LONDON, local_time
from wherry.governance.rules import Permission, require
from wherry.outreach.models import Attempt
from wherry.worklist.models import Task

#: The days within which somebody was first contacted, each counting those the one before did not.
WITHIN_DAYS = (1, 2, 3, 5, 7)


def time_to_contact(*, asked_by: Actor, programme: str) -> tuple[Took, ...]:
    """
    Count the people with an open case by the days from its opening to the first message left or word spoken.

    The last two are those it took longer, and those nobody has contacted yet: together they are everybody. One query.
    """
    require(asked_by, Permission.SEE_FUNNEL)
    made = Attempt.objects.filter(case_id=OuterRef("pk"), state__in=MADE).order_by().values("case_id")
    first = made.annotate(at=Min(Coalesce("attempted_at", "intended_at"))).values("at")
    took = ExpressionWrapper(F("first_at") - F("opened_at"), output_field=DurationField())
    cases = (
        Case.objects.filter(programme=programme, closed_at__isnull=True)
        .annotate(first_at=Subquery(first))
        .annotate(took=took)
    )
    bounds = list(zip((None, *WITHIN_DAYS), (*WITHIN_DAYS, None), strict=True))
    counted = cases.aggregate(
        **{f"took_{number}": Count("id", filter=_between(*both)) for number, both in enumerate(bounds)},
        not_yet=Count("id", filter=Q(first_at__isnull=True)),
    )
    names = (*(f"within {days} day{'s' if days > 1 else ''}" for days in WITHIN_DAYS), "later", "not yet")
    counts = (*(counted[f"took_{number}"] for number in range(len(bounds))), counted["not_yet"])
    return tuple(Took(words, people) for words, people in zip(names, counts, strict=True))


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
    counted = Task.objects.filter(case__programme=programme).aggregate(**_daily(begins, ends))
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


def _between(above: int | None, up_to: int | None) -> Q:
    condition = Q(first_at__isnull=False)
    if above is not None:
        condition &= Q(took__gt=dt.timedelta(days=above))
    return condition if up_to is None else condition & Q(took__lte=dt.timedelta(days=up_to))


def _midnight_after(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=LONDON)
