"""Every day a version is in force is covered: stretches that are not are named by their dates."""

from __future__ import annotations

import datetime as dt

import pytest

from wherry.foundation.periods import Period, uncovered


def _days(text: str) -> tuple[Period, ...]:
    """Read `1-3 5-5 7-`: days of January; a period without an end still runs."""
    found = []
    for one in text.split():
        first, _, last = one.partition("-")
        found.append(Period(dt.date(2026, 1, int(first)), dt.date(2026, 1, int(last)) if last else None))
    return tuple(found)


@pytest.mark.parametrize(
    ("by", "gaps"),
    [
        ("", "1-10"),
        ("1-10", ""),
        ("1-", ""),
        ("1-5 6-10", ""),
        ("6-10 1-5", ""),
        ("1-5 7-10", "6-6"),
        ("1-9", "10-10"),
        ("2-20", "1-1"),
        ("3-4 3-8 5-6", "1-2 9-10"),
        ("5-3", "1-10"),
        ("11-20", "1-10"),
        ("4-4 9-", "1-3 5-8"),
    ],
)
def test_what_is_left_over_of_ten_days(by: str, gaps: str) -> None:
    (whole,) = _days("1-10")

    assert uncovered(whole=whole, by=_days(by)) == _days(gaps)


def test_a_period_without_an_end_is_covered_only_by_one_without_an_end() -> None:
    (whole,) = _days("1-")

    assert uncovered(whole=whole, by=_days("1-20")) == _days("21-")
    assert uncovered(whole=whole, by=_days("1-20 5-")) == ()
