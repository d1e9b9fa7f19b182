"""Work the list: the next call, what was said in it, and how it ended. What follows elsewhere is the worker's."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from wherry.checkin.actions.replies import say_whether_it_helped
from wherry.checkin.queries import response_of
from wherry.checkin.types import Answers
from wherry.foundation.actors import Actor
from wherry.foundation.errors import InputWrong
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission, require
from wherry.journeys.deferring import Job, defer
from wherry.journeys.programme_in_force import InForce, of_case
from wherry.journeys.said_in_a_call import ASKS, MAY_ASK, check_in_of
from wherry.journeys.stop_contact import report_death, stop
from wherry.journeys.take_checkin import take_answers_by_phone
from wherry.people.actions import mark_wrong, resolve_report
from wherry.people.models import ContactPointRow
from wherry.triage.actions import acknowledge_red_flag, close_red_flag
from wherry.triage.types import Decision as Decided
from wherry.worklist.actions.claiming import claim, claim_next, take_the_rest
from wherry.worklist.actions.drafts import drop_draft
from wherry.worklist.actions.ending import finish, try_again
from wherry.worklist.actions.passing import hand_over
from wherry.worklist.errors import AnswerNeeded
from wherry.worklist.models import Task
from wherry.worklist.queries import draft_of, held_together
from wherry.worklist.rules import after_outcome, within_hours
from wherry.worklist.types import Outcome, Retry, TriesUsedUp, VerifyDeath

#: Until a task is claimed its case, and so its programme, is out of sight: the first lease is this long. The call page
#: renews it by the programme's own `lease_seconds`.
LEASE_SECONDS = 1_200
#: What is no end of a task by itself: what came of it must be said too, or it would be lost with nobody to own it.
MUST_SAY_MORE = {
    "did_it_help": (Outcome.SPOKE,),
    "need": (Outcome.SPOKE, Outcome.REFUSED),
    "red_flag": (Outcome.SPOKE,),
}


def next_call(*, by: Actor, now: dt.datetime) -> Task | None:
    """
    Claim the next call for somebody, or give the one they hold. A red flag claimed is a red flag owned.

    The lease comes from the programme of the most pressing task's case; it is the programme's own number of seconds.
    """
    require(by, Permission.CLAIM_TASK)
    task = claim_next(by=by, teams=by.teams, lease_seconds=LEASE_SECONDS, now=now)
    if task is not None:
        _own_red_flags(by=by, task=task, now=now)
    return task


def take_call(*, by: Actor, task: Task, now: dt.datetime) -> None:
    """Take one call by name. A red flag claimed is a red flag owned. Raises ClaimedByAnother."""
    claim(by=by, task=task, lease_seconds=LEASE_SECONDS, now=now)
    _own_red_flags(by=by, task=task, now=now)


def join_red_flags(*, by: Actor, task: Task, now: dt.datetime) -> None:
    """Take into a call that goes on what was raised of the same person since: one caller, all they must know."""
    take_the_rest(by=by, task=task, now=now)
    _own_red_flags(by=by, task=task, now=now)


def _own_red_flags(*, by: Actor, task: Task, now: dt.datetime) -> None:
    if task.kind == "red_flag":
        for one in held_together(by=by, task=task):
            acknowledge_red_flag(by=by, red_flag_id=one.about_id, now=now)


def record_answers(*, by: Actor, task: Task, answers: Answers, key: UUID, now: dt.datetime) -> Decided:
    """Store what somebody said in a call. The task stays claimed until its outcome is chosen."""
    require(by, Permission.RECORD_CALL)
    occurrence = check_in_of(by=by, task=task, now=now)
    decided = take_answers_by_phone(
        by=by, occurrence=occurrence, answers=answers, language=occurrence.case.person.language, key=key, now=now
    )
    drop_draft(task=task)
    return decided


def _store_what_was_said(*, by: Actor, task: Task, now: dt.datetime) -> None:
    """Store what was written down of a call that ends otherwise: said is said, though the rest was never asked."""
    draft = draft_of(task_id=task.pk)
    is_new = task.kind in MAY_ASK or (task.kind in ASKS and response_of(occurrence_id=task.about_id) is None)
    if draft is not None and draft.answers and is_new:
        record_answers(by=by, task=task, answers=draft.answers, key=draft.pk, now=now)


def record_outcome(*, by: Actor, task: Task, outcome: Outcome, now: dt.datetime, rang: UUID | None = None) -> None:
    """
    Write down how a call ended and put the task where it belongs; what follows elsewhere is the worker's.

    rang: the contact point that was dialled, marked wrong when it was.
    """
    require(by, Permission.RECORD_CALL)
    if outcome in MUST_SAY_MORE.get(task.kind, ()):
        raise AnswerNeeded
    force = of_case(case=task.case)
    if outcome is Outcome.WRONG_NUMBER and rang is not None:
        mark_wrong(by=by, contact_point_id=rang, now=now)
    others = ContactPointRow.objects.filter(
        person_id=task.case.person_id, kind__in=["mobile", "landline"], wrong_since__isnull=True
    ).exists()
    after = after_outcome(outcome=outcome, tries=task.tries + 1, policy=force.script.policy, has_other_number=others)
    if isinstance(after, VerifyDeath):
        report_death(by=by, person_id=task.case.person_id, source="telephone", now=now)
    elif task.kind == "red_flag":
        wrong = rang if outcome is Outcome.WRONG_NUMBER else None
        pass_on_red_flag(by=by, task=task, outcome=outcome, force=force, now=now, wrong=wrong)
        return
    elif isinstance(after, Retry):
        # Somebody who answered and asked for another time has not used up a try.
        answered = outcome in (Outcome.CALL_BACK, Outcome.INTERPRETER_NEEDED)
        wrong = rang if outcome is Outcome.WRONG_NUMBER else None
        later = try_again_at(after=after.after, force=force, now=now)
        try_again(by=by, task=task, outcome=outcome, not_before=later, now=now, counts=not answered, wrong=wrong)
        return
    elif isinstance(after, TriesUsedUp) and task.kind != "check_in_call":
        # Only a check-in call has a next step of its own; anything else stays somebody's until it is settled.
        tomorrow = now + dt.timedelta(days=1)
        try_again(by=by, task=task, outcome=outcome, not_before=tomorrow, now=now, for_role="supervisor")
        return
    if not isinstance(after, VerifyDeath):
        _store_what_was_said(by=by, task=task, now=now)
    for one in held_together(by=by, task=task):
        finish(by=by, task=one, outcome=outcome, now=now)
        if one.kind == "red_flag":
            close_red_flag(by=by, red_flag_id=one.about_id, outcome=outcome, now=now)
    defer(Job.FOLLOW_CALL, about=task.pk)


def try_again_at(*, after: dt.timedelta, force: InForce, now: dt.datetime) -> dt.datetime:
    """Give when a call is tried again: after its wait, or when contact hours open after that."""
    hours = force.cadence.contact_hours
    return within_hours(moment=local_time(now + after), opens=hours.opens, closes=hours.closes)


def pass_on_red_flag(
    *, by: Actor, task: Task, outcome: Outcome, force: InForce, now: dt.datetime, wrong: UUID | None = None
) -> None:
    """
    Put the red flags of somebody nobody spoke to back on the list within minutes, asked of the next role.

    wrong: the contact point this call marked wrong, so that a mis-tap can be taken back. However the calls end, a flag
    closes only when somebody has spoken to the person. Hazards: H-02.
    """
    together = held_together(by=by, task=task)
    hops = min(max(one.hops for one in together) + 1, len(force.programme.escalation) - 1)
    soon = now + dt.timedelta(minutes=force.programme.red_flag_minutes) / 3
    role = force.programme.escalation[hops]
    for one in together:
        wrong_of = wrong if one.pk == task.pk else None
        try_again(by=by, task=one, outcome=outcome, not_before=soon, now=now, for_role=role, hops=hops, wrong=wrong_of)


_STOPPED = "They want no more contact. Is help found without ringing them, or do they no longer need it?"


def record_stop(*, by: Actor, task: Task, now: dt.datetime) -> None:
    """
    Somebody says on the telephone that they want no more contact.

    A red flag outlives that: the wish is written, and the flag goes to the next role to decide what is right. So does a
    need no service took, to a supervisor: help may be found without a call, and nobody else would own it.
    """
    require(by, Permission.RECORD_CALL)
    stop(by=by, person_id=task.case.person_id, source="telephone", now=now)
    if task.kind == "red_flag":
        force = of_case(case=task.case)
        pass_on_red_flag(by=by, task=task, outcome=Outcome.REFUSED, force=force, now=now)
    elif task.kind == "need":
        hand_over(by=by, task=task, now=now, note=_STOPPED, for_role="supervisor")
    else:
        finish(by=by, task=task, outcome=Outcome.REFUSED, now=now)


def record_verified(*, by: Actor, task: Task, resolution: str, now: dt.datetime) -> None:
    """
    Close a report of a death or a wrong person after somebody looked into it, and its task.

    resolution: `confirmed`, and contact stays stopped; or `mistaken`, and it begins again.
    """
    require(by, Permission.RECORD_CALL)
    resolve_report(by=by, report_id=task.about_id, resolution=resolution, now=now)
    finish(by=by, task=task, outcome=Outcome.SPOKE, now=now, note=resolution)
    defer(Job.FOLLOW_PERSON, about=task.case.person_id)


def record_read(*, by: Actor, task: Task, now: dt.datetime) -> None:
    """Close what somebody wrote: a person read it, and nobody need ring. Raises InputWrong for a call."""
    require(by, Permission.RECORD_CALL)
    if task.kind != "read_words":
        raise InputWrong("This task is a call.")
    finish(by=by, task=task, outcome="", now=now, note="read, and no call was needed")


def record_help_reply(*, by: Actor, task: Task, helped: bool, now: dt.datetime) -> None:
    """Write down what somebody says on the telephone about help they were to get, and finish the task."""
    require(by, Permission.RECORD_CALL)
    reply = say_whether_it_helped(
        by=by,
        invitation=None,
        case_id=task.case_id,
        audience_id=task.audience_id,
        about_id=task.about_id,
        helped=helped,
        channel="phone",
        now=now,
    )
    defer(Job.HEAR_REPLY, about=reply.pk)
    finish(by=by, task=task, outcome=Outcome.SPOKE, now=now)
