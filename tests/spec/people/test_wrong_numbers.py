"""A number found wrong stays wrong, whoever else gives it: only somebody who checked it since makes it right again."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.county_of_one import LANDLINE, MOBILE, County, county_of_one, details
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.people.actions import admit, mark_right, mark_wrong
from wherry.people.models import ContactPointRow
from wherry.people.queries import reachable
from wherry.people.types import ContactKind, ContactPoint

pytestmark = pytest.mark.django_db


def told(*, source: str, verified_on: dt.date | None = None) -> None:
    with acting_as(WORKER):
        now = app_now()
        point = ContactPoint(ContactKind.MOBILE, MOBILE, source, now.date(), verified_on)
        admit(by=WORKER, details=details(today=now.date(), contact_points=(point,)), now=now)


def numbers(county: County) -> set[str]:
    with acting_as(WORKER):
        return {one.value for one in reachable(person=county.person, day=app_now().date()).contact_points}


def found_wrong() -> None:
    with acting_as(WORKER):
        row = ContactPointRow.objects.filter(value=MOBILE).earliest("source")
        mark_wrong(by=WORKER, contact_point_id=row.pk, now=app_now())


def test_a_number_two_sources_gave_is_wrong_in_both() -> None:
    county = county_of_one()
    told(source="hospital")
    found_wrong()
    assert numbers(county) == {LANDLINE}


def test_another_source_that_gives_it_later_does_not_make_it_right() -> None:
    county = county_of_one()
    found_wrong()
    told(source="hospital")
    assert numbers(county) == {LANDLINE}


def test_somebody_who_checked_it_since_does() -> None:
    county = county_of_one()
    found_wrong()
    told(source="self_registrations", verified_on=dt.date.today() + dt.timedelta(days=2))
    assert numbers(county) == {LANDLINE, MOBILE}


def test_a_mis_tap_taken_back_gives_every_source_its_number_again() -> None:
    county = county_of_one()
    told(source="hospital")
    found_wrong()
    with acting_as(WORKER):
        mark_right(
            by=WORKER, contact_point_id=ContactPointRow.objects.filter(value=MOBILE).latest("source").pk, now=app_now()
        )
        assert not ContactPointRow.objects.filter(wrong_since__isnull=False).exists()
    assert numbers(county) == {LANDLINE, MOBILE}
