"""The gate asked again at hand-off: whatever was said or happened since the intent wins over the message."""

from __future__ import annotations

import datetime as dt
import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client

from tests.support.county_of_one import MOBILE, County, county_of_one
from tests.support.reach import (
    MORNING,
    Gateway,
    attempt_now,
    intended,
    lose_jobs,
    one_more,
    reset_clock,
    run_jobs,
    set_clock,
    wind_on,
)
from wherry.database.context import acting_as, app_now
from wherry.database.secrets import secret
from wherry.foundation.actors import WORKER
from wherry.governance.actions import end_agreement
from wherry.governance.models import Agreement
from wherry.journeys import hand_off, reach_out, read_texts, stop_contact, what_became
from wherry.outreach.actions import leave_inbound_text, pause_sending, resume_sending
from wherry.outreach.models import Attempt, AttemptEvent, Receipt
from wherry.people.actions import mark_wrong, note_wish
from wherry.people.models import ContactPointRow, Person
from wherry.people.types import ContactKind, ContactPoint, WishKind

committing = pytest.mark.django_db(transaction=True)
rolled_back = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def county(gateway: Gateway) -> Iterator[County]:
    set_clock(MORNING)
    yield county_of_one()
    reset_clock()


def says_stop(county: County) -> None:
    stop_contact.stop(by=WORKER, person_id=county.person.pk, source="link", now=app_now())


def is_said_to_have_died(county: County) -> None:
    stop_contact.report_death(by=WORKER, person_id=county.person.pk, source="telephone", now=app_now())


def is_known_to_have_died(county: County) -> None:
    Person.objects.get(pk=county.person.pk).change(died_on=dt.date(2026, 3, 1))


def was_somebody_else(county: County) -> None:
    stop_contact.report_not_me(by=WORKER, person_id=county.person.pk, source="link", now=app_now())


def wants_no_texts(county: County) -> None:
    note_wish(by=WORKER, person_id=county.person.pk, kind=WishKind.STOP, value="sms", source="telephone", now=app_now())


def needs_braille(county: County) -> None:
    note_wish(by=WORKER, person_id=county.person.pk, kind=WishKind.FORMAT, value="braille", source="gp", now=app_now())


def has_a_wrong_number(county: County) -> None:
    point = ContactPointRow.objects.get(person=county.person, kind="mobile")
    mark_wrong(by=WORKER, contact_point_id=point.pk, now=app_now())


@rolled_back
@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (says_stop, "stop"),
        (is_said_to_have_died, "died"),
        (is_known_to_have_died, "died"),
        (was_somebody_else, "stop"),
        (wants_no_texts, "stop"),
        (needs_braille, "format_needed"),
        (has_a_wrong_number, "no_contact_point"),
    ],
)
def test_what_was_said_after_the_intent_refuses_the_hand_off(
    happens: Callable[[County], None], why: str, county: County, gateway: Gateway
) -> None:
    attempt = intended(county.occurrence)
    with acting_as(WORKER):
        happens(county)

    assert hand_off.send(attempt_id=attempt.pk) is False
    assert hand_off.hand_off_what_was_left() == 0
    assert (attempt_now(attempt).state, attempt_now(attempt).why) == ("refused", why)
    assert gateway.messages(attempt.reference) == []


@rolled_back
def test_an_agreement_that_ended_lets_nothing_leave_and_one_renewed_lets_it_go_on(
    county: County, gateway: Gateway
) -> None:
    attempt = intended(county.occurrence)
    with acting_as(WORKER):
        agreement = Agreement.objects.get(organisation=county.lead)
        end_agreement(by=WORKER, agreement=agreement, ends_at=app_now() + HOUR, now=app_now())
    wind_on(HOUR)

    assert hand_off.send(attempt_id=attempt.pk) is False
    assert hand_off.hand_off_what_was_left() == 0
    assert reach_out.decide_contacts() == 0
    assert gateway.messages(attempt.reference) == []

    with acting_as(WORKER):
        end_agreement(by=WORKER, agreement=agreement, ends_at=app_now() + 24 * HOUR, now=app_now())
    assert hand_off.hand_off_what_was_left() == 1
    assert len(gateway.messages(attempt.reference)) == 1


@rolled_back
def test_a_pause_holds_every_hand_off_until_somebody_resumes(county: County, gateway: Gateway) -> None:
    attempt = intended(county.occurrence)
    with acting_as(WORKER):
        pause_sending(by=WORKER, why="a restore", now=app_now())
    assert hand_off.send(attempt_id=attempt.pk) is False
    assert hand_off.hand_off_what_was_left() == 0
    assert attempt_now(attempt).state == "intended"
    assert gateway.messages(attempt.reference) == []

    with acting_as(WORKER):
        resume_sending(by=WORKER, now=app_now())
    assert hand_off.hand_off_what_was_left() == 1


@rolled_back
def test_a_text_intended_before_closing_time_waits_for_the_morning(county: County, gateway: Gateway) -> None:
    attempt = intended(county.occurrence)
    set_clock(MORNING.replace(hour=18, minute=1))  # first_text is asked for until 18:00
    with acting_as(WORKER):
        Attempt.objects.filter(pk=attempt.pk).update(intended_at=app_now())
    assert hand_off.send(attempt_id=attempt.pk) is False
    assert hand_off.hand_off_what_was_left() == 0
    assert attempt_now(attempt).state == "intended"
    assert gateway.messages(attempt.reference) == []


@rolled_back
def test_a_stop_by_text_is_confirmed_once_and_nothing_follows(county: County, gateway: Gateway) -> None:
    first = intended(county.occurrence)
    hand_off.send(attempt_id=first.pk)
    before = len(gateway.inbox(MOBILE))
    with acting_as(WORKER):
        for number in (1, 2):
            leave_inbound_text(provider_event=f"in-{number}", number=MOBILE, text="Stop.", now=app_now())
    read_texts.read_texts()
    run_jobs()
    for _ in range(5):
        reach_out.decide_contacts()
        hand_off.hand_off_what_was_left()
        wind_on(12 * HOUR)

    assert len(gateway.inbox(MOBILE)) == before + 1
    with acting_as(WORKER):
        county.case.refresh_from_db()
    assert county.case.state == "declined"


@committing
def test_fifty_races_of_a_stop_with_its_message_are_never_won_by_a_message_begun_after_it_h_18(
    county: County, gateway: Gateway
) -> None:
    sent, refused, too_late = races(county, gateway, rounds=50)

    assert too_late == 0
    assert sent > 3 and refused > 3, "the race was no race"


@committing
def test_a_gate_asked_only_at_the_intent_is_seen_to_lose_such_races(
    county: County, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_off, "gate", lambda **asked: None)
    monkeypatch.setattr(hand_off, "_is_too_late", lambda **asked: False)

    assert races(county, gateway, rounds=16)[2] > 0


def races(county: County, gateway: Gateway, *, rounds: int) -> tuple[int, int, int]:
    """Race stops with messages. Gives how many were sent, were not, and were sent though begun after the stop."""
    occurrences = [one_more(county=county, number=number) for number in range(rounds)]
    reach_out.decide_contacts()
    lose_jobs()
    with acting_as(WORKER):
        attempts = {one.occurrence_id: one for one in Attempt.objects.filter(state="intended")}
        people = {one.pk: one.case.person_id for one in occurrences}
    chance, sent, too_late = random.Random(7), 0, 0
    for occurrence in occurrences:
        attempt = attempts[occurrence.pk]
        stopped_at, began_at = _race(
            stop=lambda who=people[occurrence.pk]: _stop(who),
            send=lambda which=attempt.pk: hand_off.send(attempt_id=which),
            head_start=chance.uniform(-0.03, 0.03),
        )
        taken = len(gateway.messages(attempt.reference))
        assert taken == (attempt_now(attempt).state == "sent")
        sent, too_late = sent + taken, too_late + (taken and stopped_at < began_at)
    return sent, rounds - sent, too_late


def _stop(person_id: Any) -> None:
    with acting_as(WORKER):
        stop_contact.stop(by=WORKER, person_id=person_id, source="link", now=app_now())


def _race(*, stop: Callable[[], Any], send: Callable[[], Any], head_start: float) -> tuple[float, float]:
    """Run both at once, one a little later. Gives when the stop had committed and when the sending began."""
    moments: dict[str, float] = {}
    ready = threading.Barrier(2)

    def stopping() -> None:
        try:
            connection.ensure_connection()
            ready.wait()
            time.sleep(max(0.0, head_start))
            stop()
            moments["stopped"] = time.monotonic()
        finally:
            connection.close()

    def sending() -> None:
        try:
            connection.ensure_connection()
            ready.wait()
            time.sleep(max(0.0, -head_start))
            moments["began"] = time.monotonic()
            send()
        finally:
            connection.close()

    threads = [threading.Thread(target=stopping), threading.Thread(target=sending)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return moments["stopped"], moments["began"]


@committing
def test_a_stop_said_while_earlier_messages_of_the_lot_leave_is_heard_h_18(
    county: County, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot = [intended(one_more(county=county, number=number)) for number in range(3)]
    with acting_as(WORKER):
        stopping = lot[2].case.person_id
    real = hand_off.provider.client

    def overheard(**known: Any) -> Any:
        client = real(**known)
        leave = client.hand_off

        def then_the_third_says_stop(**message: Any) -> str:
            taken: str = leave(**message)
            if message["reference"] == str(lot[0].reference):
                _stop(stopping)
            return taken

        client.hand_off = then_the_third_says_stop  # type: ignore[method-assign]
        return client

    monkeypatch.setattr(hand_off.provider, "client", overheard)
    assert hand_off.send_all(attempt_ids=[one.pk for one in lot]) == 2
    hand_off.hand_off_what_was_left()
    assert [len(gateway.messages(one.reference)) for one in lot] == [1, 1, 0]
    assert attempt_now(lot[2]).state == "refused"


@rolled_back
def test_one_lot_counts_its_own_messages_against_the_caps(county: County, gateway: Gateway) -> None:
    shared = ContactPoint(ContactKind.MOBILE, "+447700900999", "gp_register", MORNING.date())
    lot = [intended(one_more(county=county, number=number, contact_points=(shared,))) for number in range(6)]
    assert hand_off.send_all(attempt_ids=[one.pk for one in lot]) == 4
    assert len(gateway.inbox(shared.value)) == 4


@committing
def test_sixteen_workers_on_one_message_send_it_once_h_05(county: County, gateway: Gateway) -> None:
    attempt = intended(county.occurrence)
    ready = threading.Barrier(16)

    def work() -> None:
        try:
            connection.ensure_connection()
            ready.wait()
            hand_off.send(attempt_id=attempt.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(gateway.messages(attempt.reference)) == 1


# ---- receipts -----------------------------------------------------------------------------------------------------

_RANK = ["intended", "handing_off", "in_doubt", "refused", "sent", "failed", "delivered"]


def post(content: dict[str, str], *, token: str | None = None) -> int:
    """Post a callback as the provider does."""
    known = secret(django_settings.HOME, "gateway_callback_token")
    client = Client(headers={"Authorization": f"Bearer {known if token is None else token}"})
    return int(client.post("/gateway/receipts", content, content_type="application/json").status_code)


def receipt(attempt: Attempt, status: str, event: str) -> dict[str, str]:
    """Write a receipt."""
    return {
        "event": event,
        "type": "receipt",
        "reference": str(attempt.reference),
        "provider_id": "p",
        "status": status,
    }


@rolled_back
@pytest.mark.parametrize("seed", range(12))
def test_receipts_twice_out_of_order_and_unknown_never_take_a_status_back(
    seed: int, county: County, gateway: Gateway
) -> None:
    chance = random.Random(seed)
    attempt = intended(county.occurrence)
    hand_off.send(attempt_id=attempt.pk)
    words = [chance.choice(["sent", "failed", "delivered", "temporary-failure"]) for _ in range(6)]
    posts = [receipt(attempt, word, f"{seed}-{place}") for place, word in enumerate(words)]
    posts += [{**posts[0], "event": f"{seed}-u", "reference": "unknown"}, *chance.choices(posts, k=4)]
    chance.shuffle(posts)
    highest, seen = _RANK.index("sent"), set()
    for content in posts:
        assert post(content) == 200
        seen.add(content["event"])
        what_became.apply_receipts()
        stands = _RANK.index(attempt_now(attempt).state)
        assert stands >= highest
        highest = stands
    best = max((_RANK.index(word) for word in words if word in _RANK), default=_RANK.index("sent"))
    assert highest == max(best, _RANK.index("sent"))
    with acting_as(WORKER):
        assert Receipt.objects.filter(applied_at__isnull=False).count() == len(seen)
        moves = list(AttemptEvent.objects.filter(attempt=attempt).order_by("at", "id").values_list("to_state"))
    assert len(moves) == len(set(moves))


@rolled_back
def test_a_forged_receipt_is_turned_away_and_changes_nothing(county: County, gateway: Gateway) -> None:
    attempt = intended(county.occurrence)
    hand_off.send(attempt_id=attempt.pk)
    for token in ("", "guess", secret(django_settings.HOME, "gateway_token")):
        assert post(receipt(attempt, "delivered", "forged"), token=token) == 401
    what_became.apply_receipts()
    assert attempt_now(attempt).state == "sent"
    with acting_as(WORKER):
        assert not Receipt.objects.exists()


@rolled_back
def test_a_receipt_before_the_hand_off_is_known_to_us_makes_no_second_message(county: County, gateway: Gateway) -> None:
    attempt = intended(county.occurrence)
    gateway.misbehave(shares={"error_after": 1.0})
    hand_off.send(attempt_id=attempt.pk)
    gateway.misbehave()
    assert post(receipt(attempt, "failed", "early")) == 200
    what_became.apply_receipts()
    assert attempt_now(attempt).state == "failed"
    hand_off.hand_off_what_was_left()
    assert len(gateway.messages(attempt.reference)) == 1
