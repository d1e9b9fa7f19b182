"""What is being done for somebody is shown after a code, in one browser, for a while, and by nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests.support.county_of_one import MOBILE, County, details, link_to, recognised
from tests.support.reach import Provider, lose_jobs, run_jobs, wind_on
from tests.support.roles import as_role
from tests.support.what_is_done import HERE, answered, newest, post, sees, the_code, with_code, words_shown
from wherry.audit.models import Event
from wherry.cases.models import Case
from wherry.checkin.links import token_hash
from wherry.checkin.models import Invitation
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys import one_time_code
from wherry.journeys.turn import take_turn
from wherry.people.actions import admit
from wherry.people.models import Person
from wherry.web.person.links import holder_of
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db


def test_the_code_goes_to_the_number_they_used_and_opens_what_is_being_done(county: County, provider: Provider) -> None:
    browser = answered(county)
    assert not sees(browser)
    assert post(browser, do="send").status_code == 302
    run_jobs()
    assert [(to, body.count(the_code()), body.count("never ask you")) for _, to, body in provider.took] == [
        (MOBILE, 1, 1)
    ]
    with as_role("web_person"):
        assert 'autocomplete="one-time-code"' in browser.get(HERE).content.decode()
    assert post(browser, do="code", code=f" {the_code()[:3]} {the_code()[3:]}").status_code == 302
    with as_role("web_person"):
        page = browser.get(HERE).content.decode()
    assert "Food" in page and "We are looking for somebody to help." in page
    assert not [kept for kept in ("High Street", "NR99", "Testperson", "+4477", "07700") if kept in page]
    with acting_as(WORKER):
        assert Event.objects.filter(did="help.seen").count() == 1


def test_it_closes_after_a_quarter_of_an_hour_alone_and_stays_while_it_is_used(county: County) -> None:
    browser = with_code(county)
    for _ in range(3):
        wind_on(dt.timedelta(minutes=14))
        assert sees(browser)
    wind_on(dt.timedelta(minutes=15))
    assert not sees(browser)


def test_it_is_open_in_one_browser_only_and_closed_for_good_by_signing_out_h_15(county: County) -> None:
    browser = with_code(county)
    other = recognised(client=Client(), county=county)
    assert not sees(other) and 'value="send"' in words_shown(other)
    kept = browser.cookies.output()
    assert post(browser, do="leave")["Location"] == "/signed-out"
    assert browser.get(HERE).status_code == 302
    browser.cookies.load(kept.replace("Set-Cookie: ", ""))
    assert browser.get(HERE).status_code == 200
    assert not sees(browser)


def test_the_database_itself_shows_a_link_nothing_before_a_code(county: County) -> None:
    browser = answered(county)

    def seen(sql: str, proof: str = "") -> object:
        by = replace(holder_of(token=county.token), proof_sha256=token_hash(proof) if proof else "")
        with acting_as(by), as_role("web_person"), connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]

    assert seen("select count(id) from triage_need") == 0
    post(browser, do="send")
    post(browser, do="code", code=the_code())
    proof = browser.session["proof"]
    assert seen("select count(id) from triage_need") == 0
    assert seen("select count(id) from triage_need", "another") == 0
    assert seen("select count(id) from triage_need", proof) == 1
    for hidden in (
        "select words from triage_need",
        "select shared from referrals_calltoaction",
        "select urgency from triage_decision",
        "select count(*) from people_contact_point",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            seen(hidden, proof)


def test_five_wrong_codes_end_it_and_somebody_rings_h_15(county: County) -> None:
    browser = answered(county)
    post(browser, do="send")
    wrong = f"{(int(the_code()) + 1) % 1_000_000:06d}"
    for left in range(4, -1, -1):
        page = post(browser, do="code", code=wrong).content.decode()
        assert ("not the code" in page, "Five codes were wrong" in page) == (left > 0, left == 0)
    assert newest().tries == 5
    assert post(browser, do="code", code=the_code()).status_code == 200
    assert not sees(browser)
    lose_jobs()
    take_turn()
    with acting_as(WORKER):
        assert Task.objects.filter(kind="call_back", state="open").count() == 1


@pytest.mark.parametrize("minutes", [10, 60])
def test_a_code_that_ran_out_opens_nothing(county: County, minutes: int) -> None:
    browser = answered(county)
    post(browser, do="send")
    wind_on(dt.timedelta(minutes=minutes))
    assert post(browser, do="code", code=the_code()).status_code == 200


def test_a_code_works_once_and_a_newer_one_ends_it(county: County) -> None:
    browser = answered(county)
    post(browser, do="send")
    first = the_code()
    wind_on(dt.timedelta(minutes=1))
    post(browser, do="send")
    assert post(browser, do="code", code=first).status_code == 200
    assert post(browser, do="code", code=the_code()).status_code == 302
    assert post(browser, do="code", code=the_code()).status_code == 200


def test_a_fourth_code_within_a_day_is_not_sent_whichever_link_asks(county: County) -> None:
    browser = answered(county)
    for _ in range(3):
        assert post(browser, do="send").status_code == 302
    wind_on(dt.timedelta(hours=23))
    assert "three codes" in post(browser, do="send").content.decode()
    with acting_as(WORKER):
        _, token = link_to(
            occurrence=county.occurrence, now=app_now(), kind="did_it_help", about_id=county.case.pk, days=10
        )
    other = recognised(client=Client(), county=replace(county, token=token))
    assert "three codes" in post(other, do="send").content.decode()
    wind_on(dt.timedelta(hours=2))
    assert post(other, do="send").status_code == 302


def test_two_on_one_telephone_say_their_first_name_too_h_15(county: County, provider: Provider) -> None:
    with acting_as(WORKER):
        born = {"population_id": "invented-2", "given_name": "Bob"}
        admit(by=WORKER, details=details(today=app_now().date(), **born), now=app_now())
    browser = answered(county)
    assert 'name="first"' in words_shown(browser)
    for wrong in ("", "Bob", "Testperson"):
        assert "not the first name" in post(browser, do="send", first=wrong).content.decode()
    assert post(browser, do="send", first=" ADA ").status_code == 302
    assert 'name="first"' not in words_shown(browser)
    assert len(provider.took) == 0 and newest().tries == 0


@pytest.mark.parametrize(
    ("given", "known", "fits"),
    [
        ("José", "Jose", True),
        ("lukasz", "Łukasz", True),
        ("Mary", "Mary Ann", True),
        ("mary-ann", "Mary Ann", True),
        ("Ann", "Mary Ann", True),
        ("M", "Mary", False),
        ("...", "Mary", False),
        ("فاطمة", "فاطمة", True),
    ],
)
def test_a_first_name_fits_however_it_is_written(given: str, known: str, fits: bool) -> None:
    invitation = Invitation(case=Case(person=Person(given_name=known)))
    assert one_time_code.is_first_name(given=given, invitation=invitation) is fits
