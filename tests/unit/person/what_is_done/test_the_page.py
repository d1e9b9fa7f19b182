"""How far help is, and somebody's own word on whether it helped."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.county_of_one import County, a_task, recognised
from tests.support.reach import run_jobs, wind_on
from tests.support.roles import as_role
from tests.support.what_is_done import HERE, answered, post, sees, the_code, with_code, words_shown
from wherry.checkin.models import HelpReply
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys.show_what_is_done import state_shown
from wherry.organisations.actions import register_organisation
from wherry.organisations.types import OrganisationKind
from wherry.referrals.actions import offer
from wherry.referrals.models import CallToAction
from wherry.triage.actions import move_need
from wherry.triage.models import Need
from wherry.web.components.words import catalogues
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    ("language", "who"),
    [("pl", "Paczki z żywnością"), ("lt", "Maisto paketai"), ("pt", "Cabazes de comida"), ("ar", "طرود غذائية")],
)
def test_who_helps_is_named_in_the_reader_s_language(county: County, language: str, who: str) -> None:
    browser = with_code(county)
    a_call_done(county)
    with as_role("web_person"):
        page = browser.get(f"{HERE}?language={language}").content.decode()
    assert f">{who}</dd>" in page and "Food parcels" not in page


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
