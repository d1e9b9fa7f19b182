"""Opening, claiming, handing back and finishing tasks: one person at a time, never lost."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction

from wherry.audit.actions import record
from wherry.cases.models import Case
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission, require
from wherry.organisations.models import Team
from wherry.worklist.errors import ClaimedByAnother
from wherry.worklist.models import Task, TaskEvent
from wherry.worklist.queries import claimable, held_by


def open_task(
    *,
    by: Actor,
    case: Case,
    kind: str,
    about_id: UUID,
    team: Team,
    priority: int,
    due_at: dt.datetime,
    now: dt.datetime,
    for_role: str = "",
    household_key: str = "",
    not_before: dt.datetime | None = None,
) -> Task | None:
    """Put work on a team's list, with a clock. None when the same work waits there already."""
    try:
        with transaction.atomic():
            task = Task.objects.create(
                case_id=case.id,
                audience_id=case.audience_id,
                kind=kind,
                team=team,
                about_id=about_id,
                priority=priority,
                opened_at=now,
                not_before=not_before or now,
                due_at=due_at,
                for_role=for_role,
                household_key=household_key,
            )
    except IntegrityError:
        return None
    _note(task=task, by=by, verb="opened", now=now)
    record(by=by, did="task.opened", subject="task", subject_ids=[task.id, case.id], now=now, detail={"kind": kind})
    return task


def claim_next(*, by: Actor, teams: list[UUID], lease_seconds: int, now: dt.datetime) -> Task | None:
    """
    Claim the most pressing task of these teams for a while, or give the one the actor holds already.

    Two callers never get the same task: the row is taken with SKIP LOCKED. A lease that ran out is claimable again.
    """
    require(by, Permission.CLAIM_TASK)
    with transaction.atomic():
        held = held_by(actor=by, now=now)
        if held is not None:
            return held
        task = (
            claimable(teams=teams, roles=by.roles, actor_id=by.id, now=now).select_for_update(skip_locked=True).first()
        )
        if task is None:
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
    task.change(state="claimed", claimed_by=by.id, leased_until=now + dt.timedelta(seconds=lease_seconds))
    _note(task=task, by=by, verb="claimed", now=now, outcome="after_lapsed_lease" if lapsed else "")
    record(by=by, did="task.claimed", subject="task", subject_ids=[task.id, task.case_id], now=now)


def renew_lease(*, by: Actor, task: Task, lease_seconds: int, now: dt.datetime) -> None:
    """Show a sign of life: the task stays with whoever holds it."""
    _check_held(task=task, by=by)
    task.change(leased_until=now + dt.timedelta(seconds=lease_seconds))


def hand_back(*, by: Actor, task: Task, why: str, now: dt.datetime) -> None:
    """Give a task back to its team, at once claimable by somebody else."""
    _check_held(task=task, by=by)
    task.change(state="open", claimed_by="", leased_until=None)
    _note(task=task, by=by, verb="handed_back", now=now, note=why)
    record(by=by, did="task.handed_back", subject="task", subject_ids=[task.id, task.case_id], now=now)


def try_again(
    *,
    by: Actor,
    task: Task,
    outcome: str,
    not_before: dt.datetime,
    now: dt.datetime,
    counts: bool = True,
    for_role: str = "",
    hops: int | None = None,
) -> None:
    """Put a task back on the list for later: nobody answered, or they asked to be rung at another time."""
    _check_held(task=task, by=by)
    task.change(
        state="open",
        claimed_by="",
        leased_until=None,
        not_before=not_before,
        tries=task.tries + counts,
        due_at=max(task.due_at, not_before),
        for_role=for_role or task.for_role,
        hops=task.hops if hops is None else hops,
    )
    _note(task=task, by=by, verb="tried", now=now, outcome=outcome)
    record(
        by=by,
        did="task.tried",
        subject="task",
        subject_ids=[task.id, task.case_id],
        now=now,
        detail={"outcome": outcome, "tries": task.tries},
    )


def finish(*, by: Actor, task: Task, outcome: str, now: dt.datetime, note: str = "") -> None:
    """Finish a task with its outcome."""
    _check_held(task=task, by=by)
    task.change(state="done", done_at=now, tries=task.tries + 1)
    _note(task=task, by=by, verb="finished", now=now, outcome=outcome, note=note)
    record(
        by=by,
        did="task.finished",
        subject="task",
        subject_ids=[task.id, task.case_id],
        now=now,
        detail={"outcome": outcome},
    )


def cancel_tasks(*, by: Actor, case_id: UUID, kinds: list[str], why: str, now: dt.datetime) -> int:
    """Take tasks off the list that no longer make sense: answered another way, stopped, died. Returns how many."""
    waiting = list(
        Task.objects.filter(case_id=case_id, kind__in=kinds, state__in=["open", "claimed"]).select_for_update()
    )
    for task in waiting:
        task.change(state="cancelled", claimed_by="", leased_until=None, done_at=now)
        _note(task=task, by=by, verb="cancelled", now=now, note=why)
    if waiting:
        record(
            by=by,
            did="task.cancelled",
            subject="task",
            subject_ids=[task.id for task in waiting],
            now=now,
            detail={"why": why},
        )
    return len(waiting)


def climb(*, by: Actor, task: Task, role: str, hops: int, now: dt.datetime) -> None:
    """Hand an unowned task up: from now on another role is asked, and it is still claimable by those below."""
    task.change(for_role=role, hops=hops, priority=0)
    _note(task=task, by=by, verb="climbed", now=now, outcome=role)
    record(
        by=by,
        did="task.climbed",
        subject="task",
        subject_ids=[task.id, task.case_id],
        now=now,
        detail={"hops": hops, "role": role},
    )


def _check_held(*, task: Task, by: Actor) -> None:
    if task.state != "claimed" or task.claimed_by != by.id:
        raise ClaimedByAnother


def _note(*, task: Task, by: Actor, verb: str, now: dt.datetime, outcome: str = "", note: str = "") -> None:
    TaskEvent.objects.create(
        case_id=task.case_id,
        audience_id=task.audience_id,
        task=task,
        at=now,
        by=by.id,
        verb=verb,
        outcome=outcome,
        note=note,
    )
