"""Sums that must agree, and numbers too small to show. Needs no database."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherry.evaluation.rules import balance, open_and_closed, rounded, share, shown_together, suppressed
from wherry.evaluation.types import FlagCount, Funnel, NeedCount

WHOLE = Funnel(
    programme="covid_protect",
    identified=10,
    added=1,
    removed=2,
    lists_in_review=0,
    with_case=9,
    by_state={"in_cadence": 2, "reached": 5, "exhausted": 1, "declined": 1, "excluded": 0},
    contacted=8,
    opened=7,
    answered=6,
    answered_of_contacted=5,
    silent=3,
    asked=2,
    helped=1,
    contacted_by_channel={"sms": 7, "call": 3},
    answered_by_channel={"web": 6},
    contacts=(),
    needs=(NeedCount("food", "today", 2),),
    needs_by_state={"open": 1, "referred": 1},
    needs_in_all=2,
    flags=(FlagCount("breathless_at_rest", 2, 1, 1, 1),),
    offered=3,
    calls_to_action={"offered": 1, "done": 1, "declined": 1},
    outcomes={"helped": 1},
)


def test_a_whole_funnel_balances() -> None:
    assert balance(WHOLE) == ()
    assert WHOLE.agreed == 9


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"by_state": {"reached": 8}}, "people with a case are 9, people in a state are 8"),
        ({"silent": 2}, "people contacted are 8, answered and silent are 7"),
        ({"needs_in_all": 3}, "needs are 3, needs by kind are 2"),
        ({"needs_by_state": {"open": 1}}, "needs are 2, needs by state are 1"),
        ({"offered": 4}, "calls to action are 4, open and closed are 3"),
        ({"removed": 12}, "more people were taken off the signed lists than were ever on them"),
        ({"flags": (FlagCount("x", 1, 2, 0, 0),)}, "more red flags are owned than were raised"),
        ({"answered": 4}, "more of those contacted answered than answered at all"),
    ],
)
def test_a_sum_that_differs_is_named_with_both_its_sides(wrong: dict[str, object], said: str) -> None:
    assert said in balance(replace(WHOLE, **wrong))


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (120, 120)])
def test_numbers_under_five_are_not_shown_outside_and_nobody_is(count: int, shown: int | None) -> None:
    assert suppressed(count=count, below=5) == shown


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1002, 1000)]
)
def test_a_groups_number_is_rounded_so_that_no_hidden_one_is_found_by_taking_away(
    count: int, shown: int | None
) -> None:
    assert rounded(count=count, below=5) == shown


@pytest.mark.parametrize("below", [3, 5])
@pytest.mark.parametrize("groups", [1, 2, 3, 4])
def test_from_what_is_shown_no_hidden_count_can_be_computed(groups: int, below: int) -> None:
    pages: dict[object, list[tuple[int, ...]]] = {}
    for counts in itertools.product(range(2 * below + 1), repeat=groups):
        pages.setdefault(shown_together(counts=counts, below=below), []).append(counts)

    # Whoever sees the page, knows the rule, and tries every county that would look the same.
    for (shown, _), could_be in pages.items():
        for at, count in enumerate(shown):
            values = {counts[at] for counts in could_be}
            assert len(values) >= 2 if count is None else values == {count}


def test_a_whole_and_its_parts_without_the_one_that_would_be_found_by_taking_away() -> None:
    assert shown_together(counts=[7, 8, 4], below=5) == ((None, 8, None), 19)
    assert shown_together(counts=[7, 8, 0], below=5) == ((7, 8, 0), 15)
    assert shown_together(counts=[0, 3], below=5) == ((None, None), None)


@given(counts=st.lists(st.integers(0, 40), max_size=12), below=st.integers(1, 12))
def test_no_small_count_is_ever_shown(counts: list[int], below: int) -> None:
    shown, whole = shown_together(counts=counts, below=below)

    assert not any(one is not None and 0 < one < below for one in shown)
    assert whole in (None, sum(counts))


def test_calls_to_action_are_open_or_closed() -> None:
    assert open_and_closed({"offered": 1, "accepted": 2, "done": 3, "confirmed": 4, "lapsed": 5}) == (6, 9)


def test_a_share_of_nobody_is_no_share() -> None:
    assert share(part=0, whole=0) is None
    assert share(part=1, whole=4) == 0.25
