"""A need no service took ends with what somebody found, in words its person reads, and with nobody still looking."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.support.asking import asked_for_help, the_need
from tests.support.county_of_one import County, a_task, county_of_one, recognised, signed_in
from tests.support.reach import MORNING, Provider, set_clock
from tests.support.roles import as_role
from wherry.audit.models import Event
from wherry.checkin.links import code_for
from wherry.checkin.models import CodeAsked
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys import call_to_action, hand_off, reach_out
from wherry.journeys.message_words import link_key
from wherry.triage.actions import move_need
from wherry.triage.models import Need
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
NEIGHBOUR = "Her neighbour shops for her on Fridays"


@pytest.fixture
def county(settings: object, monkeypatch: pytest.MonkeyPatch) -> County:
    """A resident who asked for food that no service could take."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # type: ignore[attr-defined]
    monkeypatch.setattr(hand_off.provider, "client", lambda **known: Provider())
    set_clock(MORNING)
    made = county_of_one()
    reach_out.decide_contacts()
    hand_off.hand_off_what_was_left()
    asked_for_help(made, food="two_days_or_less")
    call_to_action.place_needs()
    return made


@pytest.fixture
def supervisor(county: County) -> Client:
    return signed_in(client=Client(), staff=county.staff["supervisor"])


def claimed(client: Client) -> tuple[str, str]:
    """Claim the next task; gives its address and its page."""
    with as_role("web"):
        address = client.post("/support/next")["Location"]
        return address, client.get(address).content.decode()


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found.group(1)


def says(client: Client, came: str, words: str = "") -> int:
    address, page = claimed(client)
    with as_role("web"):
        sent = {"came": came, "words": words, "version": version_in(page)}
        return client.post(f"{address}/found", sent).status_code


def test_help_found_another_way_meets_the_need_and_ends_the_search_h_13(county: County, supervisor: Client) -> None:
    assert the_need("food").state == "not_met"
    assert says(supervisor, "found", NEIGHBOUR) == 302
    need = the_need("food")
    assert (need.state, need.help_found) == ("met", NEIGHBOUR)
    with acting_as(WORKER):
        assert Task.objects.get(kind="need").state == "done"
    assert call_to_action.place_needs() == call_to_action.take_back_unhelped_needs() == 0


def test_it_is_in_the_record_with_who_and_without_the_words(county: County, supervisor: Client) -> None:
    says(supervisor, "found", NEIGHBOUR)
    with acting_as(WORKER):
        event = Event.objects.get(did="need.met")
        assert event.actor_id == str(county.staff["supervisor"].pk)
        assert not Event.objects.filter(detail__icontains="neighbour").exists()


def test_without_words_nothing_is_met(county: County, supervisor: Client) -> None:
    assert says(supervisor, "found", "  ") == 400
    assert the_need("food").state == "not_met"


def test_what_is_no_longer_needed_is_taken_back(county: County, supervisor: Client) -> None:
    assert says(supervisor, "not_needed") == 302
    assert (the_need("food").state, the_need("food").help_found) == ("withdrawn", "")


def test_a_need_a_service_has_again_is_not_met_by_hand(county: County, supervisor: Client) -> None:
    with acting_as(WORKER):
        move_need(by=WORKER, need=Need.objects.get(kind="food"), to="open", why="x", now=app_now())
    assert says(supervisor, "found", NEIGHBOUR) == 409
    assert the_need("food").state == "open"


def test_to_have_spoken_is_no_end_of_a_need_h_13(county: County, supervisor: Client) -> None:
    address, page = claimed(supervisor)
    assert "We spoke and finished the questions" not in page and "Who helps now, and how?" in page
    for outcome in ("callback_complete", "refused_to_engage"):
        with as_role("web"):
            sent = {"outcome": outcome, "version": version_in(page)}
            assert supervisor.post(f"{address}/outcome", sent).status_code == 400
    with acting_as(WORKER):
        assert Task.objects.get(kind="need").state == "claimed"


def test_who_wants_no_more_contact_keeps_a_need_somebody_owns_h_13(county: County, supervisor: Client) -> None:
    address, _ = claimed(supervisor)
    with as_role("web"):
        assert supervisor.post(f"{address}/stop").status_code == 302
    with acting_as(WORKER):
        task = Task.objects.get(kind="need")
        assert (task.state, task.for_role) == ("open", "supervisor")
    again, page = claimed(supervisor)
    assert again == address and "Do not ring" in page and "They want no more contact" in page
    with as_role("web"):
        sent = {"came": "not_needed", "version": version_in(page)}
        assert supervisor.post(f"{address}/found", sent).status_code == 302
    assert the_need("food").state == "withdrawn"


def test_another_task_meets_no_need(county: County, supervisor: Client) -> None:
    with acting_as(WORKER):
        Task.objects.filter(kind="need").update(state="cancelled", done_at=app_now())
    a_task(county=county, kind="call_back")
    assert says(supervisor, "found", NEIGHBOUR) == 400


def test_the_person_reads_who_helps_and_may_object(county: County, supervisor: Client) -> None:
    says(supervisor, "found", NEIGHBOUR)
    browser = recognised(client=Client(), county=county)
    with as_role("web_person"):
        browser.post("/what-is-done", {"do": "send"})
    with acting_as(WORKER):
        code = code_for(asked_id=CodeAsked.objects.latest("asked_at").pk, key=link_key())
    with as_role("web_person"):
        browser.post("/what-is-done", {"do": "code", "code": code})
        page = browser.get("/what-is-done").content.decode()
        polish = browser.get("/what-is-done?language=pl").content.decode()
    assert "Help was found another way." in page and NEIGHBOUR in page
    assert "This is wrong, or I still need it" in page and "By when" not in page
    assert f'<span lang="en" dir="ltr">{NEIGHBOUR}</span>' in polish


def test_the_database_keeps_found_help_to_needs_that_are_met(county: County) -> None:
    with acting_as(WORKER), pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.filter(kind="food").update(help_found="x")
