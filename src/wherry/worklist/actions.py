"""Opening, claiming, handing back and finishing tasks: one person at a time, never lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction

from wherry.audit.actions import record
from wherry.cases.models import Case
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission, require
from wherry.organisations.models import Team
from wherry.worklist.errors import ClaimedByAnother, NothingToUndo, TaskClosed
from wherry.worklist.models import CallDraft, Task, TaskEvent
from wherry.worklist.queries import claimable, held_by, last_event
from wherry.worklist.rules import UNDO_FOR, waits_until

#: What a mis-tap changes and taking it back restores.
_RESTORED = ("not_before", "due_at", "tries", "hops", "for_role", "kept_for", "kept_until")
_CAN_BE_UNDONE = ("tried", "handed_back", "handed_over")
_FREE = {"state": "open", "claimed_by": "", "leased_until": None}
_FOR_ANYBODY = {"kept_for": "", "kept_until": None}


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
    task.change(state="claimed", claimed_by=by.id, leased_until=until, **_FOR_ANYBODY)
    _note(task=task, by=by, verb="claimed", now=now, outcome="after_lapsed_lease" if lapsed else "")
    record(by=by, did="task.claimed", subject="task", subject_ids=[task.id, task.case_id], now=now)


def renew_lease(*, by: Actor, task: Task, lease_seconds: int, now: dt.datetime) -> None:
    """
    Show a sign of life: the task stays with whoever holds it.

    Its version stays: a form drawn before the sign of life is not stale. Raises ClaimedByAnother.
    """
    _check_held(task=task, by=by)
    until = now + dt.timedelta(seconds=lease_seconds)
    held = Task.objects.filter(pk=task.pk, state="claimed", claimed_by=by.id)
    if held.update(leased_until=until) != 1:
        raise ClaimedByAnother
    task.leased_until = until


def hand_back(*, by: Actor, task: Task, why: str, now: dt.datetime) -> None:
    """Give a task back to its team, at once claimable by somebody else."""
    _check_held(task=task, by=by)
    was = _as_it_was(task)
    task.change(**_FREE)
    _note(task=task, by=by, verb="handed_back", now=now, note=why, was=was)
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
    _check_held(task=task, by=by)
    was = _as_it_was(task) | ({"wrong": str(wrong)} if wrong else {})
    shows_at, due_at = waits_until(kind=task.kind, wanted=not_before, due_at=task.due_at, now=now)
    task.change(
        **_FREE,
        not_before=shows_at,
        tries=task.tries + counts,
        due_at=due_at,
        for_role=for_role or task.for_role,
        hops=task.hops if hops is None else hops,
        kept_for=kept_for,
        kept_until=kept_until if kept_for else None,
    )
    _note(task=task, by=by, verb="tried", now=now, outcome=outcome, note=note, was=was)
    record(
        by=by,
        did="task.tried",
        subject="task",
        subject_ids=[task.id, task.case_id],
        now=now,
        detail={"outcome": outcome, "tries": task.tries},
    )


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
    _check_held(task=task, by=by)
    was = _as_it_was(task)
    task.change(
        **_FREE,
        not_before=now,
        kept_for=to,
        kept_until=kept_until if to else None,
        for_role=task.for_role if to else for_role,
    )
    _note(task=task, by=by, verb="handed_over", now=now, outcome=for_role, note=note, was=was)
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
    task.change(**_FREE, not_before=now, kept_for=to, kept_until=kept_until if to else None)
    _note(task=task, by=by, verb="reassigned", now=now, note=note)
    record(by=by, did="task.reassigned", subject="task", subject_ids=[task.id, task.case_id], now=now)


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
    was = {name: _read(name, value) for name, value in last.was.items() if name in _RESTORED}
    until = now + dt.timedelta(seconds=lease_seconds)
    task.change(**{**was, "state": "claimed", "claimed_by": by.id, "leased_until": until})
    _note(task=task, by=by, verb="taken_back", now=now, outcome=last.outcome)
    record(by=by, did="task.taken_back", subject="task", subject_ids=[task.id, task.case_id], now=now)
    return UUID(last.was["wrong"]) if "wrong" in last.was else None


def keep_draft(*, by: Actor, task: Task, answers: Mapping[str, object], now: dt.datetime) -> None:
    """Keep what somebody has said so far in a call; the newest words of a caller stand for all before them."""
    _check_held(task=task, by=by)
    CallDraft.objects.update_or_create(
        task=task,
        defaults={
            "case_id": task.case_id,
            "audience_id": task.audience_id,
            "answers": dict(answers),
            "saved_at": now,
            "saved_by": by.id,
        },
    )


def drop_draft(*, task: Task) -> None:
    """Let go of what was kept of a call once the answers themselves are stored."""
    CallDraft.objects.filter(task=task).delete()


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
        task.change(state="cancelled", claimed_by="", leased_until=None, done_at=now, **_FOR_ANYBODY)
        _note(task=task, by=by, verb="cancelled", now=now, note=why)
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


def _as_it_was(task: Task) -> dict[str, object]:
    columns = {name: getattr(task, name) for name in _RESTORED}
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in columns.items()}


def _read(name: str, value: object) -> object:
    is_moment = name in ("not_before", "due_at", "kept_until") and isinstance(value, str)
    return dt.datetime.fromisoformat(str(value)) if is_moment else value


def _note(
    *,
    task: Task,
    by: Actor,
    verb: str,
    now: dt.datetime,
    outcome: str = "",
    note: str = "",
    was: dict[str, object] | None = None,
) -> None:
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
