"""Link review pages: who may see them, what they ask the database, what is recorded, and answers that bind."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.linking import land, people_of
from tests.support.lists import County, county
from wherry.audit.models import Event
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.people import link_review
from wherry.people.linkage import actions, answers
from wherry.people.linkage.types import Verdict
from wherry.population import Store, ledger

pytestmark = pytest.mark.django_db
JANE, ALIKE, JUNE = "s1|1", "s2|7", "s2|8"
LONG = "Featherstonehaugh-Wolfeschlegelsteinhausenbergerdorff"


@pytest.fixture
def here() -> County:
    return county()


@pytest.fixture
def store() -> Iterator[Store]:
    """Jane, her second record, and somebody else under her number, who waits to be looked at."""
    folder = Path(settings.HOME) / "store"
    shutil.rmtree(folder, ignore_errors=True)
    land(folder, 1, [("1", "9990000131", "Jane", "Woodrow", "1950-03-07")])
    others = [("7", "9990000131", "Jane", "Woodrow", "1950-03-07"), ("8", "9990000131", "June", LONG, "1975-11-30")]
    land(folder, 2, others)
    actions.link(store=Store(folder), by="Ada", decided_on=dt.date(2026, 3, 2))
    yield Store(folder)
    shutil.rmtree(folder, ignore_errors=True)


def pair_of(here: County) -> str:
    page = here.signed_in("analyst").get("/office/links").content.decode()
    return page.split("/office/links/pair?pair=")[1].split('"')[0]


def test_only_an_analyst_may_look_and_each_look_is_in_the_record(here: County, store: Store) -> None:
    assert [here.signed_in(who).get("/office/links").status_code for who in ("lead", "clinician", "guardian")] == [
        403,
        403,
        403,
    ]
    key = pair_of(here)
    page = here.signed_in("analyst").get(f"/office/links/pair?pair={key}")
    assert "June" in page.content.decode() and "30 November 1975" in page.content.decode()
    with acting_as(WORKER):
        seen = Event.objects.get(did="person.seen")
    assert set(seen.subject_ids) == {people_of(store)[JANE], people_of(store)[JUNE]}
    assert [line["did"] for line in ledger.entries(store)][-1] == "look_at_links"


def test_the_list_names_nobody_and_no_address_holds_a_sender_s_number(here: County, store: Store) -> None:
    page = here.signed_in("analyst").get("/office/links").content.decode()
    assert "1 pair waits" in page and "Not borne out" not in page and "not borne out" in page
    for value in ("Jane", "June", LONG, "9990000131", "s2|8", "s2%7C8", "1950"):
        assert value not in page


def test_an_answer_binds_and_the_next_page_says_so(here: County, store: Store) -> None:
    client, key = here.signed_in("analyst"), pair_of(here)
    wrong = client.post(f"/office/links/pair?pair={key}", {"verdict": "same"}).content.decode()
    assert "Say why, for whoever looks next" in wrong and not answers.answers(store=store)

    answer = {"verdict": "not_same", "why": "another birth date"}
    kept = client.post(f"/office/links/pair?pair={key}", answer, follow=True).content.decode()
    assert "No later run joins them" in kept and "Nothing waits for an answer" in kept
    (one,) = {(each.verdict, each.by) for each in answers.answers(store=store)}
    assert one == (Verdict.NOT_SAME, str(here.staff["analyst"].pk))
    assert client.post(f"/office/links/pair?pair={key}", answer).headers["Location"] == "/office/links"


def test_somebody_is_found_taken_apart_with_consequences_first_and_confirmed(here: County, store: Store) -> None:
    client, person = here.signed_in("analyst"), people_of(store)[JANE]
    missed = client.post("/office/links", {"nhs_number": "9990079323"}).content.decode()
    assert "Nobody in the linked data has this NHS number" in missed
    two = client.post("/office/links", {"nhs_number": "999 000 0131"}).content.decode()
    address = f"/office/links/person?person={person}"
    assert "2 people bear this NHS number" in two and address in two

    for chosen in ([], [JANE, ALIKE]):
        refused = client.post(address, {"record": chosen}).content.decode()
        assert "at least one, and not all" in refused
    shown = client.post(address, {"record": [ALIKE]}).content.decode()
    assert "Taken out: 1 record of s2: 1 fact, 1 number or address, 0 wishes." in shown
    assert not answers.answers(store=store), "nothing is done before it is confirmed"
    done = client.post(address, {"record": [ALIKE], "why": "her aunt", "sure": "yes"}, follow=True).content.decode()
    assert "nobody writes to them" in done and "After it this can be confirmed" in done
    assert link_review.held_people(store=store) == {person}

    actions.link(store=store, by="Ada")
    page = client.get("/office/links").content.decode()
    assert "2 people held" in page
    confirmed = client.post("/office/links/separation?act=1", {"why": "asked the practice"}, follow=True)
    assert "may be written to again" in confirmed.content.decode()
    assert link_review.held_people(store=store) == frozenset()


def test_pages_ask_the_database_the_same_however_much_waits(here: County, store: Store) -> None:
    client = here.signed_in("analyst")
    key = pair_of(here)
    for address, most in (("/office/links", 14), (f"/office/links/pair?pair={key}", 15)):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert len(asked) <= most, len(asked)


def test_a_store_that_was_never_linked_has_an_empty_page(here: County) -> None:
    shutil.rmtree(Path(settings.HOME) / "store", ignore_errors=True)
    page = here.signed_in("analyst").get("/office/links")
    assert "Nothing waits for an answer" in page.content.decode()
    assert here.signed_in("analyst").get("/office/links/pair?pair=x").status_code == 302
