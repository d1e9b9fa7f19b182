"""On the list with a clock, and off it again when it no longer makes sense."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction

from wherry.audit.actions import record
from wherry.cases.models import Case
from wherry.foundation.actors import Actor
from wherry.organisations.models import Team
from wherry.worklist.actions.drafts import drop_draft
from wherry.worklist.models import Task
from wherry.worklist.rows import FOR_ANYBODY, write_down


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
    write_down(task=task, by=by, verb="opened", now=now)
    record(by=by, did="task.opened", subject="task", subject_ids=[task.id, case.id], now=now, detail={"kind": kind})
    return task


def cancel_tasks(
    *, by: Actor, case_id: UUID, kinds: list[str], why: str, now: dt.datetime, about_id: UUID | None = None
) -> int:
    """
    Take tasks off the list that no longer make sense: answered another way, stopped, died. Returns how many.

    about_id: only those about this one thing.
    """
    rows = Task.objects.filter(case_id=case_id, kind__in=kinds, state__in=["open", "claimed"])
    waiting = list((rows if about_id is None else rows.filter(about_id=about_id)).select_for_update())
    for task in waiting:
        task.change(state="cancelled", claimed_by="", leased_until=None, done_at=now, **FOR_ANYBODY)
        write_down(task=task, by=by, verb="cancelled", now=now, note=why)
        drop_draft(task=task)
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
