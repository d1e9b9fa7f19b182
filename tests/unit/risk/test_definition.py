"""What is refused in a risk definition, with its line, and that the shipped one is sound."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from wherry.programmes.files import load
from wherry.programmes.marked_yaml import read_section
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import Codelist, Section
from wherry.risk.definition import SCHEMA, parse, problems

ROOT = Path(__file__).parents[3]
PROGRAMME = ROOT / "programmes" / "covid_protect"
PUBLISHED = ROOT.parent / "shared" / "data" / "codelists"
LISTS = {"a": Codelist("a", "a.csv", "snomed", {"1": "one"}), "b": Codelist("b", "b.csv", "icd10", {"1": "one"})}

SOUND = """
criteria:
  has_a:
    words: Has A
    ever: {list: a, system: snomed}
  old:
    words: Is old
    age: {at_least: 70}
categories:
  - category: high
    words: High
    when: has_a
    tiers: [{tier: 1, when: old}, {tier: 2}]
"""


def _section(text: str) -> Section:
    return read_section(path="risk.yaml", content=text.encode())


def _problems(text: str) -> list[str]:
    section = _section(text)
    assert schema_problems(section=section, schema=SCHEMA) == ()
    return [str(each) for each in problems(parse(section), section=section, codelists=LISTS)]


def test_a_sound_definition_has_no_problems() -> None:
    assert _problems(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("list: a", "list: c", "risk.yaml:3: there is no codelist c"),
        ("list: a", "list: b", "codelist b is icd10, but has_a reads it as snomed"),
        ("when: has_a", "when: has_b", "risk.yaml:12: there is no criterion or group has_b"),
        ("when: old}, {tier: 2}", "when: old}", "someone in high may match no tier"),
        ("age: {at_least: 70}", "age: {at_least: 70, at_most: 60}", "can never be true"),
        ("ever: {list: a, system: snomed}", "not: old", "true of a person about whom nothing is known"),
        ("ever: {list: a, system: snomed}", "all: [has_a]", "has_a depends on itself"),
        ("ever: {list: a, system: snomed}", "within: {list: a, system: snomed, days: [9, 1]}", "ends before it begins"),
        ("age: {at_least: 70}", "demographic: {field: imd_decile, among: ['1']}", "never holds what"),
        ("age: {at_least: 70}", "demographic: {field: sex, at_least: 1}", "sex is not a number"),
        ("age: {at_least: 70}", "score: {name: none_such, at_least: 1}", "there is no score none_such"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, said: str) -> None:
    found = _problems(SOUND.replace(old, new))
    assert any(said in each for each in found), found


@pytest.mark.parametrize(
    "new",
    [
        "latest_value: {list: a, system: snomed, at_least: 40}",
        "ever: {list: a}",
        "within: {list: a, system: snomed}",
        "ever: {list: a, system: snomed}\n    not: old",
        "run: rm",
    ],
    ids=["a value without its unit", "codes without their system", "a window without ends", "two tests", "unknown"],
)
def test_the_schema_refuses(new: str) -> None:
    section = _section(SOUND.replace("ever: {list: a, system: snomed}", new))
    assert schema_problems(section=section, schema=SCHEMA)


def test_the_shipped_definition_is_sound() -> None:
    files = load(PROGRAMME)
    section = files.sections["risk"]
    assert schema_problems(section=section, schema=SCHEMA) == ()
    assert problems(parse(section), section=section, codelists=files.codelists) == ()


def test_every_shipped_code_is_in_the_published_list_it_names() -> None:
    if not PUBLISHED.is_dir():
        pytest.skip("the published codelists are not beside this project; nothing to check against")
    checked = 0
    for file in sorted((PROGRAMME / "codelists").glob("*.csv")):
        about: dict[str, Any] = yaml.safe_load(file.with_suffix(".yaml").read_text())
        assert about["illustrative"] is True and "Not for clinical use" in about["use"]
        if about["system"] == "local":
            continue
        published = _codes(PUBLISHED / f"{about['source_list']}.csv")
        shipped = _codes(file)
        assert shipped <= published, file.name
        assert 1 <= len(shipped) <= 15, file.name
        checked += len(shipped)
    assert checked > 100


def _codes(file: Path) -> set[str]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return {(row.get("code") or row.get("id") or "").strip() for row in csv.DictReader(text)}
