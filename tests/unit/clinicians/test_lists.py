"""Clinicians read a list, change it with reasons, and sign exactly what they saw."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.support.lists import County, a_list, a_store, county
from tests.support.places_and_people import set_clock_ahead
from tests.support.roles import as_role
from wherry.audit.models import Event
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.foundation.periods import local_time
from wherry.organisations.actions import register_organisation
from wherry.organisations.types import OrganisationKind
from wherry.population import Store, ledger
from wherry.review.actions import remove_entry
from wherry.review.models import AtRiskList, Entry
from wherry.review.types import ListState

pytestmark = pytest.mark.django_db
REASON = {"reason": "not_at_risk", "words": "Seen last week", "expires_on-day": "", "expires_on-year": ""}
ADDED = {"category": "high", "tier": "1", "reason": "new_diagnosis"}
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

    sentence = (
        "Severe chronic obstructive pulmonary disease, recorded on 1 May 2019 by gp events; data of 27 February 2026."
    )
    assert sentence in page
    assert "Severe chronic obstructive pulmonary disease (2019); Aged 80 or over (aged 85)" in page
    assert "Aged 80 or over (aged 85); worked out from the records." in page
    assert "999 000 0018" in page
    assert "None" not in page


def test_one_look_at_a_page_is_one_record_that_names_its_entries(here: County) -> None:
    at_risk_list = a_list(here, people=55)

    here.signed_in("clinician").get(f"/clinicians/lists/{at_risk_list.pk}?page=2")

    with acting_as(WORKER):
        looks = list(Event.objects.filter(did="list.looked_at"))
    assert [len(look.subject_ids) for look in looks] == [5]


@pytest.mark.parametrize(
    ("asked", "people"),
    [
        ("tier=1", 20),
        ("practice=D82001", 15),
        ("practice=none", 0),
        ("category=social", 20),
        ("criterion=severe_copd", 50),
        ("criterion=dialysis", 0),
        ("state=removed", 0),
        ("state=undecided", 50),
        ("state=missing", 1),
        ("tier=1&practice=D82001", 5),
        ("tier=x&state=y&sort=z&size=7&page=q", 50),
        ("size=100", 60),
        ("page=2", 10),
    ],
)
def test_a_list_is_narrowed_and_paged_and_nonsense_narrows_nothing(here: County, asked: str, people: int) -> None:
    at_risk_list = a_list(here, people=60)
    with acting_as(WORKER):
        Entry.objects.filter(at_risk_list=at_risk_list, population_id="p0007").update(missing=["Body mass index"])

    page = here.signed_in("clinician").get(f"/clinicians/lists/{at_risk_list.pk}?{asked}").content.decode()

    assert page.count('name="entry"') == people


@pytest.mark.parametrize(
    ("sort", "first"),
    [("name", "p0000"), ("age", "p0000"), ("score", "p0002"), ("practice", "p0000"), ("tier", "p0000")],
)
def test_a_list_comes_in_the_order_asked_for(here: County, sort: str, first: str) -> None:
    at_risk_list = a_list(here)
    with acting_as(WORKER):
        Entry.objects.filter(at_risk_list=at_risk_list, population_id="p0002").update(score=99)
        wanted = Entry.objects.get(at_risk_list=at_risk_list, population_id=first)

    page = here.signed_in("clinician").get(f"/clinicians/lists/{at_risk_list.pk}?sort={sort}").content.decode()

    assert page.split("<tbody")[1].index(str(wanted.pk)) < min(
        page.split("<tbody")[1].index(str(one.pk)) for one in _entries(at_risk_list) if one.pk != wanted.pk
    )


def test_what_the_records_did_not_hold_is_said_of_each_person(here: County) -> None:
    at_risk_list = a_list(here)
    entry = _entries(at_risk_list)[0]
    with acting_as(WORKER):
        Entry.objects.filter(pk=entry.pk).update(missing=["Body mass index of 40 or more"])
    client = here.signed_in("clinician")

    listed = client.get(f"/clinicians/lists/{at_risk_list.pk}").content.decode()
    alone = client.get(f"/clinicians/entries/{entry.pk}").content.decode()

    assert "1 with something missing from the records" in listed
    assert "Body mass index of 40 or more: not known" in listed
    assert "Body mass index of 40 or more: not known" in alone


def test_practices_are_called_by_their_names(here: County) -> None:
    with acting_as(WORKER):
        register_organisation(
            by=WORKER, code="D82001", name="Wensum Reach Surgery", kind=OrganisationKind.GP_PRACTICE, now=here.now
        )
    at_risk_list = a_list(here)

    page = here.signed_in("clinician").get(f"/clinicians/lists/{at_risk_list.pk}").content.decode()

    assert "Wensum Reach Surgery" in page
    assert "Practice D82002" in page


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


def test_those_ticked_are_counted_named_and_taken_off_for_one_reason(here: County) -> None:
    at_risk_list = a_list(here)
    first, second, third = _entries(at_risk_list)
    client, path = here.signed_in("clinician"), f"/clinicians/lists/{at_risk_list.pk}/together"
    ticked = [f"{first.pk}:1", f"{second.pk}:1"]

    asked = client.post(path, {"entry": ticked, "do": "remove_ticked"}).content.decode()
    nothing_yet = [one.verdict for one in _entries(at_risk_list)]
    done = client.post(path, {**REASON, "picked": " ".join(ticked), "do": "remove", "answer": "decide"})

    assert "Selected <strong>2 of 3</strong>" in asked
    assert "Example000, Ada" in asked
    assert nothing_yet == ["kept"] * 3
    assert done.status_code == 302
    assert [one.verdict for one in _entries(at_risk_list)] == ["removed", "removed", "kept"]
    assert third.verdict == "kept"
    assert "2 people taken off the list." in client.get(done["Location"]).content.decode()
    assert "2 people taken off the list." not in client.get(done["Location"]).content.decode()
    with acting_as(WORKER):
        [event] = Event.objects.filter(did="entry.removed")
    assert set(event.subject_ids) == {str(first.pk), str(second.pk), str(at_risk_list.pk)}


def test_all_that_are_asked_for_are_decided_about_on_every_page_of_them(here: County) -> None:
    at_risk_list = a_list(here, people=60)
    client = here.signed_in("clinician")
    path = f"/clinicians/lists/{at_risk_list.pk}/together?practice=D82001"

    asked = client.post(path, {"do": "keep_all"}).content.decode()
    picked = asked.split('name="picked" value="')[1].split('"')[0]
    done = client.post(path, {"reason": "looked_at", "picked": picked, "do": "keep", "answer": "decide"})

    assert "Selected <strong>15 of 15</strong> shown; 60 are on the list in all" in asked
    assert done["Location"].endswith("?practice=D82001")
    decided = [one for one in _entries(at_risk_list) if one.verdict_reason]
    assert {one.practice_code for one in decided} == {"D82001"}
    assert len(decided) == 15
    assert {(one.verdict, (one.expires_on - here.now.date()).days) for one in decided} == {("kept", 180)}


def test_when_one_of_them_changed_meanwhile_nobody_is_decided_about(here: County) -> None:
    at_risk_list = a_list(here)
    first, second, _ = _entries(at_risk_list)
    client, path = here.signed_in("clinician"), f"/clinicians/lists/{at_risk_list.pk}/together"

    stale = client.post(path, {**REASON, "entry": [f"{first.pk}:1", f"{second.pk}:7"], "do": "remove_ticked"})

    assert stale.status_code == 409
    assert {one.verdict for one in _entries(at_risk_list)} == {"kept"}


def test_nobody_ticked_is_said_in_words(here: County) -> None:
    at_risk_list = a_list(here)
    client = here.signed_in("clinician")

    back = client.post(f"/clinicians/lists/{at_risk_list.pk}/together", {"do": "remove_ticked"})

    assert "Nobody was ticked" in client.get(back["Location"]).content.decode()


@pytest.mark.parametrize(
    ("posted", "status"),
    [
        ({"do": "remove_ticked", "answer": "decide"}, 200),
        ({"do": "", "reason": "not_at_risk"}, 400),
        ({"do": "sign_all"}, 400),
        ({"entry": "nonsense", "do": "keep_ticked"}, 409),
        ({"entry": f"{uuid.uuid4()}:1", "do": "keep_ticked"}, 404),
    ],
)
def test_without_a_reason_or_with_nonsense_nobody_is_decided_about(here: County, posted: dict, status: int) -> None:
    at_risk_list = a_list(here)
    entry = _entries(at_risk_list)[0]
    given = {"entry": f"{entry.pk}:1", **posted}

    answer = here.signed_in("clinician").post(f"/clinicians/lists/{at_risk_list.pk}/together", given)

    assert answer.status_code == status
    if status == 200:
        assert "Choose a reason" in answer.content.decode()
    assert {one.verdict_reason for one in _entries(at_risk_list)} == {""}


def test_a_question_put_again_stays_open_until_somebody_answers_it(here: County) -> None:
    at_risk_list = a_list(here)
    entry = _entries(at_risk_list)[0]
    with acting_as(WORKER):
        again = {"asked_again": "expired", "earlier": "Taken off on 1 May 2026: In other care"}
        Entry.objects.filter(pk=entry.pk).update(**again)
    client, path = here.signed_in("clinician"), f"/clinicians/lists/{at_risk_list.pk}"

    listed = client.get(f"{path}?state=asked").content.decode()
    to_sign = client.get(f"{path}/sign").content.decode()
    client.post(f"{path}/together", {"entry": f"{entry.pk}:1", "do": "keep_ticked", "reason": "looked_at"})

    assert listed.count('name="entry"') == 1
    assert "Taken off on 1 May 2026: In other care" in listed
    assert "1 question is put again" in to_sign
    assert _entries(at_risk_list)[0].asked_again == ""


def test_who_signs_is_told_what_others_changed_since_they_looked(here: County) -> None:
    at_risk_list = a_list(here)
    first, second, _ = _entries(at_risk_list)
    client, path = here.signed_in("clinician"), f"/clinicians/lists/{at_risk_list.pk}/sign"
    first_time = client.get(path).content.decode()
    set_clock_ahead(dt.timedelta(minutes=1))
    _decided_by_a_colleague(here, first)

    set_clock_ahead(dt.timedelta(minutes=2))
    second_time, third_time = client.get(path).content.decode(), client.get(path).content.decode()
    client.post(f"/clinicians/entries/{second.pk}", {**REASON, "version": "1"})
    own_change = client.get(path).content.decode()

    assert "since you last looked" not in first_time
    assert "What others changed since you last looked here" in second_time
    assert "Example000, Ada" in second_time
    assert "Nobody else has changed the list" in third_time
    assert "Nobody else has changed the list" in own_change


def _decided_by_a_colleague(here: County, entry: Entry) -> None:
    board = here.organisations["icb"].pk
    colleague = Actor(Kind.STAFF, str(uuid.uuid4()), (board,), frozenset({"clinician"}), "care")
    with acting_as(colleague):
        found = Entry.objects.select_related("at_risk_list").get(pk=entry.pk)
        remove_entry(by=colleague, entry=found, reason="In other care", now=app_now())


def test_practices_are_compared_and_small_numbers_are_not_shown(here: County) -> None:
    at_risk_list = a_list(here, people=60)
    rows = [one for one in _entries(at_risk_list) if one.practice_code == "D82001"]
    few = [one for one in _entries(at_risk_list) if one.practice_code == "D82002"][:2]
    next_to_them = [one for one in _entries(at_risk_list) if one.practice_code == "D82003"][:5]
    client, path = here.signed_in("clinician"), f"/clinicians/lists/{at_risk_list.pk}"
    for chosen in (rows[:6], few, next_to_them):
        ticked = [f"{one.pk}:1" for one in chosen]
        client.post(f"{path}/together", {**REASON, "entry": ticked, "do": "remove_ticked"})

    page = client.get(f"{path}/practices").content.decode()
    beside = client.get(f"{path}?practice=D82001").content.decode()
    not_asked = client.get(path).content.decode()

    assert "to compare with other practices" not in not_asked and "over all practices" not in not_asked
    assert "40.0 %" in page
    hidden = page.partition("D82002")[2].partition("</tr>")[0], page.partition("D82003")[2].partition("</tr>")[0]
    assert "not shown" in hidden[0] and "not shown" in hidden[1], "thirteen less six and five would tell the two"
    assert "21.7 %" in page, "all practices together"
    assert "Practice D82001: 40.0 % of 15 proposed were taken off; over all practices, 21.7 %." in beside


@pytest.mark.parametrize("path", ["", "lists/{list}", "lists/{list}/sign", "lists/{list}/practices"])
def test_the_number_of_queries_does_not_grow_with_the_list(
    here: County, path: str, django_assert_max_num_queries: Callable
) -> None:
    at_risk_list = a_list(here, people=120)
    client = here.signed_in("clinician")

    with django_assert_max_num_queries(32):
        client.get("/clinicians/" + path.format(list=at_risk_list.pk))


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


def test_an_entry_of_a_signed_list_says_who_signed_it_and_what_was_decided(here: County) -> None:
    at_risk_list = a_list(here)
    client, path = here.signed_in("clinician"), f"/clinicians/lists/{at_risk_list.pk}/sign"
    untouched, off = _entries(at_risk_list)[:2]
    before = client.get(f"/clinicians/entries/{untouched.pk}").content.decode()
    client.post(f"/clinicians/entries/{off.pk}", {**REASON, "version": "1"})
    a_store(settings.HOME, nhs_number=NUMBER)
    client.post(f"/clinicians/lists/{at_risk_list.pk}/add", {**ADDED, "nhs_number": NUMBER})
    client.post(path, {"seen_hash": _seen_hash(client.get(path).content)})
    (added,) = [one for one in _entries(at_risk_list) if one.origin == "added"]

    when = f"Clinician Example, {local_time(here.now):%-d %B %Y} at "
    pages = [client.get(f"/clinicians/entries/{one.pk}").content.decode() for one in (untouched, off, added)]

    assert "Nobody has decided about them" in before and ">\n      Signed\n" not in before
    assert "Kept, as the rules found them." in pages[0]
    assert re.search(r"Taken off(, until [^:]+)?: ", pages[1]) and re.search(r"Added(, until [^:]+)?: ", pages[2])
    assert [page.count(when) for page in pages] == [1, 2, 2], "by whom, and who signed"
    assert f"Signed by {when}" in client.get(path).content.decode()


@pytest.mark.parametrize(
    "path", ["lists/{list}", "lists/{list}/add", "lists/{list}/sign", "lists/{list}/practices", "entries/{entry}"]
)
def test_another_boards_clinician_gets_the_answer_for_an_unknown_id(here: County, path: str) -> None:
    at_risk_list = a_list(here)
    client = here.signed_in("other_clinician")
    ids = {"list": at_risk_list.pk, "entry": _entries(at_risk_list)[0].pk}

    theirs = client.get("/clinicians/" + path.format(**ids))
    unknown = client.get("/clinicians/" + path.format(list=uuid.uuid4(), entry=uuid.uuid4()))

    assert theirs.status_code == unknown.status_code == 404
    assert theirs.content == unknown.content
    assert client.post("/clinicians/" + path.format(**ids), REASON).status_code in (404, 405)


@pytest.mark.parametrize("who", ["caller", "supervisor", "lead", "food"])
@pytest.mark.parametrize(
    "path", ["", "lists/{list}", "lists/{list}/add", "lists/{list}/sign", "lists/{list}/practices", "entries/{entry}"]
)
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

    with as_role("web"):
        answers = [
            client.get("/clinicians/"),
            client.get(path),
            client.post(f"/clinicians/entries/{entry.pk}", {**REASON, "version": "1"}),
            client.post(f"{path}/add", added),
            client.post(f"{path}/together", {**REASON, "entry": [_id(client, path)], "do": "remove_ticked"}),
            client.get(f"{path}/practices"),
            client.post(f"{path}/sign", {"seen_hash": _seen_hash(client.get(f"{path}/sign").content)}),
        ]

    assert [one.status_code for one in answers] == [200, 200, 302, 302, 302, 200, 302]
    assert _again(at_risk_list).state == "signed"


def _id(client: object, path: str) -> str:
    page = client.get(path).content.decode()  # type: ignore[attr-defined]
    return page.split('name="entry"')[1].split('value="')[1].split('"')[0]


def test_a_list_made_from_what_was_withdrawn_since_is_not_signed(here: County) -> None:
    at_risk_list, store = a_list(here), Store(Path(settings.HOME) / "store")
    client, path = here.signed_in("clinician"), f"/clinicians/lists/{at_risk_list.pk}"
    seen = _seen_hash(client.get(f"{path}/sign").content)
    delivery = {"batch_id": "b" * 32, "contract": "gp_register"}
    try:
        for did, about in (
            ("receive_feed", delivery),
            ("link_people", {}),
            ("stratify", {"run": at_risk_list.run_hash, "people": 3, "as_of": "2026-03-02"}),
            ("withdraw_delivery", delivery),
        ):
            ledger.record(store, by="loader", did=did, about=about)

        refused = client.post(f"{path}/sign", {"seen_hash": seen})
        shown, to_sign = client.get(path).content.decode(), client.get(f"{path}/sign").content.decode()
    finally:
        (store.path / ledger.FILE_NAME).unlink()

    assert refused.status_code == 409
    assert "has been withdrawn" in refused.content.decode()
    assert "This list cannot be signed" in to_sign and "seen_hash" not in to_sign
    assert "This list cannot be signed" in shown
    assert _again(at_risk_list).state == ListState.IN_REVIEW
