"""
A task's row as a deed finds and leaves it, and the line of history each deed writes.

A line keeps what the row was, so that a mis-tap can be taken back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from wherry.foundation.actors import Actor
from wherry.worklist.errors import ClaimedByAnother
from wherry.worklist.models import Task, TaskEvent

#: What a mis-tap changes and taking it back restores.
_RESTORED = ("not_before", "due_at", "tries", "hops", "for_role", "kept_for", "kept_until")
#: Nobody holds it; and nobody is to have it first.
FREE = {"state": "open", "claimed_by": "", "leased_until": None}
FOR_ANYBODY = {"kept_for": "", "kept_until": None}


def check_held(*, task: Task, by: Actor) -> None:
    """Raise ClaimedByAnother unless the actor holds the task."""
    if task.state != "claimed" or task.claimed_by != by.id:
        raise ClaimedByAnother


def as_it_was(task: Task) -> dict[str, object]:
    """Give what a deed may change of a task, as a line of its history keeps it."""
    columns = {name: getattr(task, name) for name in _RESTORED}
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in columns.items()}


def to_restore(was: Mapping[str, object]) -> dict[str, object]:
    """Give the columns a line of history kept, as the task takes them."""
    return {name: _read(name, value) for name, value in was.items() if name in _RESTORED}


def _read(name: str, value: object) -> object:
    is_moment = name in ("not_before", "due_at", "kept_until") and isinstance(value, str)
    return dt.datetime.fromisoformat(str(value)) if is_moment else value


def write_down(
    *,
    task: Task,
    by: Actor,
    verb: str,
    now: dt.datetime,
    outcome: str = "",
    note: str = "",
    was: dict[str, object] | None = None,
) -> None:
    """Write one line of a task's history. was: as_it_was, before a deed that can be taken back."""
    TaskEvent.objects.create(
        case_id=task.case_id,
        audience_id=task.audience_id,
        task=task,
        at=now,
        by=by.id,
        verb=verb,
        outcome=outcome,
        note=note,
        at_version=task.version,
        was=was or {},
    )
