"""Partners see what they are asked, and no more; they accept, decline with a reason, finish with an outcome."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest

from tests.support.lists import County, a_call, a_case, a_need, county
from tests.support.places_and_people import set_clock_ahead
from tests.support.roles import as_role
from wherry.audit.models import Event
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.referrals.actions import ask_person, person_says
from wherry.referrals.models import CallToAction

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> County:
    return county()


@pytest.fixture
def call(here: County) -> CallToAction:
    return a_call(here, a_need(here, a_case(here)))


def _again(call: CallToAction) -> CallToAction:
    with acting_as(WORKER):
        return CallToAction.objects.get(pk=call.pk)


def test_the_inbox_shows_what_waits_and_writes_the_look_down(here: County, call: CallToAction) -> None:
    page = here.signed_in("food").get("/partners/").content.decode()

    assert f"Food: ref {str(call.pk)[:6].upper()}" in page
    assert "Norwich, NR1" in page
    assert "Berta" not in page
    assert "To answer (1)" in page
    with acting_as(WORKER):
        assert Event.objects.get(did="inbox.looked_at").subject_ids == [str(call.pk)]


def test_before_a_call_is_accepted_its_need_area_and_urgency_are_all_that_is_told_h_04(
    here: County, call: CallToAction
) -> None:
    page = here.signed_in("food").get(f"/partners/calls/{call.pk}").content.decode()

    for told in ("No food in the house", "Norwich, NR1", "Today", "Polish", "Answer by"):
        assert told in page
    for hidden in ("Berta", "1 Long Lane", "07700", "+4477"):
        assert hidden not in page


@pytest.mark.parametrize("reason", ["no_capacity", "could_not_reach"])
def test_who_gives_a_call_back_no_longer_sees_who_it_was_about_h_04(
    here: County, call: CallToAction, reason: str
) -> None:
    client, path = here.signed_in("food"), f"/partners/calls/{call.pk}"
    client.post(path, {"answer": "accept", "version": "1"})
    seen = client.get(path).content.decode()

    client.post(path, {"answer": "decline", "version": "2", "decline_reason": reason})

    assert "Berta" in seen
    given_back = client.get(path).content.decode() + client.get("/partners/?state=finished").content.decode()
    for hidden in ("Berta", "1 Long Lane", "07700"):
        assert hidden not in given_back
    assert "Do not visit or ring them" in given_back


def test_what_could_not_be_done_is_given_back_and_is_never_called_done_h_13(here: County, call: CallToAction) -> None:
    client, path = here.signed_in("food"), f"/partners/calls/{call.pk}"
    client.post(path, {"answer": "accept", "version": "1"})

    as_done = client.post(path, {"answer": "done", "version": "2", "outcome": "could_not_reach"})
    still = _again(call).state
    client.post(path, {"answer": "decline", "version": "2", "decline_reason": "could_not_reach"})

    assert "Choose what came of it" in as_done.content.decode()
    assert still == "accepted"
    assert (_again(call).state, _again(call).outcome) == ("declined", "")


def test_the_most_urgent_comes_first_whatever_its_clock(here: County) -> None:
    made = [
        a_call(here, a_need(here, a_case(here, number=number), urgency=urgency))
        for number, urgency in enumerate(["routine", "soon", "emergency", "today"], start=1)
    ]

    page = here.signed_in("food").get("/partners/").content.decode()

    at = {call.urgency: page.index(f"/partners/calls/{call.pk}") for call in made}
    assert sorted(at, key=lambda urgency: at[urgency]) == ["emergency", "today", "soon", "routine"]


def test_a_partner_says_how_much_it_can_take_and_nonsense_is_said_to_be(here: County) -> None:
    client, path = here.signed_in("food"), "/partners/capacity"
    said, minutes = {"service": "food_parcel"}, [0]
    friday = here.now.date() + dt.timedelta(days=4)
    closed = {f"closed_until-{part}": str(getattr(friday, part)) for part in ("day", "month", "year")}

    def room_after(posted: dict[str, str]) -> str:
        # Each word comes a minute after the one before; the newest holds.
        minutes.append(len(minutes) + 1)
        set_clock_ahead(dt.timedelta(minutes=minutes[-1]))
        assert client.post(path, {**said, **posted}).status_code == 302
        return client.get(path).content.decode()

    assert "Room for 60 more today" in client.get(path).content.decode()
    assert "Room for 5 more today" in room_after({"how": "today", "takes": "5"})
    assert "Full for today" in room_after({"how": "today", "takes": "0"})
    assert f"Closed until {friday:%A}" in room_after({"how": "closed", **closed})
    assert "Room for 60 more today" in room_after({"how": "usual"})
    for wrong, words in [
        ({}, "Choose one"),
        ({"how": "today", "takes": "many"}, "Write a number from 0 to 500"),
        ({"how": "closed"}, "Write a day after today"),
    ]:
        assert words in client.post(path, {**said, **wrong}).content.decode()
    assert client.post(path, {"service": "listening_line", "how": "usual"}).status_code == 404, "another's"


def test_what_is_coming_is_counted_by_need_and_day_and_names_nobody(here: County) -> None:
    for number in range(3):
        a_call(here, a_need(here, a_case(here, number=number)))

    page = here.signed_in("food").get("/partners/coming").content.decode()
    others = here.signed_in("mind").get("/partners/coming").content.decode()

    assert "<strong>3</strong> wait for your answer" in page
    assert "Berta" not in page
    assert "Nothing was asked of you" in others


@pytest.mark.parametrize("path", ["/partners/", "/partners/capacity", "/partners/coming"])
def test_the_number_of_queries_does_not_grow_with_the_inbox(
    here: County, path: str, django_assert_max_num_queries: Callable
) -> None:
    for number in range(12):
        a_call(here, a_need(here, a_case(here, number=number)))
    client = here.signed_in("food")

    with django_assert_max_num_queries(26):
        client.get(path)


def test_a_call_accepted_shows_the_shared_fields_and_nothing_else_of_the_person(
    here: County, call: CallToAction
) -> None:
    here.signed_in("food").post(f"/partners/calls/{call.pk}", {"answer": "accept", "version": "1"})
    page = here.signed_in("food").get(f"/partners/calls/{call.pk}").content.decode()

    assert "1 Long Lane, Norwich" in page
    assert 'href="tel:+447700900001"' in page
    assert "Polish" in page
    for hidden in ("1940", "high", "Tier", "covid"):
        assert hidden not in page
    with acting_as(WORKER):
        assert str(call.case_id) in Event.objects.get(did="person.seen").subject_ids


def test_a_call_is_accepted_then_done_with_an_outcome(here: County, call: CallToAction) -> None:
    client, path = here.signed_in("food"), f"/partners/calls/{call.pk}"

    client.post(path, {"answer": "accept", "version": "1"})
    in_hand = client.get("/partners/?state=in_hand").content.decode()
    client.post(path, {"answer": "done", "version": "2", "outcome": "helped"})
    finished = client.get("/partners/?state=finished").content.decode()

    assert "Berta Example" in in_hand
    assert "Done, the person is being asked" in finished
    assert (_again(call).state, _again(call).outcome) == ("done", "helped")


@pytest.mark.parametrize(
    ("helped", "days_after", "knows"),
    [(None, 13, True), (None, 15, False), (False, 13, True), (False, 15, False), (True, 0, False)],
)
def test_who_it_was_is_shown_until_it_is_known_to_have_come_or_two_weeks_are_over_h_04(
    here: County, call: CallToAction, helped: bool | None, days_after: int, knows: bool
) -> None:
    client, path = here.signed_in("food"), f"/partners/calls/{call.pk}"
    client.post(path, {"answer": "accept", "version": "1"})
    client.post(path, {"answer": "done", "version": "2", "outcome": "helped"})
    if helped is not None:
        with acting_as(WORKER):
            ask_person(by=WORKER, call_to_action=_again(call), now=app_now())
            person_says(by=WORKER, call_to_action=_again(call), helped=helped, now=app_now())

    set_clock_ahead(dt.timedelta(days=days_after))
    pages = client.get(path).content.decode() + client.get("/partners/?state=finished").content.decode()

    for told in ("Berta", "1 Long Lane", "+447700900001"):
        assert (told in pages) is knows
    assert ("B. E." in pages) is not knows
    assert "Food" in pages


def test_a_call_is_declined_only_with_a_reason(here: County, call: CallToAction) -> None:
    client, path = here.signed_in("food"), f"/partners/calls/{call.pk}"

    without = client.post(path, {"answer": "decline", "version": "1"})
    still = _again(call).state
    client.post(path, {"answer": "decline", "version": "1", "decline_reason": "no_capacity"})

    assert "Choose a reason" in without.content.decode()
    assert still == "offered"
    assert (_again(call).state, _again(call).decline_reason) == ("declined", "no_capacity")


def test_a_call_is_finished_only_with_an_outcome(here: County, call: CallToAction) -> None:
    client, path = here.signed_in("food"), f"/partners/calls/{call.pk}"
    client.post(path, {"answer": "accept", "version": "1"})

    page = client.post(path, {"answer": "done", "version": "2"})

    assert "Choose what came of it" in page.content.decode()
    assert _again(call).state == "accepted"


def test_who_answers_an_old_page_is_told_somebody_was_first(here: County, call: CallToAction) -> None:
    client, path = here.signed_in("food"), f"/partners/calls/{call.pk}"
    client.post(path, {"answer": "accept", "version": "1"})

    assert client.post(path, {"answer": "decline", "version": "1", "decline_reason": "other"}).status_code == 409
    assert client.post(path, {"answer": "accept", "version": "2"}).status_code == 409
    assert client.post(path, {"answer": "accept"}).status_code == 409
    assert _again(call).state == "accepted"


def test_another_partner_gets_the_answer_for_an_unknown_id(here: County, call: CallToAction) -> None:
    client = here.signed_in("mind")

    theirs = client.get(f"/partners/calls/{call.pk}")
    unknown = client.get(f"/partners/calls/{uuid.uuid4()}")

    assert theirs.status_code == unknown.status_code == 404
    assert theirs.content == unknown.content
    assert client.post(f"/partners/calls/{call.pk}", {"answer": "accept", "version": "1"}).status_code == 404
    assert "Berta" not in client.get("/partners/").content.decode()
    assert _again(call).state == "offered"


@pytest.mark.parametrize("who", ["caller", "supervisor", "clinician", "lead"])
def test_every_other_role_is_refused(here: County, call: CallToAction, who: str) -> None:
    client = here.signed_in(who)

    assert client.get("/partners/").status_code == 403
    assert client.get(f"/partners/calls/{call.pk}").status_code == 403


def test_the_web_role_is_granted_all_a_partner_needs(here: County, call: CallToAction) -> None:
    client, path = here.signed_in("food"), f"/partners/calls/{call.pk}"
    other = a_call(here, a_need(here, a_case(here, number=2)))

    with as_role("web"):
        answers = [
            client.get("/partners/"),
            client.get(path),
            client.post(path, {"answer": "accept", "version": "1"}),
            client.post(path, {"answer": "done", "version": "2", "outcome": "partly_helped"}),
            client.post(
                f"/partners/calls/{other.pk}", {"answer": "decline", "version": "1", "decline_reason": "other"}
            ),
        ]

    assert [one.status_code for one in answers] == [200, 200, 302, 302, 302]
    assert (_again(call).state, _again(other).state) == ("done", "declined")
