"""Clinicians read a list, change it with reasons, and sign exactly what they saw."""

from __future__ import annotations

import uuid

import pytest
from django.conf import settings
from django.db import connection

from tests.support.lists import County, a_list, a_store, as_database_role, county
from wherry.audit.models import Event
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.review.models import AtRiskList, Entry

pytestmark = pytest.mark.django_db
REASON = {"reason": "not_at_risk", "words": "Seen last week", "expires_on-day": "", "expires_on-year": ""}
NUMBER = "9990000115"


@pytest.fixture
def here() -> County:
    return county()


def _entries(at_risk_list: AtRiskList) -> list[Entry]:
    with acting_as(WORKER):
        return list(Entry.objects.filter(at_risk_list=at_risk_list).order_by("tier", "family_name", "id"))


def _again(at_risk_list: AtRiskList) -> AtRiskList:
    with acting_as(WORKER):
        return AtRiskList.objects.get(pk=at_risk_list.pk)


def _seen_hash(page: bytes) -> str:
    return page.decode().split('name="seen_hash" value="')[1].split('"')[0]


def test_a_list_shows_reasons_with_source_date_and_age_of_the_data(here: County) -> None:
    at_risk_list = a_list(here)

    page = here.signed_in("clinician").get(f"/clinicians/lists/{at_risk_list.pk}").content.decode()

    assert "Severe chronic obstructive pulmonary disease" in page
    assert "Feed: gp events, 1 May 2019; data as of 27 February 2026" in page
    assert "Worked out from the linked records" in page
    assert "999 000 0018" in page
    assert "None" not in page


def test_one_look_at_a_page_is_one_record_that_names_its_entries(here: County) -> None:
    at_risk_list = a_list(here, people=30)

    here.signed_in("clinician").get(f"/clinicians/lists/{at_risk_list.pk}?page=2")

    with acting_as(WORKER):
        looks = list(Event.objects.filter(did="list.looked_at"))
    assert [len(look.subject_ids) for look in looks] == [5]


@pytest.mark.parametrize(
    ("asked", "people"), [("tier=1", 10), ("practice=D82001", 8), ("verdict=removed", 0), ("tier=x", 25)]
)
def test_a_list_is_narrowed_by_tier_practice_and_decision(here: County, asked: str, people: int) -> None:
    at_risk_list = a_list(here, people=30)

    page = here.signed_in("clinician").get(f"/clinicians/lists/{at_risk_list.pk}?{asked}").content.decode()

    assert page.count('name="entry"') == people


def test_somebody_is_taken_off_with_a_reason_and_a_day_to_ask_again_and_put_back(here: County) -> None:
    at_risk_list = a_list(here)
    entry = _entries(at_risk_list)[0]
    client, path = here.signed_in("clinician"), f"/clinicians/entries/{entry.pk}"

    client.post(path, {**REASON, "version": "1"})
    [removed] = [one for one in _entries(at_risk_list) if one.pk == entry.pk]
    client.post(path, {"version": "2", "words": "A mistake of mine"})
    [back] = [one for one in _entries(at_risk_list) if one.pk == entry.pk]

    assert removed.verdict == "removed"
    assert removed.verdict_reason == "The record is right, but they are not at risk: Seen last week"
    assert (removed.expires_on - here.now.date()).days == 90
    assert back.verdict == "kept"


def test_without_a_reason_nothing_changes_and_the_page_says_so(here: County) -> None:
    at_risk_list = a_list(here)
    entry = _entries(at_risk_list)[0]
    client = here.signed_in("clinician")

    page = client.post(f"/clinicians/entries/{entry.pk}", {"version": "1", "words": "Just because"})

    assert "Choose a reason" in page.content.decode()
    assert "Just because" in page.content.decode()
    assert _entries(at_risk_list)[0].verdict == "kept"


def test_several_are_taken_off_for_one_reason_or_none_when_one_changed_meanwhile(here: County) -> None:
    at_risk_list = a_list(here)
    first, second, third = _entries(at_risk_list)
    client, path = here.signed_in("clinician"), f"/clinicians/lists/{at_risk_list.pk}"

    stale = client.post(path, {**REASON, "entry": [f"{first.pk}:1", f"{second.pk}:7"]})
    after_stale = [one.verdict for one in _entries(at_risk_list)]
    done = client.post(path, {**REASON, "entry": [f"{first.pk}:1", f"{second.pk}:1"]})

    assert stale.status_code == 409
    assert after_stale == ["kept"] * 3
    assert done.status_code == 302
    assert [one.verdict for one in _entries(at_risk_list)] == ["removed", "removed", "kept"]
    assert third.verdict == "kept"


def test_nobody_ticked_is_said_in_words(here: County) -> None:
    at_risk_list = a_list(here)

    page = here.signed_in("clinician").post(f"/clinicians/lists/{at_risk_list.pk}", REASON)

    assert "Tick at least one person" in page.content.decode()


def test_somebody_is_added_by_nhs_number_once(here: County) -> None:
    at_risk_list = a_list(here)
    a_store(settings.HOME, nhs_number=NUMBER)
    client, path = here.signed_in("clinician"), f"/clinicians/lists/{at_risk_list.pk}/add"
    posted = {"nhs_number": "999 000 0115", "category": "high", "tier": "1", "reason": "new_diagnosis"}

    first = client.post(path, posted)
    second = client.post(path, posted)

    assert first.status_code == 302
    assert "This person is on the list already" in second.content.decode()
    assert [one.family_name for one in _entries(at_risk_list) if one.origin == "added"] == ["Found"]


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({}, "Enter an NHS number"),
        ({"category": "social", "tier": "1"}, "Choose a tier this category has: 2 or 3"),
        ({"nhs_number": "999 000 0018"}, "Nobody in the linked data has this NHS number"),
        ({"nhs_number": "12"}, "Nobody in the linked data has this NHS number"),
        ({"reason": ""}, "Choose a reason"),
        ({"expires_on-day": "1", "expires_on-month": "1", "expires_on-year": "2001"}, "Enter a day after today"),
    ],
)
def test_every_refusal_to_add_is_a_sentence_on_the_page(here: County, posted: dict[str, str], said: str) -> None:
    at_risk_list = a_list(here)
    a_store(settings.HOME, nhs_number=NUMBER)
    good = {"nhs_number": NUMBER, "category": "high", "tier": "1", "reason": "new_diagnosis"} if posted else {}

    page = here.signed_in("clinician").post(f"/clinicians/lists/{at_risk_list.pk}/add", {**good, **posted})

    assert said in page.content.decode()
    assert page.status_code == 200


def test_somebody_who_died_is_not_added(here: County) -> None:
    at_risk_list = a_list(here)
    a_store(settings.HOME, nhs_number=NUMBER, died="2026-01-05")
    posted = {"nhs_number": NUMBER, "category": "high", "tier": "1", "reason": "new_diagnosis"}

    page = here.signed_in("clinician").post(f"/clinicians/lists/{at_risk_list.pk}/add", posted)

    assert "this person has died" in page.content.decode()


def test_only_what_was_seen_is_signed(here: County) -> None:
    at_risk_list = a_list(here)
    client, path = here.signed_in("clinician"), f"/clinicians/lists/{at_risk_list.pk}/sign"
    seen = _seen_hash(client.get(path).content)
    client.post(f"/clinicians/entries/{_entries(at_risk_list)[0].pk}", {**REASON, "version": "1"})

    refused = client.post(path, {"seen_hash": seen})
    signed = client.post(path, {"seen_hash": _seen_hash(refused.content)})

    assert refused.status_code == 409
    assert "The list changed after you opened it" in refused.content.decode()
    assert signed.status_code == 302
    assert _again(at_risk_list).state == "signed"
    assert _again(at_risk_list).removed == 1


def test_a_signed_list_is_not_signed_or_changed_again(here: County) -> None:
    at_risk_list = a_list(here)
    client, path = here.signed_in("clinician"), f"/clinicians/lists/{at_risk_list.pk}/sign"
    seen = _seen_hash(client.get(path).content)
    client.post(path, {"seen_hash": seen})

    again = client.post(path, {"seen_hash": seen})
    change = client.post(f"/clinicians/entries/{_entries(at_risk_list)[0].pk}", {**REASON, "version": "1"})

    assert "This list has been signed" in again.content.decode()
    assert "This list has been signed" in change.content.decode()


@pytest.mark.parametrize("path", ["lists/{list}", "lists/{list}/add", "lists/{list}/sign", "entries/{entry}"])
def test_another_boards_clinician_gets_the_answer_for_an_unknown_id(here: County, path: str) -> None:
    at_risk_list = a_list(here)
    client = here.signed_in("other_clinician")
    ids = {"list": at_risk_list.pk, "entry": _entries(at_risk_list)[0].pk}

    theirs = client.get("/clinicians/" + path.format(**ids))
    unknown = client.get("/clinicians/" + path.format(list=uuid.uuid4(), entry=uuid.uuid4()))

    assert theirs.status_code == unknown.status_code == 404
    assert theirs.content == unknown.content
    assert client.post("/clinicians/" + path.format(**ids), REASON).status_code == 404


@pytest.mark.parametrize("who", ["caller", "supervisor", "lead", "food"])
@pytest.mark.parametrize("path", ["", "lists/{list}", "lists/{list}/add", "lists/{list}/sign", "entries/{entry}"])
def test_every_other_role_is_refused(here: County, who: str, path: str) -> None:
    at_risk_list = a_list(here)
    ids = {"list": at_risk_list.pk, "entry": _entries(at_risk_list)[0].pk}

    assert here.signed_in(who).get("/clinicians/" + path.format(**ids)).status_code == 403


def test_reasons_are_invisible_to_the_programme_lead_in_the_database_itself(here: County) -> None:
    a_list(here)
    lead = Actor(
        kind=Kind.STAFF,
        id="x",
        organisations=(here.organisations["icb"].pk,),
        roles=frozenset({"programme_lead"}),
        purpose="oversight",
    )

    with acting_as(lead), connection.cursor() as cursor:
        cursor.execute(
            "select (select count(*) from review_entryreason), (select count(*) from review_entry),"
            " (select count(*) from review_atrisklist)"
        )
        assert cursor.fetchone() == (0, 0, 1)


def test_the_web_role_is_granted_all_a_review_needs(here: County) -> None:
    at_risk_list = a_list(here)
    a_store(settings.HOME, nhs_number=NUMBER)
    entry, client, path = _entries(at_risk_list)[0], here.signed_in("clinician"), f"/clinicians/lists/{at_risk_list.pk}"
    added = {"nhs_number": NUMBER, "category": "high", "tier": "1", "reason": "new_diagnosis"}

    with as_database_role("web"):
        answers = [
            client.get("/clinicians/"),
            client.get(path),
            client.post(f"/clinicians/entries/{entry.pk}", {**REASON, "version": "1"}),
            client.post(f"{path}/add", added),
            client.post(path, {**REASON, "entry": [f"{_id(client, path)}"]}),
            client.post(f"{path}/sign", {"seen_hash": _seen_hash(client.get(f"{path}/sign").content)}),
        ]

    assert [one.status_code for one in answers] == [200, 200, 302, 302, 302, 302]
    assert _again(at_risk_list).state == "signed"


def _id(client: object, path: str) -> str:
    page = client.get(path).content.decode()  # type: ignore[attr-defined]
    return page.split('name="entry"')[1].split('value="')[1].split('"')[0]
