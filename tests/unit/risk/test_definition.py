"""What is refused in a risk definition, with its line, and that the shipped one is sound."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.files import load
from wherry.programmes.marked_yaml import read_section
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import Codelist, Section
from wherry.risk.definition import SCHEMA, parse, problems

ROOT = Path(__file__).parents[3]
PROGRAMME = ROOT / "programmes" / "covid_protect"
PUBLISHED = ROOT.parent / "shared" / "data" / "codelists"
LISTS = {
    "a": Codelist("a", "a.csv", "snomed", {"1": "one"}, units=("kg/m2",)),
    "b": Codelist("b", "b.csv", "icd10", {"1": "one"}),
}

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
        (
            "ever: {list: a, system: snomed}",
            "within: {list: a, system: snomed, months: [2, 1]}",
            "ends before it begins",
        ),
        ("ever: {list: a, system: snomed}", "within: {list: a, system: snomed, months: [2, 2]}", "holds no day"),
        (
            "ever: {list: a",
            "count: {at_least: 1, days: [0, 9], since: 2020-01-01, list: a",
            "two windows, days and since",
        ),
        ("ever: {list: a", "latest_value: {unit: kg, above: 40, list: a", "a is measured in kg/m2, not in kg"),
        ("ever: {list: a", "latest_value: {unit: kg/m2, above: 40, below: 40, list: a", "never be true: 40 is over 40"),
        (
            "ever: {list: a",
            "latest_after_latest: {than: b, list: a",
            "codelist b is icd10, but has_a reads it as snomed",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, said: str) -> None:
    found = _problems(SOUND.replace(old, new))
    assert any(said in each for each in found), found


@pytest.mark.parametrize(
    ("when", "refused"),
    [
        ("has_a", False),
        ("without_a", True),
        ("either", True),
        ("both", False),
        ("not_without_a", False),
        ("no_points", True),
        ("some_points", False),
        ("few_points", True),
        ("two_negatives", True),
        ("score_of_absence", True),
    ],
)
def test_a_category_true_of_somebody_unknown_is_refused_however_it_comes_about(when: str, refused: bool) -> None:
    text = SOUND.replace("when: has_a", f"when: {when}") + NEGATIVES
    found = _problems(text)
    assert [each for each in found if "nothing is known" in each] == found
    assert bool(found) is refused
    assert all(each.startswith("risk.yaml:10: ") for each in found)


NEGATIVES = """
groups:
  without_a: {words: Has no A, not: has_a}
  not_without_a: {words: Has A, not: without_a}
  either: {words: Old or without A, any: [old, without_a]}
  both: {words: Old and without A, all: [old, without_a]}
  no_points: {words: No points or more, score: {name: total, at_least: 0}}
  some_points: {words: A point or more, score: {name: total, at_least: 1}}
  few_points: {words: Few points, score: {name: total, band: few}}
  two_negatives: {words: Neither, all: [without_a, not_old]}
  not_old: {words: Not known to be old, not: old}
  score_of_absence: {words: A point for what is absent, score: {name: absent, at_least: 1}}
scores:
  total: {words: Total, points: {has_a: 1, old: 1}, bands: [{band: few, at_least: 0}, {band: many, at_least: 2}]}
  absent: {words: Absent, points: {not_old: 1}}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("band: few}", "band: fewer}", "risk.yaml:22: the score total has no band fewer; use one of few, many"),
        ("{band: many, at_least: 2}", "{band: many, at_least: 0}", "begin at one number"),
        ("{band: many, at_least: 2}", "{band: few, at_least: 2}", "have one name"),
        ("at_least: 1}}\nscores", "at_least: 1, at_most: 0}}\nscores", "can never be true: 1 is over 0"),
        ("points: {not_old: 1}", "points: {score_of_absence: 1}", "score_of_absence depends on itself"),
        (
            "any: [old, without_a]",
            "any: [old,\n    without_b]",
            "risk.yaml:19: there is no criterion or group without_b",
        ),
        ("not: has_a", "not: not_without_a", "without_a depends on itself"),
        (
            "points: {not_old: 1}",
            "points: {not_olt: 1}",
            "risk.yaml:28: there is no criterion or group not_olt; did you",
        ),
    ],
)
def test_what_is_wrong_with_a_score_is_said(old: str, new: str, said: str) -> None:
    text = SOUND + NEGATIVES
    assert old in text
    found = _problems(text.replace(old, new))
    assert any(said in each for each in found), found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "ever: {list: a, system: snomed}",
            "evr: {list: a, system: snomed}",
            'risk.yaml:5: criteria.has_a: "evr" is not',
        ),
        ("system: snomed", "system: snomd", "risk.yaml:5: criteria.has_a.ever.system: not one of the values allowed"),
        ("system: snomed", "system: snomed, list: a", 'risk.yaml:5: the key "list" is written twice here'),
        ("age: {at_least: 70}", "age: {at_least: seventy}", "risk.yaml:8: criteria.old.age.at_least: not of the kind"),
        (
            "ever: {list: a",
            "within: {since: 2020-02-30, list: a",
            "risk.yaml:5: criteria.has_a.within.since: not a day",
        ),
        (
            "ever: {list: a",
            "within: {since: 2020, list: a",
            "risk.yaml:5: criteria.has_a.within.since: not of the kind",
        ),
        ("ever: {list: a", "within: {days: [0], list: a", "risk.yaml:5: criteria.has_a.within.days: too little here"),
        (
            "ever: {list: a",
            "within: {days: [0, 9], since: 2020-01-01, list: a",
            "risk.yaml:5: criteria.has_a.within: days and since stand together, and only one of them may; keep one",
        ),
        (
            "ever: {list: a",
            "within: {list: a",
            "risk.yaml:5: criteria.has_a.within: one of days, months, since, between missing",
        ),
        (
            "ever: {list: a, system: snomed}",
            "all: []",
            "risk.yaml:5: criteria.has_a.all: too little here; write at least 1",
        ),
        (
            "ever: {list: a, system: snomed}",
            "any: old",
            "risk.yaml:5: criteria.has_a.any: not of the kind array; write a list",
        ),
        (
            "ever: {list: a",
            "count: {at_least: 0, list: a",
            "risk.yaml:5: criteria.has_a.count.at_least: too small a number; write 1",
        ),
        (
            "ever: {list: a, system: snomed}",
            "ever: {list: a, system: snomed}\n    not: old",
            "risk.yaml:3: criteria.has_a: ever and not",
        ),
        ("ever: {list: a", "one_in_each: {list: a", "risk.yaml:5: criteria.has_a.one_in_each: one of days, months"),
        ("words: Has A", "words: Has A\n    words: Has A", 'risk.yaml:5: the key "words" is written twice'),
        ("  old:", "  has_a:", 'risk.yaml:6: the key "has_a" is written twice'),
        ("when: has_a", "when: Has A", "risk.yaml:12: categories.0.when: not written in the form wanted"),
    ],
)
def test_what_does_not_fit_the_schema_is_said_with_its_line(old: str, new: str, said: str) -> None:
    assert old in SOUND
    try:
        section = _section(SOUND.replace(old, new, 1))
        found = [str(each) for each in schema_problems(section=section, schema=SCHEMA)]
    except ProgrammeUnreadable as error:
        found = [str(error)]
    assert any(each.startswith(said) for each in found), found


def test_a_whole_number_written_with_a_point_is_whole() -> None:
    text = SOUND.replace("ever: {list: a", "within: {months: [0.0, 6.0], list: a")
    section = _section(text + "scores:\n  total: {words: Total, points: {has_a: 2.0}}\n")
    assert schema_problems(section=section, schema=SCHEMA) == ()
    found = parse(section)
    assert repr(found.scores[0].points) == "(('has_a', 2),)"
    assert repr(found.criteria[0].test).endswith("months_from=0, months_to=6))")


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
