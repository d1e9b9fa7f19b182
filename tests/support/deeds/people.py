"""The deeds of people: how each is done here; and what writes nothing down, with why that is right."""

from __future__ import annotations

import uuid

from tests.support.deeds.kinds import Deed, details_of_another
from tests.support.places_and_people import Side
from wherry.foundation.actors import WORKER
from wherry.people import actions as people
from wherry.people.models import ContactPointRow, Report
from wherry.people.types import WishKind


def _number_of(side: Side) -> uuid.UUID:
    return ContactPointRow.objects.filter(person=side.person).order_by("id").first().pk


DEEDS: dict[str, Deed | tuple[Deed, Deed]] = {
    "people.admit": lambda s, n: people.admit(by=WORKER, details=details_of_another(n), now=n),
    "people.admit_all": lambda s, n: people.admit_all(by=WORKER, people=[details_of_another(n)], now=n),
    "people.give_back": lambda s, n: people.give_back(
        by=WORKER, person=s.person, details=details_of_another(n), sources=[], now=n
    ),
    "people.note_wish": lambda s, n: people.note_wish(
        by=WORKER, person_id=s.person.pk, kind=WishKind.STOP, value="", source="link", now=n
    ),
    "people.report": lambda s, n: people.report(
        by=WORKER, person_id=s.person.pk, kind=Report.Kind.DIED, source="link", now=n
    ),
    "people.resolve_report": lambda s, n: people.resolve_report(
        by=WORKER, report_id=s.report.pk, resolution="mistaken", now=n
    ),
    "people.mark_wrong": lambda s, n: people.mark_wrong(
        by=WORKER, contact_point_id=ContactPointRow.objects.filter(person=s.person).first().pk, now=n
    ),
    "people.mark_right": (
        lambda s, n: people.mark_wrong(by=WORKER, contact_point_id=_number_of(s), now=n),
        lambda s, n: people.mark_right(by=WORKER, contact_point_id=_number_of(s), now=n),
    ),
}
