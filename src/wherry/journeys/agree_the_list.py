"""Agree the list: clinicians remove, add and sign; then each person agreed on has a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings

from wherry.cases.actions import open_cases as cases_opened
from wherry.cases.actions import open_occurrences
from wherry.cases.models import Case
from wherry.cases.queries import (
    cases_due_an_occurrence,
    cases_with_an_occurrence,
    cases_without_an_occurrence,
)
from wherry.cases.types import Door, Opening
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor
from wherry.foundation.errors import InputWrong, WherryError
from wherry.foundation.identifiers import parse_nhs_number
from wherry.foundation.periods import local_time
from wherry.journeys.deferring import Job, defer
from wherry.journeys.find_people_at_risk import columns_of
from wherry.journeys.follow_the_store import bring_in
from wherry.journeys.one_by_one import together
from wherry.journeys.programme_in_force import in_force, standings, version_opened_under, worked_by
from wherry.journeys.runs_built_on import no_longer_true
from wherry.organisations.models import Team
from wherry.people.details import PersonDetails
from wherry.people.from_store import details_of, person_with_nhs_number, possible_deaths
from wherry.people.models import Person
from wherry.population import ledger
from wherry.population.store import Store
from wherry.review.actions import add_entry, note_cases_opened, put_question_again, sign_list
from wherry.review.models import AtRiskList, Entry
from wherry.review.queries import expired_decisions, kept_entries, signed_lists_without_cases
from wherry.sign_off.rules import rank_in_release, ranks_released

#: How many people's cases are opened in one transaction.
_A_LOT = 200


class NobodyFound(InputWrong):
    """Nobody in the linked data has this NHS number; check it, or ask an analyst to look."""


class SomebodyDied(InputWrong):
    """A source says this person has died; nobody can be put on a list until that is looked into."""


class MadeFromWithdrawn(WherryError):
    """A delivery this list was made from has been withdrawn; the programme office makes the list anew."""


def store() -> Store:
    """Give this installation's population store."""
    return Store(Path(settings.HOME) / "store")


def is_made_from_what_was_withdrawn(*, at_risk_list: AtRiskList) -> bool:
    """Say whether a delivery that a list was made from has been withdrawn since."""
    return at_risk_list.run_hash in no_longer_true(store=store())


def sign(*, by: Actor, at_risk_list: AtRiskList, seen_hash: str, now: dt.datetime) -> None:
    """
    Sign a list exactly as seen; its cases open by a job deferred in the same transaction.

    Raises MadeFromWithdrawn, ListChangedSinceSeen, ListAlreadySigned. Hazard: H-09.
    """
    if is_made_from_what_was_withdrawn(at_risk_list=at_risk_list):
        raise MadeFromWithdrawn
    sign_list(by=by, at_risk_list=at_risk_list, seen_hash=seen_hash, now=now)
    defer(Job.OPEN_CASES, about=at_risk_list.pk)


def add_by_nhs_number(
    *,
    by: Actor,
    at_risk_list: AtRiskList,
    nhs_number: str,
    category: str,
    tier: int,
    reason: str,
    now: dt.datetime,
    expires_on: dt.date | None = None,
) -> Entry:
    """
    Put somebody on a list by their NHS number.

    Raises NobodyFound, SomebodyDied, AlreadyOnList, ReasonRequired; no message repeats the number.
    """
    number = parse_nhs_number(nhs_number)
    # A look into the population plane is written in its own ledger; a number that is not one looks nothing up.
    if number:
        ledger.record(store(), by=by.id, did="look_up_person", about={"list": str(at_risk_list.pk)}, at=now)
    person_id = person_with_nhs_number(store=store(), nhs_number=number) if number else None
    found = details_of(store=store(), person_ids=[person_id]) if person_id else []
    if not found:
        raise NobodyFound
    details = found[0]
    if details.died_on is not None:
        raise SomebodyDied
    columns = columns_of(details=details, category=category, tier=tier)
    return add_entry(by=by, at_risk_list=at_risk_list, columns=columns, reason=reason, expires_on=expires_on, now=now)


def open_cases(*, list_id: UUID) -> None:
    """Open a case and its first check-in for everyone a signed list keeps. Safe to repeat after a crash half-way."""
    with acting_as(WORKER):
        at_risk_list = AtRiskList.objects.select_related("audience", "audience__lead_organisation").get(pk=list_id)
        entries = kept_entries(list_id=list_id)
        force = worked_by(programme=at_risk_list.programme, place=at_risk_list.place)
        team = Team.objects.get(code=force.cadence.exhausted_owner.team)
    ledger.record(store(), by=WORKER.id, did="open_cases", about={"list": str(list_id), "people": len(entries)})
    known = {one.population_id: one for one in details_of(store=store(), person_ids=[e.population_id for e in entries])}
    living = [one for one in entries if one.population_id in known and known[one.population_id].died_on is None]
    doubtful = possible_deaths(store=store())
    together(
        living,
        lambda lot: _open_cases(lot, known=known, doubtful=doubtful, at_risk_list=at_risk_list, team=team),
        size=_A_LOT,
    )
    with acting_as(WORKER):
        note_cases_opened(by=WORKER, list_id=list_id, opened=len(entries), now=app_now())


def _open_cases(
    entries: Sequence[Entry],
    *,
    known: Mapping[str, PersonDetails],
    doubtful: Container[str],
    at_risk_list: AtRiskList,
    team: Team,
) -> int:
    with acting_as(WORKER):
        now = app_now()
        people = bring_in(people=[known[one.population_id] for one in entries], doubtful=doubtful, now=now)
        openings = [
            Opening(person.pk, entry.category, entry.tier, Door.SIGNED_LIST, entry.pk, _rank(at_risk_list, person))
            for person, entry in zip(people, entries, strict=True)
        ]
        cases = cases_opened(by=WORKER, audience=at_risk_list.audience, openings=openings, owner_team=team, now=now)
        begun = cases_with_an_occurrence(cases=cases)
        _open([(case, 1) for case in cases if case.pk not in begun], now)
    return len(entries)


def _rank(at_risk_list: AtRiskList, person: Person) -> int:
    household = "" if person.is_communal else person.household_key
    return rank_in_release(programme=at_risk_list.programme, household=household or person.population_id)


def _open(numbers: Sequence[tuple[Case, int]], now: dt.datetime) -> int:
    """Open the check-ins of those to whom a version is released, each under that version; the others wait."""
    versions = {case.pk: _version_for(case) for case, _ in numbers}
    released = [(case, number) for case, number in numbers if versions[case.pk] is not None]
    return len(open_occurrences(by=WORKER, numbers=released, versions=versions, now=now)) if released else 0


def open_what_was_left() -> int:
    """Open the cases of every signed list no job finished. Returns how many lists."""
    with acting_as(WORKER):
        waiting = signed_lists_without_cases()
    for list_id in waiting:
        open_cases(list_id=list_id)
    return len(waiting)


def ask_again_what_expired() -> int:
    """Put every decision of clinicians whose day has come before them again. Returns how many."""
    with acting_as(WORKER):
        now = app_now()
        expired = decisions_to_ask_again(now=now)
        for at_risk_list, entries in expired.items():
            put_question_again(by=WORKER, at_risk_list=at_risk_list, entries=entries, now=now)
        return sum(len(entries) for entries in expired.values())


def decisions_to_ask_again(*, now: dt.datetime) -> dict[AtRiskList, list[Entry]]:
    """List the decisions whose day has come, on people's calendars, by the list they stand on."""
    return expired_decisions(day=local_time(now).date())


def open_next_check_ins(*, programmes: list[str]) -> int:
    """
    Open the next check-in of everyone whose last one was answered long enough ago. Returns how many.

    And the first one of everyone whom a release by stages has reached since their case was opened.
    """
    opened = 0
    for code in programmes:
        with acting_as(WORKER):
            due = check_ins_due(programme=code, now=app_now())
        opened += together(due, _open_next, size=_A_LOT)
    return opened


def check_ins_due(*, programme: str, now: dt.datetime) -> list[tuple[Case, int]]:
    """List the cases in which a check-in is due now and may be opened; none where no version is in force."""
    if not any(one.programme == programme for one in standings()):
        return []
    due = [*first_check_ins(programme=programme), *cases_whose_next_is_due(programme=programme, now=now)]
    return [(case, number) for case, number in due if _version_for(case) is not None]


def _version_for(case: Case) -> UUID | None:
    return version_opened_under(programme=case.programme, rank=case.release_rank)


def _open_next(numbers: Sequence[tuple[Case, int]]) -> int:
    with acting_as(WORKER):
        return _open(numbers, app_now())


def first_check_ins(*, programme: str) -> list[tuple[Case, int]]:
    """List the cases in which nobody was asked yet and somebody may now be, since a release has reached them."""
    share = max((one.share for one in standings() if one.programme == programme), default=0)
    return cases_without_an_occurrence(programme=programme, ranks_below=ranks_released(share=share))


def cases_whose_next_is_due(*, programme: str, now: dt.datetime) -> list[tuple[Case, int]]:
    """
    List cases whose last check-in was answered and opened at least the programme's number of calendar days ago.

    A check-in falls due from midnight on people's clocks, at whatever hour the one before was opened; in a programme
    that asks again within hours, so many hours after the answer. A programme that asks once has none.
    """
    about = in_force(programme=programme).programme
    if about.asks_once:
        return []
    if about.check_in_every_hours:
        answered = now - dt.timedelta(hours=about.check_in_every_hours)
        return cases_due_an_occurrence(programme=programme, answered_before=answered)
    days = about.check_in_every_days
    midnight = local_time(now).replace(hour=0, minute=0, second=0, microsecond=0) - dt.timedelta(days=days - 1)
    return cases_due_an_occurrence(programme=programme, opened_before=midnight)
