"""Files made to exhaust whoever reads them are refused in one sentence. Their real sizes: `tests/faults`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.support import hostile
from wherry.feeds import queries
from wherry.feeds.errors import DeliveryRefused

TODAY = dt.date(2026, 3, 2)


@pytest.mark.parametrize("case", hostile.CASES)
def test_a_file_made_to_exhaust_its_reader_is_refused(tmp_path: Path, case: str) -> None:
    contract, make, size, _, said = hostile.CASES[case]
    file = tmp_path / "hostile.dat"
    make(file, size)
    with pytest.raises(DeliveryRefused, match=said):
        queries.check(contract=queries.contract(name=contract), files=[file], today=TODAY)


def test_one_text_by_reference_in_every_row_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "hostile.parquet"
    hostile.one_text_many_times(file, 2_000, 20_000)
    with pytest.raises(DeliveryRefused, match="times its size"):
        queries.check(contract=queries.contract(name="gp_register"), files=[file], today=TODAY)


def test_lists_within_lists_cost_one_row_and_no_more(tmp_path: Path) -> None:
    file = tmp_path / "deep.ndjson"
    for levels, rule in ((200_000, "nobody"), (2_500_000, "too_long")):
        hostile.deep(file, levels)
        receipt = queries.check(contract=queries.contract(name="fhir"), files=[file], today=TODAY)
        assert (receipt.accepted, [(one.rule, one.rows) for one in receipt.quarantine]) == (1, [(rule, 1)])
