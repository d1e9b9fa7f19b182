"""What waits, for whom, and who holds it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from wherry.foundation.actors import Actor
from wherry.worklist.models import Task, TaskEvent


def claimable(*, teams: list[UUID], roles: Collection[str], actor_id: str, now: dt.datetime) -> QuerySet[Task]:
    """
    Give the tasks an actor could claim now, most pressing first.

    A task asked of a higher role is claimable by that role only, save a red flag: the more who may take it the better.
    """
    free = Q(state="open") | Q(state="claimed", leased_until__lte=now)
    asked = Q(kind="red_flag") | Q(for_role="") | Q(for_role__in=list(roles))
    return Task.objects.filter(free, asked, team_id__in=teams, not_before__lte=now).order_by("priority", "due_at", "id")


def held_by(*, actor: Actor, now: dt.datetime) -> Task | None:
    """Give the task somebody holds under a lease that still runs."""
    return (
        Task.objects.filter(state="claimed", claimed_by=actor.id, leased_until__gt=now).order_by("leased_until").first()
    )


def task_by_id(*, task_id: UUID) -> Task | None:
    """Give one task, or None when it is absent or not yours to see."""
    return Task.objects.select_related("case", "case__person", "team").filter(id=task_id).first()


def waiting_by_kind(*, teams: list[UUID], now: dt.datetime) -> list[dict[str, Any]]:
    """Count what waits by kind: how many, how many overdue, since when."""
    counted = (
        Task.objects.filter(team_id__in=teams, state__in=["open", "claimed"])
        .values("kind")
        .annotate(waiting=Count("id"), overdue=Count("id", filter=Q(due_at__lt=now)), oldest=Min("opened_at"))
        .order_by("kind")
    )
    return [dict(row) for row in counted]


def done_today(*, actor_id: str, since: dt.datetime) -> int:
    """Count what somebody finished or tried since the day began."""
    return TaskEvent.objects.filter(by=actor_id, verb__in=["finished", "tried"], at__gte=since).count()


def unclaimed_red_flags(*, now: dt.datetime) -> list[Task]:
    """List red-flag tasks nobody holds, oldest first."""
    free = Q(state="open") | Q(state="claimed", leased_until__lte=now)
    return list(Task.objects.filter(free, kind="red_flag").order_by("opened_at", "id"))


def numbers_tried(*, task_id: UUID) -> list[str]:
    """List the outcomes of the tries so far, oldest first."""
    return list(
        TaskEvent.objects.filter(task_id=task_id, verb="tried").order_by("at").values_list("outcome", flat=True)
    )
