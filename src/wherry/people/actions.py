"""Letting a person into the care plane, and what they tell us about how they may be reached."""

from __future__ import annotations

import dataclasses
import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.people.details import PersonDetails
from wherry.people.models import ContactPointRow, Person, Report, WishRow
from wherry.people.types import WishKind

_NOT_COLUMNS = {"population_id", "contact_points", "wishes"}


def admit(*, by: Actor, details: PersonDetails, now: dt.datetime) -> Person:
    """
    Enter a person who has a case, or bring what is known of them up to date.

    A blank never wipes what is known. A death recorded once stays until a person corrects it.
    """
    values = {name: value for name, value in _columns(details).items() if value not in ("", None)}
    person, is_new = Person.objects.get_or_create(population_id=details.population_id, defaults=_columns(details))
    if not is_new:
        person.change(**values)
    _bring_contact_points(person, details)
    for wish in details.wishes:
        WishRow.objects.get_or_create(
            person=person,
            kind=str(wish.kind),
            value=wish.value,
            source=wish.source,
            recorded_on=wish.recorded_on,
            defaults={"ends_on": wish.ends_on},
        )
    record(by=by, did="person.admitted", subject="person", subject_ids=[person.id], now=now, detail={"new": is_new})
    return person


def _bring_contact_points(person: Person, details: PersonDetails) -> None:
    # The newest day a source gave a number or address is what later decides which one is used.
    for point in details.contact_points:
        row, is_new = ContactPointRow.objects.get_or_create(
            person=person,
            kind=str(point.kind),
            value=point.value,
            source=point.source,
            defaults={"recorded_on": point.recorded_on, "verified_on": point.verified_on},
        )
        if not is_new and point.recorded_on > row.recorded_on:
            ContactPointRow.objects.filter(pk=row.pk).update(
                recorded_on=point.recorded_on, verified_on=point.verified_on or row.verified_on
            )


def _columns(details: PersonDetails) -> dict[str, object]:
    names = (one.name for one in dataclasses.fields(details))
    return {name: getattr(details, name) for name in names if name not in _NOT_COLUMNS}


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
    """Mark a number or address as not theirs: it is not used again."""
    if ContactPointRow.objects.filter(id=contact_point_id, wrong_since__isnull=True).update(wrong_since=now):
        record(by=by, did="contact_point.wrong", subject="contact_point", subject_ids=[contact_point_id], now=now)


def mark_right(*, by: Actor, contact_point_id: UUID, now: dt.datetime) -> None:
    """Take back that a number or address is not theirs: it was a mis-tap."""
    if ContactPointRow.objects.filter(id=contact_point_id, wrong_since__isnull=False).update(wrong_since=None):
        record(by=by, did="contact_point.right", subject="contact_point", subject_ids=[contact_point_id], now=now)
