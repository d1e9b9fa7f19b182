"""Claiming: one person at a time, for a while, and never two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission, require
from wherry.worklist.errors import ClaimedByAnother
from wherry.worklist.models import Task
from wherry.worklist.queries import claimable, free_red_flags_of, held_by, rung_about
from wherry.worklist.rows import FOR_ANYBODY, check_held, write_down


def claim_next(*, by: Actor, teams: Sequence[UUID], lease_seconds: int, now: dt.datetime) -> Task | None:
    """
    Claim the most pressing task of these teams for a while, or give the one the actor holds already.

    Two callers never get the same task: the row is taken with SKIP LOCKED. A lease that ran out is claimable again.
    A red flag comes first, then what this caller promised or was handed, then the list's own order. With one red flag
    come all of the same person: see may_ring.
    """
    require(by, Permission.CLAIM_TASK)
    with transaction.atomic():
        held = held_by(actor=by, now=now)
        if held is not None:
            return held
        mine = claimable(teams=teams, roles=by.roles, actor_id=by.id, now=now)
        for pressing in (mine.filter(kind="red_flag"), mine.filter(kept_for=by.id), mine):
            task = _first(among=pressing, by=by, now=now)
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
    if task.kind == "red_flag" and not may_ring(case_id=task.case_id, by=by, now=now):
        raise ClaimedByAnother
    _claim(task=task, by=by, lease_seconds=lease_seconds, now=now)


def may_ring(*, case_id: UUID, by: Actor, now: dt.datetime) -> bool:
    """
    Say whether somebody may take the red flags of a case, and keep everybody else from them until the transaction ends.

    Two tasks of one person are two rows: to lock one would not keep a second caller from the other. So all who take,
    or take up again, a red flag of a case ask for the one lock of that case first; who does not get it goes on to the
    next. Hazards: H-02 (two callers ring at once, and each knows half).
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"red flags of {case_id}"])
        (is_first,) = cursor.fetchone()
    return bool(is_first) and not rung_about(case_id=case_id, but_not_by=by.id, now=now).exists()


def take_the_rest(*, by: Actor, task: Task, now: dt.datetime) -> None:
    """Take what was raised of the same person since their red flag was taken: one call settles all of it."""
    if task.kind != "red_flag" or task.leased_until is None or not may_ring(case_id=task.case_id, by=by, now=now):
        return
    for one in free_red_flags_of(case_id=task.case_id, now=now).select_for_update():
        _take(task=one, by=by, until=task.leased_until, now=now)


def _first(*, among: QuerySet[Task], by: Actor, now: dt.datetime) -> Task | None:
    passed_over: set[UUID] = set()
    while True:
        left = among.exclude(Q(kind="red_flag", case_id__in=passed_over)) if passed_over else among
        task = left.select_for_update(skip_locked=True).first()
        if task is None or task.kind != "red_flag" or may_ring(case_id=task.case_id, by=by, now=now):
            return task
        passed_over.add(task.case_id)


def _claim(*, task: Task, by: Actor, lease_seconds: int, now: dt.datetime) -> None:
    _take(task=task, by=by, until=now + dt.timedelta(seconds=lease_seconds), now=now)
    take_the_rest(by=by, task=task, now=now)


def _take(*, task: Task, by: Actor, until: dt.datetime, now: dt.datetime) -> None:
    lapsed = task.state == "claimed"
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
    has_lapsed = task.leased_until is None or task.leased_until <= now
    if task.kind == "red_flag" and has_lapsed and not may_ring(case_id=task.case_id, by=by, now=now):
        raise ClaimedByAnother
    held = Task.objects.filter(state="claimed", claimed_by=by.id)
    if held.filter(pk=task.pk).update(leased_until=until) != 1:
        raise ClaimedByAnother
    if task.kind == "red_flag":
        held.filter(case_id=task.case_id, kind="red_flag").update(leased_until=until)
    task.leased_until = until
