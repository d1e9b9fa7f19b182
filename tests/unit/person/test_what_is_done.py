"""What is being done for somebody is shown after a code, in one browser, for a while, and by nothing else."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.county_of_one import (
    MOBILE,
    County,
    a_task,
    county_of_one,
    details,
    link_to,
    recognised,
    signed_in,
)
from tests.support.reach import MORNING, Provider, lose_jobs, run_jobs, set_clock, wind_on
from tests.support.roles import as_role
from wherry.audit.models import Event
from wherry.cases.models import Case
from wherry.checkin.links import code_for, token_hash
from wherry.checkin.models import CallWanted, CodeAsked, HelpReply, Invitation
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys import hand_off, one_time_code, reach_out, take_checkin
from wherry.journeys.message_words import link_key
from wherry.journeys.show_what_is_done import state_shown
from wherry.journeys.turn import take_turn
from wherry.organisations.actions import register_organisation
from wherry.organisations.types import OrganisationKind
from wherry.outreach.models import Attempt
from wherry.outreach.queries import contacts_today, last_contact
from wherry.people.actions import admit
from wherry.people.models import Person
from wherry.referrals.actions import offer
from wherry.referrals.models import CallToAction
from wherry.triage.actions import move_need
from wherry.triage.models import Need
from wherry.web.components.words import catalogues
from wherry.web.person.links import holder_of
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
HERE = "/what-is-done"


@pytest.fixture
def county(provider: Provider, settings: object) -> County:
    """A resident whose link came by a text, which has left."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # type: ignore[attr-defined]
    set_clock(MORNING)
    made = county_of_one()
    reach_out.decide_contacts()
    assert hand_off.hand_off_what_was_left() == 1
    provider.took.clear()
    return made


def answered(county: County) -> Client:
    """A resident who answered just now, with food running out, and is back at their link."""
    by = holder_of(token=county.token)
    with acting_as(by):
        take_checkin.take_answers(
            by=by,
            invitation=county.invitation,
            answers={"breathless": "no", "chest_pain": "no", "safe_at_home": "yes", "food": "two_days_or_less"},
            answered_by="self",
            now=app_now(),
        )
    take_checkin.triage_what_was_left()
    lose_jobs()
    return recognised(client=Client(), county=county)


def newest() -> CodeAsked:
    with acting_as(WORKER):
        return CodeAsked.objects.latest("asked_at")


def the_code() -> str:
    return code_for(asked_id=newest().pk, key=link_key())


def sees(browser: Client) -> bool:
    with as_role("web_person"):
        return "How far it is" in browser.get(HERE).content.decode()


def post(browser: Client, **fields: str) -> HttpResponse:
    with as_role("web_person"):
        return browser.post(HERE, fields)


def with_code(county: County, hours_later: int = 0) -> Client:
    """Somebody in whose browser a code was right, so long after they answered."""
    browser = answered(county)
    wind_on(dt.timedelta(hours=hours_later))
    assert post(browser, do="send").status_code == 302
    assert post(browser, do="code", code=the_code()).status_code == 302
    return browser


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


def words_shown(browser: Client) -> str:
    """The page as it is read: without the proof of its forms, which differs each time."""
    with as_role("web_person"):
        page = browser.get(HERE).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


def lose_number(sql: str) -> None:
    with connection.cursor() as cursor, acting_as(WORKER):
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "update people_contact_point set wrong_since = app_now() where kind = 'mobile'",
        # The letter with the same link had left too: who opened it may hold another telephone.
        "update outreach_attempt set channel = 'letter'",
        "update checkin_invitation set opened_at = null",
    ],
)
def test_without_a_number_they_used_the_page_is_the_same_and_nothing_leaves(
    county: County, provider: Provider, sql: str
) -> None:
    browser = answered(county)
    before = words_shown(browser)
    post(browser, do="send")
    with_number = words_shown(browser)
    lose_number(sql)
    run_jobs()
    assert provider.took == []
    assert words_shown(browser) == with_number != before


def test_a_number_a_source_vouches_for_serves_too(county: County, provider: Provider) -> None:
    browser = answered(county)
    lose_number("update outreach_attempt set channel = 'letter'")
    lose_number("update people_contact_point set verified_on = recorded_on where kind = 'mobile'")
    post(browser, do="send")
    run_jobs()
    assert len(provider.took) == 1


def test_it_leaves_at_night_and_over_the_caps_because_they_wait_for_it(county: County, provider: Provider) -> None:
    browser = answered(county)
    wind_on(dt.timedelta(hours=13))
    post(browser, do="send")
    post(browser, do="send")
    run_jobs()
    assert len(provider.took) == 2


def test_a_code_that_would_come_too_late_does_not_leave(county: County, provider: Provider) -> None:
    browser = answered(county)
    post(browser, do="send")
    show_of = newest()
    one_time_code.send_code(asked_id=show_of.pk)
    wind_on(dt.timedelta(minutes=11))
    run_jobs()
    take_turn()
    assert [body for _, _, body in provider.took if "code is" in body] == []


def test_stop_said_between_asking_and_sending_wins_h_18(county: County, provider: Provider) -> None:
    browser = answered(county)
    post(browser, do="send")
    one_time_code.send_code(asked_id=newest().pk)
    browser.post("/leave/stop")
    run_jobs()
    assert [body for _, _, body in provider.took if "code is" in body] == []


def test_a_code_whose_job_was_lost_leaves_with_the_next_turn_and_once(county: County, provider: Provider) -> None:
    browser = answered(county)
    post(browser, do="send")
    lose_jobs()
    for _ in range(3):
        take_turn()
    assert len([body for _, _, body in provider.took if "code is" in body]) == 1


def test_codes_take_no_room_from_what_we_send_ourselves(county: County) -> None:
    browser = answered(county)
    for _ in range(3):
        post(browser, do="send")
    run_jobs()
    with acting_as(WORKER):
        sent = list(Attempt.objects.filter(state="sent").select_related("case").order_by("intended_at"))
        assert len(sent) == 4
        assert contacts_today(attempts=sent[1:2], since=MORNING - dt.timedelta(hours=9))[sent[1].pk].person == 1
        found = last_contact(case_id=county.case.pk)
    assert found is not None and found.at == sent[0].attempted_at


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


def test_please_ring_me_needs_no_code_and_is_one_call_that_an_answer_does_not_end(county: County) -> None:
    browser = answered(county)
    for kind in ("", "", "food"):
        assert post(browser, do="ring", kind=kind)["Location"] == f"{HERE}?told"
    with as_role("web_person"):
        assert "Somebody will ring you" in browser.get(f"{HERE}?told").content.decode()
    lose_jobs()
    for _ in range(3):
        take_turn()
    with acting_as(WORKER):
        assert Task.objects.filter(kind="call_back", state="open").count() == 1


def test_stop_said_after_asking_for_a_call_wins_h_18(county: County) -> None:
    browser = answered(county)
    post(browser, do="ring")
    browser.post("/leave/stop")
    lose_jobs()
    take_turn()
    with acting_as(WORKER):
        assert not Task.objects.filter(kind="call_back").exists()
        assert not CallWanted.objects.filter(heard_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("kind", "said"), [("food", "still needed, they say on their page: Food"), ("", ""), ("x", "")]
)
def test_whoever_rings_reads_what_it_was_asked_for_about(county: County, kind: str, said: str) -> None:
    browser = answered(county)
    post(browser, do="ring", kind=kind)
    run_jobs()
    caller = signed_in(client=Client(), staff=county.staff["caller"])
    page = caller.post("/support/next", follow=True).content.decode()
    assert "Asked to be rung" in page and said in page
    assert ("on their page" in page) is bool(said)


def a_call_done(county: County) -> CallToAction:
    """A partner took the need and says that it is done; a caller was to ask whether it helped."""
    with acting_as(WORKER):
        now, need = app_now(), Need.objects.get()
        hub = register_organisation(by=WORKER, code="food_hub", name="Food", kind=OrganisationKind.CHARITY, now=now)
        call = offer(
            by=WORKER,
            need=need,
            service="food_parcel",
            partner=hub,
            shared={"address": "1 High Street"},
            clock_ends_at=now + dt.timedelta(hours=4),
            now=now,
        )
        assert call is not None
        move_need(by=WORKER, need=need, to="referred", why="food_parcel", now=now)
        CallToAction.objects.update(state="done", outcome="helped", done_at=now)
    a_task(county=county, kind="did_it_help", about_id=call.pk)
    return call


@pytest.mark.parametrize(("said", "after"), [("yes", "confirmed"), ("no", "disputed")])
def test_did_it_help_is_asked_where_it_is_done_and_nobody_rings_about_it(county: County, said: str, after: str) -> None:
    browser = with_code(county, hours_later=5)
    call = a_call_done(county)
    page = words_shown(browser)
    assert "Food parcels" in page and "Did it help you?" in page and "High Street" not in page
    assert post(browser, do=said, about=str(call.need_id))["Location"] == f"{HERE}?thanks"
    assert {"yes": "it helped. Thank", "no": "did not help. We"}[said] in words_shown(browser)
    run_jobs()
    with acting_as(WORKER):
        assert CallToAction.objects.get(pk=call.pk).state == after
        assert not Task.objects.filter(kind="did_it_help", state="open").exists()


@pytest.mark.parametrize("about", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_a_word_on_something_else_changes_nothing(county: County, about: str) -> None:
    browser = with_code(county)
    a_call_done(county)
    assert post(browser, do="yes", about=about)["Location"] == HERE
    with acting_as(WORKER):
        assert not HelpReply.objects.exists()


def test_a_word_without_a_code_changes_nothing_h_15(county: County) -> None:
    browser = answered(county)
    call = a_call_done(county)
    assert post(browser, do="yes", about=str(call.need_id)).status_code == 200
    with acting_as(WORKER):
        assert not HelpReply.objects.exists()


def test_the_page_asks_the_database_as_often_for_many_needs_as_for_one(county: County) -> None:
    browser = with_code(county)
    with CaptureQueriesContext(connection) as one:
        assert sees(browser)
    with acting_as(WORKER):
        need = Need.objects.select_related("decision").get()
        for kind in ("medicines", "care", "money", "loneliness"):
            Need.objects.create(
                case_id=need.case_id, audience_id=need.audience_id, decision=need.decision, kind=kind, urgency="today"
            )
    with CaptureQueriesContext(connection) as many:
        assert sees(browser)
    assert len(many) == len(one)
    assert 10 <= len(one) <= 20


@pytest.mark.parametrize(
    ("need", "offer", "helped", "shown"),
    [
        ("open", "", None, "looking"),
        ("open", "declined", None, "looking"),
        ("referred", "offered", None, "offered"),
        ("referred", "accepted", None, "accepted"),
        ("referred", "done", None, "done"),
        ("referred", "done", True, "said_yes"),
        ("referred", "done", False, "said_no"),
        ("referred", "lapsed", None, "looking"),
        ("referred", "disputed", False, "looking"),
        ("not_met", "declined", None, "with_us"),
        ("met", "confirmed", True, "met"),
        ("withdrawn", "", None, "closed"),
    ],
)
def test_how_far_a_need_is(need: str, offer: str, helped: bool | None, shown: str) -> None:
    assert state_shown(need=need, offer=offer, helped=helped) == shown
    assert all(f"person.progress.{shown}" in catalogue for catalogue in catalogues().values())


def test_what_is_late_says_so_and_offers_a_call(county: County) -> None:
    browser = with_code(county)
    assert "This is late" not in words_shown(browser)
    wind_on(dt.timedelta(days=3))
    browser = recognised(client=Client(), county=county)
    post(browser, do="send")
    post(browser, do="code", code=the_code())
    assert "This is late" in words_shown(browser)
