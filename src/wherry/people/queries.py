"""What may be known of a person when somebody is about to contact them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from wherry.people.models import ContactPointRow, Person, Report, WishRow
from wherry.people.rules import preferred_language
from wherry.people.types import ContactKind, ContactPoint, Reachable, Wish, WishKind


def reachable(*, person: Person, day: dt.date) -> Reachable:
    """
    Gather what a decision about contact needs, as it stands in this transaction.

    A report counts at once, and for good unless somebody found it mistaken: "died" as a death, "not me" as a stop.
    """
    return reachable_people(people=[person], day=day)[person.id]


def reachable_people(*, people: Iterable[Person], day: dt.date) -> dict[UUID, Reachable]:
    """Gather the same for many, in three queries whatever their number."""
    people = list(people)
    ids = [person.id for person in people]
    points: dict[UUID, list[ContactPoint]] = {one: [] for one in ids}
    wishes: dict[UUID, list[Wish]] = {one: [] for one in ids}
    died: dict[UUID, dt.date | None] = {person.id: person.died_on for person in people}
    for row in ContactPointRow.objects.filter(person_id__in=ids, wrong_since__isnull=True):
        points[row.person_id].append(as_contact_point(row=row))
    for wish in WishRow.objects.filter(person_id__in=ids):
        wishes[wish.person_id].append(
            Wish(WishKind(wish.kind), wish.value, wish.source, wish.recorded_on, wish.ends_on)
        )
    for said in Report.objects.filter(person_id__in=ids).exclude(resolution=Report.MISTAKEN):
        if said.kind == Report.Kind.DIED:
            died[said.person_id] = died[said.person_id] or said.reported_at.date()
        else:
            wishes[said.person_id].append(Wish(WishKind.STOP, "", "report", said.reported_at.date()))
    return {
        person.id: Reachable(
            died_on=died[person.id],
            wishes=tuple(wishes[person.id]),
            contact_points=tuple(points[person.id]),
            language=preferred_language(wishes=wishes[person.id], language=person.language, day=day),
            address_held=person.is_address_held,
            synthetic=person.is_synthetic,
        )
        for person in people
    }


def barred_people(*, day: dt.date) -> QuerySet[Person, UUID]:
    """Give the ids of everyone nobody may contact at all, by their own word, by a report, or because they died."""
    stops = WishRow.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), kind=WishKind.STOP, value__in=["", "all", "everything"]
    )
    reports = Report.objects.exclude(resolution=Report.MISTAKEN)
    return Person.objects.filter(
        Q(died_on__isnull=False) | Q(pk__in=stops.values("person_id")) | Q(pk__in=reports.values("person_id"))
    ).values_list("pk", flat=True)


def as_contact_point(*, row: ContactPointRow) -> ContactPoint:
    """Give a row as the rules know it."""
    return ContactPoint(ContactKind(row.kind), row.value, row.source, row.recorded_on, row.verified_on, row.pk)


def people_with_number(*, number: str) -> list[UUID]:
    """List everyone a telephone number is recorded for: a shared phone has several."""
    return list(
        ContactPointRow.objects.filter(kind__in=["mobile", "landline"], value=number)
        .order_by("person_id")
        .values_list("person_id", flat=True)
        .distinct()
    )
