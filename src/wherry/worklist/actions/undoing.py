"""A mis-tap taken back: the task is as it was, and held again."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission, require
from wherry.worklist.actions.claiming import may_ring
from wherry.worklist.errors import NothingToUndo
from wherry.worklist.models import Task, TaskEvent
from wherry.worklist.queries import free_red_flags_of, last_event
from wherry.worklist.rows import to_restore, write_down
from wherry.worklist.rules import UNDO_FOR

_CAN_BE_UNDONE = ("tried", "handed_back", "handed_over")


def take_back(*, by: Actor, task: Task, lease_seconds: int, now: dt.datetime) -> UUID | None:
    """
    Take back one's own last tap on a task that is still open: it is as it was, and held again.

    Returns the contact point the tap marked wrong, for the caller to put right. Raises NothingToUndo once somebody
    else has it, the task is closed, or UNDO_FOR has passed.
    """
    require(by, Permission.RECORD_CALL)
    last = last_event(task_id=task.id)
    if last is None or last.by != by.id or last.verb not in _CAN_BE_UNDONE or now - last.at > UNDO_FOR:
        raise NothingToUndo
    if task.state != "open":
        raise NothingToUndo
    if task.kind == "red_flag" and not may_ring(case_id=task.case_id, by=by, now=now):
        raise NothingToUndo
    until = now + dt.timedelta(seconds=lease_seconds)
    _restore(task=task, last=last, by=by, until=until, now=now)
    for one in free_red_flags_of(case_id=task.case_id, now=now) if task.kind == "red_flag" else ():
        same = last_event(task_id=one.pk)
        if same is not None and (same.by, same.at, same.verb) == (last.by, last.at, last.verb):
            _restore(task=one, last=same, by=by, until=until, now=now)
    return UUID(last.was["wrong"]) if "wrong" in last.was else None


def _restore(*, task: Task, last: TaskEvent, by: Actor, until: dt.datetime, now: dt.datetime) -> None:
    task.change(**{**to_restore(last.was), "state": "claimed", "claimed_by": by.id, "leased_until": until})
    write_down(task=task, by=by, verb="taken_back", now=now, outcome=last.outcome)
    record(by=by, did="task.taken_back", subject="task", subject_ids=[task.id, task.case_id], now=now)
