"""Two runs beside each other: who entered, left or moved, and the cause in words."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest

from wherry.commands.main import run
from wherry.foundation.errors import InputWrong
from wherry.population import Store, ledger
from wherry.programmes.files import load
from wherry.programmes.types import ProgrammeFiles
from wherry.risk import actions
from wherry.risk.difference.comparing import compare
from wherry.risk.difference.types import Changed, Difference

SECTION = """
words: Made up
criteria:
  lymphoma: {words: Lymphoma, ever: {list: lymphoma, system: snomed}}
  steroid: {words: Steroid lately, within: {list: steroid, system: snomed, days: [0, 90]}}
  aged: {words: Old, age: {at_least: 70}}
  asthma: {words: Asthma, active: {list: asthma, system: snomed}}
  lower: {words: Lower risk, ever: {list: lower, system: snomed}}
groups:
  not_lower: {words: Not of lower risk, not: lower}
  at_risk: {words: At risk, any: [lymphoma, steroid, aged, asthma]}
  kept: {words: Kept, all: [at_risk, not_lower]}
categories:
  - {category: risk, words: At risk, when: kept, tiers: [{tier: 1, when: lymphoma}, {tier: 2}]}
"""
CODES = {"lymphoma": "118600007", "steroid": "116602009", "asthma": "195967001", "lower": "1300591000000101"}
DAY = dt.date(2026, 3, 2)
Fact = tuple[str, str, str, str]


def _programme(folder: Path, section: str = SECTION) -> ProgrammeFiles:
    (folder / "codelists").mkdir(parents=True)
    (folder / "risk.yaml").write_text(section)
    (folder / "programme.yaml").write_text("finds_only: true\nname: Made up\n")
    for name, code in CODES.items():
        (folder / "codelists" / f"{name}.csv").write_text(f"code,term\n{code},{name}\n")
        (folder / "codelists" / f"{name}.yaml").write_text("system: snomed\nsource: made up\nlicence: none\n")
    return load(folder)


def _store(folder: Path, people: Mapping[str, str | None], facts: list[Fact]) -> Store:
    folder.mkdir(exist_ok=True)
    values = [(who, born or None) for who, born in people.items()]
    rows = ", ".join(f"('{who}', DATE '{born}', 'norwich', 1::TINYINT)" for who, born in values) or "('', NULL, '', 1)"
    _write(folder / "persons.parquet", f"(VALUES {rows}) t(person_id, birth_date, place, imd_decile)")
    told = ", ".join(f"('{w}', 'diagnosis', '{CODES[c]}', DATE '{d}', '{s}', 'gp')" for w, c, d, s in facts)
    _write(folder / "facts.parquet", f"(VALUES {told}) t(person_id, kind, code, date, status, source)")
    return Store(folder)


def _write(file: Path, rows: str) -> None:
    duckdb.connect().execute(f"COPY (SELECT * FROM {rows}) TO '{file}' (FORMAT parquet)")


BORN = {who: "1990-01-01" for who in "abcdefgh"} | {"old": "1956-03-10", "dies": "1990-01-01", "goes": "1990-01-01"}
FACTS: list[Fact] = [
    ("a", "lymphoma", "2020-01-01", "active"),
    ("b", "steroid", "2025-12-20", "active"),
    ("c", "asthma", "2015-05-05", "active"),
    ("d", "lymphoma", "2020-01-01", "active"),
    ("e", "lymphoma", "2020-01-01", "active"),
    ("goes", "lymphoma", "2020-01-01", "active"),
]
LATER: list[Fact] = [
    ("a", "lymphoma", "2020-01-01", "active"),
    ("b", "steroid", "2025-12-20", "active"),
    ("c", "asthma", "2015-05-05", "resolved"),
    ("e", "lymphoma", "2020-01-01", "active"),
    ("e", "lower", "2026-03-20", "active"),
    ("f", "asthma", "2016-06-06", "active"),
]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Store]:
    """Two runs a month apart over the made-up people, each of whom something else becomes of."""
    tmp_path = tmp_path_factory.mktemp("runs")
    files = _programme(tmp_path / "programme")
    store = _store(tmp_path / "store", BORN, FACTS)
    before = actions.stratify(files=files, store=store, as_of=DAY, out=tmp_path / "a.parquet", by="Ada")
    _store(tmp_path / "store", {who: born for who, born in BORN.items() if who != "goes"}, LATER)
    later = DAY + dt.timedelta(days=30)
    after = actions.stratify(
        files=files, store=store, as_of=later, out=tmp_path / "b.parquet", by="Ada", changed_since=before.out
    )
    return before.out, after.sidecar, store


def _by_person(found: Difference) -> dict[str, Changed]:
    return {each.person_id: each for each in found.people}


def test_each_person_is_told_with_the_cause_where_the_store_keeps_both_runs(runs: tuple[Path, Path, Store]) -> None:
    before, after, store = runs

    found = compare(before=before, after=after, store=store)

    assert {who: (one.kind, [why.words for why in one.whys]) for who, one in _by_person(found).items()} == {
        "b": (
            "left",
            ["Steroid lately recorded on 20 December 2025 by gp: now outside the time a rule looks at"],
        ),
        "c": ("left", ["Asthma recorded on 5 May 2015 by gp: ended, or something newer counts instead"]),
        "d": ("left", ["Lymphoma recorded on 1 January 2020 by gp: no longer in the records"]),
        "e": ("left", ["Lower risk: newly recorded"]),
        "f": ("entered", ["Asthma recorded on 6 June 2016 by gp: newly recorded"]),
        "goes": ("left", ["their record: no longer in the store"]),
        "old": ("entered", ["Old (aged 70): by age"]),
    }
    assert (found.count("entered"), found.count("left"), found.count("moved"), found.same) == (2, 5, 0, 1)
    assert found.groups["age"] == {"30 to 39": (1, 5, 0), "70 to 79": (1, 0, 0)}
    assert found.groups["place"] == {"norwich": (2, 5, 0)}
    assert found.rules == ()


def test_two_lists_alone_tell_less_and_say_nothing_false(runs: tuple[Path, Path, Store]) -> None:
    before, after, _ = runs

    found = compare(before=before, after=after)

    told = {who: [why.kind for why in one.whys] for who, one in _by_person(found).items()}
    assert told == {
        "b": ["expired"], "c": ["counts_no_longer"], "d": ["counts_no_longer"], "e": ["counts_no_longer"],
        "f": ["recorded"], "goes": ["counts_no_longer"], "old": ["aged"],
    }  # fmt: skip
    assert not found.searched
    assert found.groups == {}


def test_a_changed_rule_is_named_with_what_changed(tmp_path: Path) -> None:
    store = _store(tmp_path / "store", BORN, FACTS)
    files = _programme(tmp_path / "one")
    before = actions.stratify(files=files, store=store, as_of=DAY, out=tmp_path / "a.parquet", by="Ada")
    stricter = SECTION.replace("days: [0, 90]", "days: [0, 30]").replace("at_least: 70", "at_least: 36")
    changed = _programme(tmp_path / "other", stricter)
    after = actions.stratify(files=changed, store=store, as_of=DAY, out=tmp_path / "b.parquet", by="Ada")

    found = compare(before=before.out, after=after.out, store=store)

    assert {(rule.name, rule.what) for rule in found.rules} == {
        ("steroid", ("within.days 2: 90 → 30",)),
        ("aged", ("age.at_least: 70 → 36",)),
    }
    assert {why.kind for why in _by_person(found)["f"].whys} == {"rule_changed"}


def test_a_run_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputWrong, match="does not tell the rules"):
        compare(before=tmp_path / "a.parquet", after=tmp_path / "b.parquet")


def _wherry(*arguments: object) -> int:
    return run([str(each) for each in arguments])


def test_the_command_counts_causes_and_hides_small_groups(
    runs: tuple[Path, Path, Store], capsys: pytest.CaptureFixture[str]
) -> None:
    before, after, store = runs

    assert _wherry("risk", "diff", before, after, "--store", store.path, "--by", "Ada") == 0

    said = capsys.readouterr().out
    assert "From 2026-03-02 to 2026-04-01: 1 person is where they were" in said
    assert "        1  asthma: newly recorded" in said
    assert "norwich                 hidden         5         0" in said
    assert "f entered" not in said
    assert ledger.entries(store)[-1]["did"] == "compare_runs"


def test_the_command_lists_people_only_when_asked(
    runs: tuple[Path, Path, Store], capsys: pytest.CaptureFixture[str]
) -> None:
    before, after, store = runs
    asked = ("risk", "diff", before, after, "--store", store.path, "--by", "Ada", "--json")

    _wherry(*asked)
    assert "who" not in json.loads(capsys.readouterr().out)
    _wherry(*asked, "--people")

    told = json.loads(capsys.readouterr().out)
    assert [each["person_id"] for each in told["who"]] == ["b", "c", "d", "e", "f", "goes", "old"]
    assert ledger.entries(store)[-1]["about"]["people"] == 7  # type: ignore[index]


def test_a_store_is_not_read_by_nobody(runs: tuple[Path, Path, Store], capsys: pytest.CaptureFixture[str]) -> None:
    before, after, store = runs
    assert _wherry("risk", "diff", before, after, "--store", store.path) == 2
    assert "--by" in capsys.readouterr().err


def test_a_run_verifies_until_one_of_its_inputs_changes(
    runs: tuple[Path, Path, Store], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(runs[2].path.parent, tmp_path / "copy"))
    store, programme = Store(folder / "store"), folder / "programme"
    asked = ("risk", "verify", folder / "b.parquet", "--store", store.path, "--by", "Ada", "--programme", programme)

    assert _wherry(*asked) == 0
    assert capsys.readouterr().out == "all 5 parts of the run are as they were\n"
    (store.path / "facts.parquet").write_bytes(b"")
    (programme / "risk.yaml").write_text(SECTION.replace("70", "71"))
    with pytest.raises(SystemExit) as ended:
        _wherry(*asked)

    assert ended.value.code == 3
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "facts.parquet: has changed since"
    assert said[1].startswith("definition: is another now: sha256:")
    assert ledger.entries(store)[-1]["about"]["differ"] == 2  # type: ignore[index]
