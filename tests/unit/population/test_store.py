"""The population store gives every documented column, and writes whole files or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from wherry.foundation.errors import InputWrong
from wherry.population import Store, connect

_MINIMAL = "SELECT 'p' || i AS person_id, DATE '1950-01-01' AS birth_date FROM range(3) t(i)"


def _write(store: Store, table: str, select_sql: str) -> None:
    store.path.mkdir(parents=True, exist_ok=True)
    with connect() as connection:
        connection.execute(f"COPY ({select_sql}) TO '{store.path}/{table}.parquet'")


def test_a_store_made_by_hand_with_only_required_columns_reads_as_the_documented_shape(tmp_path: Path) -> None:
    store = Store(tmp_path)
    _write(store, "persons", _MINIMAL)
    with connect() as connection:
        connection.execute(f"DESCRIBE {store.source_sql('persons')}")
        types = {row[0]: row[1] for row in connection.fetchall()}
        connection.execute(f"SELECT count(*), count(nhs_number) FROM ({store.source_sql('persons')})")
        assert connection.fetchall() == [(3, 0)]
    assert types["imd_decile"] == "TINYINT"
    assert types["communal"] == "BOOLEAN"


def test_a_missing_required_column_is_named_in_one_sentence(tmp_path: Path) -> None:
    store = Store(tmp_path)
    _write(store, "persons", "SELECT 'p1' AS person_id")
    with pytest.raises(InputWrong, match="no column birth_date in persons"):
        store.source_sql("persons")


def test_absent_wishes_are_empty_but_absent_facts_are_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with connect() as connection:
        connection.execute(store.source_sql("wishes"))
        assert connection.fetchall() == []
    with pytest.raises(InputWrong, match="no table facts"):
        store.source_sql("facts")


def test_a_file_that_is_not_parquet_is_refused_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "persons.parquet").write_text("not parquet")
    with pytest.raises(InputWrong, match="not readable Parquet"):
        Store(tmp_path).source_sql("persons")


def test_the_same_rows_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    store = Store(tmp_path)
    rows = "SELECT 'p' || i AS person_id, 'mobile' AS kind, 'v' || i AS value, 's' AS source, DATE '2026-01-01' AS"
    rows += " recorded_on, NULL AS verified_on FROM range(50) t(i)"
    with connect() as connection:
        store.write_table(connection, "contact_points", rows)
        before = store.hashes()
        store.write_table(connection, "contact_points", f"SELECT * FROM ({rows}) ORDER BY hash(person_id)")
    assert store.hashes() == before


def test_a_failed_write_leaves_the_old_table_and_no_litter(tmp_path: Path) -> None:
    store = Store(tmp_path)
    _write(store, "persons", _MINIMAL)
    before = store.hashes()
    with connect() as connection, pytest.raises(Exception, match="person_id"):
        store.write_table(connection, "persons", "SELECT 1 AS nonsense")
    assert store.hashes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["persons.parquet"]
