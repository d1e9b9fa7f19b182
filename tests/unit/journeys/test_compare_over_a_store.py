"""Who enters and who leaves by a new version, as it may be shown: counts that balance, nobody who can be told."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherry.commands.main import run
from wherry.journeys.compare_programmes.population import shown
from wherry.journeys.compare_programmes.population_text import population_lines, population_plain
from wherry.population import Store, ledger
from wherry.risk.versions import Balance, Between, Cause, InGroup

RISK = """
words: Made up
criteria:
  aged: {words: Aged 70 or over, age: {at_least: 70}}
  ill: {words: Ill, ever: {list: ill, system: snomed}}
groups:
  at_risk: {words: Old or ill, any: [aged, ill]}
categories:
  - {category: risk, words: At risk, when: at_risk, tiers: [{tier: 1, when: ill}, {tier: 2}]}
"""
NUMBERS = st.integers(0, 12)


def _programme(folder: Path, risk: str) -> Path:
    (folder / "codelists").mkdir(parents=True)
    (folder / "risk.yaml").write_text(risk)
    (folder / "programme.yaml").write_text("finds_only: true\nname: Made up\n")
    (folder / "codelists" / "ill.csv").write_text("code,term\n118600007,Lymphoma\n")
    (folder / "codelists" / "ill.yaml").write_text("system: snomed\nsource: made up\nlicence: none\n")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Forty people born from 1946 on, one a half year; every tenth is ill."""
    folder = tmp_path / "store"
    folder.mkdir()
    _write(
        folder / "persons.parquet",
        "SELECT 'secret-' || n AS person_id, make_date(1946 + CAST(n // 2 AS INT), 1, 1) AS birth_date,"
        " CASE WHEN n % 2 = 0 THEN 'norwich' ELSE 'waveney' END AS place, CAST(1 + n % 2 AS TINYINT) AS imd_decile,"
        " 'female' AS sex FROM range(40) t(n)",
    )
    _write(
        folder / "facts.parquet",
        "SELECT 'secret-' || n AS person_id, 'diagnosis' AS kind, '118600007' AS code, DATE '2020-01-01' AS date"
        " FROM range(0, 40, 10) t(n)",
    )
    return folder


def _write(file: Path, sql: str) -> None:
    duckdb.connect().execute(f"COPY ({sql}) TO '{file}' (FORMAT parquet)")


def _diff(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["programme", "diff", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_who_enters_is_told_with_the_rule_in_words_and_sums_that_balance(
    tmp_path: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = _programme(tmp_path / "old", RISK)
    new = _programme(
        tmp_path / "new", RISK.replace("Aged 70 or over, age: {at_least: 70}", "Aged 65 or over, age: {at_least: 65}")
    )
    asked = ("--store", str(store), "--as-of", "2026-03-02", "--by", "Ada Analyst")

    code, out, _ = _diff(capsys, str(old), str(new), *asked)

    assert code == 0
    assert "The list: 23 before + 9 entered - 0 left = 32 after" in out
    assert "        9  Aged 65 or over (aged): now true" in out
    assert "secret-" not in out
    assert out.splitlines()[-1].startswith("2 changes; sha256:")


def test_the_look_is_noted_in_the_stores_ledger(
    tmp_path: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = _programme(tmp_path / "old", RISK), _programme(tmp_path / "new", RISK.replace("70}", "60}"))

    _, out, _ = _diff(
        capsys, str(old), str(new), "--store", str(store), "--as-of", "2026-03-02", "--by", "Ada", "--json"
    )

    [line] = ledger.entries(Store(store))
    people = json.loads(out)["people"]
    assert (line["by"], line["did"]) == ("Ada", "compare_versions")
    assert people["balances"][0]["entered"] == line["about"]["entered"]  # type: ignore[index]
    assert "secret-" not in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--store", "x"), "--store and --as-of go together"),
        (("--as-of", "2026-03-02"), "--store and --as-of go together"),
        (("--store", "x", "--as-of", "2026-03-02"), "say who acts with --by"),
        (("--store", "x", "--as-of", "2026-03-02", "--by", "  "), "say who acts with --by"),
    ],
)
def test_a_store_is_read_by_somebody_for_a_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    programme = str(_programme(tmp_path / "old", RISK))

    code, _, err = _diff(capsys, programme, programme, *arguments)

    assert code == 2
    assert said in err


def _between(*groups: InGroup) -> Between:
    sums = [sum(getattr(one, name) for one in groups) for name in ("before", "entered", "left", "after")]
    return Between(
        as_of=dt.date(2026, 3, 2),
        living=sum(one.population for one in groups),
        balances=(Balance("", "", *sums),),
        moved=0,
        causes=(Cause("", "entered", "aged", "Aged 65 or over", "now true", sums[1]),),
        groups={"place": groups},
    )


def _group(name: str, stayed: int, entered: int, left: int, others: int) -> InGroup:
    return InGroup(name, stayed + entered + left + others, stayed + left, entered, left, stayed + entered)


@given(drawn=st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), min_size=2, max_size=6))
def test_no_number_of_a_group_is_small_nor_found_by_taking_the_others_from_the_whole(
    drawn: list[tuple[int, int, int, int]],
) -> None:
    true = [_group(str(at), *one) for at, one in enumerate(drawn)]

    rows = shown(found=_between(*true), below=5).groups["place"]

    for name in ("population", "before", "entered", "left", "after"):
        told = [getattr(one, name) for one in rows]
        assert not any(0 < number < 5 for number in told if number is not None)
        hidden = [getattr(one, name) for one, number in zip(true, told, strict=True) if number is None]
        # One hidden number alone is the whole less the others; several small ones are told together or not at all.
        assert not (sum(number > 0 for number in hidden) == 1 and 0 < sum(hidden) < 5 and len(hidden) == 1)
    for one in rows:
        numbers = (one.population, one.before, one.entered, one.left, one.after, one.share_before, one.share_after)
        assert all(each is None for each in numbers) or None not in (one.before, one.entered, one.left, one.after)


def test_a_group_that_moves_against_the_whole_is_pointed_out() -> None:
    gains, loses = _group("norwich", 100, 60, 0, 840), _group("waveney", 80, 0, 20, 900)

    told = "\n".join(population_lines(shown(found=_between(gains, loses), below=5)))

    assert "10.00 %      16.00 %" in told
    assert "! fewer of them, while the list grows" in told


def test_a_cause_of_very_few_is_not_counted_out() -> None:
    found = shown(found=_between(_group("norwich", 100, 3, 0, 900), _group("waveney", 80, 0, 0, 900)), below=5)

    assert population_plain(found)["causes"][0]["people"] is None
    assert "a few  Aged 65 or over" in "\n".join(population_lines(found))


def test_a_rule_only_tiers_ask_for_is_no_cause_of_coming_in(
    tmp_path: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiers = "[{tier: 1, when: older}, {tier: 2}]"
    more = RISK.replace("  ill:", "  older: {words: Older, age: {at_least: 75}}\n  ill:")
    more = more.replace("[{tier: 1, when: ill}, {tier: 2}]", tiers)
    old = _programme(tmp_path / "old", more)
    new = _programme(tmp_path / "new", more.replace("70}", "65}").replace("75}", "67}"))

    _, out, _ = _diff(capsys, str(old), str(new), "--store", str(store), "--as-of", "2026-03-02", "--by", "Ada")

    enters, moves = out.partition("Who enters, and why:")[2].split("Who is in another category or tier, and why:")
    assert "(aged): now true" in enters and "older" not in enters
    assert "Older (older): now true" in moves.partition("By place")[0]
