"""How old a feed is goes by the newest data of each who sends it: one that still sends hides no other that stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherry.feeds import actions, queries
from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.freshness import FeedState, freshness, newest_by_sender
from wherry.feeds.set_aside import hand_out
from wherry.population import Store

TODAY = dt.date(2026, 3, 2)
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
HEADER = "Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth\n"
ISSUES = "Practice Code,Patient ID,Issue Date,dm+d Code\n"


def _row(practice: str, number: int, family_name: str = "Kett") -> str:
    return f"{practice},{number},,{family_name},Robert,12/03/1950\n"


def _receive(folder: Path, content: str, *, days_old: int, contract: str = "gp_register", **more: Any) -> str:
    file = folder / f"{contract}-{days_old}-{len(content)}.csv"
    file.write_text(content)
    return actions.receive(
        contract=queries.contract(name=contract), files=[file], store=Store(folder / "store"), by="a",
        received_at=NOW, extracted_on=TODAY - dt.timedelta(days=days_old), **more,
    ).batch_id  # fmt: skip


def _state(folder: Path, contract: str = "gp_register") -> FeedState:
    return next(one for one in freshness(store=Store(folder / "store"), today=TODAY) if one.contract.name == contract)


def _ages(folder: Path, contract: str = "gp_register") -> dict[str, int]:
    state = _state(folder, contract)
    return {one.sent_by: state.age_days(one) for one in state.newest}


def test_each_practice_is_as_old_as_its_own_newest_data(tmp_path: Path) -> None:
    _receive(tmp_path, HEADER + _row("D82001", 1), days_old=20)
    _receive(tmp_path, HEADER + _row("D82002", 1), days_old=40)
    _receive(tmp_path, HEADER + _row("D82001", 1) + _row("D82001", 2), days_old=2)

    assert _ages(tmp_path) == {"D82001": 2, "D82002": 40}
    assert [one.sent_by for one in _state(tmp_path).late] == ["D82002"]
    assert not _state(tmp_path).is_fresh


def test_one_file_of_a_whole_county_speaks_for_every_practice_in_it(tmp_path: Path) -> None:
    both = [_row(practice, number) for practice in ("D82001", "D82002") for number in range(3)]
    _receive(tmp_path, HEADER + "".join(both), days_old=30)
    _receive(tmp_path, HEADER + "".join(both[:3]) + _row("D82001", 9), days_old=1)

    assert _ages(tmp_path) == {"D82001": 1, "D82002": 30}


def test_a_row_gone_astray_makes_nobody_younger(tmp_path: Path) -> None:
    _receive(tmp_path, HEADER + _row("D82002", 1) + _row("D82002", 2), days_old=40)
    many = "".join(_row("D82001", number) for number in range(60))
    _receive(tmp_path, HEADER + many + _row("D82002", 9), days_old=1)

    assert _ages(tmp_path) == {"D82001": 1, "D82002": 40}


def test_rows_mended_today_are_no_newer_than_what_they_mend(tmp_path: Path) -> None:
    _receive(tmp_path, HEADER + _row("D82001", 1) + "D82001,,,Rix,Ann,01/01/1940\n", days_old=40)
    mend = tmp_path / "mend.csv"
    hand_out(store=Store(tmp_path / "store"), contract=queries.contract(name="gp_register"), out=mend)
    mended = mend.read_text(encoding="utf-8-sig").replace("D82001,,", "D82001,2,", 1)

    _receive(tmp_path, mended, days_old=0)

    assert _ages(tmp_path) == {"D82001": 40}


def test_a_delivery_of_which_every_row_was_set_aside_makes_nobody_younger(tmp_path: Path) -> None:
    _receive(tmp_path, HEADER + _row("D82001", 1), days_old=40)
    _receive(tmp_path, HEADER + "D82001,,,,,\n", days_old=1)

    assert _ages(tmp_path) == {"D82001": 40}


def test_nothing_to_report_is_news_of_whoever_reports_it(tmp_path: Path) -> None:
    _receive(tmp_path, ISSUES + "D82001,1,01/01/2026,123\n", days_old=40, contract="gp_prescriptions")
    _receive(tmp_path, ISSUES, days_old=1, contract="gp_prescriptions", sent_by="D82001")

    assert _ages(tmp_path, "gp_prescriptions") == {"D82001": 1}


def test_what_tells_no_sender_makes_no_named_one_younger(tmp_path: Path) -> None:
    _receive(tmp_path, ISSUES, days_old=9, contract="gp_prescriptions")
    assert _ages(tmp_path, "gp_prescriptions") == {"": 9}
    _receive(tmp_path, ISSUES + "D82001,1,01/01/2026,123\n", days_old=40, contract="gp_prescriptions")

    assert _ages(tmp_path, "gp_prescriptions") == {"D82001": 40}


def test_a_withdrawn_delivery_makes_nobody_younger(tmp_path: Path) -> None:
    _receive(tmp_path, HEADER + _row("D82001", 1), days_old=40)
    newer = _receive(tmp_path, HEADER + _row("D82001", 2), days_old=1)
    actions.withdraw(store=Store(tmp_path / "store"), batch_id=newer, by="a", why="wrong", at=NOW)

    assert _ages(tmp_path) == {"D82001": 40}


def test_how_a_feed_stands_is_told_with_its_sums(tmp_path: Path) -> None:
    _receive(tmp_path, HEADER + _row("D82001", 1) + "D82001,5,,,Temporary,\n", days_old=14)
    _receive(tmp_path, HEADER + _row("D82001", 1), days_old=57)

    states = {one.contract.name: one for one in freshness(store=Store(tmp_path / "store"), today=TODAY)}

    assert len(states) == len(queries.contracts())
    assert (states["deaths"].deliveries, states["deaths"].newest, states["deaths"].is_fresh) == (0, (), False)
    one = states["gp_register"]
    assert (one.deliveries, one.received_at, one.is_fresh) == (2, NOW, True)
    assert one.counts == {"rows_in": 3, "accepted": 1, "quarantined": 1, "duplicate": 1}
    tomorrow = freshness(store=Store(tmp_path / "store"), today=TODAY + dt.timedelta(days=1))
    assert not next(one for one in tomorrow if one.contract.name == "gp_register").is_fresh


def test_a_sender_is_named_by_a_code_and_not_by_nothing(tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused, match="--sent-by"):
        _receive(tmp_path, HEADER + _row("D82001", 1), days_old=1, sent_by=" ")


_DELIVERY = st.builds(
    lambda days, rows, aside: _manifest(days, rows, aside),
    st.integers(0, 60),
    st.dictionaries(st.sampled_from(["A", "B", "C", ""]), st.integers(0, 500), max_size=4),
    st.integers(0, 3),
)


def _manifest(days: int, rows: Mapping[str, int], aside: int) -> dict[str, Any]:
    total = sum(rows.values()) + aside
    return {
        "extracted_on": str(TODAY - dt.timedelta(days=days)), "sent_by": {k: v for k, v in rows.items() if v},
        "counts": {"rows_in": total, "quarantined": aside},
    }  # fmt: skip


@given(st.lists(_DELIVERY, min_size=1, max_size=6), _DELIVERY)
def test_another_delivery_ages_nobody_and_is_the_age_of_nobody_it_is_silent_about(
    landed: list[dict[str, Any]], more: dict[str, Any]
) -> None:
    def named(deliveries: list[dict[str, Any]]) -> dict[str, dt.date]:
        return {one.sent_by: one.extracted_on for one in newest_by_sender(deliveries=deliveries) if one.sent_by}

    before, after = named(landed), named([*landed, more])

    assert before.keys() <= after.keys()
    assert all(after[sender] >= day for sender, day in before.items())
    silent = before.keys() - more["sent_by"].keys()
    assert all(after[sender] == before[sender] for sender in silent)
    assert newest_by_sender(deliveries=landed)
