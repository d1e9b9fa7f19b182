"""Every reason for setting a row aside is a sentence its sender can act on."""

from __future__ import annotations

import pytest

from wherry.feeds.rules import Rule, words
from wherry.feeds.types import Receipt


@pytest.mark.parametrize("rule", list(Rule))
def test_every_rule_has_plain_words(rule: Rule) -> None:
    said = words(rule=rule, column="birth_date", column_type="date")
    assert said
    assert "{" not in said


def test_a_wrong_value_is_named_by_column_and_by_what_was_expected() -> None:
    assert words(rule="wrong", column="uprn", column_type="uprn") == (
        "uprn is not a property reference number (up to twelve digits)"
    )


def test_a_receipt_that_does_not_add_up_cannot_exist() -> None:
    with pytest.raises(AssertionError):
        Receipt(contract="c", batch_id="b", rows_in=3, accepted=1, quarantined=1, duplicate=0)
