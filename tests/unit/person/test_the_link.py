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
from wherry.checkin.letter_codes import letter_code
from wherry.checkin.models import Draft, Invitation, Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys.message_words import link_key
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
        {"state": "used", "used_at": now, "tries": 5},
        {"state": "used", "used_at": now, "expires_at": now - dt.timedelta(minutes=1)},
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
    pages = ("about_you", "your_health", "things_you_need", "company_and_home")
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
    assert browser.post("/check-in/page/company_and_home", {"anything_else": "a\0b"}).status_code == 302
    assert drafts(county)[0]["anything_else"] == "ab"


def test_an_answer_can_be_taken_back(browser: Client, county: County) -> None:
    recognised(client=browser, county=county)
    browser.post("/check-in/page/company_and_home", {"anything_else": "first words", "rather_say": "true"})
    answer = browser.post("/check-in/page/company_and_home?from=send", {})
    assert answer["Location"] == "/check-in/send"
    assert drafts(county)[0] == {"lonely": "", "safe_at_home": "", "anything_else": "", "rather_say": ""}


@pytest.mark.parametrize("by_session", [False, True])
@pytest.mark.parametrize(
    ("what", "table"),
    [
        ("stop", "people_wish"),
        ("pause", "people_wish"),
        ("way", "people_wish"),
        ("not_me", "people_report"),
        ("died", "people_report"),
    ],
)
def test_a_way_out_needs_no_date_and_is_written_at_once(
    browser: Client, county: County, what: str, table: str, by_session: bool
) -> None:
    if by_session:
        recognised(client=browser, county=county)
    address = f"/leave/{what}" if by_session else f"/c/{county.token}/{what}"
    assert browser.get(address).status_code == 200
    chosen = {"days": "7"} if what == "pause" else {"language": "pl"}
    answer = browser.post(address, chosen)
    assert answer["Location"].split("?")[0] == f"/told/{what}"
    assert browser.get(answer["Location"]).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("set local role owner")
    with acting_as(WORKER), connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        assert cursor.fetchone()[0] == 1
    assert browser.post("/c/AAAAAAAAAAAAAAAAAAAAAA/stop")["Location"] == "/told/stop?link=1"


def test_a_link_stopped_meanwhile_says_so_and_stores_nothing(browser: Client, county: County) -> None:
    recognised(client=browser, county=county)
    change_link(county, state="revoked")
    assert browser.post("/check-in/page/about_you", {"answering_for": "self"}).status_code == 410
    assert browser.get("/check-in/")["Location"] == "/c"
    assert drafts(county) == []


def test_a_used_link_says_so_to_whoever_knows_the_date_and_shows_no_answer(browser: Client, county: County) -> None:
    used = dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)
    change_link(county, state="used", used_at=used)
    assert "could not match" in browser.post(f"/c/{county.token}", WRONG).content.decode()
    recognised(client=browser, county=county)
    assert browser.get("/check-in/", follow=True).redirect_chain[-1] == ("/check-in/answered", 302)
    said = browser.get("/check-in/answered").content.decode()
    assert "You have answered" in said and "01632 960 999" in said
    assert browser.get("/check-in/done")["Location"] == "/check-in/answered"
    assert as_worker(Invitation)[0].tries == 0


def test_somebody_else_who_answers_is_asked_about_the_other_and_about_themselves(
    browser: Client, county: County
) -> None:
    recognised(client=browser, county=county)
    first = browser.post("/check-in/page/about_you", {"answering_for": "someone_else"})
    assert first["Location"] == "/check-in/page/about_helper"
    helper = browser.get(first["Location"]).content.decode()
    assert "Do they know that you are answering" in helper and "Do you need help yourself" in helper
    said = {"relation": "family", "they_agree": "yes", "carer_help": "need_help"}
    following = browser.post(first["Location"], said)["Location"]
    health = browser.get(following).content.decode()
    assert "Are they short of breath today?" in health and "Are you short of breath" not in health


def test_closing_the_page_loses_nothing_and_the_link_goes_on_where_it_was(browser: Client, county: County) -> None:
    recognised(client=browser, county=county)
    browser.post("/check-in/page/about_you", {"answering_for": "self"})
    browser.post("/check-in/page/your_health", {"breathless": "no", "chest_pain": "no"})
    browser.cookies.clear()
    recognised(client=browser, county=county)
    resumed = browser.get("/check-in/")["Location"]
    assert resumed == "/check-in/page/things_you_need?resumed"
    assert "You told us so far: Who is answering, How you are." in browser.get(resumed).content.decode()


def test_a_form_without_its_proof_is_shown_again_with_what_was_typed(county: County, settings: object) -> None:
    settings.CSRF_FAILURE_VIEW = "wherry.web.person.once_more.forbidden"  # type: ignore[attr-defined]
    browser = Client(enforce_csrf_checks=True)
    session = browser.session
    session["link"] = county.token
    session.save()
    again = browser.post("/check-in/page/company_and_home", {"anything_else": "My words <b>", "lonely": "often"})
    page = again.content.decode()
    assert "My words &lt;b&gt;" in page and "What you typed is still here" in page
    assert drafts(county) == []
    assert browser.post("/leave/stop").status_code == 403


def test_every_page_says_whom_to_ring(browser: Client, county: County, settings: object) -> None:
    settings.ROOT_URLCONF = "wherry.config.urls_person"  # type: ignore[attr-defined]
    addresses = ["/c", f"/c/{county.token}", "/how-we-contact-you", f"/c/{county.token}/stop", "/told/died", "/nowhere"]
    for address in addresses:
        page = browser.get(address).content.decode()
        assert 'href="tel:01632960999"' in page and "Norwich and Waveney Check-in Team" in page, address


def test_a_pause_needs_a_length_and_says_when_it_ends(browser: Client, county: County) -> None:
    assert "Choose how long" in browser.post(f"/c/{county.token}/pause", {"days": "400"}).content.decode()
    told = browser.post(f"/c/{county.token}/pause", {"days": "7"})["Location"]
    assert told == "/told/pause?days=7&link=1"
    assert "before" in browser.get(told).content.decode()


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


def test_the_pages_speak_the_invitation_s_language_before_and_after_the_date(client: Client) -> None:
    county = county_of_one(language="pl")
    assert 'lang="pl"' in client.get(f"/c/{county.token}").content.decode()[:200]
    recognised(client=client, county=county)
    assert "Samopoczucie" in client.get("/check-in/page/your_health").content.decode()
    assert "Kaip jaučiatės" in client.get("/check-in/page/your_health?language=lt").content.decode()
    assert 'lang="lt"' in client.get("/check-in/page/about_you").content.decode()[:200]


def test_a_code_from_a_letter_is_the_same_as_its_link(client: Client) -> None:
    assert client.get("/c").status_code == 200
    county = county_of_one()
    code = letter_code(occurrence_id=county.occurrence.pk, key=link_key())
    for typed in (code, code.lower().replace("-", " "), code.replace("1", "l").replace("0", "O"), county.token):
        assert client.post("/c", {"code": typed})["Location"] == f"/c/{county.token}"
    for wrong in ("a/b", code[:-1], "A" * 23):
        assert "Check the code" in client.post("/c", {"code": wrong}).content.decode()
    assert client.get("/how-we-contact-you").status_code == 200


def test_the_sample_s_date_is_the_resident_s() -> None:
    assert dt.date(1941, 3, 27) == BORN
