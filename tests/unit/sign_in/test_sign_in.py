"""Signing in under the staff sites' own database role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from tests.support.county_of_one import PASSWORD, PLACE, agreed, member
from wherry.audit.models import Event
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.organisations.actions import register_organisation
from wherry.organisations.models import Membership
from wherry.organisations.types import OrganisationKind, Purpose, Role

pytestmark = pytest.mark.django_db
EMAIL = "Caller@icb.example"


@pytest.fixture
def browser() -> Iterator[Client]:
    with acting_as(WORKER):
        now = app_now()
        icb = register_organisation(
            by=WORKER, code="icb", name="NHS board", kind=OrganisationKind.HEALTH_BOARD, now=now
        )
        agreed(organisation=icb, purposes=(Purpose.SUPPORT,), now=now, place=PLACE)
        member(organisation=icb, role=Role.CALLER, now=now)
    with connection.cursor() as cursor:
        cursor.execute("set local role web")
    yield Client()
    with connection.cursor() as cursor:
        cursor.execute("reset role")


def sign_in(browser: Client, email: str = EMAIL, password: str = PASSWORD, going_to: str = "") -> object:
    return browser.post("/sign-in", {"email": email, "password": password, "next": going_to})


def test_the_right_password_opens_the_sites_of_one_s_roles(browser: Client) -> None:
    assert sign_in(browser)["Location"] == "/"
    home = browser.get("/").content.decode()
    assert "/support/" in home
    assert "/clinicians/" not in home
    assert "caller for NHS board" in home


def test_an_unknown_address_and_a_wrong_password_are_answered_alike(browser: Client) -> None:
    unknown, wrong = sign_in(browser, email="nobody@icb.example"), sign_in(browser, password="another")
    assert (unknown.status_code, wrong.status_code) == (200, 200)
    for answer in (unknown, wrong):
        assert "The e-mail address or the password is not right" in answer.content.decode()
        assert "another" not in answer.content.decode()
    assert browser.get("/")["Location"] == "/sign-in"


@pytest.mark.parametrize("elsewhere", ["https://else.example/", "//else.example", "/\\else.example", "x"])
def test_one_is_sent_on_to_own_pages_only(browser: Client, elsewhere: str) -> None:
    assert sign_in(browser, going_to=elsewhere)["Location"] == "/"
    assert sign_in(browser, going_to="/support/")["Location"] == "/support/"


def test_each_sign_in_is_written_down_without_the_address(browser: Client) -> None:
    sign_in(browser)
    sign_in(browser, email="nobody@icb.example")
    with connection.cursor() as cursor:
        cursor.execute("reset role")
    with acting_as(WORKER):
        events = list(Event.objects.filter(did__startswith="sign_in").order_by("did"))
    assert [one.did for one in events] == ["sign_in.done", "sign_in.failed"]
    assert "example" not in str([(one.detail, one.subject_ids) for one in events])


def test_signing_out_ends_the_session(browser: Client) -> None:
    sign_in(browser)
    assert browser.get("/sign-out").status_code == 405
    assert browser.post("/sign-out")["Location"] == "/sign-in"
    assert browser.get("/support/")["Location"] == "/sign-in?next=/support/"


def test_signing_in_gives_a_new_session(browser: Client) -> None:
    sign_in(browser)
    first = browser.cookies["wherry_none"].value
    sign_in(browser)
    assert browser.cookies["wherry_none"].value != first


def test_a_leaver_finds_no_door(browser: Client) -> None:
    sign_in(browser)
    with connection.cursor() as cursor:
        cursor.execute("reset role")
    with acting_as(WORKER):
        Membership.objects.update(ends_at=app_now())
    with connection.cursor() as cursor:
        cursor.execute("set local role web")
    assert "No role is open to you now" in browser.get("/").content.decode()
    assert browser.get("/support/").status_code == 403
