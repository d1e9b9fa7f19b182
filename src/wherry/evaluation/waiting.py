"""What stands still: how many, how long, whose it is; hand-offs nobody is sure of; and whether sending is stopped."""

from __future__ import annotations

import datetime as dt

from django.db.models import Aggregate, Count, DateTimeField, Min, Q, QuerySet

from wherry.cases.models import Occurrence
from wherry.cases.types import State
from wherry.evaluation.queries import about
from wherry.evaluation.types import Pause, Waiting
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission, require
from wherry.outreach.models import Attempt, SendingPause
from wherry.referrals.models import CallToAction
from wherry.triage.models import Need, RedFlag
from wherry.worklist.models import Task


class Median(Aggregate):
    """The value in the middle: half are smaller. Of an even number, the smaller of the two: one that exists."""

    function = "PERCENTILE_DISC"
    name = "Median"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DateTimeField()


def stuck(*, asked_by: Actor, programme: str, now: dt.datetime, red_flag_minutes: int = 15) -> tuple[Waiting, ...]:
    """
    List what waits, each kind with its count, what is past its time, and the oldest. Nothing waiting is a line too.

    Hazards: H-02 (a red flag nobody takes), H-06 (an unreachable person forgotten).
    """
    require(asked_by, Permission.SEE_FUNNEL)
    flag_late = now - dt.timedelta(minutes=red_flag_minutes)
    flags = about(RedFlag, programme).filter(acknowledged_at__isnull=True)
    doubt = about(Attempt, programme).filter(state__in=["handing_off", "in_doubt"])
    calls = about(CallToAction, programme)
    needs = about(Need, programme).filter(state="open")
    exhausted = about(Occurrence, programme).filter(state=State.EXHAUSTED)
    return (
        _waiting("Red flags nobody has taken", flags, "raised_at", Q(raised_at__lt=flag_late)),
        _waiting("Messages nobody is sure left", doubt, "attempted_at", Q(quarantined_until__lte=now)),
        _waiting("Needs not yet offered to anybody", needs, "decision__decided_at", Q(pk__isnull=True)),
        _waiting(
            "Calls to action not yet answered",
            calls.filter(state="offered"),
            "offered_at",
            Q(clock_ends_at__lte=now),
            owner="partner__name",
        ),
        _waiting(
            "Calls to action accepted and not done",
            calls.filter(state="accepted"),
            "accepted_at",
            Q(clock_ends_at__lte=now),
            owner="partner__name",
        ),
        _waiting(
            "People nobody could reach",
            exhausted,
            "opened_at",
            Q(owner_team__isnull=True),
            owner="owner_team__name",
        ),
    )


def tasks_waiting(*, asked_by: Actor, programme: str, now: dt.datetime) -> tuple[Waiting, ...]:
    """Count the tasks that wait, by kind, with the teams that have them; as far as the actor may see tasks at all."""
    require(asked_by, Permission.SEE_FUNNEL)
    waiting = about(Task, programme).filter(state__in=["open", "claimed"])
    counts = waiting.values("kind").annotate(
        waiting=Count("id"),
        overdue=Count("id", filter=Q(due_at__lt=now)),
        oldest_at=Min("opened_at"),
        median_at=Median("opened_at"),
    )
    owners: dict[str, tuple[tuple[str, int], ...]] = {}
    for kind, team, many in (
        waiting.values_list("kind", "team__name").annotate(Count("id")).order_by("kind", "team__name")
    ):
        owners[kind] = (*owners.get(kind, ()), (team, many))
    return tuple(
        Waiting(
            what=row["kind"],
            waiting=row["waiting"],
            overdue=row["overdue"],
            oldest_at=row["oldest_at"],
            median_at=row["median_at"],
            owners=owners.get(row["kind"], ()),
        )
        for row in counts.order_by("kind")
    )


def pauses(*, asked_by: Actor, limit: int = 10) -> tuple[Pause, ...]:
    """List when everything that leaves was stopped, newest first; one without an end is in force."""
    require(asked_by, Permission.SEE_FUNNEL)
    return tuple(
        Pause(row.why, row.paused_by, row.paused_at, row.resumed_by, row.resumed_at)
        for row in SendingPause.objects.order_by("-paused_at")[:limit]
    )


def _waiting(what: str, rows: QuerySet, since: str, late: Q, *, owner: str = "") -> Waiting:
    counted = rows.aggregate(
        waiting=Count("id"), overdue=Count("id", filter=late), oldest=Min(since), median=Median(since)
    )
    owners: tuple[tuple[str, int], ...] = ()
    if owner and counted["waiting"]:
        by_owner = rows.exclude(**{f"{owner}__isnull": True}).values_list(owner)
        owners = tuple(by_owner.annotate(count=Count("id")).order_by("-count", owner))
    return Waiting(what, counted["waiting"], counted["overdue"], counted["oldest"], counted["median"], owners)
