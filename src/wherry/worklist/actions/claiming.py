"""Claiming: one person at a time, for a while, and never two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission, require
from wherry.worklist.errors import ClaimedByAnother
from wherry.worklist.models import Task
from wherry.worklist.queries import claimable, held_by
from wherry.worklist.rows import FOR_ANYBODY, check_held, write_down


def claim_next(*, by: Actor, teams: Sequence[UUID], lease_seconds: int, now: dt.datetime) -> Task | None:
    """
    Claim the most pressing task of these teams for a while, or give the one the actor holds already.

    Two callers never get the same task: the row is taken with SKIP LOCKED. A lease that ran out is claimable again.
    A red flag comes first, then what this caller promised or was handed, then the list's own order.
    """
    require(by, Permission.CLAIM_TASK)
    with transaction.atomic():
        held = held_by(actor=by, now=now)
        if held is not None:
            return held
        mine = claimable(teams=teams, roles=by.roles, actor_id=by.id, now=now)
        for pressing in (mine.filter(kind="red_flag"), mine.filter(kept_for=by.id), mine):
            task = pressing.select_for_update(skip_locked=True).first()
            if task is not None:
                break
        else:
            return None
        _claim(task=task, by=by, lease_seconds=lease_seconds, now=now)
        return task


def claim(*, by: Actor, task: Task, lease_seconds: int, now: dt.datetime) -> None:
    """Claim one task by name, if nobody holds it. Raises StaleVersion when somebody was first."""
    require(by, Permission.CLAIM_TASK)
    if task.state == "claimed" and task.claimed_by != by.id and task.leased_until and task.leased_until > now:
        raise ClaimedByAnother
    _claim(task=task, by=by, lease_seconds=lease_seconds, now=now)


def _claim(*, task: Task, by: Actor, lease_seconds: int, now: dt.datetime) -> None:
    lapsed = task.state == "claimed"
    until = now + dt.timedelta(seconds=lease_seconds)
    task.change(state="claimed", claimed_by=by.id, leased_until=until, **FOR_ANYBODY)
    write_down(task=task, by=by, verb="claimed", now=now, outcome="after_lapsed_lease" if lapsed else "")
    record(by=by, did="task.claimed", subject="task", subject_ids=[task.id, task.case_id], now=now)


def renew_lease(*, by: Actor, task: Task, lease_seconds: int, now: dt.datetime) -> None:
    """
    Show a sign of life: the task stays with whoever holds it.

    Its version stays: a form drawn before the sign of life is not stale. Raises ClaimedByAnother.
    """
    check_held(task=task, by=by)
    until = now + dt.timedelta(seconds=lease_seconds)
    held = Task.objects.filter(pk=task.pk, state="claimed", claimed_by=by.id)
    if held.update(leased_until=until) != 1:
        raise ClaimedByAnother
    task.leased_until = until
