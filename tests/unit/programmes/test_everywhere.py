"""A check of a programme is a check of it in every place, and no overlay is passed over."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wherry.foundation.content import content_folder
from wherry.foundation.problems import Problem
from wherry.journeys.check_programme import check, check_everywhere
from wherry.programmes.files import load
from wherry.programmes.strays import strays

HEAD = "agreed_by: The board\nagreed_on: 2026-02-20\nchanges:\n"


@pytest.fixture
def programmes(tmp_path: Path) -> Path:
    shutil.copytree(content_folder("programmes") / "covid_protect", tmp_path / "covid_protect")
    for overlay in content_folder("programmes").glob("places/*/covid_protect.yaml"):
        (tmp_path / "places" / overlay.parent.name).mkdir(parents=True)
        shutil.copy(overlay, tmp_path / "places" / overlay.parent.name)
    return tmp_path


def changed(programmes: Path, path: str, old: str, new: str) -> None:
    text = (programmes / path).read_text()
    assert old in text
    (programmes / path).write_text(text.replace(old, new, 1))


def in_norwich(programmes: Path) -> tuple[Problem, ...]:
    centre, files = (load(programmes / "covid_protect", place=place) for place in (None, "norwich"))
    return check(files=files, centre=centre).problems


def test_what_is_wrong_in_one_place_is_said_of_that_place_at_its_file_and_line(programmes: Path) -> None:
    changed(programmes, "places/norwich/covid_protect.yaml", "organisation: food_hub", "organisation: nobody_knows")
    changed(programmes, "places/norwich/covid_protect.yaml", "fallback: norwich_community_support", "fallback: gone")
    changed(programmes, "places/waveney/covid_protect.yaml", "soon: 7", "soon: 70")

    said = [str(one) for one in check_everywhere(directory=programmes / "covid_protect").problems]

    assert any("places/norwich/covid_protect.yaml:" in one and "in norwich: the fallback gone" in one for one in said)
    assert any("places/norwich/covid_protect.yaml:" in one and "nobody_knows" in one for one in said)
    assert any("places/waveney/covid_protect.yaml:" in one and "in waveney: " in one for one in said), said
    assert not any(":0:" in one for one in said)


def test_a_place_that_leaves_the_bounds_does_not_hide_what_is_wrong_elsewhere(programmes: Path) -> None:
    changed(programmes, "places/norwich/covid_protect.yaml", "after_hours: 5", "after_hours: 9")
    changed(programmes, "covid_protect/measures.yaml", "count: signed", "count: sined")

    files = {
        one.file.removeprefix(str(programmes))
        for one in check_everywhere(directory=programmes / "covid_protect").problems
    }

    assert files == {"/places/norwich/covid_protect.yaml", "/covid_protect/measures.yaml"}


RULE = """  triage.rules.cold:
    id: cold
    when: {food: is not_sure, medicines: at least none}
    need: food
    urgency: today
    words: Has no medicines and is not sure about food
"""
CASE = """cases:
  cases:
    - id: nothing_in_the_house
      story: Somebody without medicines is not sure about food.
      answers: {breathless: "no", chest_pain: "no", safe_at_home: "yes", food: not_sure, medicines: none}
      expect:
        urgency: today
        needs: {food: today, medicines: today, something_else: soon}
        rules: [cold, medicines_none, medicines_low, not_sure_about_food]
"""


def test_a_rule_a_place_adds_needs_a_case_of_the_place_and_the_centres_cases_hold_at_least(programmes: Path) -> None:
    changed(
        programmes, "covid_protect/programme.yaml", "places_may_change:\n", "places_may_change:\n  - triage.rules.*\n"
    )
    overlay = programmes / "places" / "norwich" / "covid_protect.yaml"
    overlay.write_text(f"{HEAD}{RULE}")
    alone = in_norwich(programmes)
    overlay.write_text(f"{HEAD}{RULE}{CASE}")
    with_case = in_norwich(programmes)

    assert [str(one).removeprefix(str(overlay)) for one in alone] == [
        ":4: no case makes the rule cold fire; add one under `cases:` of this file"
    ]
    assert with_case == ()


CRITERION = """  risk.criteria.aged_90:
    words: Aged 90 or over
    age: {at_least: 90}
  risk.categories.very_old:
    category: very_old
    words: Very old
    when: aged_90
    tiers: [{tier: 3}]
"""
PEOPLE = """risk_cases:
  as_of: 2026-03-01
  cases:
    - {id: day_before, story: a, person: {born: 1936-03-02}, expect: {placed: {}, not_met: [aged_90]}}
    - {id: birthday, story: a, person: {born: 1936-03-01}, expect: {placed: {very_old: 3}, met: [aged_90]}}
    - {id: day_after, story: a, person: {born: 1936-02-28}, expect: {placed: {very_old: 3}, met: [aged_90]}}
    - {id: leap, story: a, person: {born: 1936-02-29}, expect: {placed: {very_old: 3}, met: [aged_90]}}
"""


def test_whom_a_place_adds_needs_cases_of_the_place(programmes: Path) -> None:
    allowed = "places_may_change:\n  - {path: risk.criteria.*, only: add}\n  - {path: risk.categories.*, only: add}\n"
    changed(programmes, "covid_protect/programme.yaml", "places_may_change:\n", allowed)
    overlay = programmes / "places" / "norwich" / "covid_protect.yaml"
    overlay.write_text(f"{HEAD}{CRITERION}")
    alone = in_norwich(programmes)
    overlay.write_text(f"{HEAD}{CRITERION}{PEOPLE}")
    with_cases = in_norwich(programmes)

    assert [(one.line, one.what) for one in alone] == [(4, "no case makes aged_90 true")]
    assert with_cases == ()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    for name in ("cold", "heat"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "programme.yaml").write_text("places: [norwich, waveney]\n")
    for place in ("norwich", "waveny"):
        (tmp_path / "places" / place).mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("norwich/cold.yaml", None),
        ("norwich/heat.yaml", None),
        ("norwich/README.md", None),
        ("norwich/.hidden", None),
        ("norwich/hot.yaml", "there is no programme hot; "),
        ("norwich/heet.yaml", "there is no programme heet; did you mean heat? rename the file, or remove it"),
        ("norwich/cold.yml", "no part of Wherry reads this"),
        ("norwich/cold.yaml.bak", "no part of Wherry reads this"),
        ("waveny/cold.yaml", "the programme cold has no place waveny; did you mean waveney?"),
        ("waveny/heat.yaml", None),
        ("cold.yaml", "this is no place's folder"),
    ],
)
def test_an_overlay_that_belongs_to_nothing_is_named(small: Path, file: str, said: str | None) -> None:
    (small / "places" / file).write_text("a: 1\n")

    found = [str(one) for one in strays(directory=small / "cold", places=("norwich", "waveney"))]

    assert len(found) == (said is not None)
    assert all(said in one and f"places/{file}:0: " in one for one in found if said)


def test_a_programme_without_places_beside_it_has_no_strays(tmp_path: Path) -> None:
    assert strays(directory=tmp_path / "cold", places=()) == ()
