"""One row that cannot be worked through costs nobody behind it their turn, and is heard of all the same."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.support.county_of_one import MOBILE, County, county_of_one
from tests.support.places_and_people import two_sides
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys import close_the_loop, follow_wishes, read_texts
from wherry.outreach.actions import leave_inbound_text
from wherry.outreach.models import InboundText
from wherry.people.actions import note_wish
from wherry.people.models import WishRow
from wherry.people.types import WishKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return county_of_one()


class Spoilt(Exception):
    """Something in one row that nobody foresaw."""


def test_a_stop_by_text_is_heard_though_the_text_before_it_cannot_be(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting_as(WORKER):
        for name, words in (("first", "spoilt"), ("second", "Stop")):
            leave_inbound_text(provider_event=name, number=MOBILE, text=words, now=app_now())
    as_it_is = read_texts._hear

    def hear(*, words: str, **more: object) -> str:
        if words == "spoilt":
            raise Spoilt
        return as_it_is(words=words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(read_texts, "_hear", hear)

    with pytest.raises(Spoilt):
        read_texts.read_texts()

    with acting_as(WORKER):
        assert WishRow.objects.filter(person=county.person, kind=WishKind.STOP).exists()
        assert list(InboundText.objects.filter(handled_at__isnull=True).values_list("text", flat=True)) == ["spoilt"]


def test_a_stop_is_carried_out_though_another_persons_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    people = sorted(side.person.pk for side in two_sides())
    with acting_as(WORKER):
        for person_id in people:
            note_wish(by=WORKER, person_id=person_id, kind=WishKind.STOP, value="", source="link", now=app_now())
    followed: list[UUID] = []

    def follow(*, person_id: UUID) -> bool:
        if person_id == people[0]:
            raise Spoilt
        followed.append(person_id)
        return True

    monkeypatch.setattr(follow_wishes, "follow", follow)

    with pytest.raises(Spoilt):
        follow_wishes.follow_what_was_left()

    assert followed == people[1:]


@pytest.mark.parametrize(
    ("journey", "waits", "does"),
    [("ask_whether_it_helped", "to_be_asked", "_ask"), ("hear_what_was_left", "to_be_heard", "hear")],
)
def test_whether_it_helped_is_asked_and_heard_of_the_others(
    journey: str, waits: str, does: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    def do(**one: int) -> None:
        (number,) = one.values()
        if number == 1:
            raise Spoilt
        done.append(number)

    monkeypatch.setattr(close_the_loop, waits, lambda **known: [1, 2, 3])
    monkeypatch.setattr(close_the_loop, does, do)

    with pytest.raises(Spoilt):
        getattr(close_the_loop, journey)()

    assert done == [2, 3]
