"""Somebody asks on their page to be rung."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.support.county_of_one import County, signed_in
from tests.support.reach import lose_jobs, run_jobs
from tests.support.roles import as_role
from tests.support.what_is_done import HERE, answered, post
from wherry.checkin.models import CallWanted
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.journeys.turn import take_turn
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db


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
    assert ("they say on their page" in page) is bool(said)
