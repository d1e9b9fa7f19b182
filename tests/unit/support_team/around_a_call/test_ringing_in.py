"""Somebody rings in, and is found by what they say."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from tests.support.around_a_call import claim
from tests.support.county_of_one import County, a_task, signed_in
from tests.support.roles import as_role
from wherry.audit.models import Event
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
THEY_SAY = {
    "family_name": " testPerson",
    "born-day": "27",
    "born-month": "3",
    "born-year": "1941",
    "postcode": "nr991aa",
    "why": "rang_us",
}


def test_somebody_ringing_in_is_found_by_what_they_say_and_their_call_is_taken(caller: Client, county: County) -> None:
    with as_role("web"):
        page = caller.post("/support/ringing-in", THEY_SAY).content.decode()
        assert "1 person fits" in page
        assert "Ada" not in page
        answer = caller.post("/support/ringing-in", {**THEY_SAY, "case": str(county.case.pk)})
        address = answer["Location"]
        assert "The questions" in caller.get(address).content.decode()
    with acting_as(WORKER):
        looked = Event.objects.filter(did="person.asked_for").order_by("at").first()
        assert looked is not None
        assert (looked.detail, looked.subject_ids) == ({"why": "rang_us"}, [str(county.case.pk)])
        assert Task.objects.get().kind == "check_in_call"


@pytest.mark.parametrize(
    "wrong",
    [
        {"family_name": "Testpersons"},
        {"born-year": "1942"},
        {"postcode": "NR99 1AB"},
        {"postcode": "", "first_name": "Bert"},
    ],
)
@pytest.mark.parametrize("role", ["caller", "supervisor", "clinician"])
def test_whoever_does_not_fit_exactly_is_nobody(county: County, role: str, wrong: dict[str, str]) -> None:
    client = signed_in(client=Client(), staff=county.staff[role])
    with as_role("web"):
        page = client.post("/support/ringing-in", {**THEY_SAY, **wrong}).content.decode()
        assert "Nobody fits" in page
        taken = client.post("/support/ringing-in", {**THEY_SAY, **wrong, "case": str(county.case.pk)})
    assert taken.status_code == 200
    with acting_as(WORKER):
        assert Task.objects.count() == 0


def test_the_first_name_serves_where_the_postcode_is_an_old_one(caller: Client, county: County) -> None:
    with as_role("web"):
        page = caller.post("/support/ringing-in", {**THEY_SAY, "postcode": "NR1 1AA", "first_name": "ADA"})
    assert "1 person fits" in page.content.decode()


@pytest.mark.parametrize("without", ["indexes", "nothing"])
@pytest.mark.parametrize("holds_a_call", [True, False])
def test_a_look_up_works_whatever_plan_the_database_makes(
    caller: Client, county: County, without: str, holds_a_call: bool
) -> None:
    # A policy that reads a table whose policies lead back to it goes round for ever, in some plans only.
    if holds_a_call:
        a_task(county=county)
        claim(caller)
    with connection.cursor() as cursor:
        for scan in ("indexscan", "indexonlyscan", "bitmapscan") if without == "indexes" else ():
            cursor.execute(f"set local enable_{scan} = off")
    with as_role("web"):
        assert "1 person fits" in caller.post("/support/ringing-in", THEY_SAY).content.decode()


def test_a_look_needs_a_reason_and_everything_that_tells_two_people_apart(caller: Client, county: County) -> None:
    with as_role("web"):
        page = caller.post("/support/ringing-in", {"family_name": "Testperson"}).content.decode()
    for words in ("day, month and a year", "Write their postcode", "Say why you look"):
        assert words in page, words


def test_the_call_that_waits_for_them_is_the_one_taken_and_not_from_a_colleague(
    caller: Client, colleague: Client, county: County
) -> None:
    task = a_task(county=county)
    with as_role("web"):
        assert caller.post("/support/ringing-in", {**THEY_SAY, "case": str(county.case.pk)})["Location"].endswith(
            str(task.pk)
        )
        refused = colleague.post("/support/ringing-in", {**THEY_SAY, "case": str(county.case.pk)})
        assert "A colleague is on a call" in refused.content.decode()
        own = caller.post("/support/ringing-in", {**THEY_SAY, "case": str(county.case.pk)})
        assert "You hold a call" in own.content.decode()
