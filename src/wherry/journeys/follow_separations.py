"""
Follow separations: people whose records an analyst took apart are written to by nobody until somebody has confirmed it.

When a run has separated them, each is left with what came from their own records; a case goes to whom it is about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from django.conf import settings

from wherry.cases.actions import move_case
from wherry.cases.models import Case
from wherry.cases.queries import open_cases_of
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys.deferring import Job, defer
from wherry.journeys.one_by_one import one_by_one
from wherry.people.actions import admit, give_back, report, resolve_report
from wherry.people.details import PersonDetails
from wherry.people.from_store import details_of
from wherry.people.link_review import Separation, facts_told_of, held_people, senders, separations
from wherry.people.models import Person, Report
from wherry.population.store import Store
from wherry.review.queries import reasons_of

_SOURCE = "their records were taken apart"


def follow() -> int:
    """Hold whom a separation is about, and let go whose is confirmed. Returns how many people. Safe to repeat."""
    store = Store(Path(settings.HOME) / "store")
    held = held_people(store=store)
    with acting_as(WORKER):
        waiting = Report.objects.filter(kind=Report.Kind.UNLINKED, resolved_at__isnull=True).select_related("person")
        reports = {one.person.population_id: one for one in waiting}
        people = Person.objects.filter(population_id__in=held - reports.keys())
        new, over = list(people), [one for known, one in reports.items() if known not in held]
    return one_by_one(new, _hold) + one_by_one(over, _let_go)


def _hold(person: Person) -> int:
    with acting_as(WORKER):
        report(by=WORKER, person_id=person.pk, kind=Report.Kind.UNLINKED, source=_SOURCE, now=app_now())
        defer(Job.FOLLOW_PERSON, about=person.pk)
    return 1


def _let_go(said: Report) -> int:
    with acting_as(WORKER):
        resolve_report(by=WORKER, report_id=said.pk, resolution=Report.MISTAKEN, now=app_now())
        defer(Job.FOLLOW_PERSON, about=said.person_id)
    return 1


def give_each_their_own(*, store: Store) -> int:
    """
    Leave everybody of an unconfirmed separation only what came from their own records. Returns how many cases moved.

    Hazards: H-03 (two people taken for one), H-04 (somebody else's number or address).
    """
    return one_by_one(separations(store=store), lambda one: _give(one, store=store))


def _give(separation: Separation, *, store: Store) -> int:
    known = {one.population_id: one for one in details_of(store=store, person_ids=separation.people)}
    told, sources = facts_told_of(store=store, person_ids=separation.people), senders(store=store)
    with acting_as(WORKER):
        now = app_now()
        people = list(Person.objects.filter(population_id__in=known))
        for person in people:
            give_back(by=WORKER, person=person, details=known[person.population_id], sources=sources, now=now)
        return sum(_move_cases(person, known=known, told=told, now=now) for person in people)


def _move_cases(
    person: Person,
    *,
    known: Mapping[str, PersonDetails],
    told: Mapping[str, Collection[tuple[str, str]]],
    now: dt.datetime,
) -> int:
    moved = 0
    for case in open_cases_of(person_id=person.pk):
        owner = whose(reasons_of(entry_id=case.opened_from), told=told)
        if owner is not None and owner != person.population_id:
            moved += _move(case, details=known[owner], now=now)
    return moved


def _move(case: Case, *, details: PersonDetails, now: dt.datetime) -> int:
    theirs = admit(by=WORKER, details=details, now=now)
    report(by=WORKER, person_id=theirs.pk, kind=Report.Kind.UNLINKED, source=_SOURCE, now=now)
    defer(Job.FOLLOW_PERSON, about=theirs.pk)
    return int(move_case(by=WORKER, case=case, person=theirs, why="every reason came from their records", now=now))


def whose(
    reasons: Sequence[tuple[str, dt.date | None]], *, told: Mapping[str, Collection[tuple[str, str]]]
) -> str | None:
    """Give the one person of whom every reason with a code is told, None where it is nobody's alone."""
    coded = {(code, str(day)) for code, day in reasons if code}
    owners = [person for person, facts in told.items() if coded and coded <= set(facts)]
    return owners[0] if len(owners) == 1 else None
