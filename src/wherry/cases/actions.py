"""Opening cases and occurrences, and moving them: each move is a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from wherry.audit.actions import record
from wherry.cases.models import Case, Occurrence, StateChange
from wherry.cases.rules import checked_move, episode_state
from wherry.cases.types import Door, State
from wherry.foundation.actors import Actor
from wherry.governance.models import Audience
from wherry.organisations.models import Team
from wherry.people.models import Person


def open_case(
    *,
    by: Actor,
    person: Person,
    audience: Audience,
    category: str,
    tier: int,
    door: Door,
    opened_from: UUID | None,
    owner_team: Team,
    now: dt.datetime,
) -> Case:
    """Open somebody's case in a programme, or give the one that is open already."""
    case, is_new = Case.objects.get_or_create(
        person=person,
        programme=audience.programme,
        closed_at=None,
        defaults={
            "place": audience.place,
            "audience": audience,
            "lead_organisation": audience.lead_organisation,
            "category": category,
            "tier": tier,
            "door": door,
            "opened_from": opened_from,
            "opened_at": now,
            "owner_team": owner_team,
        },
    )
    if is_new:
        record(
            by=by,
            did="case.opened",
            subject="case",
            subject_ids=[case.id],
            now=now,
            detail={"door": str(door), "programme": audience.programme, "tier": tier},
        )
    return case


def open_occurrence(*, by: Actor, case: Case, number: int, now: dt.datetime) -> Occurrence:
    """Open the next check-in of a case; from here somebody must reach the person or own that they could not."""
    occurrence, is_new = Occurrence.objects.get_or_create(
        case=case, number=number, defaults={"audience_id": case.audience_id, "opened_at": now, "look_again_at": now}
    )
    if is_new:
        record(by=by, did="occurrence.opened", subject="occurrence", subject_ids=[occurrence.id, case.id], now=now)
        _follow(case)
    return occurrence


def move_occurrence(
    *, by: Actor, occurrence: Occurrence, to: State, why: str, now: dt.datetime, owner_team: Team | None = None
) -> None:
    """
    Move an occurrence and bring its case's one state up to date.

    Raises MoveNotAllowed; StaleVersion when somebody moved it first.
    """
    current = State(occurrence.state)
    checked_move(current=current, to=to)
    occurrence.change(state=to, state_reason=why, owner_team=owner_team)
    StateChange.objects.create(
        case_id=occurrence.case_id,
        audience_id=occurrence.audience_id,
        occurrence=occurrence,
        from_state=current,
        to_state=to,
        why=why,
        by=by.id,
        at=now,
    )
    record(
        by=by,
        did=f"occurrence.{to}",
        subject="occurrence",
        subject_ids=[occurrence.id, occurrence.case_id],
        now=now,
        detail={"from": str(current), "why": why},
    )
    _follow(occurrence.case)


def look_again(*, occurrence: Occurrence, at: dt.datetime) -> None:
    """Say when there is something to decide about this occurrence again."""
    look_again_all(at={occurrence.pk: at})


def look_again_all(*, at: Mapping[UUID, dt.datetime]) -> None:
    """Say, by their ids, when there is something to decide about these occurrences again."""
    for moment in set(at.values()):
        Occurrence.objects.filter(pk__in=[pk for pk, when in at.items() if when == moment]).update(look_again_at=moment)


def _follow(case: Case) -> None:
    ordered = Occurrence.objects.filter(case=case).order_by("number").values_list("state", "state_reason")
    states = [State(state) for state, _ in ordered]
    state = episode_state(states)
    reason = next((why for known, why in reversed(list(ordered)) if known == state), "")
    Case.objects.filter(pk=case.pk).update(state=state, state_reason=reason)
    case.state, case.state_reason = state, reason
