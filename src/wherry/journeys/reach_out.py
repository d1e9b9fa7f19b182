"""Reach out: who is due and has no attempt; what comes next for each; the intent, written down before anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from wherry.cases.actions import look_again_all, move_occurrence
from wherry.cases.models import Occurrence
from wherry.cases.queries import occurrences_to_decide, occurrences_to_look_at
from wherry.cases.types import State
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.foundation.periods import local_time
from wherry.journeys.one_by_one import together
from wherry.journeys.programme_in_force import InForce, of_check_in
from wherry.organisations.models import Team
from wherry.outreach.actions import Intent, Word, happened_all, intend_all
from wherry.outreach.queries import histories
from wherry.outreach.rules.next_contact import next_contact
from wherry.outreach.types import (
    Attempted,
    AttemptEvent,
    Call,
    Channel,
    Exhausted,
    Forbidden,
    NextContact,
    RefusalReason,
    Send,
    Skipped,
    Wait,
)
from wherry.people.queries import reachable_people
from wherry.people.types import ContactPoint, Reachable
from wherry.worklist.actions.opening import open_task
from wherry.worklist.rules import rank

#: So many are decided under one commit.
_LOT = 200


@dataclass(frozen=True)
class Deciding:
    """One occurrence with all that a decision needs, and the decision."""

    occurrence: Occurrence
    force: InForce
    reachable: Reachable = field(repr=False)
    next: NextContact


def decide_contacts(*, limit: int = 5_000) -> int:
    """Decide the next contact of everyone in cadence with something to decide. Returns how many were decided."""
    with acting_as(WORKER):
        waiting = [one.pk for one in occurrences_to_look_at(now=app_now(), limit=limit)]
    return together(waiting, _decide_lot, size=_LOT)


def _decide_lot(occurrence_ids: Sequence[UUID]) -> int:
    with acting_as(WORKER):
        now = app_now()
        occurrences = occurrences_to_decide(ids=occurrence_ids, now=now)
        known = reachable_people(people={one.case.person for one in occurrences}, day=local_time(now).date())
        before = histories(occurrences=occurrences)
        decided = [_decided(one, known[one.case.person_id], before[one.pk], now) for one in occurrences]
        _carry_out(decided, now)
    return len(decided)


def _decided(occurrence: Occurrence, reachable: Reachable, before: Sequence[Attempted], now: dt.datetime) -> Deciding:
    force = of_check_in(occurrence=occurrence)
    steps = {step.id for step in force.cadence.steps}
    decision = next_contact(
        cadence=force.cadence,
        history=[one for one in before if one.step_id in steps],
        reachable=reachable,
        occurrence_opened_at=occurrence.opened_at,
        now=now,
    )
    return Deciding(occurrence, force, reachable, decision)


def _carry_out(decided: Sequence[Deciding], now: dt.datetime) -> None:
    _intend_all(decided, now)
    look_again_all(at={one.occurrence.pk: at for one in decided if (at := _look_again_at(one.next, now)) is not None})
    for one in decided:
        if isinstance(one.next, Call):
            _ask_a_caller(occurrence=one.occurrence, due=now + one.next.step.patience, now=now)
        elif isinstance(one.next, Exhausted):
            _hand_to_owner(one.occurrence, team_code=one.next.owner.team, role=one.next.owner.role, now=now)
        elif isinstance(one.next, Forbidden):
            to = State.DECLINED if one.next.reason is RefusalReason.STOP else State.EXCLUDED
            move_occurrence(by=WORKER, occurrence=one.occurrence, to=to, why=str(one.next.reason), now=now)


def _look_again_at(decision: NextContact, now: dt.datetime) -> dt.datetime | None:
    if isinstance(decision, Wait):
        return decision.until
    return now + decision.step.patience if isinstance(decision, Send | Call) else None


def _intend_all(decided: Sequence[Deciding], now: dt.datetime) -> None:
    """Write down every step that is taken and every one that is passed over, with why."""
    intents: list[Intent] = []
    passed_over: list[str] = []
    for one in decided:
        if isinstance(one.next, Wait | Forbidden):
            continue
        for skipped in one.next.skipped:
            intents.append(_of_skipped(one, skipped))
            passed_over.append(str(skipped.reason))
        if isinstance(one.next, Send | Call):
            intents.append(_of_taken(one, one.next))
            passed_over.append("")
    made = intend_all(by=WORKER, intents=intents, now=now)
    words = [
        Word(attempt.pk, AttemptEvent.GATE_REFUSED, why)
        for attempt, why in zip(made, passed_over, strict=True)
        if attempt is not None and why
    ]
    happened_all(by=WORKER, words=words, now=now)


def _of_taken(one: Deciding, taken: Send | Call) -> Intent:
    point = taken.contact_point
    channel = taken.channel if isinstance(taken, Send) else Channel.CALL
    return _intent(one, taken.step.id, channel, taken.step.message, point)


def _of_skipped(one: Deciding, skipped: Skipped) -> Intent:
    step = one.force.cadence.step(skipped.step_id)
    if step is None:
        raise KeyError(skipped.step_id)
    return _intent(one, step.id, step.channel, step.message, None)


def _intent(
    one: Deciding,
    step: str,
    channel: Channel,
    message: str,
    point: ContactPoint | None,
) -> Intent:
    person = one.occurrence.case.person
    return Intent(
        occurrence=one.occurrence,
        step=step,
        channel=channel,
        message=message or step,
        language=one.reachable.language,
        contact_point_id=point.id if point else None,
        to=point.value if point else "",
        household_key="" if person.is_communal else person.household_key,
    )


def _ask_a_caller(*, occurrence: Occurrence, due: dt.datetime, now: dt.datetime) -> None:
    case = occurrence.case
    open_task(
        by=WORKER,
        case=case,
        kind="check_in_call",
        about_id=occurrence.pk,
        team=case.owner_team,
        priority=rank(red_flag=False, urgency="soon", tier=case.tier),
        due_at=due,
        now=now,
        household_key=case.person.household_key,
    )


def _hand_to_owner(occurrence: Occurrence, *, team_code: str, role: str, now: dt.datetime) -> None:
    team = Team.objects.get(code=team_code)
    move_occurrence(
        by=WORKER, occurrence=occurrence, to=State.EXHAUSTED, why="every step was tried", now=now, owner_team=team
    )
    open_task(
        by=WORKER,
        case=occurrence.case,
        kind="exhausted",
        about_id=occurrence.pk,
        team=team,
        priority=rank(red_flag=False, urgency="today", tier=occurrence.case.tier),
        due_at=now + dt.timedelta(days=2),
        now=now,
        for_role=role,
    )
