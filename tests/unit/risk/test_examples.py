"""A case under `cases/risk/` says what must come of a person, and a check says what came instead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wherry.journeys.check_programme import check
from wherry.programmes.files import load

PROGRAMME = """\
code: small
name: Small
version: 1
finds_only: true
purpose: {code: test, words: A test}
lawful_basis:
  - {kind: article_6, basis: a, from: 2026-01-01, until: 2026-12-31}
  - {kind: article_9, basis: b, from: 2026-01-01, until: 2026-12-31}
  - {kind: common_law, basis: c, from: 2026-01-01, until: 2026-12-31}
lead_organisation: icb
owner: Director
risk_owner: Director
languages: [en]
places: [norwich]
places_may_change: []
sign_off_roles: [clinical_safety, information_governance]
sources: [a test]
"""
RISK = """\
criteria:
  asthma: {words: Asthma, within: {list: asthma, system: snomed, days: [0, 30]}}
  old: {words: Old, age: {at_least: 70}}
scores:
  total: {words: Total, points: {asthma: 2, old: 1}}
categories:
  - {category: ill, words: Ill, when: asthma, tiers: [{tier: 1, when: old}, {tier: 2}]}
"""
CASES = """\
as_of: 2024-02-29
cases:
  - id: asthma_and_old
    story: Old, with asthma a month ago.
    person: {born: 1950-01-01}
    facts: [{list: asthma, days_ago: 30}]
    expect: {placed: {ill: 1}, met: [asthma, old], missing: [], scores: {total: 3}}
  - id: asthma_too_long_ago
    story: A day too long ago, and no birth date.
    facts: [{list: asthma, on: 2024-01-29}]
    expect: {placed: {}, not_met: [asthma], missing: [old], scores: {total: 0}}
  - {id: old_tomorrow, story: s, person: {born: 1954-03-01}, expect: {placed: {}, not_met: [old]}}
  - {id: old_today, story: s, as_of: 2024-03-01, person: {born: 1954-03-01}, expect: {placed: {}, met: [old]}}
  - {id: old_yesterday, story: s, person: {born: 1954-02-28}, expect: {placed: {}, met: [old]}}
  - {id: on_29_february, story: s, as_of: 2026-02-28, person: {born: 1956-02-29}, expect: {placed: {}, not_met: [old]}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "codelists").mkdir()
    (tmp_path / "cases" / "risk").mkdir(parents=True)
    (tmp_path / "programme.yaml").write_text(PROGRAMME)
    (tmp_path / "risk.yaml").write_text(RISK)
    (tmp_path / "cases" / "risk" / "all.yaml").write_text(CASES)
    (tmp_path / "codelists" / "asthma.csv").write_text("code,term\n195967001,Asthma\n")
    (tmp_path / "codelists" / "asthma.yaml").write_text("system: snomed\n")
    return tmp_path


def test_a_folder_that_only_finds_people_needs_no_more_than_its_rules(folder: Path) -> None:
    checked = check(files=load(folder))
    assert checked.problems == ()
    assert checked.told == ("6 cases of who is found run",)


def test_a_folder_that_does_not_say_so_needs_every_file(folder: Path) -> None:
    (folder / "programme.yaml").write_text(PROGRAMME.replace("finds_only: true\n", ""))
    found = [str(one) for one in check(files=load(folder)).problems]
    assert any("cadence.yaml:0: the file is missing" in one for one in found), found
    assert any("check_in_every_days" in one for one in found)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("placed: {ill: 1}", "placed: {ill: 2}", "all.yaml:7: the case asthma_and_old: placed should be ill tier 2"),
        ("placed: {}", "placed: {ill: 2}", "all.yaml:11: the case asthma_too_long_ago: .*came out as nowhere"),
        ("met: [asthma, old]", "not_met: [old]", "old should not be true"),
        ("not_met: [asthma]", "met: [asthma]", "asthma should be true"),
        ("missing: [old]", "missing: []", "missing should be nothing, came out as old"),
        ("scores: {total: 3}", "scores: {total: 2}", "total should be 2, came out as 3"),
        ("list: asthma, days_ago", "list: astma, days_ago", "all.yaml:6: there is no codelist astma"),
        ("list: asthma, days_ago", "list: asthma, which: 2, days_ago", "asthma has no code number 2"),
        ("met: [asthma, old]", "met: [asthmas]", "all.yaml:7: there is no criterion or group asthmas"),
        ("scores: {total: 3}", "scores: {sum: 3}", "there is no score sum"),
        ("id: asthma_too_long_ago", "id: asthma_and_old", "two cases are called asthma_and_old"),
        ("days_ago: 30", "days: 30", 'cases.0.facts.0: "days" is not a key here'),
        ("list: asthma, days_ago", "code: '1', days_ago", "cases.0.facts.0: one of list, code with system missing"),
        ("days_ago: 30", "days_ago: 30, on: 2024-01-01", "on and days_ago stand together, and only one of them may"),
        ("days_ago: 30}]", "days_ago: 31}]", "placed should be ill tier 1, came out as nowhere"),
    ],
)
def test_what_comes_out_otherwise_is_said_at_the_case(folder: Path, old: str, new: str, said: str) -> None:
    assert old in CASES
    (folder / "cases" / "risk" / "all.yaml").write_text(CASES.replace(old, new, 1))
    found = "\n".join(str(one) for one in check(files=load(folder)).problems)
    assert re.search(said, found), found


def test_a_criterion_no_case_makes_true_is_named_at_its_line(folder: Path) -> None:
    more = "  many: {words: Many, count: {list: asthma, system: snomed, at_least: 9}}\nscores:"
    (folder / "risk.yaml").write_text(RISK.replace("scores:", more, 1))
    found = [str(one) for one in check(files=load(folder)).problems]
    assert len(found) == 1
    assert "risk.yaml:4: no case makes many true; add one under cases/risk/" in found[0]
