"""The synthetic county: the same for the same seed, wide enough not to collide, plausible in its ages and illnesses."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.unit.county.conftest import PEOPLE, START
from wherry.foundation.identifiers import parse_nhs_number, parse_phone, parse_postcode, parse_uprn
from wherry.nonprod.county import CountyFiles, history, numbers, write_county
from wherry.nonprod.county import county as counties
from wherry.nonprod.county.tables import conditions, population

CODELISTS = Path(__file__).resolve().parents[4] / "shared" / "data" / "codelists"


def _hashes(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    one, again, other = (
        write_county(people=700, seed=seed, start_on=START, into=tmp_path / name)
        for name, seed in (("one", 1), ("again", 1), ("other", 2))
    )
    assert _hashes(again.folder) == _hashes(one.folder)
    assert _hashes(other.folder)["truth.json"] != _hashes(one.folder)["truth.json"]


def test_the_county_has_as_many_people_as_asked_for_in_whole_blocks() -> None:
    for people in (1, 100, 4_999, 5_001, 12_345):
        sizes = counties._sizes(people)
        assert sum(sizes) == people
        assert max(sizes) < 2 * counties.BLOCK
        assert min(sizes) >= min(people, counties.BLOCK)


def test_identifiers_are_valid_invented_and_nobody_shares_a_number(people: list[dict[str, Any]]) -> None:
    assert [person["key"] for person in people] == [f"p{number:06d}" for number in range(PEOPLE)]
    assert all(parse_nhs_number(person["nhs_number"]) and person["nhs_number"].startswith("999") for person in people)
    assert len({person["nhs_number"] for person in people}) == PEOPLE
    assert all(parse_postcode(person["postcode"]) and parse_uprn(person["uprn"]) for person in people)
    homes = {person["landline"]: person["dwelling"] for person in people if person["landline"]}
    assert all(homes[person["landline"]] == person["dwelling"] for person in people if person["landline"])


def test_the_ranges_of_numbers_hold_two_hundred_thousand_people() -> None:
    wanted = 200_000
    for made in (numbers.mobile, numbers.landline, numbers.uprn):
        assert len({made(position) for position in range(wanted)}) == wanted
    assert all(parse_phone(numbers.mobile(position)) for position in range(0, wanted, 999))
    assert all(parse_phone(numbers.landline(position)) for position in range(0, wanted, 999))
    assert len(set(itertools.islice(numbers.nhs_numbers(), 2 * wanted))) == 2 * wanted


def test_ages_are_those_of_the_census(people: list[dict[str, Any]]) -> None:
    table = population().ages
    everybody = sum(band.women + band.men for band in table)
    for band in table:
        found = sum(band.low <= person["age"] <= band.high for person in people) / PEOPLE
        # Four thousand people: three standard errors of a share of 15 % are 1.7 percentage points.
        assert found == pytest.approx((band.women + band.men) / everybody, abs=0.018), band
    assert sum(person["sex"] == "female" for person in people) / PEOPLE == pytest.approx(0.51, abs=0.03)


def test_people_live_as_the_census_says(people: list[dict[str, Any]]) -> None:
    old = [person for person in people if person["age"] >= 65]
    assert sum(person["lives_alone"] for person in old) / len(old) == pytest.approx(0.31, abs=0.05)
    assert sum(person["household"] == "care_home" for person in old) / len(old) == pytest.approx(0.025, abs=0.012)
    homes = Counter((person["dwelling"], person["household"]) for person in people if person["communal"])
    assert Counter(kind for _, kind in homes) == {"care_home": 2, "hostel": 1}
    assert not [person for person in people if person["age"] < 18 and person["household"] == "alone"]
    spoken = Counter(person["language"] for person in people)
    assert set(spoken) == set(population().languages)
    assert {person["imd_decile"] for person in people} >= {1, 5}
    assert Counter(person["place"] for person in people)["norwich"] / PEOPLE == pytest.approx(0.55, abs=0.08)


def test_every_illness_is_about_as_common_as_published_in_a_county_of_these_ages() -> None:
    table, ages = conditions(), population().ages
    weights = {age: 0.0 for age in range(100)}
    for band in ages:
        for age in range(band.low, band.high + 1):
            weights[age] += (band.women + band.men) / (band.high - band.low + 1)
    for condition in table.all:
        if condition.england is None:
            continue
        among = {age: weight for age, weight in weights.items() if age >= 18 or not condition.of_adults}
        cases = sum(condition.shares[table.band(age=age)] * weight for age, weight in among.items())
        # As common as in England at the least; a third more at the most, this county being older.
        assert 0.95 <= cases / sum(among.values()) / condition.england <= 1.45, condition.name


def test_residents_have_the_illnesses_of_the_tables(people: list[dict[str, Any]]) -> None:
    table = conditions()
    for name in ("diabetes", "asthma", "heart_disease", "kidney_disease"):
        condition = next(one for one in table.all if one.name == name)
        expected = sum(condition.shares[table.band(age=person["age"])] for person in people)
        found = sum(name in person["conditions"] for person in people)
        assert found == pytest.approx(expected, rel=0.25), name


@pytest.mark.skipif(not CODELISTS.is_dir(), reason="the shared code lists are not beside the project")
def test_every_code_of_the_county_is_in_a_published_list() -> None:
    published = {line.split(",", 1)[0] for file in CODELISTS.glob("*.csv") for line in file.read_text().splitlines()}
    codes = [code for condition in conditions().all for code, _ in condition.codes]
    codes += [code for code, _ in (*history.STEROIDS, *history.IMMUNOSUPPRESSANTS)]
    alone = (history.BODY_MASS_INDEX, history.DIABETES_RESOLVED, history.KIDNEY_RECOVERED)
    codes += [code for code, _ in (*alone, history.MENTAL_ILLNESS_REMISSION, history.ASTHMA_ADMISSION)]
    assert [code for code in codes if code not in published] == []


def test_every_delivery_is_of_a_day_before_the_programme_and_has_rows(county: CountyFiles) -> None:
    assert all(delivery.extracted_on < START and delivery.control_total > 0 for delivery in county.deliveries)
    assert all(file.is_file() for delivery in county.deliveries for file in delivery.files)
