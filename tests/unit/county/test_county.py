"""The synthetic county: the same for the same seed, readable by its contracts, with the dirt that breaks things."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from wherry.feeds import actions, queries
from wherry.feeds.types import Receipt
from wherry.foundation.identifiers import parse_nhs_number, parse_phone, parse_postcode
from wherry.nonprod.county import CountyFiles, conditions, write_county
from wherry.population import Store

START = dt.date(2026, 3, 2)
CODELISTS = Path(__file__).resolve().parents[4] / "shared" / "data" / "codelists"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> CountyFiles:
    return write_county(people=500, seed=1, start_on=START, into=tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="module")
def people(county: CountyFiles) -> list[dict[str, Any]]:
    return json.loads(county.truth.read_text())["people"]


@pytest.fixture(scope="module")
def receipts(county: CountyFiles, tmp_path_factory: pytest.TempPathFactory) -> list[Receipt]:
    store = Store(tmp_path_factory.mktemp("received"))
    return [
        actions.receive(
            contract=queries.contract(name=delivery.contract),
            files=delivery.files,
            store=store,
            by="demo",
            received_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC),
            extracted_on=delivery.extracted_on,
            control_total=delivery.control_total,
            synthetic=True,
        )
        for delivery in county.deliveries
    ]


def _hashes(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(county: CountyFiles, tmp_path: Path) -> None:
    again = write_county(people=500, seed=1, start_on=START, into=tmp_path / "again")
    other = write_county(people=500, seed=2, start_on=START, into=tmp_path / "other")
    assert _hashes(again.folder) == _hashes(county.folder)
    assert _hashes(other.folder)["truth.json"] != _hashes(county.folder)["truth.json"]


def test_identifiers_are_valid_invented_and_nobody_shares_one(people: list[dict[str, Any]]) -> None:
    numbers = [person["nhs_number"] for person in people]
    assert all(parse_nhs_number(number) and number.startswith("999") for number in numbers)
    assert len(set(numbers)) == 500
    mobiles = [person["mobile"] for person in people if person["mobile"]]
    assert len(set(mobiles)) == len(mobiles)
    assert all(parse_phone(number) for number in mobiles)
    assert all(parse_postcode(person["postcode"]) for person in people)


def test_the_cases_that_break_linkage_are_there(people: list[dict[str, Any]]) -> None:
    homes: dict[int, list[dict[str, Any]]] = {}
    for person in people:
        homes.setdefault(person["dwelling"], []).append(person)
    pairs = [(a, b) for home in homes.values() for a in home for b in home if a["key"] < b["key"]]
    assert any(a["birth_date"] == b["birth_date"] and a["given_name"] != b["given_name"] for a, b in pairs)
    same_name = [(a, b) for a, b in pairs if (a["given_name"], a["family_name"]) == (b["given_name"], b["family_name"])]
    assert any(a["birth_date"] != b["birth_date"] for a, b in same_name)
    assert any(a["landline"] and a["landline"] == b["landline"] for a, b in pairs)
    assert sum(person["communal"] for person in people) == 12
    assert {person["language"] for person in people} == {"en", "pl", "lt"}


def test_somebody_is_dead_on_one_feed_only(people: list[dict[str, Any]]) -> None:
    known = [tuple(person["death_known_to"]) for person in people if person["died_on"]]
    assert ("deaths",) in known
    assert ("shielded_list",) in known


def test_every_delivery_is_received_and_its_sums_balance(receipts: list[Receipt]) -> None:
    assert {receipt.contract for receipt in receipts} == {one.name for one in queries.contracts()}
    assert all(receipt.accepted > 0 for receipt in receipts)
    assert not [receipt.contract for receipt in receipts if receipt.unread_columns]
    registered = sum(receipt.records for receipt in receipts if receipt.contract in ("gp_register", "fhir"))
    assert 500 <= registered <= 510


def test_the_commonest_dirt_is_caught(receipts: list[Receipt]) -> None:
    assert sum(receipt.duplicate for receipt in receipts) >= 9
    quarantined = {one.rule for receipt in receipts for one in receipt.quarantine}
    assert {"nobody", "missing", "wrong"} <= quarantined
    warned = {one.column for receipt in receipts for one in receipt.warnings}
    assert warned == {"nhs_number"}


@pytest.mark.skipif(not CODELISTS.is_dir(), reason="the shared code lists are not beside the project")
def test_every_code_of_the_county_is_in_a_published_list() -> None:
    published = {line.split(",", 1)[0] for file in CODELISTS.glob("*.csv") for line in file.read_text().splitlines()}
    codes = [code for condition in conditions.CONDITIONS for code, _ in condition.codes]
    codes += [code for code, _ in (*conditions.STEROIDS, *conditions.IMMUNOSUPPRESSANTS)]
    alone = (conditions.BODY_MASS_INDEX, conditions.DIABETES_RESOLVED, conditions.KIDNEY_RECOVERED)
    codes += [code for code, _ in (*alone, conditions.MENTAL_ILLNESS_REMISSION, conditions.ASTHMA_ADMISSION)]
    assert [code for code in codes if code not in published] == []
