"""Signing in under the staff sites' own database role: a password, a code, and what each wrong turn meets."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.county_of_one import PASSWORD, PLACE, agreed, member
from tests.support.telephones import Telephone, enrolled
from wherry.audit.models import Event
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.organisations.actions import form_team, register_organisation
from wherry.organisations.models import Credential, Membership, RecoveryCode, SignIn, Staff
from wherry.organisations.types import GUESSED, Guess, OrganisationKind, Purpose, Role
from wherry.web.sign_in.sessions import SIGN_IN

pytestmark = pytest.mark.django_db
EMAIL = "Caller@icb.example"


@contextmanager
def beyond_the_site() -> Iterator[None]:
    """Step out of the site's database role for a moment."""
    with connection.cursor() as cursor:
        cursor.execute("reset role")
    yield
    with connection.cursor() as cursor:
        cursor.execute("set local role web")


@pytest.fixture
def caller() -> Staff:
    with acting_as(WORKER):
        now = app_now()
        icb = register_organisation(
            by=WORKER, code="icb", name="NHS board", kind=OrganisationKind.HEALTH_BOARD, now=now
        )
        agreed(organisation=icb, purposes=(Purpose.SUPPORT,), now=now, place=PLACE)
        team = form_team(by=WORKER, code="t", name="Team", organisation=icb, now=now)
        member(organisation=icb, role=Role.SUPERVISOR, now=now, team=team)
        member(organisation=icb, role=Role.CLINICIAN, now=now, team=team)
        return member(organisation=icb, role=Role.CALLER, now=now, team=team)


@pytest.fixture
def telephone(caller: Staff) -> Telephone:
    return enrolled(caller)


@pytest.fixture
def browser(caller: Staff) -> Iterator[Client]:
    with connection.cursor() as cursor:
        cursor.execute("set local role web")
    yield Client()
    with connection.cursor() as cursor:
        cursor.execute("reset role")


def first_step(browser: Client, email: str = EMAIL, password: str = PASSWORD, going_to: str = "") -> object:
    return browser.post("/sign-in", {"email": email, "password": password, "next": going_to})


def both_steps(browser: Client, telephone: Telephone, going_to: str = "") -> str:
    assert first_step(browser, going_to=going_to)["Location"] == "/sign-in/code"
    return browser.post("/sign-in/code", {"code": telephone.next_code()})["Location"]


def words(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


# The way in


def test_a_session_that_is_over_is_cleared_away_at_the_next_signing_in(browser: Client, telephone: Telephone) -> None:
    now = dt.datetime.now(dt.UTC)
    for key, day in (("over", -1), ("not-over", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + dt.timedelta(days=day))

    both_steps(browser, telephone)

    kept = set(Session.objects.values_list("session_key", flat=True))
    assert "over" not in kept and "not-over" in kept


def test_a_password_and_a_code_lead_straight_to_one_s_only_site(browser: Client, telephone: Telephone) -> None:
    assert both_steps(browser, telephone) == "/"
    assert browser.get("/")["Location"] == "/support/"
    assert browser.get("/support/").status_code == 200


def test_the_password_alone_opens_nothing(browser: Client, telephone: Telephone) -> None:
    first_step(browser)
    assert browser.get("/support/")["Location"] == "/sign-in?next=/support/"
    assert browser.get("/account")["Location"] == "/sign-in?next=/account"
    assert browser.post("/support/next")["Location"].startswith("/sign-in")


def test_somebody_with_two_sites_is_shown_both(browser: Client, telephone: Telephone) -> None:
    with beyond_the_site(), acting_as(WORKER):
        telephone = enrolled(Staff.objects.get(email="clinician@icb.example"))
    first_step(browser, email="clinician@icb.example")
    browser.post("/sign-in/code", {"code": telephone.next_code()})
    home = words(browser.get("/"))
    assert "/support/" in home and "/clinicians/" in home and "/partners/" not in home
    assert "You are a clinician for NHS board." in home
    for site in ("/support/", "/clinicians/"):
        assert ">Where to go</a>" in words(browser.get(site)), "who has several sites finds the others from each"


def test_an_unknown_address_and_a_wrong_password_are_answered_alike(browser: Client) -> None:
    unknown, wrong = first_step(browser, email="nobody@icb.example"), first_step(browser, password="another")
    for answer in (unknown, wrong):
        assert answer.status_code == 200  # type: ignore[attr-defined]
        assert "The e-mail address or the password is not right" in words(answer)
        assert "another" not in words(answer)
    assert browser.get("/sign-in/code")["Location"] == "/sign-in"


@pytest.mark.parametrize(
    "elsewhere", ["https://else.example/", "//else.example", "/\\else.example", "x", "javascript:1"]
)
def test_one_is_sent_on_to_own_pages_only(browser: Client, telephone: Telephone, elsewhere: str) -> None:
    assert both_steps(browser, telephone, going_to=elsewhere) == "/"


def test_one_is_sent_on_to_the_page_one_wanted(browser: Client, telephone: Telephone) -> None:
    assert both_steps(browser, telephone, going_to="/support/?a=b") == "/support/?a=b"


# Codes


def test_a_code_is_taken_once_even_by_the_same_person(browser: Client, telephone: Telephone) -> None:
    first_step(browser)
    code = telephone.next_code()
    assert browser.post("/sign-in/code", {"code": code}).status_code == 302
    again = Client()
    first_step(again)
    answer = again.post("/sign-in/code", {"code": code})
    assert "That code has been used" in words(answer)
    assert again.get("/support/")["Location"].startswith("/sign-in")
    assert again.post("/sign-in/code", {"code": telephone.next_code()}).status_code == 302


def test_a_code_older_than_the_last_one_taken_is_worth_nothing(browser: Client, telephone: Telephone) -> None:
    older, newer = telephone.next_code(), telephone.next_code()
    first_step(browser)
    assert browser.post("/sign-in/code", {"code": newer}).status_code == 302
    first_step(browser)
    assert "That code has been used" in words(browser.post("/sign-in/code", {"code": older}))


@pytest.mark.parametrize("typed", ["000000", "", "12345", "abcdef", "１２３４５６", "0" * 5_000])
def test_a_wrong_code_is_asked_for_again(browser: Client, telephone: Telephone, typed: str) -> None:
    first_step(browser)
    answer = browser.post("/sign-in/code", {"code": typed})
    assert answer.status_code == 200
    assert "That is not the code" in words(answer)


def test_the_code_is_asked_for_so_that_a_telephone_can_fill_it_in(browser: Client, telephone: Telephone) -> None:
    first_step(browser)
    page = words(browser.get("/sign-in/code"))
    assert 'autocomplete="one-time-code"' in page and 'inputmode="numeric"' in page


def test_halfway_lasts_ten_minutes(browser: Client, telephone: Telephone) -> None:
    first_step(browser)
    session = browser.session
    session["half"] = session["half"] | {"since": session["half"]["since"] - 601}
    session.save()
    assert browser.post("/sign-in/code", {"code": telephone.next_code()})["Location"] == "/sign-in"


def test_guessing_codes_ends_in_waiting_and_a_new_browser_does_not_help(browser: Client, telephone: Telephone) -> None:
    first_step(browser)
    for _ in range(GUESSED[Guess.CODE].per_account):
        assert browser.post("/sign-in/code", {"code": "000000"}).status_code == 200
    other = Client(REMOTE_ADDR="198.51.100.7")
    first_step(other)
    for one in (browser, other):
        answer = one.post("/sign-in/code", {"code": telephone.next_code()})
        assert answer.status_code == 429, "not even the right one is looked at"
        assert 0 < int(answer["Retry-After"]) <= 900


def test_guessing_passwords_ends_in_waiting_for_known_and_unknown_alike(browser: Client) -> None:
    for email in (EMAIL, "nobody@icb.example"):
        for _ in range(GUESSED[Guess.PASSWORD].per_account):
            assert first_step(browser, email=email, password="wrong").status_code == 200  # type: ignore[attr-defined]
        answer = first_step(Client(REMOTE_ADDR="198.51.100.7"), email=email.upper())
        assert answer.status_code == 429  # type: ignore[attr-defined]


# The first time, and the bad day


def test_the_first_sign_in_sets_up_the_telephone(browser: Client, caller: Staff) -> None:
    assert first_step(browser, going_to="/support/")["Location"] == "/sign-in/code"
    assert browser.get("/sign-in/code")["Location"] == "/sign-in/set-up"
    page = words(browser.get("/sign-in/set-up"))
    assert "<svg" in page and "style=" not in page
    secret = re.search(r"<strong>([A-Z2-7 ]{39})</strong>", page)
    assert secret
    assert secret[1] in words(browser.get("/sign-in/set-up")), "looking twice does not change it"
    telephone = Telephone(secret[1].replace(" ", ""))
    assert "That is not the code" in words(browser.post("/sign-in/set-up", {"code": "000000"}))
    done = words(browser.post("/sign-in/set-up", {"code": telephone.next_code()}))
    assert len(re.findall(r"<strong>[a-z0-9]{5}-[a-z0-9]{5}</strong>", done)) == 10
    assert 'href="/support/"' in done
    assert browser.get("/support/").status_code == 200
    with acting_as(SIGN_IN):
        kept = Credential.objects.get(staff=caller)
        assert telephone.secret not in kept.factor_sealed
    assert both_steps(Client(), telephone) == "/"


def test_nobody_sets_up_a_second_telephone_over_the_first(browser: Client, telephone: Telephone) -> None:
    first_step(browser)
    assert browser.get("/sign-in/set-up")["Location"] == "/sign-in/code"
    assert browser.post("/sign-in/set-up", {"code": "000000"})["Location"] == "/sign-in/code"
    assert browser.get("/sign-in/new-password")["Location"] == "/sign-in/code"


def test_a_recovery_code_lets_in_once(browser: Client, telephone: Telephone) -> None:
    both_steps(browser, telephone)
    codes = re.findall(r"<strong>([a-z0-9-]{11})</strong>", words(browser.post("/account/recovery-codes")))
    for expected, typed in ((302, f" {codes[0].upper()} "), (200, codes[0]), (302, codes[1].replace("-", ""))):
        lost = Client()
        first_step(lost)
        assert lost.post("/sign-in/recovery-code", {"recovery_code": typed}).status_code == expected
    assert "You have 8 left." in words(browser.get("/account"))
    with acting_as(SIGN_IN):
        assert not RecoveryCode.objects.filter(code_sha256__in=codes).exists()


def test_a_supervisor_lets_a_caller_start_anew(browser: Client, telephone: Telephone, caller: Staff) -> None:
    both_steps(browser, telephone)
    with beyond_the_site(), acting_as(WORKER):
        supervisors = enrolled(Staff.objects.get(email="supervisor@icb.example"))
    supervisor = Client()
    first_step(supervisor, email="supervisor@icb.example")
    supervisor.post("/sign-in/code", {"code": supervisors.next_code()})
    assert "Caller" in words(supervisor.get("/account/colleagues"))
    assert "Clinician" not in words(supervisor.get("/account/colleagues"))
    assert "Be sure that it is them" in words(supervisor.get(f"/account/colleagues/{caller.pk}"))

    given = re.search(r"<strong>([a-z0-9-]{19})</strong>", words(supervisor.post(f"/account/colleagues/{caller.pk}")))

    assert given
    assert browser.get("/support/")["Location"].startswith("/sign-in?"), "signed out everywhere"
    assert first_step(Client()).status_code == 200, "the old password is worth nothing"  # type: ignore[attr-defined]
    assert first_step(browser, password=given[1])["Location"] == "/sign-in/code"
    assert browser.get("/sign-in/set-up")["Location"] == "/sign-in/new-password"
    mine = {"new_password": "three words of mine", "again": "three words of mine"}
    assert browser.post("/sign-in/new-password", mine)["Location"] == "/sign-in/code"
    assert browser.get("/sign-in/code")["Location"] == "/sign-in/set-up"
    assert first_step(Client(), password=given[1]).status_code == 200, "good once"  # type: ignore[attr-defined]
    with beyond_the_site(), acting_as(WORKER):
        event = Event.objects.get(did="sign_in.reset")
        giver = Staff.objects.get(email="supervisor@icb.example")
    assert (event.actor_id, event.subject_ids) == (str(giver.pk), [str(caller.pk)])


def test_a_caller_resets_nobody_and_a_supervisor_neither_clinicians_nor_themselves(
    browser: Client, telephone: Telephone
) -> None:
    both_steps(browser, telephone)
    assert browser.get("/account/colleagues").status_code == 403
    with beyond_the_site(), acting_as(WORKER):
        others = {one.email: one for one in Staff.objects.all()}
        supervisors = enrolled(others["supervisor@icb.example"])
    first_step(browser, email="supervisor@icb.example")
    browser.post("/sign-in/code", {"code": supervisors.next_code()})
    for email in ("clinician@icb.example", "supervisor@icb.example"):
        assert browser.post(f"/account/colleagues/{others[email].pk}").status_code == 404


# The session


def test_each_step_up_gives_a_new_session(browser: Client, telephone: Telephone) -> None:
    """Fixation: what somebody planted before is worth nothing after."""
    browser.get("/sign-in")
    session = browser.session
    session["planted"] = "x"
    session.save()
    seen = [session.session_key]
    browser.cookies["wherry_none"] = seen[0]
    first_step(browser)
    seen.append(browser.cookies["wherry_none"].value)
    browser.post("/sign-in/code", {"code": telephone.next_code()})
    seen.append(browser.cookies["wherry_none"].value)
    assert len(set(seen)) == 3
    assert "planted" not in browser.session
    for old in seen[:2]:
        stale = Client()
        stale.cookies["wherry_none"] = old
        assert stale.get("/account").status_code == 302


def away(minutes: float, *, since: str = "seen_at") -> None:
    with acting_as(SIGN_IN):
        one = SignIn.objects.get(ended_at__isnull=True)
        SignIn.objects.filter(pk=one.pk).update(**{since: getattr(one, since) - dt.timedelta(minutes=minutes)})


def test_half_an_hour_of_nothing_signs_one_out_and_says_why(browser: Client, telephone: Telephone) -> None:
    both_steps(browser, telephone)
    away(29)
    assert browser.get("/support/").status_code == 200
    away(29)
    assert browser.get("/support/").status_code == 200, "a page asked for starts the time anew"
    away(31)
    turned_away = browser.get("/support/?a=b")
    assert turned_away["Location"] == "/sign-in?next=/support/%3Fa%3Db&why=away"
    asked_again = words(browser.get(turned_away["Location"]))
    assert "nothing happened for 30 minutes" in asked_again
    assert "Sign out" not in asked_again, "nobody is signed in there"


def test_nobody_stays_signed_in_for_longer_than_a_day_of_work(browser: Client, telephone: Telephone) -> None:
    both_steps(browser, telephone)
    away(8 * 60 + 1, since="started_at")
    assert browser.get("/support/").status_code == 302


def test_what_was_typed_when_time_ran_out_can_be_sent_after_signing_in_again(
    browser: Client, telephone: Telephone
) -> None:
    both_steps(browser, telephone)
    away(31)
    typed = {"organisation": 'x"><script>', "next": "/support/", "many": ["1", "2"]}
    kept = browser.post("/working-for?q=1", typed)
    page = words(kept)
    assert kept.status_code == 403
    assert "What you typed is not lost" in page
    assert 'action="/working-for?q=1"' in page
    assert 'name="organisation" value="x&#34;&gt;&lt;script&gt;"' in page
    assert page.count('name="many"') == 2
    assert both_steps(browser, telephone) == "/"
    assert browser.post("/working-for?q=1", typed).status_code == 200


def test_what_was_typed_in_another_tab_when_one_signed_out_is_kept_and_never_a_password(
    browser: Client, telephone: Telephone
) -> None:
    assert browser.post("/working-for", {"many": "1"})["Location"] == "/sign-in?next=/working-for"
    both_steps(browser, telephone)
    browser.post("/sign-out")
    kept = browser.post("/working-for", {"many": "typed before"})
    secret = browser.post("/account/password", {"password": "old", "new_password": "new", "again": "new"})
    assert kept.status_code == 403
    assert 'name="many" value="typed before"' in words(kept)
    assert secret.status_code == 302


def test_what_somebody_else_typed_is_not_sent_under_one_s_own_name(browser: Client, telephone: Telephone) -> None:
    both_steps(browser, telephone)
    browser.post("/sign-out")
    page = words(browser.post("/working-for", {"many": "1"}))
    mark = page.split('name="typed_by" value="')[1].split('"')[0]
    both_steps(browser, telephone)
    as_oneself = browser.post("/working-for", {"typed_by": mark})
    somebody_else = signing.dumps(str(uuid.uuid4()), salt="wherry.typed_by")
    assert as_oneself.status_code == 200
    for of_another in (somebody_else, mark + "x"):
        refused = browser.post("/working-for", {"typed_by": of_another})
        assert refused.status_code == 403
        assert "Somebody else typed this" in words(refused)


def test_signing_out_ends_the_session(browser: Client, telephone: Telephone) -> None:
    both_steps(browser, telephone)
    old = browser.cookies["wherry_none"].value
    assert browser.get("/sign-out").status_code == 405
    left = browser.post("/sign-out")["Location"]
    assert left == "/sign-in?why=out"
    assert '<h1 class="nhsuk-heading-l">You have signed out</h1>' in words(browser.get(left))
    browser.cookies["wherry_none"] = old
    assert browser.get("/support/")["Location"] == "/sign-in?next=/support/"


def test_one_sees_where_one_is_signed_in_and_can_end_it_everywhere_else(browser: Client, telephone: Telephone) -> None:
    other = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0")
    both_steps(other, telephone)
    both_steps(browser, telephone)
    page = words(browser.get("/account"))
    assert "Firefox on Windows" in page and "(this one)" in page
    assert browser.post("/account/sign-out-elsewhere")["Location"] == "/account"
    assert other.get("/support/").status_code == 302
    assert browser.get("/support/").status_code == 200


def test_changing_one_s_password_wants_the_old_one_and_ends_other_sessions(
    browser: Client, telephone: Telephone
) -> None:
    other = Client()
    both_steps(other, telephone)
    both_steps(browser, telephone)
    before = browser.cookies["wherry_none"].value
    new = {"new_password": "quite another password", "again": "quite another password"}
    assert "That is not the password you have now" in words(browser.post("/account/password", new | {"password": "x"}))
    assert browser.post("/account/password", new | {"password": PASSWORD})["Location"] == "/account"
    assert browser.cookies["wherry_none"].value != before
    assert (other.get("/support/").status_code, browser.get("/support/").status_code) == (302, 200)
    assert first_step(Client(), password="quite another password").status_code == 302  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("short", "short", "Use at least 12"),
        ("password1234", "password1234", "Many people use this one"),
        ("three words of mine", "three words of yours", "The two are not the same"),
        ("x" * 201, "x" * 201, "at most 200"),
    ],
)
def test_a_poor_password_is_not_taken(browser: Client, telephone: Telephone, new: str, again: str, said: str) -> None:
    both_steps(browser, telephone)
    posted = {"password": PASSWORD, "new_password": new, "again": again}
    assert said in words(browser.post("/account/password", posted))


# Whom one works for


def second_employer(caller: Staff) -> None:
    with beyond_the_site(), acting_as(WORKER):
        now = app_now()
        library = register_organisation(
            by=WORKER, code="library", name="The library", kind=OrganisationKind.COUNCIL, now=now
        )
        team = form_team(by=WORKER, code="l", name="Library team", organisation=library, now=now)
        Membership.objects.create(staff=caller, organisation=library, role=Role.PARTNER, team=team, starts_at=now)


def test_somebody_with_two_employers_chooses_one_and_never_acts_for_both(
    browser: Client, telephone: Telephone, caller: Staff
) -> None:
    second_employer(caller)
    both_steps(browser, telephone)
    assert browser.get("/")["Location"] == "/working-for"
    assert browser.get("/support/")["Location"] == "/working-for?next=/support/"
    page = words(browser.get("/working-for"))
    found = re.findall(r'value="([0-9a-f-]{36})".*?<label[^>]*>\s*([^<]+?)\s*</label>', page, re.DOTALL)
    by_name = {name: one for one, name in found}
    assert set(by_name) == {"NHS board", "The library"}
    assert "Choose whom you work for now" in words(browser.post("/working-for", {}))
    assert "Choose whom" in words(browser.post("/working-for", {"organisation": str(caller.pk)}))

    before = browser.cookies["wherry_none"].value
    chosen = browser.post("/working-for", {"organisation": by_name["The library"], "next": "//else.example"})
    assert chosen["Location"] == "/"
    assert browser.cookies["wherry_none"].value != before
    assert browser.get("/")["Location"] == "/partners/"
    assert browser.get("/support/").status_code == 403, "the caller's role is held elsewhere"
    assert "The library" in words(browser.get("/account"))

    browser.post("/working-for", {"organisation": by_name["NHS board"]})
    assert browser.get("/partners/").status_code == 403
    assert browser.get("/support/").status_code == 200


def test_a_leaver_finds_no_door(browser: Client, telephone: Telephone) -> None:
    both_steps(browser, telephone)
    with beyond_the_site(), acting_as(WORKER):
        Membership.objects.update(ends_at=app_now())
    assert "No role is open to you now" in words(browser.get("/"))
    assert browser.get("/support/").status_code == 403


def test_somebody_made_inactive_is_out_at_the_next_page(browser: Client, telephone: Telephone) -> None:
    both_steps(browser, telephone)
    with beyond_the_site(), acting_as(WORKER):
        Staff.objects.update(is_active=False)
    assert browser.get("/support/").status_code == 302
    assert first_step(browser).status_code == 200  # type: ignore[attr-defined]


# The record


def test_each_turn_of_signing_in_is_written_down_without_the_address(browser: Client, telephone: Telephone) -> None:
    first_step(browser, email="nobody@icb.example")
    first_step(browser)
    for _ in range(GUESSED[Guess.CODE].per_account - 1):
        browser.post("/sign-in/code", {"code": "000000"})
    browser.post("/sign-in/code", {"code": telephone.next_code()})
    with beyond_the_site(), acting_as(WORKER):
        events = list(Event.objects.filter(did__startswith="sign_in").order_by("at"))
    said = [(one.did, one.detail.get("step")) for one in events]
    assert said.count(("sign_in.failed", "password")) == 1
    assert said.count(("sign_in.failed", "code")) == 4
    assert said.count(("sign_in.done", None)) == 1
    assert "example" not in str([(one.detail, one.subject_ids) for one in events])


def test_being_made_to_wait_is_written_down_once(browser: Client) -> None:
    for _ in range(GUESSED[Guess.PASSWORD].per_account + 3):
        first_step(browser, password="wrong")
    with beyond_the_site(), acting_as(WORKER):
        assert Event.objects.filter(did="sign_in.held_back").count() == 1


def test_who_is_at_work_is_found_in_one_query(browser: Client, telephone: Telephone) -> None:
    both_steps(browser, telephone)
    with CaptureQueriesContext(connection) as asked:
        browser.get("/account/password")
    assert len([one["sql"] for one in asked if "organisations_" in one["sql"]]) == 1
