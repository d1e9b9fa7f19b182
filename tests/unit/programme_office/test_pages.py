"""The programme office: sums that are said to agree or not, feeds, decisions, agreements, sending, what is stuck."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.lists import County, a_call, a_case, a_need, as_database_role, county
from wherry.database.context import acting_as
from wherry.evaluation.types import Funnel
from wherry.foundation.actors import WORKER
from wherry.governance.models import Decision
from wherry.outreach.models import SendingPause
from wherry.web.programme_office import views

pytestmark = pytest.mark.django_db
PAGES = ("", "stuck", "feeds", "sending", "decisions", "agreements")
DECIDED = {
    "what": "Go live in Norwich",
    "why": "Callers are trained",
    "risk_owner": "Medical Director",
    "evidence": "",
    "can_be_undone": "yes",
    "review_on-day": "1",
    "review_on-month": "6",
    "review_on-year": "2199",
}


@pytest.fixture
def here() -> County:
    return county()


@pytest.fixture
def delivered() -> object:
    """Land one delivery's manifest, as the feeds room writes it."""
    batch = Path(settings.HOME) / "store" / "batches" / "b1"
    batch.mkdir(parents=True, exist_ok=True)
    (batch / "manifest.json").write_text(
        json.dumps(
            {
                "batch_id": "b1",
                "contract": "gp_register",
                "sequence": 1,
                "extracted_on": "2020-01-01",
                "freshness_days": 7,
                "counts": {"rows_in": 10, "accepted": 8, "quarantined": 1, "duplicate": 1},
                "quarantine": [{"rule": "r", "column": "c", "words": "The date of birth is missing", "rows": 1}],
            }
        )
    )
    yield
    shutil.rmtree(batch.parent)


def test_the_funnel_adds_up_and_names_nobody(here: County) -> None:
    a_call(here, a_need(here, a_case(here), red_flag=True))

    page = here.signed_in("lead").get("/office/").content.decode()

    assert "Where everybody stands: adds up" in page
    assert "NOT add up" not in page
    assert "Breathless at rest" in page
    assert "Berta" not in page


def test_a_sum_that_differs_is_shouted(here: County, monkeypatch: pytest.MonkeyPatch) -> None:
    a_case(here)
    real = views.count_funnel

    def lost_one(**asked: object) -> Funnel:
        counted = real(**asked)  # type: ignore[arg-type]
        counted.by_state["in_cadence"] -= 1  # type: ignore[index]
        return counted

    monkeypatch.setattr(views, "count_funnel", lost_one)
    page = here.signed_in("lead").get("/office/").content.decode()

    assert "this does NOT add up" in page
    assert "people with a case are 1, people in a state are 0" in page
    assert "Where everybody stands: does NOT add up" in page


def test_feeds_say_how_old_they_are_and_why_rows_were_set_aside(here: County, delivered: object) -> None:
    page = here.signed_in("lead").get("/office/feeds").content.decode()

    assert "Stale:" in page
    assert "1: The date of birth is missing" in page
    assert "10 rows in 1 delivery =" in page
    assert "Never arrived" in page


def test_a_decision_is_written_down_whole_or_not_at_all(here: County) -> None:
    client = here.signed_in("lead")

    missing = client.post("/office/decisions", {**DECIDED, "why": "", "review_on-year": "1999"}).content.decode()
    client.post("/office/decisions", DECIDED)

    assert "Say why" in missing
    assert "Enter a day after today" in missing
    assert "Go live in Norwich" in missing
    with acting_as(WORKER):
        assert [one.risk_owner for one in Decision.objects.all()] == ["Medical Director"]
    assert "Risk owned by Medical Director" in client.get("/office/decisions").content.decode()


def test_agreements_that_end_soon_stand_first(here: County) -> None:
    page = here.signed_in("lead").get("/office/agreements").content.decode()

    assert "Ending within 30 days" in page
    assert "Food Hub" in page


def test_sending_is_stopped_with_a_reason_and_started_again_by_the_lead_only(here: County) -> None:
    lead, guardian = here.signed_in("lead"), here.signed_in("guardian")

    without = guardian.post("/office/sending", {"change": "pause"}).content.decode()
    guardian.post("/office/sending", {"change": "pause", "why": "Wrong wording"})
    guardian.post("/office/sending", {"change": "pause", "why": "Pressed twice"})
    refused = guardian.post("/office/sending", {"change": "resume"})
    stopped = lead.get("/office/sending").content.decode()
    lead.post("/office/sending", {"change": "resume"})

    assert "Say why" in without
    assert refused.status_code == 403
    assert "Nothing leaves: Wrong wording" in stopped
    with acting_as(WORKER):
        assert [one.resumed_at is not None for one in SendingPause.objects.all()] == [True]


def test_what_is_stuck_is_counted(here: County) -> None:
    a_need(here, a_case(here), red_flag=True)

    page = here.signed_in("lead").get("/office/stuck").content.decode()

    assert "1 past their time" in page
    assert "30 min (since" in page


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["caller", "supervisor", "clinician", "food"])
def test_every_other_role_is_refused(here: County, who: str, page: str) -> None:
    assert here.signed_in(who).get(f"/office/{page}").status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_a_programme_not_overseen_gets_the_answer_for_an_unknown_one(here: County, page: str) -> None:
    client = here.signed_in("lead")

    assert client.get(f"/office/{page}?programme=cold_weather").status_code == 404
    assert client.get(f"/office/{page}?programme=../x").status_code == 404


def test_an_analyst_counts_but_decides_and_stops_nothing(here: County) -> None:
    analyst = here.signed_in("analyst")

    assert analyst.get("/office/").status_code == 200
    assert analyst.get("/office/decisions").status_code == 403
    assert analyst.post("/office/sending", {"change": "pause", "why": "x"}).status_code == 403


def test_the_web_role_is_granted_all_the_office_needs(here: County) -> None:
    a_call(here, a_need(here, a_case(here), red_flag=True))
    client = here.signed_in("lead")

    with as_database_role("web"):
        seen = [client.get(f"/office/{page}").status_code for page in PAGES]
        done = [
            client.post("/office/decisions", DECIDED).status_code,
            client.post("/office/sending", {"change": "pause", "why": "x"}).status_code,
            client.post("/office/sending", {"change": "resume"}).status_code,
        ]

    assert (seen, done) == ([200] * 6, [302] * 3)
