"""Keep every red flag owned: back on the list when it fell off, and up to the next role until somebody holds it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from wherry.cases.models import Case
from wherry.checkin.models import Invitation
from wherry.checkin.queries import alarms_of, first_alarm
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.foundation.periods import local_time
from wherry.journeys.programme_in_force import InForce, of_case
from wherry.triage.models import RedFlag
from wherry.triage.queries import flags_seen_to
from wherry.worklist.actions.opening import open_task
from wherry.worklist.actions.passing import climb
from wherry.worklist.models import Task
from wherry.worklist.queries import unclaimed_red_flags
from wherry.worklist.rules import hop_due, rank, within_hours


def keep_red_flags_owned() -> int:
    """Put every open red flag without a task on the list again, and climb. Returns how many moved."""
    with acting_as(WORKER):
        now = app_now()
        waiting = Task.objects.filter(kind="red_flag", state__in=["open", "claimed"]).values("about_id")
        lost = list(RedFlag.objects.filter(closed_at__isnull=True).exclude(pk__in=waiting).select_related("case"))
        for flag in lost:
            ask_for_owner(flag=flag, case=flag.case, now=now)
    return len(lost) + climb_red_flags()


def ask_for_owner(*, flag: RedFlag, case: Case, now: dt.datetime) -> None:
    """Put a red flag at the top of its team's list, unless it is there."""
    programme = of_case(case=case).programme
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
            programme = of_case(case=task.case).programme
            hop = hop_due(
                opened_at=task.opened_at, minutes=programme.red_flag_minutes, hops=programme.escalation, now=now
            )
            if hop.number > task.hops:
                climb(by=WORKER, task=task, role="" if hop.number == 0 else hop.role, hops=hop.number, now=now)
                climbed += 1
        return climbed


@dataclass(frozen=True)
class Raised:
    """A red flag somebody raised by link. is_seen_to: whoever followed it up has closed it; nobody rings any more."""

    flag: str
    rule: str
    is_taken_back: bool
    is_seen_to: bool


def raised_by(*, invitation: Invitation) -> tuple[Raised, ...]:
    """List what was passed on of a check-in before it was sent, in the link's own context; nothing once it is old."""
    alarms = alarms_of(occurrence_id=invitation.occurrence_id)
    over = flags_seen_to() if alarms else set()
    return tuple(Raised(one.flag, one.rule, one.taken_back_at is not None, one.flag in over) for one in alarms)


def rung_by(*, invitation: Invitation, force: InForce, now: dt.datetime) -> dt.datetime:
    """
    Say by when somebody who raised a red flag is rung: what their page promises, in the link's own context.

    Every role it climbs through has its minutes, counted from when it was said, or from when ringing begins again:
    what is said in those hours is rung about that day. A promise that has passed is not shown: then it counts from now.
    """
    hours, programme = force.cadence.contact_hours, force.programme
    longest = dt.timedelta(minutes=programme.red_flag_minutes * len(programme.escalation))

    def promised(said_at: dt.datetime) -> dt.datetime:
        return within_hours(moment=local_time(said_at), opens=hours.opens, closes=hours.closes) + longest

    first = promised(first_alarm(occurrence_id=invitation.occurrence_id) or now)
    return first if first > now else promised(now)
