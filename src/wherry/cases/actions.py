"""Opening cases and occurrences, and moving them: each move is a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from django.db.models import OuterRef, Subquery

from wherry.audit.actions import Deed, record, record_all
from wherry.cases.models import Case, Occurrence, StateChange
from wherry.cases.rules import checked_move, episode_state
from wherry.cases.types import PROGRAMME_ENDED, Door, Moved, Opening, State
from wherry.foundation.actors import Actor
from wherry.governance.models import Audience
from wherry.organisations.models import Team
from wherry.people.models import Person
from wherry.sign_off.types import VersionState


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
    opening = Opening(person.pk, category, tier, door, opened_from)
    return open_cases(by=by, audience=audience, openings=[opening], owner_team=owner_team, now=now)[0]


def open_cases(
    *, by: Actor, audience: Audience, openings: Sequence[Opening], owner_team: Team, now: dt.datetime
) -> list[Case]:
    """Open many people's cases in one programme, in a few statements, or give those that are open, in their order."""
    asked = [
        Case(
            person_id=one.person_id,
            programme=audience.programme,
            place=audience.place,
            audience=audience,
            lead_organisation=audience.lead_organisation,
            category=one.category,
            tier=one.tier,
            door=one.door,
            opened_from=one.opened_from,
            opened_at=now,
            owner_team=owner_team,
            release_rank=one.release_rank,
        )
        for one in openings
    ]
    _close_what_ended(by=by, people=[one.person_id for one in openings], programme=audience.programme, now=now)
    here = Case.objects.filter(
        person__in=[one.person_id for one in openings], programme=audience.programme, closed_at__isnull=True
    )
    known = set(here.values_list("person_id", flat=True))
    Case.objects.bulk_create([one for one in asked if one.person_id not in known], ignore_conflicts=True)
    found = {case.person_id: case for case in here.select_related("person")}
    opened = {one.pk for one in asked} & {case.pk for case in found.values()}
    details = {one.pk: {"door": str(one.door), "programme": one.programme, "tier": one.tier} for one in asked}
    deeds = [Deed("case.opened", "case", [one.pk], details[one.pk]) for one in asked if one.pk in opened]
    record_all(by=by, deeds=deeds, now=now)
    return [found[one.person_id] for one in openings]


def close_cases(*, by: Actor, cases: Sequence[Case], why: str, now: dt.datetime) -> None:
    """Close cases in which nothing is left to do: their programme was stood down."""
    Case.objects.filter(pk__in=[one.pk for one in cases]).update(closed_at=now, state_reason=why)
    record_all(by=by, deeds=[Deed("case.closed", "case", [one.pk], {"why": why}) for one in cases], now=now)


def _close_what_ended(*, by: Actor, people: Sequence[UUID], programme: str, now: dt.datetime) -> None:
    # A programme that was stood down and begins again opens a new case, by its new list.
    newest = Occurrence.objects.filter(case_id=OuterRef("pk")).order_by("-number")
    over = Case.objects.filter(person__in=people, programme=programme, closed_at__isnull=True)
    over = over.annotate(asked_under=Subquery(newest.values("programme_version__state")[:1]))
    close_cases(by=by, cases=list(over.filter(asked_under=VersionState.ENDED)), why=PROGRAMME_ENDED, now=now)


def move_case(*, by: Actor, case: Case, person: Person, why: str, now: dt.datetime) -> bool:
    """
    Give a case to whom it is about, when it was opened for two people taken for one; all that came of it goes along.

    False, and nothing done, where that person has a case open in the programme already.
    """
    theirs = Case.objects.filter(person=person, programme=case.programme, closed_at__isnull=True)
    if case.person_id == person.pk or theirs.exists():
        return False
    detail = {"from": str(case.person_id), "why": why}
    case.change(person=person)
    record(by=by, did="case.moved", subject="case", subject_ids=[case.pk, person.pk], now=now, detail=detail)
    return True


def open_occurrence(*, by: Actor, case: Case, number: int, now: dt.datetime, version: UUID | None = None) -> Occurrence:
    """Open the next check-in of a case; from here somebody must reach the person or own that they could not."""
    return open_occurrences(by=by, numbers=[(case, number)], versions={case.pk: version}, now=now)[0]


def open_occurrences(
    *,
    by: Actor,
    numbers: Sequence[tuple[Case, int]],
    now: dt.datetime,
    versions: Mapping[UUID, UUID | None] = MappingProxyType({}),
) -> list[Occurrence]:
    """
    Open the check-ins of these numbers of these cases, in a few statements, or give those that are open.

    versions: by the case's id, the version of the programme each is opened under.
    """
    asked = [
        Occurrence(
            case=case,
            number=number,
            audience_id=case.audience_id,
            opened_at=now,
            look_again_at=now,
            programme_version_id=versions.get(case.pk),
        )
        for case, number in numbers
    ]
    Occurrence.objects.bulk_create(asked, ignore_conflicts=True)
    found = {
        (one.case_id, one.number): one
        for one in Occurrence.objects.filter(case__in=[case for case, _ in numbers]).select_related("case")
    }
    opened = [one for one in asked if found[(one.case_id, one.number)].pk == one.pk]
    deeds = [Deed("occurrence.opened", "occurrence", [one.pk, one.case_id]) for one in opened]
    record_all(by=by, deeds=deeds, now=now)
    _follow_all([one.case for one in opened])
    return [found[(case.pk, number)] for case, number in numbers]


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


def reopen_under(*, by: Actor, version: UUID, instead: UUID, now: dt.datetime) -> int:
    """Let the check-ins still in cadence under one version go on under another. Returns how many."""
    still = Occurrence.objects.filter(programme_version_id=version, state=State.IN_CADENCE)
    moved = still.update(programme_version_id=instead, look_again_at=now)
    detail = {"check_ins": moved, "from": str(version)}
    record(by=by, did="check_ins.moved", subject="programme", subject_ids=[instead], now=now, detail=detail)
    return moved


def move_under(
    *,
    by: Actor,
    programme: str,
    version: UUID,
    number: int,
    ranks_below: int,
    begun: Collection[UUID],
    now: dt.datetime,
) -> Moved:
    """
    Let the check-ins nobody has answered go on under a newer version, of those it is released to. Safe to repeat.

    begun: the ids of those in which somebody has begun to answer: they finish what they began, and both versions decide
    what it comes to. number: the newer version's; a check-in of one newer still is left alone. Hazards: H-02, H-10.
    """
    older = Occurrence.objects.filter(
        case__programme=programme, case__release_rank__lt=ranks_below, state__in=[State.IN_CADENCE, State.EXHAUSTED]
    ).exclude(programme_version__number__gte=number)
    both = older.filter(pk__in=begun).exclude(also_decided_by_id=version).update(also_decided_by_id=version)
    moved = older.exclude(pk__in=begun).update(programme_version_id=version, also_decided_by=None, look_again_at=now)
    detail = {"check_ins": moved, "decided_by_both": both}
    record(by=by, did="check_ins.moved", subject="programme", subject_ids=[version], now=now, detail=detail)
    return Moved(moved, both)


def look_again(*, occurrence: Occurrence, at: dt.datetime) -> None:
    """Say when there is something to decide about this occurrence again."""
    look_again_all(at={occurrence.pk: at})


def look_again_all(*, at: Mapping[UUID, dt.datetime]) -> None:
    """Say, by their ids, when there is something to decide about these occurrences again."""
    for moment in set(at.values()):
        Occurrence.objects.filter(pk__in=[pk for pk, when in at.items() if when == moment]).update(look_again_at=moment)


def _follow(case: Case) -> None:
    _follow_all([case])


def _follow_all(cases: Sequence[Case]) -> None:
    """Bring the one state of each case up to date with its occurrences'."""
    rows = Occurrence.objects.filter(case__in=cases).order_by("case_id", "number")
    states: dict[UUID, list[tuple[State, str]]] = {}
    for case_id, state, why in rows.values_list("case_id", "state", "state_reason"):
        states.setdefault(case_id, []).append((State(state), why))
    alike: dict[tuple[State, str], list[UUID]] = {}
    for case in cases:
        ordered = states.get(case.pk, [])
        now = episode_state([state for state, _ in ordered])
        why = next((why for state, why in reversed(ordered) if state == now), "")
        alike.setdefault((now, why), []).append(case.pk)
        case.state, case.state_reason = now, why
    for (now, why), ids in alike.items():
        Case.objects.filter(pk__in=ids).update(state=now, state_reason=why)
