"""What an energy advice team notes of a home puts somebody on the list of a cold spell, and a mended boiler off it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from wherry.feeds import actions as feeds
from wherry.feeds import queries
from wherry.foundation.content import content_folder
from wherry.people.linkage.actions import link
from wherry.population import Store, connect
from wherry.programmes.files import load
from wherry.risk.actions import stratify

COLD = load(content_folder("programmes") / "cold_weather")
HEADER = (
    "Case Reference,First Name,Last Name,Date of Birth,Address,Post Code,Noted On,Prepayment Meter,Heating Works,Damp\n"
)
KETT = "1,Ann,Kett,01/02/1950,1 Quay,NR1 1AA,10/11/2026,{},{},{}\n"


def found(tmp_path: Path, *deliveries: str) -> set[tuple[str, str]]:
    """Receive deliveries a week apart, the last on 24 November 2026; who is on the list, by category and tier."""
    store = Store(tmp_path / "store")
    for weeks_ago, content in enumerate(reversed(deliveries)):
        (tmp_path / f"{weeks_ago}.csv").write_text(HEADER + content)
    for weeks_ago in reversed(range(len(deliveries))):
        day = dt.date(2026, 11, 24) - dt.timedelta(weeks=weeks_ago)
        feeds.receive(
            contract=queries.contract(name="warm_homes"),
            files=[tmp_path / f"{weeks_ago}.csv"],
            store=store,
            by="a",
            received_at=dt.datetime.combine(day, dt.time(9), dt.UTC),
            extracted_on=day,
        )
    link(store=store, by="a")
    stratify(files=COLD, store=store, as_of=dt.date(2026, 11, 24), out=tmp_path / "out.parquet", by="a")
    with connect() as connection:
        rows = connection.execute(f"SELECT category, tier FROM '{tmp_path / 'out.parquet'}'").fetchall()
    return {(str(category), str(tier)) for category, tier in rows}


@pytest.mark.parametrize(
    ("noted", "listed"),
    [
        (("Yes", "Yes", "No"), {("home", "3")}),
        (("No", "No", "No"), {("home", "3")}),
        (("No", "Yes", "Yes"), {("home", "3")}),
        (("No", "Yes", "No"), set()),
    ],
    ids=["a meter", "no heating", "damp", "none of these"],
)
def test_each_of_what_is_noted_counts_by_itself(
    tmp_path: Path, noted: tuple[str, str, str], listed: set[tuple[str, str]]
) -> None:
    assert found(tmp_path, KETT.format(*noted)) == listed


def test_a_boiler_mended_takes_them_off_at_the_next_delivery(tmp_path: Path) -> None:
    assert (
        found(tmp_path, KETT.format("No", "No", "No"), KETT.replace("10/11", "20/11").format("No", "Yes", "No"))
        == set()
    )
