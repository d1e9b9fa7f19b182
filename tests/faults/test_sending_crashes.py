"""
A worker that dies at any boundary of a hand-off: every statement, and before and after the call to the provider.

The real gateway process, real commits; death is a raise nothing catches, and the connection cut. Negative control: the
same deaths with a protocol that resends without looking up are seen to message people twice (H-05).
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection

from tests.support.county_of_one import County, county_of_one
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
)
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys import hand_off, what_became
from wherry.outreach import provider
from wherry.outreach.actions import happened
from wherry.outreach.models import Attempt
from wherry.outreach.queries import attempts_in_doubt
from wherry.outreach.types import AttemptEvent

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Reaper:
    """Kills at the boundary of a number, counted from 0: each statement, and either side of the provider's call."""

    at: int
    passed: list[str] = field(default_factory=list)

    def boundary(self, name: str) -> None:
        """Pass a boundary, or die at it."""
        self.passed.append(name)
        if len(self.passed) - 1 == self.at:
            raise Killed

    def on_statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Stand before every statement."""
        self.boundary("statement")
        return execute(sql, params, many, context)

    def wrap(self, client: Any) -> Any:
        """Stand before and after the provider's call."""
        hand_off = client.hand_off

        def guarded(**message: Any) -> str:
            self.boundary("before the call")
            provider_id: str = hand_off(**message)
            self.boundary("after the call")
            return provider_id

        client.hand_off = guarded
        return client


def die_at(number: int, monkeypatch: pytest.MonkeyPatch, *attempts: Attempt) -> Reaper | None:
    """Send these in one lot, dying at a boundary. None once the hand-off has fewer boundaries than that."""
    reaper, open_client = Reaper(number), provider.client
    with monkeypatch.context() as patch:
        patch.setattr(provider, "client", lambda **known: reaper.wrap(open_client(**known)))
        try:
            with connection.execute_wrapper(reaper.on_statement):
                hand_off.send_all(attempt_ids=[one.pk for one in attempts])
        except Killed:
            connection.close()
            return reaper
    return None


@pytest.fixture
def county(gateway: Gateway) -> Iterator[County]:
    set_clock(MORNING)
    yield county_of_one()
    reset_clock()


def kill(county: County, monkeypatch: pytest.MonkeyPatch, *, every: int) -> list[tuple[Attempt, str]]:
    """Kill a worker at every so many boundaries, each over a message of its own; gives them with where it died."""
    found: list[tuple[Attempt, str]] = []
    for number in itertools.count(0, every):
        attempt = intended(one_more(county=county, number=number))
        reaper = die_at(number, monkeypatch, attempt)
        if reaper is None:
            return found
        lose_jobs()
        found.append((attempt, reaper.passed[-1]))
    raise AssertionError("a hand-off has an end")


def test_a_worker_killed_at_any_boundary_leaves_exactly_one_message(
    county: County, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = kill(county, monkeypatch, every=1)
    assert [where for _, where in killed].count("before the call") == 1
    assert len(killed) > 20
    already = {attempt.pk: len(gateway.messages(attempt.reference)) for attempt, _ in killed}

    # Before the quarantine ends nothing is looked up and nothing goes again.
    what_became.settle_doubts()
    doubtful = [attempt for attempt, _ in killed if attempt_now(attempt).state == "handing_off"]
    hand_off.hand_off_what_was_left()
    assert doubtful
    for attempt in doubtful:
        assert attempt_now(attempt).state == "handing_off"
        assert len(gateway.messages(attempt.reference)) == already[attempt.pk]

    end_quarantines()
    assert what_became.settle_doubts() == len(doubtful)
    lose_jobs()
    hand_off.hand_off_what_was_left()
    assert {len(gateway.messages(attempt.reference)) for attempt, _ in killed} == {1}
    assert {attempt_now(attempt).state for attempt, _ in killed} == {"sent"}
    with acting_as(WORKER):
        assert Attempt.objects.values("case_id", "occurrence_id", "step").distinct().count() == Attempt.objects.count()


def test_resending_without_looking_up_is_seen_to_message_people_twice(
    county: County, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = kill(county, monkeypatch, every=4)
    with acting_as(WORKER):
        for attempt in attempts_in_doubt(wall_now=app_now() + dt.timedelta(days=3_650)):
            for event in (AttemptEvent.DOUBT, AttemptEvent.NOT_FOUND):
                happened(by=WORKER, attempt=attempt, event=event, now=app_now())
    hand_off.hand_off_what_was_left()

    twice = [where for attempt, where in killed if len(gateway.messages(attempt.reference)) > 1]
    assert len(twice) > 0
    assert "before the call" not in twice


def test_a_worker_killed_amid_a_lot_leaves_exactly_one_message_to_each_h_05(
    county: County, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    messaged: list[Attempt] = []
    for number in itertools.count(0, 3):
        lot = [intended(one_more(county=county, number=10 * number + which)) for which in range(3)]
        messaged += lot
        if die_at(number, monkeypatch, *lot) is None:
            break
        lose_jobs()
    assert len(messaged) > 24
    assert max(len(gateway.messages(attempt.reference)) for attempt in messaged) == 1

    end_quarantines()
    what_became.settle_doubts()
    hand_off.hand_off_what_was_left()
    assert {len(gateway.messages(attempt.reference)) for attempt in messaged} == {1}
    assert {attempt_now(attempt).state for attempt in messaged} == {"sent"}
