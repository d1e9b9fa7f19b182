"""Spark writes the very list DuckDB writes; and where it cannot run, says in a sentence what is not there."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path

import duckdb
import pytest

from tests.support.small_spark import asks_spark, need_spark
from wherry.foundation.errors import EnvironmentWrong, ExitCode
from wherry.population import Store
from wherry.programmes.files import load
from wherry.risk import actions, queries
from wherry.risk.engines.spark_session import refuse_where_it_cannot_run

ROOT = Path(__file__).parents[3]
AS_OF = dt.date(2026, 3, 2)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Facts in two files of different columns, one delivered on a day that is known."""
    folder = tmp_path / "it's a store"
    (folder / "facts").mkdir(parents=True)
    (folder / "batches" / "b1").mkdir(parents=True)
    people = "('a', DATE '1940-02-01'), ('b', DATE '1990-01-01'), ('c', DATE '2000-01-01')"
    _write(folder / "persons.parquet", f"SELECT * FROM (VALUES {people}) t(person_id, birth_date)")
    old = "('a', 'diagnosis', '44054006', DATE '2019-03-03'), ('a', 'diagnosis', '53741008', DATE '2019-03-03')"
    _write(folder / "facts" / "1.parquet", f"SELECT * FROM (VALUES {old}) t(person_id, kind, code, date)")
    new = "('b', 'diagnosis', '118600007', DATE '2020-01-01', 'b1', 'gp')"
    columns = "person_id, kind, code, date, batch_id, source"
    _write(folder / "facts" / "2.parquet", f"SELECT * FROM (VALUES {new}) t({columns})")
    manifest = '{"batch_id": "b1", "sequence": 1, "contract": "gp_events", "extracted_on": "2026-02-27"}'
    (folder / "batches" / "b1" / "manifest.json").write_text(manifest)
    return Store(folder)


def _write(file: Path, sql: str) -> None:
    name = str(file).replace("'", "''")
    duckdb.connect().execute(f"COPY ({sql}) TO '{name}' (FORMAT parquet)")


def _run(store: Store, out: Path, engine: str) -> actions.Stratification:
    files = load(ROOT / "programmes" / "covid_protect")
    return actions.stratify(files=files, store=store, as_of=AS_OF, out=out, by="Ada", engine=engine)


@asks_spark
def test_spark_writes_the_list_byte_for_byte_and_leaves_nothing_else(store: Store, tmp_path: Path) -> None:
    need_spark()
    one = _run(store, tmp_path / "one.parquet", "duckdb")
    other = _run(store, tmp_path / "other.parquet", "spark")

    assert other.out.read_bytes() == one.out.read_bytes()
    assert (other.run, other.fired, other.missing, other.looked_at) == (one.run, one.fired, one.missing, 3)
    assert queries.run_of(out=other.out)["engine"]["version"].startswith("Spark 4.")
    assert "2026-02-27" in {
        str(reason.data_as_of) for row in queries.placed_in(out=other.out) for reason in row.reasons
    }
    assert not [file.name for file in tmp_path.iterdir() if file.name.startswith(".")]


def test_without_the_extra_the_command_to_install_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EnvironmentWrong, match=r"pip install 'wherry\[spark\]'") as refused:
        refuse_where_it_cannot_run()
    assert refused.value.exit_code == ExitCode.ENVIRONMENT_WRONG


def test_without_java_it_is_said_where_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EnvironmentWrong, match=r"needs Java, and there is none here.*JAVA_HOME"):
        refuse_where_it_cannot_run()


def test_a_java_too_old_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EnvironmentWrong, match="needs Java 17 or later, and this is Java 11"):
        refuse_where_it_cannot_run()
