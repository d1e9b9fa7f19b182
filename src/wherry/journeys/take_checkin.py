"""
Take a check-in: a resident's answers by link, or a caller's by telephone; then triage, needs and red flags.

Storing the answers and deferring their triage are one transaction: what is acknowledged is stored, and what is stored
is triaged, if not by the job then by the worker's next turn. A red flag does not wait for the end: it is kept with the
page it was given on, and raised though nothing more is ever sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from wherry.cases.actions import move_occurrence
from wherry.cases.models import Occurrence
from wherry.cases.types import State
from wherry.checkin.actions import links
from wherry.checkin.actions.alarms import alarm_heard, keep_alarms
from wherry.checkin.actions.answers import record_by_phone, save_draft, submit
from wherry.checkin.actions.replies import say_whether_it_helped
from wherry.checkin.models import Alarm, HelpReply, Invitation, Response
from wherry.checkin.queries import draft_answers
from wherry.checkin.rules import pages_to_show, said_by, validate_answers
from wherry.checkin.types import AlarmRaised, Answer, Answers, QuestionKind
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor
from wherry.foundation.errors import AlreadyDone
from wherry.foundation.periods import age_on
from wherry.journeys.deferring import Job, defer
from wherry.journeys.one_by_one import one_by_one
from wherry.journeys.own_red_flags import ask_for_owner
from wherry.journeys.programme_in_force import in_force, of_check_in
from wherry.triage.actions import raise_red_flag, record_decision
from wherry.triage.models import Decision
from wherry.triage.rules import decide, worse_of
from wherry.triage.types import Decision as Decided
from wherry.triage.types import RedFlagFound
from wherry.worklist.actions.opening import cancel_tasks, open_task
from wherry.worklist.rules import rank

#: What somebody wrote is read by a person "not at once", as the page says, and not much later.
_READ_WITHIN = dt.timedelta(days=1)


def save_answers(
    *, by: Actor, invitation: Invitation, answers: Mapping[str, Answer], now: dt.datetime
) -> tuple[RedFlagFound, ...]:
    """
    Keep a page of answers given by link, and raise at once what cannot wait for the rest.

    answers: of this page, blank where one was taken back. Returns the red flags of all answers so far: their words are
    shown now. Raises LinkNotUsable, StaleVersion.
    """
    save_draft(by=by, invitation=invitation, answers=answers, now=now)
    return note_answers_so_far(
        by=by,
        occurrence=invitation.occurrence,
        answers=draft_answers(invitation=invitation),
        channel="web",
        language=invitation.language,
        now=now,
    )


def note_answers_so_far(
    *, by: Actor, occurrence: Occurrence, answers: Mapping[str, object], channel: str, language: str, now: dt.datetime
) -> tuple[RedFlagFound, ...]:
    """
    Keep an alarm for every red flag in the answers so far, in this transaction, and have the worker raise it.

    answers: all that were given up to now, on the page or on the telephone; what cannot be taken is left out. Safe to
    repeat. An answer changed back leaves its alarm standing, marked. Hazards: H-02.
    """
    found = _flags_in(occurrence=occurrence, answers=answers, now=now)
    raised = [AlarmRaised(one.flag, one.rule, one.say) for one in reversed(found)]
    said = said_by(answers=answers, at=now, channel=channel, language=language)
    for alarm in keep_alarms(by=by, occurrence=occurrence, flags=raised, said=said, now=now):
        defer(Job.HEAR_ALARM, about=alarm.pk)
    return found


def flags_so_far(*, by: Actor, invitation: Invitation, now: dt.datetime) -> tuple[RedFlagFound, ...]:
    """Give the red flags of what was answered by link so far, sent or not."""
    return _flags_in(occurrence=invitation.occurrence, answers=draft_answers(invitation=invitation), now=now)


def _flags_in(*, occurrence: Occurrence, answers: Mapping[str, object], now: dt.datetime) -> tuple[RedFlagFound, ...]:
    questionnaire = of_check_in(occurrence=occurrence).questionnaire
    taken = validate_answers(questionnaire=questionnaire, answers=answers).accepted
    pages = pages_to_show(questionnaire=questionnaire, answers=taken)
    asked = {question.link_id for page in pages for question in page.questions}
    return _decide(
        occurrence=occurrence, answers={one: said for one, said in taken.items() if one in asked}, now=now
    ).red_flags


def take_answers(*, by: Actor, invitation: Invitation, answers: Answers, answered_by: str, now: dt.datetime) -> Decided:
    """
    Store a whole check-in a resident gave by link, and say at once what it comes to, so that a red flag shows first.

    Runs in the link's context. Posted twice it is stored once, and says the same.
    """
    response = submit(by=by, invitation=invitation, answers=answers, answered_by=answered_by, now=now)
    defer(Job.TRIAGE_RESPONSE, about=response.pk)
    return decided_for(response=response, now=now)


def take_answers_by_phone(
    *, by: Actor, occurrence: Occurrence, answers: Answers, language: str, key: UUID, now: dt.datetime
) -> Decided:
    """Store a check-in a caller took, and say at once what it comes to, so that the script can stop at a red flag."""
    force = of_check_in(occurrence=occurrence)
    response = record_by_phone(
        by=by,
        occurrence=occurrence,
        answers=answers,
        language=language,
        definition_hash=force.files.hash,
        key=key,
        now=now,
    )
    defer(Job.TRIAGE_RESPONSE, about=response.pk)
    return decided_for(response=response, now=now)


def take_help_reply(*, by: Actor, invitation: Invitation, helped: bool, now: dt.datetime) -> HelpReply:
    """Keep the person's word on whether help came, by link."""
    reply = say_whether_it_helped(
        by=by,
        invitation=invitation,
        case_id=invitation.case_id,
        audience_id=invitation.audience_id,
        about_id=invitation.about_id,
        helped=helped,
        channel="web",
        now=now,
    )
    defer(Job.HEAR_REPLY, about=reply.pk)
    return reply


def recognise(*, by: Actor, invitation: Invitation, given: dt.date | None, now: dt.datetime) -> bool:
    """Compare a birth date. The fifth wrong one locks the link, and somebody rings instead."""
    known = invitation.case.person.birth_date
    is_right = links.recognise(by=by, invitation=invitation, given=given, known=known, now=now)
    if invitation.state == "locked":
        defer(Job.FOLLOW_LOCK, about=invitation.pk)
    return is_right


def ring_about_lock(*, invitation_id: UUID) -> None:
    """Put a call on the list for somebody whose link was locked: they may be trying, or somebody else may be."""
    with acting_as(WORKER):
        now = app_now()
        found = Invitation.objects.select_related("case", "case__owner_team").get(pk=invitation_id)
        open_task(
            by=WORKER,
            case=found.case,
            kind="check_in_call",
            about_id=found.occurrence_id,
            team=found.case.owner_team,
            priority=rank(red_flag=False, urgency="today", tier=found.case.tier),
            due_at=now + dt.timedelta(hours=4),
            now=now,
        )


def decided_for(*, response: Response, now: dt.datetime) -> Decided:
    """Decide what a response comes to, by the version of the programme its check-in was opened under."""
    return _decide(occurrence=response.occurrence, answers=response.answers, now=now)


def _decide(*, occurrence: Occurrence, answers: Mapping[str, object], now: dt.datetime) -> Decided:
    case = occurrence.case
    context = {"tier": case.tier, "age": age_on(birth_date=case.person.birth_date, day=now.date())}
    decided = decide(definition=of_check_in(occurrence=occurrence).triage, answers=answers, context=context)
    if occurrence.also_decided_by_id is None:
        return decided
    # Begun under one version when another had to hold at once: what the other asks as well, of what was answered.
    newer = in_force(programme=case.programme, place=case.place, version=occurrence.also_decided_by_id).triage
    fitting = validate_answers(questionnaire=newer.questionnaire, answers=answers).accepted
    return worse_of(first=decided, second=decide(definition=newer, answers=fitting, context=context))


def hear_alarm(*, alarm_id: UUID) -> bool:
    """Raise the red flag of an alarm, with its owner and clock. Safe to repeat; False when it was heard before."""
    with acting_as(WORKER):
        now = app_now()
        alarm = (
            Alarm.objects.select_related("case", "case__owner_team").select_for_update(of=("self",)).get(pk=alarm_id)
        )
        if alarm.heard_at is not None:
            return False
        flag = raise_red_flag(by=WORKER, alarm=alarm, now=now)
        if flag.closed_at is None:
            ask_for_owner(flag=flag, case=alarm.case, now=now)
        alarm_heard(alarm=alarm, now=now)
    return True


def hear_what_was_left() -> int:
    """Hear every alarm no job carried out. Returns how many."""
    with acting_as(WORKER):
        unheard = Alarm.objects.filter(heard_at__isnull=True).order_by("said_at", "id")
        waiting = list(unheard.values_list("pk", flat=True)[:1_000])
    return one_by_one(waiting, lambda pk: int(hear_alarm(alarm_id=pk)))


def triage(*, response_id: UUID) -> None:
    """Triage a stored response: its needs, its red flags with their owner and clock, and its case's new state."""
    with acting_as(WORKER):
        now = app_now()
        response = Response.objects.select_related("case", "case__person", "case__owner_team", "occurrence").get(
            pk=response_id
        )
        decided = decided_for(response=response, now=now)
        try:
            decision = record_decision(by=WORKER, response=response, decided=decided, now=now)
        except AlreadyDone:
            return
        _settle_occurrence(response=response, declined=decided.declined, now=now)
        _raise_red_flags(response=response, decision=decision, now=now)
        _have_their_words_read(response=response, now=now)


def _have_their_words_read(*, response: Response, now: dt.datetime) -> None:
    # The page promises that a person reads them. On the telephone somebody has heard them already.
    case = response.case
    asked = of_check_in(occurrence=response.occurrence).questionnaire.questions.values()
    if response.channel == "phone" or not any(
        response.answers.get(one.link_id) for one in asked if one.kind is QuestionKind.TEXT
    ):
        return
    open_task(
        by=WORKER,
        case=case,
        kind="read_words",
        about_id=response.pk,
        team=case.owner_team,
        priority=rank(red_flag=False, urgency="soon", tier=case.tier),
        due_at=now + _READ_WITHIN,
        now=now,
    )


def _settle_occurrence(*, response: Response, declined: bool, now: dt.datetime) -> None:
    occurrence = response.occurrence
    cancel_tasks(by=WORKER, case_id=response.case_id, kinds=["check_in_call", "exhausted"], why="answered", now=now)
    if occurrence.state in (State.IN_CADENCE, State.EXHAUSTED):
        to, said = (State.DECLINED, "said no") if declined else (State.REACHED, "answered")
        move_occurrence(by=WORKER, occurrence=occurrence, to=to, why=f"{said} by {response.channel}", now=now)


def _raise_red_flags(*, response: Response, decision: Decision, now: dt.datetime) -> None:
    # One that was raised from a page, and closed by somebody who rang, is not rung about twice.
    for flag in decision.red_flags.filter(closed_at__isnull=True).order_by("flag"):
        ask_for_owner(flag=flag, case=response.case, now=now)


def _triaged(response_id: UUID) -> int:
    triage(response_id=response_id)
    return 1


def triage_what_was_left() -> int:
    """Triage every stored response no decision exists for: a job that was lost loses nothing. Returns how many."""
    with acting_as(WORKER):
        waiting = list(
            Response.objects.exclude(pk__in=Decision.objects.values("response_id"))
            .order_by("submitted_at", "id")
            .values_list("pk", flat=True)[:1_000]
        )
    return one_by_one(waiting, _triaged)
