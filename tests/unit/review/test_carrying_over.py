"""Which decisions stand on a new list, which are asked again, and who is new on it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from wherry.review.rules import carried_over, question_again, said, since_last
from wherry.review.types import AskedAgain, Decided, Origin, SinceLast, Standing, Verdict

DAY = dt.date(2026, 11, 23)
COPD, AGED = "severe_copd", "aged_80"
REMOVED = Decided(
    population_id="p1",
    origin=Origin.STRATIFIED,
    verdict=Verdict.REMOVED,
    reason="In other care",
    decided_by="a clinician",
    decided_at=dt.datetime(2026, 9, 1, 9, 30, tzinfo=dt.UTC),
    expires_on=DAY + dt.timedelta(days=1),
    criteria=frozenset({COPD}),
)
KEPT = dataclasses.replace(REMOVED, verdict=Verdict.KEPT)
ADDED = dataclasses.replace(KEPT, origin=Origin.ADDED, criteria=frozenset())


@pytest.mark.parametrize(
    ("decided", "criteria", "days_later", "again"),
    [
        (REMOVED, {COPD}, 0, None),
        (REMOVED, set(), 0, None),
        (REMOVED, {COPD, AGED}, 0, AskedAgain.NEW_EVIDENCE),
        (REMOVED, {COPD}, 1, AskedAgain.EXPIRED),
        (KEPT, {COPD, AGED}, 0, None),
        (KEPT, {COPD}, 1, AskedAgain.EXPIRED),
        (ADDED, {AGED}, 0, None),
        (ADDED, set(), 1, AskedAgain.EXPIRED),
    ],
)
def test_a_decision_is_asked_again_on_its_day_or_when_something_new_speaks_h_11(
    decided: Decided, criteria: set[str], days_later: int, again: AskedAgain | None
) -> None:
    day = DAY + dt.timedelta(days=days_later)

    assert question_again(decided=decided, criteria=frozenset(criteria), day=day) is again


def test_a_decision_without_a_day_stands() -> None:
    for_good = dataclasses.replace(REMOVED, expires_on=None)

    assert question_again(decided=for_good, criteria=frozenset(), day=dt.date(2030, 1, 1)) is None


def test_a_removal_that_stands_comes_along_whole() -> None:
    columns = carried_over(decided=REMOVED, criteria=frozenset({COPD}), day=DAY)

    assert columns["verdict"] is Verdict.REMOVED
    assert (columns["verdict_reason"], columns["decided_by"]) == ("In other care", "a clinician")
    assert "asked_again" not in columns


def test_a_removal_asked_again_is_lifted_and_says_what_was_decided_h_11() -> None:
    columns = carried_over(decided=REMOVED, criteria=frozenset({COPD}), day=DAY + dt.timedelta(days=1))

    assert "verdict" not in columns
    assert columns["asked_again"] is AskedAgain.EXPIRED
    assert columns["earlier"] == "Taken off on 1 September 2026 until 24 November 2026: In other care"


def test_an_addition_asked_again_stays_until_somebody_decides_h_11() -> None:
    columns = carried_over(decided=ADDED, criteria=frozenset(), day=DAY + dt.timedelta(days=1))

    assert columns["verdict"] is Verdict.KEPT
    assert columns["asked_again"] is AskedAgain.EXPIRED


def test_each_kind_of_decision_is_said_in_words() -> None:
    assert said(ADDED).startswith("Added on")
    assert said(KEPT).startswith("Kept on")
    assert said(dataclasses.replace(REMOVED, expires_on=None)) == "Taken off on 1 September 2026: In other care"


def test_somebody_is_new_changed_or_as_before() -> None:
    now = Standing("high", 1, frozenset({COPD}))

    assert since_last(was=None, now=now) is SinceLast.NEW
    assert since_last(was=now, now=now) is SinceLast.SAME
    assert since_last(was=Standing("high", 2, frozenset({COPD})), now=now) is SinceLast.CHANGED
