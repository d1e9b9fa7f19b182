"""Who is reached at which stage, and which version speaks."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherry.sign_off.rules import RANKS, STAGES, leading, next_share, rank_in_release, ranks_released, version_for
from wherry.sign_off.types import Standing


def standing(number: int, share: int) -> Standing:
    return Standing(uuid4(), "heat", number, f"sha256:{number}", share)


@given(st.text(max_size=12), st.sampled_from(STAGES[:-1]))
def test_whoever_was_reached_at_one_stage_is_reached_at_the_next(household: str, share: int) -> None:
    rank = rank_in_release(programme="heat", household=household)
    later = next_share(share=share)
    assert later is not None
    assert 0 <= rank < RANKS
    assert not rank < ranks_released(share=share) or rank < ranks_released(share=later)


def test_the_first_stage_reaches_about_one_household_in_a_hundred_and_the_last_all() -> None:
    ranks = [rank_in_release(programme="heat", household=f"household {number}") for number in range(20_000)]
    reached = [sum(rank < ranks_released(share=share) for rank in ranks) for share in STAGES]
    assert 140 < reached[0] < 260
    assert 1_850 < reached[1] < 2_150
    assert reached[2] == 20_000


def test_who_comes_first_in_one_programme_need_not_in_another() -> None:
    first = [rank_in_release(programme="heat", household=str(number)) for number in range(100)]
    assert first != [rank_in_release(programme="cold_weather", household=str(number)) for number in range(100)]


@pytest.mark.parametrize(("rank", "number"), [(0, 2), (99, 2), (100, 1), (9_999, 1)])
def test_while_a_version_is_on_its_way_the_one_before_goes_on_for_the_others(rank: int, number: int) -> None:
    chosen = version_for(rank=rank, in_force=[standing(1, 100), standing(2, 1)])
    assert chosen is not None
    assert chosen.number == number


def test_before_its_first_stage_nobody_is_asked_under_it() -> None:
    assert version_for(rank=0, in_force=[standing(1, 0)]) is None
    assert version_for(rank=0, in_force=[]) is None


def test_the_one_released_furthest_speaks_for_the_programme() -> None:
    chosen = leading(in_force=[standing(2, 10), standing(1, 100)])
    assert chosen is not None
    assert chosen.number == 1
    assert leading(in_force=[]) is None
