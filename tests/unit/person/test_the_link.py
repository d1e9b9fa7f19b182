"""A link is a locator: what it tells, what it changes, whom it lets in. With the person site's own database role."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from tests.support.county_of_one import BORN, County, county_of_one, link_to, recognised
from wherry.audit.models import Event
from wherry.checkin.models import Draft, Invitation, Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.web.person.links import holder_of

pytestmark = pytest.mark.django_db
RIGHT = {"born-day": "27", "born-month": "3", "born-year": "1941"}
WRONG = {"born-day": "28", "born-month": "3", "born-year": "1941"}


@pytest.fixture
def county() -> County:
    return county_of_one()


@pytest.fixture
def browser(settings: object, county: County) -> Iterator[Client]:
    """A browser at the real person site: its own cookies, its own database role."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("set local role web_person")
    yield Client()
    with connection.cursor() as cursor:
        cursor.execute("reset role")


def as_worker(model: type) -> list:
    with connection.cursor() as cursor:
        cursor.execute("set local role owner")
    with acting_as(WORKER):
        found = list(model.objects.all())
    with connection.cursor() as cursor:
        cursor.execute("set local role web_person")
    return found


def drafts(county: County) -> list[dict[str, object]]:
    """A draft is the resident's own: nobody else's context shows it."""
    with acting_as(holder_of(token=county.token)):
        return [draft.answers for draft in Draft.objects.all()]


def change_link(county: County, **values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local role owner")
    with acting_as(WORKER):
        Invitation.objects.filter(pk=county.invitation.pk).update(**values)
    with connection.cursor() as cursor:
        cursor.execute("set local role web_person")


def body(response: object) -> str:
    text = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", re.sub(r"/c/[A-Za-z0-9_-]+", "/c/…", text))


def test_the_right_date_lets_the_resident_in(browser: Client, county: County) -> None:
    answer = browser.post(f"/c/{county.token}", RIGHT)
    assert (answer.status_code, answer["Location"]) == (302, "/check-in/")
    assert browser.get("/check-in/")["Location"] == "/check-in/page/about_you"


def test_links_unknown_used_locked_expired_and_wrong_answer_alike(browser: Client, county: County) -> None:
    expected_get = body(browser.get(f"/c/{county.token}"))
    expected_post = body(browser.post(f"/c/{county.token}", WRONG))
    assert "could not match" in expected_post
    now = dt.datetime.now(dt.UTC)
    spoiled: list[dict[str, object]] = [
        {"state": "used", "used_at": now},
        {"state": "used", "used_at": now - dt.timedelta(days=1)},
        {"state": "locked"},
        {"state": "revoked"},
        {"state": "open", "expires_at": now - dt.timedelta(days=1)},
    ]
    for values in spoiled:
        change_link(county, **values)
        for posted in (RIGHT, WRONG) if values["state"] != "open" else (RIGHT,):
            answer = browser.post(f"/c/{county.token}", posted)
            assert answer.status_code == 200
            assert body(answer).replace('value="27"', 'value="28"') == expected_post, values
        assert body(browser.get(f"/c/{county.token}")) == expected_get
    unknown = browser.post("/c/AAAAAAAAAAAAAAAAAAAAAA", WRONG)
    assert (unknown.status_code, body(unknown)) == (200, expected_post)


def test_opening_a_link_fifty_times_changes_nothing(browser: Client, county: County) -> None:
    before = (as_worker(Invitation)[0].version, len(as_worker(Event)))
    for _ in range(50):
        assert browser.get(f"/c/{county.token}").status_code == 200
        browser.head(f"/c/{county.token}")
    for what in ("stop", "not_me", "died"):
        assert browser.get(f"/c/{county.token}/{what}").status_code == 200
    assert (as_worker(Invitation)[0].version, len(as_worker(Event))) == before
    assert not browser.cookies.get("sessionid")


def test_five_wrong_dates_lock_the_link(browser: Client, county: County) -> None:
    for _ in range(5):
        browser.post(f"/c/{county.token}", WRONG)
    assert as_worker(Invitation)[0].state == "locked"
    assert browser.post(f"/c/{county.token}", RIGHT).status_code == 200


def test_a_date_that_is_none_costs_no_try(browser: Client, county: County) -> None:
    answer = browser.post(f"/c/{county.token}", {"born-day": "31", "born-month": "2", "born-year": "1941"})
    assert "Enter a date of birth" in answer.content.decode()
    assert as_worker(Invitation)[0].tries == 0


def test_a_whole_check_in_is_stored_once_however_often_it_is_sent(browser: Client, county: County) -> None:
    recognised(client=browser, county=county)
    pages = ("about_you", "your_health", "things_you_need", "company_and_home", "anything_more")
    answers = {
        "answering_for": "self",
        "breathless": "at_rest",
        "chest_pain": "no",
        "food": "none",
        "medicines": "enough",
        "lonely": "often",
        "safe_at_home": "yes",
        "rather_say": "true",
    }
    for page in pages:
        assert browser.get(f"/check-in/page/{page}").status_code == 200
        assert browser.post(f"/check-in/page/{page}", answers).status_code == 302
    summary = browser.get("/check-in/send").content.decode()
    assert "Yes, even when I sit still" in summary
    for _ in range(3):
        assert browser.post("/check-in/send")["Location"] == "/check-in/done"
    stored = as_worker(Response)
    assert [one.answers["food"] for one in stored] == ["none"]
    assert stored[0].answers["rather_say"] is True
    assert "feeling" not in stored[0].answers
    assert drafts(county) == []
    done = browser.get("/check-in/done").content.decode()
    assert done.index(">999<") < done.index("We have your answers")
    assert browser.get("/check-in/page/your_health")["Location"] == "/check-in/done"


def test_a_required_question_is_asked_again_once_and_never_more(browser: Client, county: County) -> None:
    recognised(client=browser, county=county)
    again = browser.post("/check-in/page/your_health", {"chest_pain": "no"})
    assert again.status_code == 200
    assert 'name="asked" value="breathless"' in again.content.decode()
    assert browser.post("/check-in/page/your_health", {"chest_pain": "no", "asked": "breathless"}).status_code == 302
    assert drafts(county)[0] == {"breathless": "", "chest_pain": "no", "feeling": ""}


def test_words_with_a_nul_in_them_are_kept_without_it(browser: Client, county: County) -> None:
    recognised(client=browser, county=county)
    assert browser.post("/check-in/page/anything_more", {"anything_else": "a\0b"}).status_code == 302
    assert drafts(county)[0]["anything_else"] == "ab"


def test_an_answer_can_be_taken_back(browser: Client, county: County) -> None:
    recognised(client=browser, county=county)
    browser.post("/check-in/page/anything_more", {"anything_else": "first words", "rather_say": "true"})
    answer = browser.post("/check-in/page/anything_more?from=send", {})
    assert answer["Location"] == "/check-in/send"
    assert drafts(county)[0] == {"anything_else": "", "rather_say": ""}


@pytest.mark.parametrize("by_session", [False, True])
@pytest.mark.parametrize(
    ("what", "table"), [("stop", "people_wish"), ("not_me", "people_report"), ("died", "people_report")]
)
def test_a_way_out_needs_no_date_and_is_written_at_once(
    browser: Client, county: County, what: str, table: str, by_session: bool
) -> None:
    if by_session:
        recognised(client=browser, county=county)
    address = f"/leave/{what}" if by_session else f"/c/{county.token}/{what}"
    assert browser.get(address).status_code == 200
    answer = browser.post(address)
    assert answer["Location"] == f"/told/{what}"
    assert browser.get(answer["Location"]).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("set local role owner")
    with acting_as(WORKER), connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        assert cursor.fetchone()[0] == 1
    assert browser.post("/c/AAAAAAAAAAAAAAAAAAAAAA/stop")["Location"] == "/told/stop"


def test_a_link_stopped_meanwhile_says_so_and_stores_nothing(browser: Client, county: County) -> None:
    recognised(client=browser, county=county)
    change_link(county, state="revoked")
    assert browser.post("/check-in/page/about_you", {"answering_for": "self"}).status_code == 410
    assert browser.get("/check-in/")["Location"] == "/c"
    assert drafts(county) == []


def test_a_question_about_help_is_answered_once(browser: Client, county: County) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local role owner")
    with acting_as(WORKER):
        _, token = link_to(occurrence=county.occurrence, now=app_now(), kind="did_it_help", about_id=county.case.pk)
    with connection.cursor() as cursor:
        cursor.execute("set local role web_person")
    browser.post(f"/c/{token}", RIGHT)
    assert browser.get("/check-in/")["Location"] == "/did-it-help"
    assert "Choose one answer" in browser.post("/did-it-help").content.decode()
    assert browser.post("/did-it-help", {"helped": "not_yet"})["Location"] == "/did-it-help/waiting"
    assert browser.get("/did-it-help/waiting").status_code == 200
    assert browser.post("/did-it-help", {"helped": "no"})["Location"] == "/did-it-help/thanks_no"
    assert browser.get("/did-it-help/thanks_no").status_code == 200
    assert browser.post("/did-it-help", {"helped": "yes"})["Location"] == "/did-it-help/thanks"


def test_the_pages_speak_the_invitation_s_language_once_it_is_known(client: Client) -> None:
    county = county_of_one(language="pl")
    assert 'lang="en"' in client.get(f"/c/{county.token}").content.decode()[:200]
    recognised(client=client, county=county)
    assert "Samopoczucie" in client.get("/check-in/page/your_health").content.decode()
    assert "Kaip jaučiatės" in client.get("/check-in/page/your_health?language=lt").content.decode()
    assert 'lang="lt"' in client.get("/check-in/page/about_you").content.decode()[:200]


def test_a_code_from_a_letter_is_the_same_as_its_link(client: Client) -> None:
    assert client.get("/c").status_code == 200
    assert client.post("/c", {"code": " abc DEF_-9 "})["Location"] == "/c/abcDEF_-9"
    assert "Check the code" in client.post("/c", {"code": "a/b"}).content.decode()
    assert client.get("/how-we-contact-you").status_code == 200


def test_the_sample_s_date_is_the_resident_s() -> None:
    assert dt.date(1941, 3, 27) == BORN
