"""Partners see what they are asked, and no more; they accept, decline with a reason, finish with an outcome."""

from __future__ import annotations

import uuid

import pytest

from tests.support.lists import County, a_call, a_case, a_need, as_database_role, county
from wherry.audit.models import Event
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
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

    assert "Food parcel: Berta Example" in page
    assert "No food in the house" in page
    assert "To answer (1)" in page
    with acting_as(WORKER):
        assert Event.objects.get(did="inbox.looked_at").subject_ids == [str(call.pk)]


def test_a_call_shows_the_shared_fields_and_nothing_else_of_the_person(here: County, call: CallToAction) -> None:
    page = here.signed_in("food").get(f"/partners/calls/{call.pk}").content.decode()

    assert "1 Long Lane, Norwich" in page
    assert 'href="tel:+447700900001"' in page
    assert "Polish" in page
    assert "Answer by" in page
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

    with as_database_role("web"):
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
