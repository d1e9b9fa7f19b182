"""A criterion, an age or a window that no case stands beside is named, and so is a list nothing reads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from wherry.journeys.check_programme import check
from wherry.programmes.files import load
from wherry.risk.limits import reached_on

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
sources: [A test]
"""
RISK = """\
criteria:
  lungs: {words: Lungs, ever: {list: asthma, system: snomed}}
  child: {words: Child, age: {at_most: 17}}
  lately: {words: Lately, within: {list: tablet, system: snomed, days: [10, 30]}}
  each: {words: Each, one_in_each: {list: steroid, system: snomed, days: [[0, 30], [31, 60]]}}
  since: {words: Since, within: {list: steroid, system: snomed, between: [2024-01-01, 2024-02-01]}}
groups:
  any_of_them: {words: Any, any: [lungs, lately]}
categories:
  - {category: ill, words: Ill, when: any_of_them, tiers: [{tier: 1}]}
"""


def case(name: str, facts: str = "", person: str = "", expect: str = "placed: {}", as_of: str = "2024-03-15") -> str:
    told = [f"id: {name}", "story: s", f"as_of: {as_of}", f"expect: {{{expect}}}"]
    told += [f"person: {{{person}}}"] * bool(person) + [f"facts: [{facts}]"] * bool(facts)
    return f"  - {{{', '.join(told)}}}\n"


def ago(*days_ago: int, of: str = "steroid") -> str:
    return ", ".join(f"{{list: {of}, days_ago: {days}}}" for days in days_ago)


def on(day: str) -> str:
    return f"{{list: steroid, on: {day}}}"


WHOLE = [
    case("lungs", "{list: asthma, on: 2001-01-01}", expect="placed: {ill: 1}"),
    case("eighteen_tomorrow", person="born: 2006-03-16", expect="placed: {}, met: [child]"),
    case("eighteen_today", person="born: 2006-03-15", expect="placed: {}, not_met: [child]"),
    case("eighteen_yesterday", person="born: 2006-03-14", expect="placed: {}, not_met: [child]"),
    case("leap", person="born: 2004-02-29", as_of="2022-02-28", expect="placed: {}, met: [child]"),
    case("last_day", ago(30, of="tablet"), expect="placed: {ill: 1}"),
    case("too_long_ago", ago(31, of="tablet"), expect="placed: {}, not_met: [lately]"),
    case("first_day", ago(10, of="tablet"), expect="placed: {ill: 1}"),
    case("too_lately", ago(9, of="tablet"), expect="placed: {}, not_met: [lately]"),
    case("each_first", ago(0, 31), expect="placed: {}, met: [each]"),
    case("each_last", ago(30, 60), expect="placed: {}, met: [each]"),
    case("each_too_long_ago", ago(30, 61), expect="placed: {}, not_met: [each]"),
    case("since", on("2024-01-01"), expect="placed: {}, met: [since]"),
    case("before_since", on("2023-12-31"), expect="placed: {}, not_met: [since]"),
    case("until", on("2024-02-01"), expect="placed: {}, met: [since]"),
    case("after_until", on("2024-02-02"), expect="placed: {}, not_met: [since]"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "codelists").mkdir()
    (tmp_path / "cases" / "risk").mkdir(parents=True)
    (tmp_path / "programme.yaml").write_text(PROGRAMME)
    (tmp_path / "risk.yaml").write_text(RISK)
    write(tmp_path, WHOLE)
    for name in ("asthma", "tablet", "steroid"):
        (tmp_path / "codelists" / f"{name}.csv").write_text(f"code,term\n{name},{name}\n")
        (tmp_path / "codelists" / f"{name}.yaml").write_text("system: snomed\n")
    return tmp_path


def write(folder: Path, cases: list[str]) -> None:
    (folder / "cases" / "risk" / "all.yaml").write_text("as_of: 2024-03-15\ncases:\n" + "".join(cases))


def found(folder: Path) -> list[str]:
    return [str(one).removeprefix(f"{folder}/") for one in check(files=load(folder)).problems if "risk" in one.file]


def test_every_limit_with_a_case_on_both_sides_has_no_problem(folder: Path) -> None:
    assert found(folder) == []


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ("lungs", "risk.yaml:2: no case makes lungs true"),
        ("eighteen_tomorrow leap", "risk.yaml:3: no case tries child the day before the birthday of 18 nor for"),
        ("eighteen_today", "risk.yaml:3: no case tries child on the birthday of 18;"),
        ("eighteen_yesterday", "somebody born 2006-03-14 as of 2024-03-15, with child under `met` or `not_met`"),
        ("leap", "somebody born 2008-02-29 as of 2026-03-01, with child"),
        ("last_day", "risk.yaml:4: no case tries lately on the first day its window counts (30 days ago);"),
        ("too_long_ago", "no case tries lately on the day before its window (31 days ago);"),
        ("first_day", "no case tries lately on the last day its window counts (10 days ago);"),
        ("too_lately", "no case tries lately on the day after its window (9 days ago);"),
        ("each_first", "risk.yaml:5: no case tries each on the last day its window counts (31 days ago);"),
        ("each_last", "nor on the first day its window counts (60 days ago);"),
        ("each_too_long_ago", "no case tries each on the day before its window (61 days ago);"),
        ("since", "risk.yaml:6: no case tries since on the first day its window counts;"),
        ("before_since", "no case tries since on the day before its window;"),
        ("until", "no case tries since on the last day its window counts;"),
        ("after_until", "no case tries since on the day after its window;"),
    ],
)
def test_a_limit_no_case_stands_beside_is_named_at_its_line(folder: Path, without: str, said: str) -> None:
    write(folder, [one for one in WHOLE if not any(f"id: {name}," in one for name in without.split())])

    told = found(folder)

    assert any(said in one for one in told), told


def test_a_case_that_says_nothing_of_a_limit_does_not_count(folder: Path) -> None:
    write(folder, [one.replace(", not_met: [child]", "") if "id: eighteen_today" in one else one for one in WHOLE])

    assert any("no case tries child on the birthday of 18" in one for one in found(folder))


def test_a_criterion_true_in_a_case_that_would_not_notice_is_named(folder: Path) -> None:
    rule = "  also: {words: Also, ever: {list: asthma, system: snomed}}\n"
    (folder / "risk.yaml").write_text(RISK.replace("criteria:\n", f"criteria:\n{rule}"))

    told = found(folder)

    assert len(told) == 1
    assert told[0].startswith("risk.yaml:2: no case would notice if also were never true; name also under `met`")


def test_without_any_case_the_folder_is_asked_for(folder: Path) -> None:
    (folder / "cases" / "risk" / "all.yaml").unlink()

    assert any("risk.yaml:1: no case says who is found and who is not; add cases/risk/" in one for one in found(folder))


def test_a_list_nothing_reads_is_named(folder: Path) -> None:
    (folder / "codelists" / "cancer.csv").write_text("code,term\n1,Cancer\n")
    (folder / "codelists" / "cancer.yaml").write_text("system: snomed\n")

    told = [str(one) for one in check(files=load(folder)).problems]

    assert any("cancer.csv:1: no criterion reads the codelist cancer; name it" in one for one in told)


@pytest.mark.parametrize(
    ("groups", "when"),
    [
        ("  {name}: {{words: Not ill, not: lungs}}", "x"),
        ("  {name}: {{words: Either, any: [lungs, y]}}\n  y: {{words: Not, not: lungs}}", "x"),
        ("  {name}: {{words: Points, score: {{name: s, at_least: 0}}}}", "x"),
    ],
)
def test_a_category_true_of_nobody_known_is_refused_through_groups_and_scores(
    folder: Path, groups: str, when: str
) -> None:
    risk = RISK.replace("when: any_of_them", f"when: {when}") + "scores: {s: {words: Sum, points: {lungs: 1}}}\n"
    (folder / "risk.yaml").write_text(risk.replace("groups:\n", f"groups:\n{groups.format(name='x')}\n"))

    assert any("ill is true of a person about whom nothing is known" in one for one in found(folder))


def test_somebody_born_on_29_february_is_older_on_1_march_of_a_common_year() -> None:
    born = dt.date(2004, 2, 29)

    assert reached_on(birth_date=born, age=18) == dt.date(2022, 3, 1)
    assert reached_on(birth_date=born, age=20) == dt.date(2024, 2, 29)
