"""Who takes part and who sends: how `agreements.yaml` is read, and what its schema cannot see."""

from __future__ import annotations

import datetime as dt

import pytest

from wherry.governance.definition import agreements
from wherry.organisations.types import Purpose
from wherry.programmes.marked_yaml import read_section
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import Section

ONE = """
agreements:
  - organisation: food_hub
    takes_part: [delivery]
    feeds: [ambulance]
    places: [norwich]
    basis: a contract
    from: 2026-01-01
    until: 2026-12-31
    signed_by: a trustee
"""


def _section(text: str) -> Section:
    return read_section(path="agreements.yaml", content=text.encode())


def test_an_agreement_is_read_with_both_its_days() -> None:
    (one,) = agreements.parse(_section(ONE))

    assert (one.organisation, one.takes_part, one.feeds) == ("food_hub", {Purpose.DELIVERY}, {"ambulance"})
    assert one.period.holds(dt.date(2026, 1, 1)) and one.period.holds(dt.date(2026, 12, 31))
    assert one.holds_in("norwich") and not one.holds_in("waveney")


def test_an_agreement_that_names_no_place_holds_everywhere() -> None:
    (one,) = agreements.parse(_section(ONE.replace("    places: [norwich]\n", "")))

    assert one.holds_in("waveney")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    takes_part: [delivery]\n    feeds: [ambulance]\n", "", "one of takes_part, feeds missing"),
        ("[delivery]", "[deliver]", "use one of support, care, delivery, oversight"),
        ("2026-12-31", "2026-02-30", "not a day of the calendar"),
        ("    signed_by: a trustee\n", "", "signed_by missing"),
    ],
)
def test_what_does_not_fit_is_said(old: str, new: str, said: str) -> None:
    found = schema_problems(section=_section(ONE.replace(old, new)), schema=agreements.SCHEMA)

    assert [said in str(one) for one in found] == [True]


def test_an_agreement_that_ends_first_and_one_twice_over_are_found() -> None:
    twice = ONE + ONE.replace("\nagreements:\n", "").replace("2026-12-31", "2025-12-31")
    section = _section(twice)

    found = [str(one) for one in agreements.problems(agreements.parse(section), section)]

    assert found == [
        "agreements.yaml:17: this agreement of food_hub ends before it begins; correct its dates",
        "agreements.yaml:11: food_hub has an agreement from the same day in norwich on line 3; make them one",
    ]
