"""Two versions of a table at once: whatever either finds is found."""

from __future__ import annotations

import pytest

from wherry.triage.rules import worse_of
from wherry.triage.types import Decision, NeedFound, RedFlagFound, Urgency

CARE = NeedFound("care", Urgency.TODAY, "feeling", "Feels worse")
FOOD = NeedFound("food", Urgency.SOON, "food_low", "Little food")
PAIN = RedFlagFound("chest_pain", "chest_pain", "Ring 999")
CALM = Decision((), (), Urgency.NONE, (), "old", declined=True)
ALARM = Decision((CARE,), (PAIN,), Urgency.EMERGENCY, ("safe",), "new")
HUNGER = Decision((FOOD, CARE), (), Urgency.TODAY, ("breath",), "third")


@pytest.mark.parametrize("first", [CALM, ALARM, HUNGER])
@pytest.mark.parametrize("second", [CALM, ALARM, HUNGER])
def test_it_is_never_less_than_either_h_12(first: Decision, second: Decision) -> None:
    both = worse_of(first=first, second=second)

    for one in (first, second):
        assert both.urgency.rank >= one.urgency.rank
        assert set(one.needs) <= set(both.needs)
        assert {flag.flag for flag in one.red_flags} <= {flag.flag for flag in both.red_flags}
        assert set(one.incomplete) <= set(both.incomplete)
        assert not both.declined or one.declined
    assert len(both.needs) == len(set(both.needs))


def test_it_names_both_that_decided() -> None:
    assert worse_of(first=CALM, second=ALARM).definition == "old new"
