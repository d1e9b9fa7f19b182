"""
Carry out what was decided when a programme was stood down: check-ins end, each person in contact is told once.

Found in the tables at every turn, so that whoever was killed amid it finishes it. The message leaves by the send
protocol and through the gate like every other: nothing to the dead, or to whoever stopped us. Who had begun to answer,
or can be told by neither text nor letter, goes to a named owner.

Hazards: H-01 (contact after death), H-05 (messaged twice), H-06 (somebody is forgotten).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from wherry.cases.actions import close_cases, move_occurrence
from wherry.cases.models import Case, Occurrence
from wherry.cases.queries import cases_to_end, newest_occurrences
from wherry.cases.types import PROGRAMME_ENDED, State
from wherry.checkin.actions.links import revoke_links
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.foundation.periods import local_time
from wherry.journeys.one_by_one import together
from wherry.journeys.plan_of_change import begun_in
from wherry.journeys.programme_in_force import of_case
from wherry.organisations.models import Team
from wherry.outreach.actions import Intent, Word, happened_all, intend_all
from wherry.outreach.queries import cases_to_be_told, told_that_it_ended
from wherry.outreach.rules.next_contact import contact_point_for
from wherry.outreach.rules.standing import forbidden
from wherry.outreach.types import LAST_WORD, AttemptEvent, Channel
from wherry.people.queries import reachable_people
from wherry.people.types import ContactPoint, Reachable
from wherry.programmes.definition import Ending
from wherry.sign_off.queries import programmes_stood_down
from wherry.worklist.actions.opening import cancel_tasks, open_task
from wherry.worklist.rules import rank

#: Whoever is in contact with us: asked, answering, or with the owner of those not reached.
IN_CONTACT = frozenset({State.IN_CADENCE, State.REACHED, State.EXHAUSTED})
_LOT = 200
_RUNG_WITHIN = dt.timedelta(days=2)


@dataclass(frozen=True)
class Way:
    """How somebody is told. channel CALL: a person rings; no channel: nobody may contact them, and `why` not."""

    channel: Channel | None
    point: ContactPoint | None = field(default=None, repr=False)
    why: str = ""


def way_to_tell(*, reachable: Reachable, day: dt.date) -> Way:
    """Choose how somebody is told that a programme is over: by text, else by letter, else a person rings."""
    barred = forbidden(reachable=reachable, day=day)
    if barred is not None:
        return Way(None, why=str(barred.reason))
    why = ""
    for channel in (Channel.SMS, Channel.LETTER):
        point, refusal = contact_point_for(channel=channel, reachable=reachable, day=day)
        if point is not None:
            return Way(channel, point)
        why = str(refusal.reason) if refusal else why
    return Way(Channel.CALL, why=why)


def stand_down_what_was_begun() -> int:
    """Carry out the end of every programme that was stood down. Returns in how many cases."""
    with acting_as(WORKER):
        waiting = to_be_stood_down()
    return together(waiting, _lot, size=_LOT)


def to_be_stood_down() -> list[UUID]:
    """List the cases in which the end of their programme is not carried out yet."""
    programmes = programmes_stood_down()
    return cases_to_be_told(programmes=programmes) if programmes else []


@dataclass(frozen=True)
class _Ending:
    case: Case
    occurrence: Occurrence
    ending: Ending
    language: str
    way: Way
    has_begun: bool


def _lot(case_ids: Sequence[UUID]) -> int:
    with acting_as(WORKER):
        now = app_now()
        # Asked again under the lock: another process may have done some of these meanwhile.
        cases = cases_to_end(ids=[*set(case_ids) & set(to_be_stood_down())])
        newest = newest_occurrences(cases=[one.pk for one in cases])
        close_cases(by=WORKER, cases=[o for o in cases if o.pk not in newest], why=PROGRAMME_ENDED, now=now)
        ends = _ends([one for one in cases if one.pk in newest], newest, now)
        told = told_that_it_ended(cases=[one.case.pk for one in ends])
        _tell([one for one in ends if one.case.state in IN_CONTACT and one.case.pk not in told], now)
        for one in ends:
            _end(one, now)
    return len(cases)


def _ends(cases: Sequence[Case], newest: dict[UUID, Occurrence], now: dt.datetime) -> list[_Ending]:
    day = local_time(now).date()
    known = reachable_people(people={one.person for one in cases}, day=day)
    begun = {code: begun_in(programme=code) for code in {one.programme for one in cases}}
    found = []
    for case in cases:
        ending, reached, occurrence = of_case(case=case).programme.ending, known[case.person_id], newest[case.pk]
        if ending is not None:
            way = way_to_tell(reachable=reached, day=day)
            has_begun = occurrence.pk in begun[case.programme]
            found.append(_Ending(case, occurrence, ending, reached.language, way, has_begun))
    return found


def _tell(ends: Sequence[_Ending], now: dt.datetime) -> None:
    """Write down the one message for each; for whom there can be none, that there was none, and why."""
    made = intend_all(by=WORKER, intents=[_intent(one) for one in ends], now=now)
    words = [
        Word(attempt.pk, AttemptEvent.GATE_REFUSED, one.way.why)
        for attempt, one in zip(made, ends, strict=True)
        if attempt is not None and one.way.point is None
    ]
    happened_all(by=WORKER, words=words, now=now)


def _intent(one: _Ending) -> Intent:
    person, point = one.case.person, one.way.point
    return Intent(
        occurrence=one.occurrence,
        step=LAST_WORD,
        channel=one.way.channel or Channel.LETTER,
        message=one.ending.last_message,
        language=one.language,
        contact_point_id=point.id if point else None,
        to=point.value if point else "",
        household_key="" if person.is_communal else person.household_key,
    )


def _end(one: _Ending, now: dt.datetime) -> None:
    """End a check-in nobody has answered; whoever a person should ring goes to the owner the programme names."""
    is_open = one.occurrence.state == State.IN_CADENCE
    is_rung = one.case.state in IN_CONTACT and (one.way.channel is Channel.CALL or (one.has_begun and is_open))
    team = Team.objects.filter(code=one.ending.team).first() or one.case.owner_team
    if is_rung:
        _ask_to_ring(one, team, now)
    if not is_open:
        return
    to, owner = (State.EXHAUSTED, team) if is_rung else (State.EXCLUDED, None)
    move_occurrence(by=WORKER, occurrence=one.occurrence, to=to, why=PROGRAMME_ENDED, now=now, owner_team=owner)
    if not is_rung:
        revoke_links(by=WORKER, case_id=one.case.pk, now=now, kinds=("check_in",))
        cancel_tasks(by=WORKER, case_id=one.case.pk, kinds=["check_in_call"], why=PROGRAMME_ENDED, now=now)


def _ask_to_ring(one: _Ending, team: Team, now: dt.datetime) -> None:
    open_task(
        by=WORKER,
        case=one.case,
        kind="exhausted",
        about_id=one.occurrence.pk,
        team=team,
        priority=rank(red_flag=False, urgency="soon", tier=one.case.tier),
        due_at=now + _RUNG_WITHIN,
        now=now,
        for_role=one.ending.role,
    )
