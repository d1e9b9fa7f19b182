"""A task passed on: back to its team, to a colleague, to a role, to the next hop."""

from __future__ import annotations

import datetime as dt

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission, require
from wherry.worklist.errors import TaskClosed
from wherry.worklist.models import Task
from wherry.worklist.rows import FREE, as_it_was, check_held, write_down


def hand_back(*, by: Actor, task: Task, why: str, now: dt.datetime) -> None:
    """Give a task back to its team, at once claimable by somebody else."""
    check_held(task=task, by=by)
    was = as_it_was(task)
    task.change(**FREE)
    write_down(task=task, by=by, verb="handed_back", now=now, note=why, was=was)
    record(by=by, did="task.handed_back", subject="task", subject_ids=[task.id, task.case_id], now=now)


def hand_over(
    *,
    by: Actor,
    task: Task,
    now: dt.datetime,
    note: str = "",
    to: str = "",
    kept_until: dt.datetime | None = None,
    for_role: str = "",
) -> None:
    """
    Give a held task to a colleague, who has it first until `kept_until`, or to a role. Its clock runs on.

    Give `to` (a colleague's id) with `kept_until`, or `for_role`.
    """
    check_held(task=task, by=by)
    was = as_it_was(task)
    task.change(
        **FREE,
        not_before=now,
        kept_for=to,
        kept_until=kept_until if to else None,
        for_role=task.for_role if to else for_role,
    )
    write_down(task=task, by=by, verb="handed_over", now=now, outcome=for_role, note=note, was=was)
    record(by=by, did="task.handed_over", subject="task", subject_ids=[task.id, task.case_id], now=now)


def reassign(
    *, by: Actor, task: Task, now: dt.datetime, to: str = "", kept_until: dt.datetime | None = None, note: str = ""
) -> None:
    """
    Give any open task to somebody, or to everybody at once, whoever holds it now and whenever it was to show again.

    to: a colleague's id, with `kept_until`; empty: to whoever takes the next call. A supervisor's deed.
    """
    require(by, Permission.SUPERVISE)
    if task.state not in ("open", "claimed"):
        raise TaskClosed
    task.change(**FREE, not_before=now, kept_for=to, kept_until=kept_until if to else None)
    write_down(task=task, by=by, verb="reassigned", now=now, note=note)
    record(by=by, did="task.reassigned", subject="task", subject_ids=[task.id, task.case_id], now=now)


def climb(*, by: Actor, task: Task, role: str, hops: int, now: dt.datetime) -> None:
    """Hand an unowned task up: from now on another role is asked, and it is still claimable by those below."""
    task.change(for_role=role, hops=hops, priority=0)
    write_down(task=task, by=by, verb="climbed", now=now, outcome=role)
    record(
        by=by,
        did="task.climbed",
        subject="task",
        subject_ids=[task.id, task.case_id],
        now=now,
        detail={"hops": hops, "role": role},
    )
