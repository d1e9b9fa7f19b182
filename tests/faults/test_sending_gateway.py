"""A provider that misbehaves: late, failing before or after it took a message, busy, cut off, forgetful."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.county_of_one import County, county_of_one
from tests.support.gateways import until
from tests.support.reach import (
    MORNING,
    Gateway,
    attempt_now,
    end_quarantines,
    intended,
    lose_jobs,
    one_more,
    reset_clock,
    set_clock,
    states_of,
    wind_on,
)
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.journeys import hand_off, reach_out, what_became
from wherry.outreach import provider
from wherry.outreach.actions import leave_receipt
from wherry.outreach.channels.sandbox import SandboxClient
from wherry.outreach.errors import RateLimited
from wherry.outreach.models import Attempt

pytestmark = pytest.mark.django_db(transaction=True)
_PEOPLE = 8


@pytest.fixture
def county(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[County]:
    def impatient(*, address: str, token: str) -> SandboxClient:
        return SandboxClient(address=address, token=token, timeout_seconds=0.3)

    monkeypatch.setattr(provider, "client", impatient)
    set_clock(MORNING)
    yield county_of_one()
    reset_clock()


def everybody_intended(county: County) -> list[Attempt]:
    occurrences = [one_more(county=county, number=number) for number in range(_PEOPLE)]
    reach_out.decide_contacts()
    lose_jobs()
    with acting_as(WORKER):
        return list(Attempt.objects.filter(occurrence__in=occurrences))


def counts(gateway: Gateway, attempts: list[Attempt]) -> list[int]:
    taken = gateway.taken()
    return [taken.get(str(attempt.reference), 0) for attempt in attempts]


@pytest.mark.parametrize("fault", ["late", "error_before", "error_after", "busy", "reset_before", "reset_after"])
def test_at_most_one_message_while_it_misbehaves_and_exactly_one_in_the_end(
    fault: str, county: County, gateway: Gateway
) -> None:
    attempts = everybody_intended(county)[:2] if fault == "late" else everybody_intended(county)
    gateway.misbehave(shares={fault: 1.0}, late_seconds=0.6)
    for attempt in attempts:
        hand_off.send(attempt_id=attempt.pk)

    left = "intended" if fault == "busy" else "in_doubt"
    assert {attempt_now(attempt).state for attempt in attempts} == {left}
    what_became.settle_doubts()
    assert {attempt_now(attempt).state for attempt in attempts} == {left}, "its quarantine has not ended"

    for _ in range(3):
        time.sleep(0.8 if fault == "late" else 0.0)  # a quarantine outlives the slowest acceptance
        end_quarantines()
        what_became.settle_doubts()
        assert max(counts(gateway, attempts)) <= 1
        gateway.misbehave()
        hand_off.hand_off_what_was_left()
    assert counts(gateway, attempts) == [1] * len(attempts)
    assert {attempt_now(attempt).state for attempt in attempts} == {"sent"}


def test_a_quarantine_shorter_than_the_slowest_acceptance_is_seen_to_message_somebody_twice(
    county: County, gateway: Gateway
) -> None:
    attempt = intended(county.occurrence)
    gateway.misbehave(shares={"late": 1.0}, late_seconds=0.6)
    hand_off.send(attempt_id=attempt.pk)
    gateway.misbehave()
    end_quarantines()
    what_became.settle_doubts()
    hand_off.hand_off_what_was_left()

    assert until(lambda: counts(gateway, [attempt]) == [2], seconds=3.0)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_fault_at_once_ends_with_one_message_each(seed: int, county: County, gateway: Gateway) -> None:
    attempts = everybody_intended(county)
    shares = {"error_before": 0.2, "error_after": 0.2, "reset_before": 0.15, "reset_after": 0.15, "busy": 0.2}
    gateway.misbehave(seed=seed, shares=shares, lookup_fails_share=0.3)
    for _ in range(40):
        hand_off.hand_off_what_was_left()
        assert max(counts(gateway, attempts)) <= 1
        if all(attempt_now(attempt).state == "sent" for attempt in attempts):
            break
        end_quarantines()
        what_became.settle_doubts()
    assert counts(gateway, attempts) == [1] * len(attempts)


def test_a_gateway_that_is_gone_holds_everything_and_loses_nothing(
    county: County, gateway: Gateway, settings: Any
) -> None:
    attempt = intended(county.occurrence)
    there, settings.GATEWAY_URL = settings.GATEWAY_URL, "http://127.0.0.1:9"

    assert hand_off.hand_off_what_was_left() == 0
    assert attempt_now(attempt).state == "intended"

    settings.GATEWAY_URL = there
    assert hand_off.hand_off_what_was_left() == 1
    assert counts(gateway, [attempt]) == [1]


def test_a_message_refused_for_certain_is_followed_at_once_by_the_next_step(
    county: County, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    occurrence = county.occurrence
    attempt = intended(occurrence)
    gateway_refuses = SandboxClient.hand_off

    def not_synthetic(client: SandboxClient, **message: Any) -> str:
        return gateway_refuses(client, **{**message, "synthetic": False})

    with monkeypatch.context() as patch:
        patch.setattr(SandboxClient, "hand_off", not_synthetic)
        hand_off.send(attempt_id=attempt.pk)
    assert attempt_now(attempt).state == "refused"
    assert counts(gateway, [attempt]) == [0]
    reach_out.decide_contacts()
    # The same number is not written to again: somebody rings.
    assert states_of(occurrence) == {"first_text": "refused", "second_text": "refused", "call": "intended"}


def test_a_slow_second_worker_cannot_reopen_a_hand_off_that_has_begun_again_h_05(
    county: County, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = intended(county.occurrence)
    gateway.misbehave(shares={"reset_before": 1.0})
    hand_off.send(attempt_id=attempt.pk)
    end_quarantines()
    gateway.misbehave()
    looked_up = SandboxClient.find

    def slowly(client: SandboxClient, *, reference: str) -> list[str]:
        found = looked_up(client, reference=reference)
        monkeypatch.setattr(SandboxClient, "find", looked_up)
        # Meanwhile another worker settles the same doubt, and sends; its own hand-off is cut short after the call.
        gateway.misbehave(shares={"reset_after": 1.0})
        what_became.settle_doubts()
        hand_off.send(attempt_id=attempt.pk)
        gateway.misbehave()
        return found

    monkeypatch.setattr(SandboxClient, "find", slowly)
    what_became.settle_doubts()
    hand_off.hand_off_what_was_left()

    assert counts(gateway, [attempt]) == [1]
    end_quarantines()
    what_became.settle_doubts()
    hand_off.hand_off_what_was_left()
    assert counts(gateway, [attempt]) == [1]
    assert attempt_now(attempt).state == "sent"


def test_a_late_word_about_an_earlier_hand_off_does_not_reopen_the_one_under_way_h_05(
    county: County, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = intended(county.occurrence)
    leave = SandboxClient.hand_off

    def stalls(client: SandboxClient, **message: Any) -> str:
        # Busy, it is told; but it stands still past its quarantine. Another worker takes the message over, hands it to
        # the provider, and dies before it can write that down.
        monkeypatch.setattr(SandboxClient, "hand_off", taken_and_dead)
        end_quarantines()
        what_became.settle_doubts()
        with pytest.raises(KeyboardInterrupt):
            hand_off.send(attempt_id=attempt.pk)
        monkeypatch.setattr(SandboxClient, "hand_off", leave)
        raise RateLimited(after_seconds=1.0)

    def taken_and_dead(client: SandboxClient, **message: Any) -> str:
        leave(client, **message)
        raise KeyboardInterrupt

    monkeypatch.setattr(SandboxClient, "hand_off", stalls)
    hand_off.send(attempt_id=attempt.pk)
    hand_off.hand_off_what_was_left()

    assert counts(gateway, [attempt]) == [1]
    end_quarantines()
    what_became.settle_doubts()
    assert attempt_now(attempt).state == "sent"


def test_a_doubt_that_a_receipt_answered_is_not_looked_into_again(county: County, gateway: Gateway) -> None:
    attempt = intended(county.occurrence)
    gateway.misbehave(shares={"error_after": 1.0})
    hand_off.send(attempt_id=attempt.pk)
    with acting_as(WORKER):
        leave_receipt(provider_event="r-1", reference=str(attempt.reference), event="delivered", now=MORNING)
    what_became.apply_receipts()
    end_quarantines()
    gateway.misbehave(lookup_fails_share=1.0)

    assert what_became.settle_doubts() == 0
    assert attempt_now(attempt).state == "delivered"


def test_a_text_resent_after_its_time_has_passed_is_not_sent_at_all(county: County, gateway: Gateway) -> None:
    attempt = intended(county.occurrence)
    gateway.misbehave(shares={"reset_before": 1.0})
    hand_off.send(attempt_id=attempt.pk)
    gateway.misbehave()
    wind_on(dt.timedelta(hours=48))
    end_quarantines()
    what_became.settle_doubts()
    hand_off.hand_off_what_was_left()

    assert attempt_now(attempt).state == "refused"
    assert counts(gateway, [attempt]) == [0]
