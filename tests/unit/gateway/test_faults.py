from __future__ import annotations

from collections import Counter

import pytest

from wherry.nonprod.gateway.faults import Fault, Profile


def test_the_same_seed_gives_the_same_faults_and_the_shares_hold():
    profile = Profile.read({"seed": 7, "shares": {"busy": 0.1, "late": 0.2}})

    drawn = [profile.fault_for(reference=f"r{number}", tries_before=0) for number in range(4000)]

    assert drawn == [profile.fault_for(reference=f"r{number}", tries_before=0) for number in range(4000)]
    counts = Counter(drawn)
    assert abs(counts[Fault.BUSY] / 4000 - 0.1) < 0.02
    assert abs(counts[Fault.LATE] / 4000 - 0.2) < 0.03
    assert set(counts) == {None, Fault.BUSY, Fault.LATE}


def test_a_second_try_draws_anew():
    profile = Profile.read({"shares": {"error_before": 0.5}})

    draws = {profile.fault_for(reference="one", tries_before=tries) for tries in range(30)}

    assert draws == {None, Fault.ERROR_BEFORE}


@pytest.mark.parametrize("content", [{"shares": {"busy": 1.1}}, {"shares": {"busy": -0.1}}, {"shares": {"odd": 0.1}}])
def test_shares_that_make_no_sense_are_refused(content):
    with pytest.raises(ValueError):
        Profile.read(content)


def test_the_last_receipt_says_whether_it_arrived():
    assert Profile().receipts(arrives=True)[-1][0] == "delivered"
    assert Profile().receipts(arrives=False)[-1][0] == "failed"
    reversed_order = Profile(receipts_reversed=True).receipts(arrives=True)
    assert reversed_order[0][1] > reversed_order[1][1]
