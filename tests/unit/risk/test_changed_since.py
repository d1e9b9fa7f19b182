"""A run built on another: what it says of itself, when it looks at everybody, and what it leaves in the store."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from wherry.foundation.errors import InputWrong
from wherry.population import Store
from wherry.programmes.files import load
from wherry.risk import actions
from wherry.risk.definition import codes_of
from wherry.risk.evidence import kept

FILES = load(Path(__file__).parents[3] / "programmes" / "covid_protect")
AS_OF = dt.date(2026, 3, 2)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Twenty people with a diagnosis each, their facts in a folder to which files may be added."""
    folder = tmp_path / "store"
    (folder / "facts").mkdir(parents=True)
    _write(
        folder / "persons.parquet", "SELECT 'p' || i AS person_id, DATE '1950-06-01' AS birth_date FROM range(20) t(i)"
    )
    facts = "SELECT 'p' || i AS person_id, 'diagnosis' AS kind, '118600007' AS code, DATE '2020-01-01' AS date"
    _write(folder / "facts" / "a.parquet", f"{facts} FROM range(10) t(i)")
    return Store(folder)


def _write(file: Path, sql: str) -> None:
    duckdb.connect().execute(f"COPY ({sql}) TO '{file}' (FORMAT parquet)")


def _add(store: Store, name: str, person: str) -> None:
    sql = f"SELECT '{person}' AS person_id, 'diagnosis' AS kind, '118600007' AS code, DATE '2021-01-01' AS date"
    _write(store.path / "facts" / f"{name}.parquet", sql)


def _run(store: Store, out: Path, since: Path | None = None, as_of: dt.date = AS_OF) -> actions.Stratification:
    return actions.stratify(files=FILES, store=store, as_of=as_of, out=out, by="Ada", changed_since=since)


def test_only_the_person_in_an_added_file_is_looked_at_again(store: Store, tmp_path: Path) -> None:
    first = _run(store, tmp_path / "one.parquet")
    _add(store, "b", "p15")

    then = _run(store, tmp_path / "two.parquet", first.sidecar)

    assert (then.since, then.looked_at, then.why) == (first.run, 1, "")
    assert then.people == 11
    assert json.loads(then.sidecar.read_text())["looked_at"] == {
        "people": 1, "since": first.run, "everybody_because": None,
    }  # fmt: skip


def test_runs_built_on_runs_share_what_did_not_change(store: Store, tmp_path: Path) -> None:
    done = _run(store, tmp_path / "0.parquet")
    for number in range(1, 5):
        _add(store, f"f{number}", f"p{10 + number}")
        done = _run(store, tmp_path / f"{number}.parquet", done.out)
        assert done.looked_at == 1

    there = sorted((store.path / kept.FOLDER).iterdir())
    assert len(there) == kept.KEPT_RUNS
    newest = store.path / kept.FOLDER / done.run[:32]
    assert (newest / "facts-0.parquet").stat().st_nlink == kept.KEPT_RUNS
    assert json.loads((newest / kept.TOLD).read_text())["layers"] == 5


def test_a_birthday_is_a_change(store: Store, tmp_path: Path) -> None:
    first = _run(store, tmp_path / "one.parquet", as_of=dt.date(2026, 5, 31))
    then = _run(store, tmp_path / "two.parquet", first.out, as_of=dt.date(2026, 6, 1))
    assert then.why == "of most people something is different"


def test_whose_fact_is_gone_from_a_file_written_anew_is_looked_at_again(store: Store, tmp_path: Path) -> None:
    first = _run(store, tmp_path / "one.parquet")
    facts = store.path / "facts" / "a.parquet"
    rows = duckdb.sql(f"SELECT * FROM '{facts}' WHERE person_id <> 'p3'").to_arrow_table()
    pq.write_table(rows, facts)

    then = _run(store, tmp_path / "two.parquet", first.out)

    assert (then.since, then.looked_at, then.people) == (first.run, 1, 9)


def test_whose_fact_has_ended_by_the_later_day_is_looked_at_again(store: Store, tmp_path: Path) -> None:
    listed = "'p15' AS person_id, 'flag' AS kind, 'local' AS system, 'CODE' AS code, DATE '2021-01-01' AS date"
    listed = listed.replace("CODE", min(codes_of(FILES.codelists)["national_shielded_list"]))
    _write(store.path / "facts" / "b.parquet", f"SELECT {listed}, DATE '2026-03-04' AS end_date")
    first = _run(store, tmp_path / "one.parquet")

    then = _run(store, tmp_path / "two.parquet", first.out, as_of=dt.date(2026, 3, 5))

    assert (then.since, then.looked_at) == (first.run, 1)
    assert (first.people, then.people) == (11, 10)


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (lambda store, out: kept.forget(store=store), "keeps no evidence"),
        (lambda store, out: next(store.path.glob("evidence/*/facts-0.parquet")).write_bytes(b""), "keeps no evidence"),
    ],
)
def test_what_cannot_be_built_on_is_said_and_everybody_is_looked_at(
    store: Store, tmp_path: Path, happens: object, said: str
) -> None:
    first = _run(store, tmp_path / "one.parquet")
    before = first.out.read_bytes()
    happens(store, first.out)  # type: ignore[operator]

    then = _run(store, tmp_path / "two.parquet", first.sidecar)

    assert said in then.why
    assert (then.since, then.looked_at) == (None, 20)
    assert then.out.read_bytes() == before


def test_what_became_of_the_list_handed_on_makes_no_difference(store: Store, tmp_path: Path) -> None:
    first = _run(store, tmp_path / "one.parquet")
    before = first.out.read_bytes()
    first.out.write_bytes(b"opened and saved in something else")

    then = _run(store, tmp_path / "two.parquet", first.sidecar)

    assert (then.since, then.looked_at, then.out.read_bytes()) == (first.run, 0, before)


def test_a_run_that_never_was_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputWrong, match="is not the sidecar of a run"):
        _run(store, tmp_path / "two.parquet", tmp_path / "none.parquet")
    assert not (store.path / kept.FOLDER).exists()
