from __future__ import annotations

import datetime as dt
import itertools

import pytest

from wherry.worklist.rules import hop_due, lease_ends_at, rank, sort_key
from wherry.worklist.types import CallPolicy

OPENED = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
HOPS = ("caller", "supervisor", "clinician")
MINUTE = dt.timedelta(minutes=1)


def test_a_red_flag_comes_before_everything():
    everything = itertools.product(("emergency", "today", "soon", "routine", "none"), (1, 2, 3, None))
    others = [rank(red_flag=False, urgency=urgency, tier=tier) for urgency, tier in everything]

    assert rank(red_flag=True, urgency="none", tier=None) < min(others)
    assert all(0 <= one < 32767 for one in others)


def test_what_is_urgent_today_comes_before_any_tier_and_then_the_tier_decides():
    order = [
        ("emergency", 1),
        ("emergency", 3),
        ("today", 1),
        ("today", None),
        ("soon", 1),
        ("routine", 1),
        ("soon", 2),
        ("soon", 3),
        ("none", None),
    ]
    ranks = [rank(red_flag=False, urgency=urgency, tier=tier) for urgency, tier in order]

    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)


def test_an_urgency_nobody_knows_counts_as_routine():
    known = rank(red_flag=False, urgency="routine", tier=2)
    assert rank(red_flag=False, urgency="strange", tier=2) == known


def test_at_one_rank_the_oldest_task_comes_first():
    older = sort_key(red_flag=False, urgency="soon", tier=2, opened_at=OPENED)
    newer = sort_key(red_flag=False, urgency="soon", tier=2, opened_at=OPENED + MINUTE)

    assert older < newer


def test_a_lease_ends_after_its_seconds():
    policy = CallPolicy(retry_after=(), call_back_after=MINUTE, lease_seconds=1200)

    assert lease_ends_at(policy=policy, claimed_at=OPENED) == OPENED + 20 * MINUTE
    assert policy.most_tries == 1


@pytest.mark.parametrize(
    ("minutes", "role", "next_at"),
    [
        (-5, "caller", 15),
        (0, "caller", 15),
        (14.99, "caller", 15),
        (15, "supervisor", 30),
        (30, "clinician", None),
        (3000, "clinician", None),
    ],
)
def test_an_unowned_task_climbs_a_hop_each_quarter_of_an_hour_h_02(minutes, role, next_at):
    hop = hop_due(opened_at=OPENED, minutes=15, hops=HOPS, now=OPENED + minutes * MINUTE)

    assert hop.role == role
    assert hop.next_at == (None if next_at is None else OPENED + next_at * MINUTE)
    assert HOPS[hop.number] == role
    assert hop.since == OPENED + hop.number * 15 * MINUTE


@pytest.mark.parametrize(("minutes", "hops"), [(0, HOPS), (15, ())])
def test_an_escalation_without_hops_or_minutes_is_refused(minutes, hops):
    with pytest.raises(ValueError, match="hops and minutes"):
        hop_due(opened_at=OPENED, minutes=minutes, hops=hops, now=OPENED)
