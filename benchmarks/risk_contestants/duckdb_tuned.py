"""The hand-tuned SQL on DuckDB, with the connection the engine has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from risk_contestants import tuned_sql

from wherry.population import connect
from wherry.population.store import make_table


def run(*, store: Path, out: Path, spill: Path) -> dict[str, Any]:
    """Write `out`; returns the counts."""
    with connect(spill=spill, preserve_insertion_order=False) as connection:
        connection.execute(f"CREATE VIEW persons AS SELECT * FROM read_parquet('{store}/persons.parquet')")
        connection.execute(f"CREATE VIEW facts AS SELECT * FROM read_parquet('{store}/facts/*.parquet')")
        codes, listed = tuned_sql.code_rows()
        for name, rows, column in (("codes", codes, ("mask", "BIGINT")), ("listed", listed, ("list", "INTEGER"))):
            make_table(connection=connection, name=name, columns=dict([("code", "VARCHAR"), column]), rows=rows)
        for name, sql in tuned_sql.steps(tuned_sql.Dialect()).items():
            into = f"COPY ({sql}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)" if name == "explained" else ""
            connection.execute(into or f"CREATE TEMP TABLE {name} AS {sql}")
        counts = connection.execute(tuned_sql.counts_sql())
        named = dict(zip([each[0] for each in counts.description], map(int, counts.fetchall()[0]), strict=True))
        places = {f"{c} {t}": int(n) for c, t, n in connection.execute(tuned_sql.PLACES_SQL).fetchall()}
    return {**named, **places}
