"""What cannot wait, at every hour of a week: the check walks the rules of routing themselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from wherry.foundation.content import content_folder
from wherry.journeys.check_programme.routing import routing_problems
from wherry.programmes.files import load
from wherry.referrals import definition as referrals
from wherry.referrals.rules import opens_next
from wherry.referrals.types import MIDNIGHT, OutsideHours, Services
from wherry.triage import definition as triage

FILES = load(content_folder("programmes") / "covid_protect")
SERVICES = referrals.parse(FILES.sections["services"])
DESK = replace(SERVICES.by_code("community_nursing"), places=("norwich",), fallback=None)
DAY_AND_NIGHT = replace(DESK, opens=dt.time(0, 0), closes=MIDNIGHT, days=frozenset(range(7)))


class _Table:
    needs = ("care",)


class _Programme:
    places = ("norwich",)


def told(*services: object, promise: dict[str, int] | None = None) -> list[str]:
    outside = OutsideHours("a supervisor", promise) if promise else None
    parsed = {
        "programme": _Programme,
        triage.SECTION: _Table,
        referrals.SECTION: Services(listed=services, outside_hours=outside),
    }
    found, said = routing_problems(FILES, parsed)
    return [one.what for one in found] + list(said)


def test_where_a_desk_is_always_open_nothing_need_be_promised() -> None:
    (said,) = told(DAY_AND_NIGHT)

    assert said.startswith("routing: somebody has an emergency at most 0 hours")


def test_where_every_desk_shuts_somebody_must_be_named() -> None:
    what, _ = told(DESK)

    assert (
        what
        == "nobody who takes care in norwich is at their desk on Monday at 00:00, and nothing says who answers then"
    )


def test_a_clock_that_runs_out_at_a_shut_desk_is_a_wait_that_may_be_promised() -> None:
    (said,) = told(DESK, promise={"emergency": 1, "today": 2})

    assert "an emergency at most 1 hours (Monday at 00:00) and what is for today at most 2 hours" in said


def test_a_promise_shorter_than_the_clocks_is_named_with_its_hour() -> None:
    what, _ = told(DESK, promise={"emergency": 1, "today": 1})

    assert what == (
        "care in norwich on Monday at 00:00: what is for today waits 2 hours until a supervisor has it, "
        "and outside_hours promises 1"
    )


def test_a_desk_that_opens_before_its_clock_runs_out_has_it_then() -> None:
    slow = replace(DESK, days=frozenset(range(7)), clock_hours={**DESK.clock_hours, "today": 24})

    *_, said = told(slow, promise={"emergency": 1, "today": 12})

    assert "what is for today at most 12 hours (Monday at 20:00)" in said


def test_a_fallback_that_takes_nothing_of_what_comes_is_named() -> None:
    other = replace(DAY_AND_NIGHT, code="other", needs=("money",))
    first = replace(DAY_AND_NIGHT, fallback="other")

    what, _ = told(first, other)

    assert what == "the fallback other takes no need that community_nursing could pass on, in no place of theirs"


def test_a_fallback_may_pass_on_what_came_to_it_from_another_place() -> None:
    last = replace(DAY_AND_NIGHT, code="last")
    between = replace(DAY_AND_NIGHT, code="between", places=("elsewhere",), fallback="last")
    first = replace(DAY_AND_NIGHT, fallback="between")

    assert [one for one in told(first, between, last) if "fallback" in one] == []


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-03-02T07:00", "2026-03-02T08:00"),
        ("2026-03-02T12:00", "2026-03-02T12:00"),
        ("2026-03-02T20:00", "2026-03-03T08:00"),
        ("2026-03-28T21:00", "2026-03-29T07:00"),  # the clocks go forward: eight is an hour sooner
    ],
)
def test_the_next_opening_is_by_peoples_clocks(at: str, opens: str) -> None:
    since = dt.datetime.fromisoformat(f"{at}+00:00")

    assert opens_next(service=SERVICES.by_code("community_nursing"), since=since) == dt.datetime.fromisoformat(
        f"{opens}+00:00"
    )
