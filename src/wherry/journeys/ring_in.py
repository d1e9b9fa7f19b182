"""
Somebody rings in: found only by what they say of themselves, written down with why, and turned into a call of ours.

Whoever takes calls sees nobody they hold no task of. The one way round is here: the exact family name and birth date,
with the exact postcode or first name, of one person.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import connection
from django.db.models import Func, Q, QuerySet, TextField

from wherry.audit.actions import record
from wherry.cases.models import Case
from wherry.cases.queries import latest_occurrence
from wherry.cases.types import State
from wherry.database.context import acting_as
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission, require
from wherry.journeys.work_the_list import take_call
from wherry.worklist.actions.opening import open_task
from wherry.worklist.errors import ClaimedByAnother
from wherry.worklist.models import Task
from wherry.worklist.queries import open_tasks_of
from wherry.worklist.rules import rank

_MOST_FOUND = 3
_DUE_IN = dt.timedelta(hours=1)


@dataclass(frozen=True)
class AskedFor:
    """What somebody ringing in says of themselves. first_name or postcode may be empty, not both."""

    family_name: str = field(repr=False)
    birth_date: dt.date = field(repr=False)
    first_name: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)


@dataclass(frozen=True)
class Found:
    """One person who fits: no more than tells two apart."""

    case_id: UUID
    initial: str
    place: str


def find(*, by: Actor, asked: AskedFor, why: str, now: dt.datetime) -> list[Found]:
    """
    Find who fits exactly, three at most, and write down who looked and why; what was typed is kept nowhere.

    why: a code of the page's. Hazards: H-04 (shown to the wrong person), H-16 (somebody browses).
    """
    require(by, Permission.CLAIM_TASK)
    cases = {case.pk: case for key in _keys(asked) for case in _cases(by=by, key=key)}
    found = [Found(one.pk, one.person.given_name[:1], one.place) for one in list(cases.values())[:_MOST_FOUND]]
    ids = [one.case_id for one in found]
    record(by=by, did="person.asked_for", subject="case", subject_ids=ids, now=now, detail={"why": why})
    return found


def take(*, by: Actor, asked: AskedFor, case_id: UUID, now: dt.datetime) -> Task | None:
    """
    Take a call of whoever is on the line: the one that waits for them, or a new one. None when they do not fit.

    Raises ClaimedByAnother while a colleague holds it.
    """
    require(by, Permission.RECORD_CALL)
    for key in _keys(asked):
        with acting_as(replace(by, token_sha256=key)):
            case = _fitting(key=key).filter(pk=case_id).first()
            if case is not None:
                task = _waiting(case=case, by=by, now=now) or _open(case=case, by=by, now=now)
                take_call(by=by, task=task, now=now)
                return task
    return None


def _keys(asked: AskedFor) -> list[str]:
    others = [one for one in (asked.postcode, asked.first_name) if one.strip()]
    with connection.cursor() as cursor:
        keys = []
        for other in others:
            cursor.execute("select app_asked_for(%s, %s, %s)", [asked.family_name, asked.birth_date, other])
            keys.append(str(cursor.fetchone()[0]))
    return keys


def _cases(*, by: Actor, key: str) -> list[Case]:
    with acting_as(replace(by, token_sha256=key)):
        return list(_fitting(key=key)[:_MOST_FOUND])


def _fitting(*, key: str) -> QuerySet[Case]:
    # Supervisors and clinicians see whole audiences anyway: the person must fit all the same.
    return (
        Case.objects.filter(closed_at__isnull=True)
        .annotate(by_postcode=_asked_for("person__postcode"), by_name=_asked_for("person__given_name"))
        .filter(Q(by_postcode=key) | Q(by_name=key))
        .select_related("person", "owner_team")
        .order_by("opened_at", "id")
    )


def _asked_for(other: str) -> Func:
    return Func("person__family_name", "person__birth_date", other, function="app_asked_for", output_field=TextField())


def _waiting(*, case: Case, by: Actor, now: dt.datetime) -> Task | None:
    waiting = open_tasks_of(case_id=case.pk, roles=by.roles)
    if any(one.claimed_by != by.id and one.leased_until and one.leased_until > now for one in waiting):
        raise ClaimedByAnother
    return waiting[0] if waiting else None


def _open(*, case: Case, by: Actor, now: dt.datetime) -> Task:
    occurrence = latest_occurrence(case_id=case.pk)
    asks = occurrence is not None and occurrence.state in (State.IN_CADENCE, State.EXHAUSTED)
    task = open_task(
        by=by,
        case=case,
        kind="check_in_call" if asks else "call_back",
        about_id=occurrence.pk if asks and occurrence else case.pk,
        team=case.owner_team,
        priority=rank(red_flag=False, urgency="today", tier=case.tier),
        due_at=now + _DUE_IN,
        now=now,
    )
    if task is None:
        raise ClaimedByAnother
    return task
