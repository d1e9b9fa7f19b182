"""Follow a withdrawal into the cases: numbers, wishes and deaths only a withdrawn delivery told of hold no more."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from wherry.database.context import acting_as, app_now
from wherry.feeds.queries import deliveries, withdrawals
from wherry.foundation.actors import WORKER
from wherry.journeys.deferring import Job, defer
from wherry.journeys.one_by_one import together
from wherry.people.actions import give_back, report
from wherry.people.details import PersonDetails
from wherry.people.models import Person, Report
from wherry.population.store import Store

_A_LOT = 200
_DEATH = "a death notice that was withdrawn"


def withdrawn_batches(*, store: Store) -> list[str]:
    """List the deliveries withdrawn so far."""
    return sorted(withdrawals(store=store))


def leave_what_still_stands(*, store: Store, batches: Collection[str], known: Mapping[str, PersonDetails]) -> int:
    """
    Leave everybody with a case only what the senders of withdrawn deliveries still say. Returns how many people.

    known: by population id; whom nobody tells of any more keeps their name and no number of those senders. Whoever is
    no longer said to be dead is not contacted before somebody has made sure of it. Safe to repeat.
    Hazards: H-01 (contact after death), H-04 (a door that is no longer theirs).
    """
    sources = {str(one["source"]) for one in deliveries(store=store) if one["batch_id"] in batches}
    if not sources:
        return 0
    with acting_as(WORKER):
        people = sorted(Person.objects.values_list("pk", flat=True))
    return together(people, lambda lot: _leave(lot, known, sources), size=_A_LOT)


def _leave(ids: Sequence[UUID], known: Mapping[str, PersonDetails], sources: Collection[str]) -> int:
    with acting_as(WORKER):
        now = app_now()
        people = list(Person.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        for person in people:
            details = known.get(person.population_id) or _nobody_tells_of(person)
            _alive_again(person, details, now)
            give_back(by=WORKER, person=person, details=details, sources=sources, now=now)
        return len(people)


def _alive_again(person: Person, details: PersonDetails, now: dt.datetime) -> None:
    if person.died_on is not None and details.died_on is None:
        report(by=WORKER, person_id=person.pk, kind=Report.Kind.DIED, source=_DEATH, now=now)
        defer(Job.FOLLOW_PERSON, about=person.pk)


def _nobody_tells_of(person: Person) -> PersonDetails:
    names = {one.name for one in dataclasses.fields(PersonDetails)} - {"contact_points", "wishes"}
    return PersonDetails(**{name: getattr(person, name) for name in names})
