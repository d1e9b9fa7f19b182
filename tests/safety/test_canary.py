"""Nothing personal where it does not belong: a walk with values found nowhere else, then a search for each of them."""

from __future__ import annotations

import datetime as dt
import logging
import re
from pathlib import Path

import pytest
from django.conf import settings as live_settings
from django.db import connection
from django.test import Client, override_settings

from tests.support.county_of_one import signed_in
from tests.support.places_and_people import Side, a_side
from tests.support.roles import as_role
from wherry.database.context import acting_as, app_now
from wherry.database.placement import placement
from wherry.database.secrets import secret
from wherry.foundation.actors import WORKER
from wherry.journeys import (
    call_to_action,
    follow_wishes,
    hand_off,
    own_red_flags,
    reach_out,
    take_checkin,
    what_became,
)
from wherry.outreach.models import InboundText
from wherry.people.types import ContactKind, ContactPoint
from wherry.review.queries import hash_of_list
from wherry.web.partners import views as partner_views
from wherry.worklist.actions.opening import open_task
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
BORN = dt.date(1931, 11, 23)
PHONE = "+447700900377"
#: Each value and how else it might be written. None occurs in code, content or the names of anything.
CANARIES = {
    "given name": ["Zyxwilhelmina"],
    "family name": ["Qvfeatherstone"],
    "address": ["77 Qvzwharf"],
    "date of birth": ["1931-11-23", "23 November 1931"],
    "postcode": ["NR99 7QZ"],
    "telephone": [PHONE, "07700900377", "07700 900377", "7700900377"],
    "NHS number": ["9990000417", "999 000 0417"],
    "answer": ["qvzchestcold"],
    "caller's note": ["qvznote"],
    "clinician's words": ["qvzwords"],
    "text": ["qvztext"],
    "password": ["qvzpassword"],
    "condition": ["qvzcondition"],
    "answer by telephone": ["qvzspoken"],
    "fault": ["qvzfault"],
}

SEARCHED = ("audit_event", "procrastinate_jobs", "procrastinate_events", "outreach_attempt", "outreach_attemptevent")


@pytest.fixture
def side() -> Side:
    points = (ContactPoint(ContactKind.MOBILE, PHONE, "gp_register", dt.date(2026, 1, 1)),)
    made = a_side(
        code="icb",
        place="norwich",
        given_name="Zyxwilhelmina",
        family_name="Qvfeatherstone",
        birth_date=BORN,
        address="77 Qvzwharf, NR99 7QZ",
        postcode="NR99 7QZ",
        nhs_number="9990000417",
        contact_points=points,
    )
    with acting_as(WORKER):
        entry = made.entry
        entry.change(given_name="Zyxwilhelmina", family_name="Qvfeatherstone", birth_date=BORN, nhs_number="9990000417")
        entry.reasons.update(words="qvzcondition")
    return made


def as_resident(side: Side) -> None:
    """Answer by link, wrongly first; look, send twice; then stop."""
    client = Client()
    with as_role("web_person"), override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies"):
        for year in ("1932", "1931"):
            client.post(f"/c/{side.token}", {"born-day": "23", "born-month": "11", "born-year": year})
        client.post("/check-in/page/things_you_need", {"food": "none", "medicines": "none", "essentials": "fine"})
        client.post("/check-in/page/your_health", {"breathless": "at_rest", "chest_pain": "no", "feeling": "worse"})
        client.post("/check-in/page/company_and_home", {"anything_else": "qvzchestcold " + "x" * 9_000})
        client.post("/check-in/page/company_and_home", {"anything_else": "qvzchestcold"})
        assert "qvzchestcold" in client.get("/check-in/send").content.decode()
        assert [client.post("/check-in/send").status_code for _ in range(2)] == [302, 302]
        assert client.get("/check-in/done").status_code == 200
        client.post(f"/c/{side.token}/stop")


def by_gateway(side: Side) -> None:
    bearer = {"Authorization": f"Bearer {secret(live_settings.HOME, 'gateway_callback_token')}"}
    with as_role("web_person"):
        for text in ("qvztext", "STOP"):
            said = {"type": "inbound", "event": f"event {text}", "from": PHONE, "text": text}
            for _ in range(2):
                sent = Client().post("/gateway/texts", said, content_type="application/json", headers=bearer)
                assert sent.status_code == 200
        Client().post("/gateway/texts", f"qvztext {PHONE}", content_type="application/json", headers=bearer)


def as_caller(side: Side) -> None:
    client = side.client("caller")
    with acting_as(WORKER):
        Task.objects.filter(kind="red_flag").update(state="cancelled", claimed_by="", leased_until=None)
    with as_role("web"):
        assert "Zyxwilhelmina" in client.get(client.post("/support/next")["Location"]).content.decode()
        held = re.search(r"/support/task/[0-9a-f-]{36}", client.post("/support/next")["Location"])
        assert held
        spoken = {"key": "not a key", "food": "none", "anything_else": "qvzspoken", "keep_in_touch": "yes"}
        assert client.post(f"{held[0]}/answers", spoken).status_code in (302, 400)
        assert client.post(f"{held[0]}/back", {"version": "2", "why": "qvznote"}).status_code in (302, 409)


def as_clinician(side: Side) -> None:
    client, listed = side.client("clinician"), f"/clinicians/lists/{side.at_risk_list.pk}"
    add = {"nhs_number": "9990000417", "category": "shielded", "tier": "1", "reason": "new_diagnosis"}
    with acting_as(WORKER):
        version = str(side.entry.version)
    with as_role("web"):
        assert "qvzcondition" in client.get(listed).content.decode()
        client.post(f"{listed}/add", add)
        gone = {"version": version, "reason": "not_at_risk", "words": "qvzwords"}
        assert client.post(f"/clinicians/entries/{side.entry.pk}", gone).status_code == 302
    with acting_as(WORKER):
        seen = hash_of_list(list_id=side.at_risk_list.pk)
    with as_role("web"):
        assert client.post(f"{listed}/sign", {"seen_hash": seen}).status_code == 302


def as_partner(side: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    client, call = side.client("partner"), f"/partners/calls/{side.call.pk}"
    with as_role("web"):
        assert "Zyxwilhelmina" not in client.get("/partners/").content.decode()
        assert client.post(call, {"version": "1", "answer": "accept"}).status_code == 302
        assert "Zyxwilhelmina" in client.get("/partners/?state=in_hand").content.decode()
        assert client.post(call, {"version": "2", "answer": "done", "outcome": "helped"}).status_code == 302
        unlucky = signed_in(client=Client(raise_request_exception=False), staff=side.staff["partner"])
        with monkeypatch.context() as patched:
            patched.setattr(partner_views, "shared_rows", lambda _, **__: int("qvzfault Qvfeatherstone"))
            broken = unlucky.get(call)
        assert broken.status_code == 500
        assert "qvzfault" not in broken.content.decode()


def signing_in_wrongly(side: Side) -> None:
    with as_role("web"):
        Client().post("/sign-in", {"email": "caller@icb.example", "password": "qvzpassword"})
        Client().post("/sign-in", {"email": "qvztext@example.test", "password": "qvzpassword"})


def as_worker(side: Side) -> None:
    take_checkin.triage_what_was_left()
    call_to_action.place_needs()
    reach_out.decide_contacts()
    hand_off.hand_off_what_was_left()
    what_became.settle_doubts()
    own_red_flags.climb_red_flags()
    with acting_as(WORKER):
        assert InboundText.objects.count() == 3
    follow_wishes.follow(person_id=side.person.pk)


def servers_log() -> str:
    written = "".join(one.read_text(errors="replace") for one in placement(Path(live_settings.HOME)).log.glob("*"))
    assert written, "the server writes no log where this test looks"
    return written


def places_where_nothing_personal_belongs(caplog: pytest.LogCaptureFixture) -> dict[str, str]:
    found = {"the logs": caplog.text + "".join(str(one.__dict__) for one in caplog.records)}
    with connection.cursor() as cursor:
        for table in SEARCHED:
            cursor.execute(f"select coalesce(string_agg(row_to_json(t)::text, ' '), '') from {table} t")
            found[table] = cursor.fetchone()[0]
    found["the database's log"] = servers_log()
    return found


def test_a_walk_leaves_nothing_personal_in_the_record_the_jobs_or_the_logs(
    side: Side, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    settings.GATEWAY_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]
    caplog.set_level(logging.DEBUG)
    signing_in_wrongly(side)
    as_caller(side)
    as_resident(side)
    by_gateway(side)
    as_clinician(side)
    as_partner(side, monkeypatch)
    as_worker(side)

    with acting_as(WORKER):
        places = places_where_nothing_personal_belongs(caplog)
    hits = [
        f"{what} in {place}"
        for place, text in places.items()
        for what, written in {**CANARIES, "link": [side.token]}.items()
        if any(one.casefold() in text.casefold() for one in written)
    ]
    assert hits == []
    assert places["audit_event"].count('"did"') >= 40, "the walk was too short to mean anything"
    assert places["procrastinate_jobs"].count("about") >= 2


def test_a_statement_that_fails_leaves_no_value_in_the_databases_log(side: Side) -> None:
    """Unique keys refuse doubles all day long; the server would write the statement and the key into its log."""
    with acting_as(WORKER):
        now = app_now()
        for _ in range(2):
            open_task(
                by=WORKER,
                case=side.case,
                kind="qvznote",
                about_id=side.later.pk,
                team=side.team,
                priority=1,
                due_at=now,
                now=now,
                household_key="qvznote",
            )
    assert "qvznote" not in servers_log()
