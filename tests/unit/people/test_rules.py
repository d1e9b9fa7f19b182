from __future__ import annotations

import datetime as dt

import pytest

from tests.support.reaching import MONDAY, point, wish
from wherry.people.rules import (
    active_wishes,
    best_contact_point,
    is_address_held,
    preferred_language,
    same_address,
)
from wherry.people.types import ContactKind, WishKind

DAY = dt.timedelta(days=1)


def test_a_wish_holds_from_its_first_day_to_its_last():
    held = wish("format", "braille", recorded_on=MONDAY, ends_on=MONDAY + DAY)

    days = [MONDAY - DAY, MONDAY, MONDAY + DAY, MONDAY + 2 * DAY]

    assert [bool(active_wishes(wishes=[held], day=day)) for day in days] == [False, True, True, False]


def test_a_stop_recorded_with_a_fast_clock_holds_at_once():
    assert active_wishes(wishes=[wish("stop", recorded_on=MONDAY + DAY)], day=MONDAY)


def test_the_newest_language_wish_wins_over_the_record():
    wishes = [wish("language", "pl", recorded_on=MONDAY - DAY), wish("language", "LT ", recorded_on=MONDAY)]

    assert preferred_language(wishes=wishes, language="en", day=MONDAY) == "lt"
    assert preferred_language(wishes=[], language="pl", day=MONDAY) == "pl"


def test_a_verified_number_wins_over_a_newer_one_that_is_not():
    verified = point("mobile", "+447700900001", recorded_on=MONDAY - 9 * DAY, verified_on=MONDAY - 8 * DAY)
    newer = point("mobile", "+447700900009", recorded_on=MONDAY)

    assert best_contact_point(contact_points=[newer, verified], kind=ContactKind.MOBILE) == verified


def test_the_newest_recorded_number_wins_when_none_is_verified():
    older, newer = point("mobile", "+447700900001", recorded_on=MONDAY - DAY), point("mobile", "+447700900009")

    assert best_contact_point(contact_points=[newer, older], kind=ContactKind.MOBILE) == newer
    assert best_contact_point(contact_points=[newer, older], kind=ContactKind.MOBILE, but_not=[newer.value]) == older
    assert best_contact_point(contact_points=[newer, older], kind=ContactKind.LANDLINE) is None


def test_an_empty_value_is_no_contact_point():
    assert best_contact_point(contact_points=[point("mobile", " ")], kind=ContactKind.MOBILE) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("12 High Street, Norwich, NR99 1AA", "12 HIGH ST., NR99 1AA", True),
        ("12 High Street, Norwich, NR99 1AA", "21 High Street, Norwich, NR99 1AA", False),
        ("Flat 2, 12 High Street, NR99 1AA", "Flat 3, 12 High Street, NR99 1AA", False),
        ("12 High Street, NR99 1AA", "12 High Street, NR99 1AB", False),
        ("Rose Cottage, NR99 1AA", "Lilac Cottage, NR99 1AA", False),
        ("Rose Cottage, NR99 1AA", "rose cottage nr99 1aa", True),
        ("12 High Street", "12 High Street, NR99 1AA", False),
        ("38 HARRIER ROAD, NR2 8XB", "38 Harrier Road, Norwich, NR2 8XB", True),
        ("38 Harrier Road, NR28XB", "38 Harrier Road, Norwich, NR2 8XB", True),
        ("38 Harrier Road, NR2 8XB", "38 Harrier Road, NR12 8XB", False),
    ],
)
def test_two_writings_of_one_door_are_the_same_address(one, other, same):
    assert same_address(one, other) is same
    assert same_address(other, one) is same


def test_an_address_is_held_when_two_sources_disagree():
    here, there = point("address", "1 A Road, NR99 1AA"), point("address", "2 B Road, NR99 2BB", source="hospital")

    assert is_address_held(contact_points=[here, there])
    assert not is_address_held(contact_points=[here, point("address", "1 A RD, NR99 1AA", source="hospital")])
    assert not is_address_held(contact_points=[point("mobile", "+447700900001")])


def test_a_source_that_moved_somebody_speaks_through_its_newest_address():
    moved = [
        point("address", "1 A Road, NR99 1AA", recorded_on=MONDAY - 9 * DAY),
        point("address", "2 B Road, NR99 2BB", recorded_on=MONDAY),
        point("address", "2 B Road, NR99 2BB", source="hospital", recorded_on=MONDAY),
    ]

    assert not is_address_held(contact_points=moved)


def test_a_verified_address_settles_older_disagreement_but_not_newer():
    settled = point("address", "1 A Road, NR99 1AA", recorded_on=MONDAY - 9 * DAY, verified_on=MONDAY)
    older = point("address", "2 B Road, NR99 2BB", source="hospital", recorded_on=MONDAY - DAY)
    newer = point("address", "2 B Road, NR99 2BB", source="hospital", recorded_on=MONDAY + DAY)

    assert not is_address_held(contact_points=[settled, older])
    assert is_address_held(contact_points=[settled, newer])


def test_no_value_shows_in_a_repr():
    assert "900101" not in repr(point("mobile", "+447700900101"))
    assert "braille" not in repr(wish("format", "braille"))
    assert wish("stop").kind is WishKind.STOP
