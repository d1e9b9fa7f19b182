"""One county of 4,000, written once and taken through the real steps: received, linked, stratified."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wherry.feeds import actions, queries
from wherry.feeds.types import Receipt
from wherry.foundation.content import content_folder
from wherry.nonprod.county import CountyFiles, write_county
from wherry.nonprod.county.scoring import LinkageScore, score
from wherry.people.linkage.actions import link
from wherry.population import Store
from wherry.programmes.files import load
from wherry.risk.actions import Stratification, stratify

START = dt.date(2026, 3, 2)
PEOPLE = 4_000


@dataclass(frozen=True)
class Received:
    """The county in a store. receipts: in the order the deliveries came; linkage: compared with the truth."""

    store: Store
    receipts: tuple[Receipt, ...]
    linkage: LinkageScore
    at_risk: Stratification


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> CountyFiles:
    return write_county(people=PEOPLE, seed=1, start_on=START, into=tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="session")
def truth(county: CountyFiles) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(county.truth.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def people(truth: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = truth["people"]
    return found


@pytest.fixture(scope="session")
def received(county: CountyFiles, tmp_path_factory: pytest.TempPathFactory) -> Received:
    store = Store(tmp_path_factory.mktemp("received"))
    receipts = tuple(
        actions.receive(
            contract=queries.contract(name=delivery.contract),
            files=delivery.files,
            store=store,
            by="test",
            received_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC),
            extracted_on=delivery.extracted_on,
            control_total=delivery.control_total,
            synthetic=True,
        )
        for delivery in county.deliveries
    )
    link(store=store, by="test")
    programme = load(content_folder("programmes") / "covid_protect")
    out: Path = store.path.parent / "at_risk.parquet"
    linkage = score(county=county, store=store)
    return Received(store, receipts, linkage, stratify(files=programme, store=store, as_of=START, out=out, by="test"))
