"""
During a call and at its edges: what is said is kept as it is said; ring again at their time; hand over; take back.

Nothing here ends a call for good: see `work_the_list`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from wherry.checkin.types import Answers
from wherry.database.context import acting_as
from wherry.foundation.actors import Actor, Kind
from wherry.foundation.errors import InputWrong
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission, require
from wherry.journeys.programme_in_force import of_case
from wherry.journeys.said_in_a_call import check_in_of
from wherry.journeys.take_checkin import note_answers_so_far
from wherry.journeys.work_the_list import LEASE_SECONDS, pass_on_red_flag
from wherry.organisations.queries import callers_of_teams
from wherry.people.actions import mark_right
from wherry.triage.types import RedFlagFound
from wherry.worklist.actions.claiming import renew_lease
from wherry.worklist.actions.drafts import keep_draft
from wherry.worklist.actions.ending import try_again
from wherry.worklist.actions.passing import hand_back, hand_over
from wherry.worklist.actions.undoing import take_back
from wherry.worklist.errors import ClaimedByAnother
from wherry.worklist.models import Task
from wherry.worklist.queries import held_together, task_by_id
from wherry.worklist.rules import KEPT_FOR, within_hours
from wherry.worklist.types import Outcome

HANDED_TO_ROLES = ("supervisor", "clinician")
HANDED_FOR = dt.timedelta(hours=2)
FARTHEST_CALL_BACK = dt.timedelta(days=3)
_READS_NAMES = Actor(kind=Kind.SIGN_IN, id="colleagues")


@dataclass(frozen=True)
class Colleague:
    """Somebody who takes calls on the same team. id: the staff id; role: as they are known there."""

    id: str
    name: str
    role: str


def colleagues_of(*, actor: Actor, now: dt.datetime) -> list[Colleague]:
    """
    List whoever takes calls on an actor's teams, themselves included, by name: who they are and nothing else.

    A caller sees nobody's account; names are read as the sign-in reads them, and for the teams shared alone.
    """
    with acting_as(_READS_NAMES):
        members = callers_of_teams(team_ids=actor.teams, now=now)
    return [Colleague(str(one.staff_id), one.staff.name, one.role) for one in members]


def hold_on(*, by: Actor, task: Task, now: dt.datetime) -> Task:
    """
    Go on with a call whose lease ran out while nobody else took it; a call just rung is not lost to a clock.

    Raises ClaimedByAnother when somebody did. Returns the task, with the case behind it in sight again.
    """
    renew_lease(by=by, task=task, lease_seconds=LEASE_SECONDS, now=now)
    found = task_by_id(task_id=task.pk)
    if found is None:
        raise ClaimedByAnother
    return found


def save_as_they_talk(*, by: Actor, task: Task, answers: Answers, now: dt.datetime) -> tuple[RedFlagFound, ...]:
    """
    Keep what somebody has said so far, and raise at once what cannot wait, though the call never comes to its end.

    A sign of life too: whoever writes holds the call. Returns the red flags so far, so that the script can stop.
    Hazards: H-02 (a red flag not seen).
    """
    require(by, Permission.RECORD_CALL)
    keep_draft(by=by, task=task, answers=answers, now=now)
    force = of_case(case=task.case)
    renew_lease(by=by, task=task, lease_seconds=force.script.policy.lease_seconds, now=now)
    occurrence = check_in_of(by=by, task=task, now=now)
    language = occurrence.case.person.language
    return note_answers_so_far(
        by=by, occurrence=occurrence, answers=answers, channel="phone", language=language, now=now
    )


def record_call_back(*, by: Actor, task: Task, at: dt.datetime, words: str, now: dt.datetime) -> None:
    """
    Promise to ring somebody at a time they chose: it comes to the same caller first, then to anybody.

    words: when they would like it, as they said it. A red flag and somebody nobody could reach are not put off: see
    NEVER_PARKED. Raises InputWrong for a time that has passed, is outside contact hours or over three days away.
    """
    require(by, Permission.RECORD_CALL)
    force = of_case(case=task.case)
    if task.kind == "red_flag":
        pass_on_red_flag(by=by, task=task, outcome=Outcome.CALL_BACK, force=force, now=now)
        return
    hours, wanted = force.cadence.contact_hours, local_time(at)
    if wanted <= now or wanted > now + FARTHEST_CALL_BACK:
        raise InputWrong("Choose a time within the next three days.")
    if within_hours(moment=wanted, opens=hours.opens, closes=hours.closes) != wanted:
        raise InputWrong(f"We ring between {hours.opens:%H:%M} and {hours.closes:%H:%M}.")
    try_again(
        by=by,
        task=task,
        outcome=Outcome.CALL_BACK,
        not_before=wanted,
        now=now,
        counts=False,
        kept_for=by.id,
        kept_until=wanted + KEPT_FOR,
        note=words,
    )


def record_hand_over(*, by: Actor, task: Task, to: str, note: str, now: dt.datetime) -> None:
    """
    Hand a call over: `to` is `supervisor`, `clinician`, or a colleague's id, who has it first for two hours.

    note: the least the next one must know. Raises InputWrong for somebody who is no colleague.
    """
    require(by, Permission.RECORD_CALL)
    is_role = to in HANDED_TO_ROLES
    if not is_role and (to == by.id or to not in {one.id for one in colleagues_of(actor=by, now=now)}):
        raise InputWrong("Choose who takes this call.")
    for one in held_together(by=by, task=task):
        if is_role:
            hand_over(by=by, task=one, now=now, note=note, for_role=to)
        else:
            hand_over(by=by, task=one, now=now, note=note, to=to, kept_until=now + HANDED_FOR)


def record_hand_back(*, by: Actor, task: Task, why: str, now: dt.datetime) -> None:
    """Give a call back to its team, at once claimable by somebody else; with it the person's other red flags."""
    require(by, Permission.RECORD_CALL)
    for one in held_together(by=by, task=task):
        hand_back(by=by, task=one, why=why, now=now)


def undo_last(*, by: Actor, task: Task, now: dt.datetime) -> None:
    """Take back one's own last tap: the call is held again, as it was. Raises NothingToUndo when it is too late."""
    wrong = take_back(by=by, task=task, lease_seconds=LEASE_SECONDS, now=now)
    if wrong is not None:
        mark_right(by=by, contact_point_id=wrong, now=now)
