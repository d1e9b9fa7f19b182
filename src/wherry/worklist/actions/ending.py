"""How a try ends: again later, or finished."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.worklist.models import Task
from wherry.worklist.rows import FREE, as_it_was, check_held, write_down
from wherry.worklist.rules import waits_until


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
    kept_for: str = "",
    kept_until: dt.datetime | None = None,
    note: str = "",
    wrong: UUID | None = None,
) -> None:
    """
    Put a task back on the list for later: nobody answered, or they asked to be rung at another time.

    kept_for, kept_until: who promised to ring, and when it becomes anybody's; note: when they would like it, in their
    own words; wrong: the contact point this call marked wrong, so that a mis-tap can be taken back.
    """
    check_held(task=task, by=by)
    was = as_it_was(task) | ({"wrong": str(wrong)} if wrong else {})
    shows_at, due_at = waits_until(kind=task.kind, wanted=not_before, due_at=task.due_at, now=now)
    task.change(
        **FREE,
        not_before=shows_at,
        tries=task.tries + counts,
        due_at=due_at,
        for_role=for_role or task.for_role,
        hops=task.hops if hops is None else hops,
        kept_for=kept_for,
        kept_until=kept_until if kept_for else None,
    )
    write_down(task=task, by=by, verb="tried", now=now, outcome=outcome, note=note, was=was)
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
    check_held(task=task, by=by)
    task.change(state="done", done_at=now, tries=task.tries + 1)
    write_down(task=task, by=by, verb="finished", now=now, outcome=outcome, note=note)
    record(
        by=by,
        did="task.finished",
        subject="task",
        subject_ids=[task.id, task.case_id],
        now=now,
        detail={"outcome": outcome},
    )
