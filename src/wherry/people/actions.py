"""Letting a person into the care plane, and what they tell us about how they may be reached."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet

from wherry.audit.actions import Deed, record, record_all
from wherry.foundation.actors import Actor
from wherry.people.details import PersonDetails
from wherry.people.models import ContactPointRow, Person, Report, WishRow
from wherry.people.types import ContactKind, WishKind

_NOT_COLUMNS = {"population_id", "contact_points", "wishes"}


def admit(*, by: Actor, details: PersonDetails, now: dt.datetime) -> Person:
    """
    Enter a person who has a case, or bring what is known of them up to date.

    A blank never wipes what is known. A death recorded once stays until a person corrects it.
    """
    return admit_all(by=by, people=[details], now=now)[0]


def admit_all(*, by: Actor, people: Sequence[PersonDetails], now: dt.datetime) -> list[Person]:
    """Enter many people, or bring them up to date, in a few statements; as `admit` does. Gives them in their order."""
    asked = {one.population_id: Person(population_id=one.population_id, **_columns(one)) for one in people}
    known = set(Person.objects.filter(population_id__in=asked).values_list("population_id", flat=True))
    Person.objects.bulk_create([one for key, one in asked.items() if key not in known], ignore_conflicts=True)
    found = {one.population_id: one for one in Person.objects.filter(population_id__in=asked)}
    for details in people:
        person = found[details.population_id]
        said = {name: value for name, value in _columns(details).items() if value not in ("", None)}
        if any(getattr(person, name) != value for name, value in said.items()):
            person.change(**said)
    admitted = [found[one.population_id] for one in people]
    _bring_contact_points(list(zip(admitted, people, strict=True)))
    _bring_wishes(list(zip(admitted, people, strict=True)))
    new = {one.pk for one in asked.values()}
    deeds = [Deed("person.admitted", "person", [one.id], {"new": one.pk in new}) for one in admitted]
    record_all(by=by, deeds=deeds, now=now)
    return admitted


def _bring_contact_points(pairs: Sequence[tuple[Person, PersonDetails]]) -> None:
    # The newest day a source gave a number or address is what later decides which one is used.
    newest: dict[tuple[UUID, str, str, str], ContactPointRow] = {}
    for person, details in pairs:
        for point in sorted(details.contact_points, key=lambda one: one.recorded_on):
            row = ContactPointRow(
                person=person,
                kind=str(point.kind),
                value=point.value,
                source=point.source,
                recorded_on=point.recorded_on,
                verified_on=point.verified_on,
            )
            key = (row.person_id, row.kind, row.value, row.source)
            if row.verified_on is None and key in newest:
                row.verified_on = newest[key].verified_on
            newest[key] = row
    known = {
        (row.person_id, row.kind, row.value, row.source): row
        for row in ContactPointRow.objects.filter(person__in=[person for person, _ in pairs])
    }
    missing = [row for key, row in newest.items() if key not in known]
    wrong = {(row.person_id, row.value): row.wrong_since for row in known.values() if row.wrong_since}
    for row in missing:
        row.wrong_since = _still_wrong(row, wrong.get((row.person_id, row.value)))
    ContactPointRow.objects.bulk_create(missing, ignore_conflicts=True)
    _note_sharing(numbers={row.value for row in missing if row.kind == ContactKind.MOBILE})
    for key in newest.keys() & known.keys():
        here, there = known[key], newest[key]
        if there.recorded_on > here.recorded_on:
            ContactPointRow.objects.filter(pk=here.pk).update(
                recorded_on=there.recorded_on, verified_on=there.verified_on or here.verified_on
            )


def _still_wrong(row: ContactPointRow, since: dt.datetime | None) -> dt.datetime | None:
    # Another source's word does not make right what was found wrong; only somebody who checked it since does.
    is_checked = since is not None and row.verified_on is not None and row.verified_on > since.date()
    return None if is_checked else since


def _note_sharing(*, numbers: Collection[str]) -> None:
    # Written down here, where everybody is in sight: a resident's own page sees nobody else's numbers.
    same = ContactPointRow.objects.filter(kind=str(ContactKind.MOBILE), value__in=numbers)
    several = same.values("value").annotate(people=Count("person", distinct=True)).filter(people__gt=1)
    if numbers:
        same.filter(value__in=several.values("value"), is_shared=False).update(is_shared=True)


def _bring_wishes(pairs: Sequence[tuple[Person, PersonDetails]]) -> None:
    wished = {
        (person.pk, str(wish.kind), wish.value, wish.source, wish.recorded_on): wish.ends_on
        for person, details in pairs
        for wish in details.wishes
    }
    rows = WishRow.objects.filter(person__in=[person for person, _ in pairs])
    known = set(rows.values_list("person_id", "kind", "value", "source", "recorded_on"))
    WishRow.objects.bulk_create(
        WishRow(person_id=person, kind=kind, value=value, source=source, recorded_on=day, ends_on=ends_on)
        for (person, kind, value, source, day), ends_on in wished.items()
        if (person, kind, value, source, day) not in known
    )


def _columns(details: PersonDetails) -> dict[str, object]:
    names = (one.name for one in dataclasses.fields(details))
    return {name: getattr(details, name) for name in names if name not in _NOT_COLUMNS}


def give_back(*, by: Actor, person: Person, details: PersonDetails, sources: Collection[str], now: dt.datetime) -> None:
    """
    Leave somebody only what is theirs, after records were taken out of them: a blank does wipe here, and a death goes.

    sources: the senders whose word the details hold whole. A number of theirs that is not in it is not used again, and
    a wish of theirs ends; what the person told us stays.
    """
    if any(getattr(person, name) != value for name, value in _columns(details).items()):
        person.change(**_columns(details))
    points = {(str(one.kind), one.value, one.source) for one in details.contact_points}
    theirs = ContactPointRow.objects.filter(person=person, source__in=sources, wrong_since__isnull=True)
    gone = [row.pk for row in theirs if (row.kind, row.value, row.source) not in points]
    ContactPointRow.objects.filter(pk__in=gone).update(wrong_since=now)
    wishes = {(str(one.kind), one.value, one.source, one.recorded_on) for one in details.wishes}
    wished = WishRow.objects.filter(person=person, source__in=sources)
    ended = [row.pk for row in wished if (row.kind, row.value, row.source, row.recorded_on) not in wishes]
    WishRow.objects.filter(pk__in=ended).update(ends_on=now.date() - dt.timedelta(days=1))
    detail = {"contact_points": len(gone), "wishes": len(ended)}
    record(by=by, did="person.given_back", subject="person", subject_ids=[person.pk], now=now, detail=detail)


def note_wish(
    *,
    by: Actor,
    person_id: UUID,
    kind: WishKind,
    value: str,
    source: str,
    now: dt.datetime,
    ends_on: dt.date | None = None,
) -> None:
    """Write down what somebody asked of us, until a day (that day counted). It holds from this transaction on."""
    WishRow.objects.create(
        person_id=person_id, kind=str(kind), value=value, source=source, recorded_on=now.date(), ends_on=ends_on
    )
    record(by=by, did="wish.noted", subject="person", subject_ids=[person_id], now=now, detail={"kind": str(kind)})


def report(*, by: Actor, person_id: UUID, kind: Report.Kind, source: str, now: dt.datetime) -> bool:
    """
    Take "they have died" or "this is not me". Contact stops with this transaction. False when it was reported already.

    Hazards: H-01 (contact after death). Only a person resolves it.
    """
    try:
        with transaction.atomic():
            Report.objects.create(person_id=person_id, kind=kind, source=source, reported_at=now)
    except IntegrityError:
        return False
    record(by=by, did="person.reported", subject="person", subject_ids=[person_id], now=now, detail={"kind": str(kind)})
    return True


def resolve_report(*, by: Actor, report_id: UUID, resolution: str, now: dt.datetime) -> None:
    """Close a report after somebody looked into it. Contact stays stopped unless it was mistaken."""
    found = Report.objects.filter(id=report_id, resolved_at__isnull=True)
    if found.update(resolution=resolution, resolved_at=now):
        record(
            by=by,
            did="report.resolved",
            subject="report",
            subject_ids=[report_id],
            now=now,
            detail={"resolution": resolution},
        )


def mark_wrong(*, by: Actor, contact_point_id: UUID, now: dt.datetime) -> None:
    """Mark a number or address as not theirs, whoever gave it: it is not used again."""
    if _the_same(contact_point_id).filter(wrong_since__isnull=True).update(wrong_since=now):
        record(by=by, did="contact_point.wrong", subject="contact_point", subject_ids=[contact_point_id], now=now)


def mark_right(*, by: Actor, contact_point_id: UUID, now: dt.datetime) -> None:
    """Take back that a number or address is not theirs: it was a mis-tap."""
    if _the_same(contact_point_id).filter(wrong_since__isnull=False).update(wrong_since=None):
        record(by=by, did="contact_point.right", subject="contact_point", subject_ids=[contact_point_id], now=now)


def _the_same(contact_point_id: UUID) -> QuerySet[ContactPointRow]:
    # Several sources give the same number, each in a row of its own.
    one = ContactPointRow.objects.filter(pk=contact_point_id)
    return ContactPointRow.objects.filter(person__in=one.values("person"), value__in=one.values("value"))
