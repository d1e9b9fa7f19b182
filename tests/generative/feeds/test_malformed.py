"""A thousand malformed files and rows: no crash, no row lost, no value repeated. Ten times as many: `make fuzz`."""

from __future__ import annotations

import pytest

from tests.support import feed_fuzz
from tests.support.feed_fuzz import Report, hold
from tests.support.malformed import Spoilt, rows_of, spoilt_files, spoilt_rows
from wherry.feeds import queries

CONTRACTS = queries.contracts()
FILES, ROWS_EACH = 60, 79


def test_sixty_files_spoilt_in_any_way_are_refused_or_add_up() -> None:
    report = hold(spoilt=spoilt_files(contracts=CONTRACTS, seed=1, number=FILES), land_each=20, report=Report())
    assert report.wrong == []
    assert report.files == FILES
    assert 0 < report.refused < FILES
    assert report.rows == report.accepted + report.quarantined + report.duplicate > 0


def test_every_one_of_a_thousand_spoilt_rows_is_accounted_for() -> None:
    rows = [spoilt_rows(contract=one, seed=1, number=ROWS_EACH) for one in CONTRACTS]
    report = hold(spoilt=rows, land_each=4, report=Report())
    assert (report.wrong, report.refused) == ([], 0)
    assert report.rows == ROWS_EACH * len(CONTRACTS) >= 940
    assert report.accepted > 0 < report.quarantined


def test_the_fuzz_sees_a_lost_row_a_crash_and_a_value_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = queries.contract(name="gp_events")
    good = spoilt_rows(contract=contract, seed=1, number=3)
    one_more = Spoilt(contract, good.content, "rows", rows=4)
    assert "3 rows in, [4] counted" in hold(spoilt=[one_more], land_each=2, report=Report()).wrong[0]

    def crash(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(feed_fuzz.queries, "check", crash)
    monkeypatch.setattr(feed_fuzz.actions, "receive", crash)
    assert "crashed" in hold(spoilt=[good], land_each=1, report=Report()).wrong[0]
    assert feed_fuzz._told("the header has no column Zqx1") == ["a message repeats a value"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\r\n1,2\r\n", 1),
        ("a,b\n1,2", 1),
        ('a,b\n"1\n2",3\n', 1),
        ("a,b\n\n\n1,2\n", 1),
        ('a,b\n"1"x,2\n3,4\n', 2),
        ("a,b\r1,2\r3,4", 2),
        ('a,b\n1,""\n', 1),
        ("a,b\n", 0),
    ],
)
def test_the_independent_count_counts_records(text: str, rows: int) -> None:
    contract = queries.contract(name="gp_events")
    assert rows_of(content=text.encode(), contract=contract, delimiters=",") == {rows}
