"""Keep every red flag owned: back on the list when it fell off, and up to the next role until somebody holds it."""

from __future__ import annotations

import datetime as dt

from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys.programme_in_force import in_force
from wherry.triage.models import RedFlag
from wherry.worklist.actions.opening import open_task
from wherry.worklist.actions.passing import climb
from wherry.worklist.models import Task
from wherry.worklist.queries import unclaimed_red_flags
from wherry.worklist.rules import hop_due, rank


def keep_red_flags_owned() -> int:
    """Put every open red flag without a task on the list again, and climb. Returns how many moved."""
    with acting_as(WORKER):
        now = app_now()
        waiting = Task.objects.filter(kind="red_flag", state__in=["open", "claimed"]).values("about_id")
        lost = list(RedFlag.objects.filter(closed_at__isnull=True).exclude(pk__in=waiting).select_related("case"))
        for flag in lost:
            _reopen(flag=flag, now=now)
    return len(lost) + climb_red_flags()


def _reopen(*, flag: RedFlag, now: dt.datetime) -> None:
    case = flag.case
    programme = in_force(programme=case.programme, place=case.place).programme
    open_task(
        by=WORKER,
        case=case,
        kind="red_flag",
        about_id=flag.pk,
        team=case.owner_team,
        priority=rank(red_flag=True, urgency="emergency", tier=case.tier),
        due_at=now + dt.timedelta(minutes=programme.red_flag_minutes),
        now=now,
    )


def climb_red_flags() -> int:
    """
    Hand every red flag nobody holds to the role whose turn it is, each hop timed. Returns how many climbed.

    Hazards: H-02 (a red flag nobody saw).
    """
    with acting_as(WORKER):
        now = app_now()
        climbed = 0
        for task in unclaimed_red_flags(now=now):
            programme = in_force(programme=task.case.programme, place=task.case.place).programme
            hop = hop_due(
                opened_at=task.opened_at, minutes=programme.red_flag_minutes, hops=programme.escalation, now=now
            )
            if hop.number > task.hops:
                climb(by=WORKER, task=task, role="" if hop.number == 0 else hop.role, hops=hop.number, now=now)
                climbed += 1
        return climbed
