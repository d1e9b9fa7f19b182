"""
Draw a population store to measure with: people, coded events and prescriptions, set-based, the same for one seed.

Each person has 91 facts on average (60 events to 40 prescriptions), more when old; about 6.8 % are on a codelist of the
large definition, always one the person has, so that a few people carry most of them, as in life. Sorted as linkage
sorts: by person, kind, system, code, date.

Run: PYTHONPATH=src .venv/bin/python benchmarks/population.py --people 110000 [--into build/bench/population-110000]
1,100,000 people (100 M facts) need about 4 GB of disk.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

import duckdb  # noqa: E402  # after the paths
from risk_contestants import definition  # noqa: E402

from wherry.population import Store, connect  # noqa: E402
from wherry.population.store import sql_text  # noqa: E402

AS_OF = dt.date.fromisoformat(definition.AS_OF)
SHARD = 50_000
BACKGROUND = {"snomed": (9_000, "event"), "dmd": (3_000, "medicine"), "icd10": (1_500, "admission")}
#: Of facts of people who have a condition, how many tell of it: set so that 6.8 % of all facts are hits.
HIT_RATE = 0.0742
DELIVERIES = 24
WHOLE = "population.json"


def population(*, people: int, into: Path, seed: int = 1) -> Store:
    """Give the store of so many people, drawing it unless it is there whole. One seed and version: the same people."""
    wanted = {"people": people, "seed": seed, "version": 1, "duckdb": duckdb.__version__}
    mark = into / WHOLE
    if mark.is_file() and json.loads(mark.read_text()).items() >= wanted.items():
        return Store(into)
    shutil.rmtree(into, ignore_errors=True)
    (into / "facts").mkdir(parents=True)
    began = time.perf_counter()
    with connect(memory_limit="3GB", spill=into / ".spill") as connection:
        _deliveries(into)
        _vocabulary(connection)
        _people(connection, people=people, seed=seed, into=into)
        facts = sum(_shard(connection, first, seed, into) for first in range(0, people, SHARD))
    shutil.rmtree(into / ".spill", ignore_errors=True)
    size = sum(file.stat().st_size for file in into.rglob("*.parquet"))
    told = {**wanted, "facts": facts, "bytes": size, "seconds": round(time.perf_counter() - began, 1)}
    mark.write_text(json.dumps(told, indent=2) + "\n")
    return Store(into)


def _deliveries(into: Path) -> None:
    for number in range(DELIVERIES):
        batch = into / "batches" / _batch(number)
        batch.mkdir(parents=True)
        drawn = AS_OF - dt.timedelta(days=2 + number)
        told = {
            "batch_id": _batch(number),
            "sequence": number + 1,
            "contract": "gp_events",
            "sender": "general practices",
            "freshness_days": 14,
            "extracted_on": drawn.isoformat(),
            "counts": {"rows_in": 1, "accepted": 1, "quarantined": 0, "duplicate": 0, "facts": 1},
        }
        (batch / "manifest.json").write_text(json.dumps(told))


def _batch(number: int) -> str:
    return f"{number:02d}" + "5e" * 15


def _vocabulary(connection: duckdb.DuckDBPyConnection) -> None:
    """`coded`: key → code; keys of a list lie together after its `first`; then the background, by system."""
    rows = list(definition.vocabulary())
    connection.execute(
        "CREATE TABLE coded (key INTEGER, code VARCHAR, system VARCHAR, kind VARCHAR, unit VARCHAR,"
        " low DOUBLE, high DOUBLE)"
    )
    connection.execute("CREATE TABLE lists (list INTEGER, first INTEGER, size INTEGER, share DOUBLE, steepness DOUBLE)")
    listed = [(key, *row[2:]) for key, row in enumerate(rows)]
    first = 0
    for number, each in enumerate(definition.LISTS):
        share = [number, first, each.size, each.share, each.steepness]
        connection.execute("INSERT INTO lists VALUES (?, ?, ?, ?, ?)", share)
        first += each.size
    for system, (size, kind) in BACKGROUND.items():
        codes = (definition.code_of(f"other {system}", number, system) for number in range(size))
        shaped = (
            f"{chr(65 + at % 26)}{code[1:3]}.{at % 10}" if system == "icd10" else code for at, code in enumerate(codes)
        )
        listed += [(len(listed) + at, code, system, kind, None, 0, 0) for at, code in enumerate(shaped)]
    values = ", ".join(
        f"({key}, '{code}', '{system}', '{kind}', {sql_text(unit) if unit else 'NULL'}, {low}, {high})"
        for key, code, system, kind, unit, low, high in listed
    )
    connection.execute(f"INSERT INTO coded VALUES {values}")


def _people(connection: duckdb.DuckDBPyConnection, *, people: int, seed: int, into: Path) -> None:
    connection.execute(f"""
        CREATE TABLE people AS
        WITH drawn AS (
            SELECT i, md5('person {seed} ' || i) AS m, hash(i, {seed}, 'a') AS h, hash(i, {seed}, 'b') AS g
            FROM range({people}) t(i)
        ), aged AS (
            SELECT *, CAST(floor(90 * pow((h % 65536) / 65536.0, 1.25)) + (g % 12) AS INTEGER) AS years FROM drawn
        )
        SELECT CAST(row_number() OVER (ORDER BY m) - 1 AS INTEGER) AS r,
            substr(m, 1, 8) || '-' || substr(m, 9, 4) || '-5' || substr(m, 14, 3) || '-8' || substr(m, 18, 3) || '-'
                || substr(m, 21, 12) AS person_id, years,
            DATE '{AS_OF}' - CAST(years * 365.25 + (h >> 20) % 365 AS INTEGER) AS birth_date,
            CASE WHEN (g >> 8) % 1000 < 9 THEN DATE '{AS_OF}' - CAST((g >> 20) % 900 AS INTEGER) END AS death_date,
            CASE WHEN (g >> 18) % 100 < 50 THEN 'female' WHEN (g >> 18) % 100 < 99 THEN 'male' END AS sex,
            CASE WHEN (h >> 30) % 100 < 93 THEN CAST(1 + (h >> 30) % 10 AS TINYINT) END AS imd_decile,
            CASE WHEN (h >> 34) % 10 < 4 THEN 'norwich' ELSE 'waveney' END AS place, 'D82' || lpad(
                CAST((g >> 30) % 120 AS VARCHAR), 3, '0') AS practice_code,
            CAST(10 + pow((g >> 36) % 1024 / 1024.0, 2) * (33 + years * 4.7) AS INTEGER) AS facts
        FROM aged
    """)
    connection.execute(
        "COPY (SELECT person_id, birth_date, death_date, sex, imd_decile, place, practice_code, 'en' AS language,"
        f" false AS communal, true AS synthetic FROM people ORDER BY r) TO '{into}/persons.parquet'"
        " (FORMAT parquet, COMPRESSION zstd)"
    )


def _shard(connection: duckdb.DuckDBPyConnection, first: int, seed: int, into: Path) -> int:
    """Write the facts of the people of one shard. One hash a fact; each decision reads its own bits of it."""
    sizes = {system: size for system, (size, _) in BACKGROUND.items()}
    start = len(list(definition.vocabulary()))
    firsts = {"snomed": start, "dmd": start + sizes["snomed"], "icd10": start + sizes["snomed"] + sizes["dmd"]}
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE conditions AS
        SELECT p.r, list(l.list ORDER BY l.list) AS has, count(*) AS n FROM people p CROSS JOIN lists l
        WHERE p.r BETWEEN {first} AND {first + SHARD - 1}
            AND hash(p.r, l.list, {seed}) % 1048576 / 1048576.0 < l.share * pow(l.steepness, (p.years - 40) / 40.0)
        GROUP BY p.r
    """)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE drawn AS
        WITH each AS (
            SELECT r, person_id, years, unnest(range(facts)) AS i FROM people
            WHERE r BETWEEN {first} AND {first + SHARD - 1}
        ), hashed AS (
            SELECT e.*, hash(e.r, e.i, {seed}) AS h, v.has, v.n FROM each e LEFT JOIN conditions v ON v.r = e.r
        ),
        picked AS (
            SELECT *, (h >> 24) % 4096 / 4096.0 AS u,
                CASE WHEN (h & 65535) / 65536.0 < {HIT_RATE} AND n > 0
                    THEN has[CAST(1 + (h >> 16) % 251 % n AS BIGINT)] END AS on_list
            FROM hashed
        )
        SELECT k.r, k.person_id, k.i, k.h, k.years, CAST(CASE
            WHEN l.first IS NOT NULL THEN l.first + floor(u * u * l.size)
            WHEN (h >> 36) % 100 < 40 THEN {firsts["dmd"]} + floor(u * u * u * {sizes["dmd"]})
            WHEN (h >> 36) % 100 < 44 THEN {firsts["icd10"]} + floor(u * {sizes["icd10"]})
            ELSE {firsts["snomed"]} + floor(u * u * u * {sizes["snomed"]}) END AS INTEGER) AS key
        FROM picked k LEFT JOIN lists l ON l.list = k.on_list
    """)
    file = into / "facts" / f"part-{first // SHARD:03d}.parquet"
    connection.execute(f"""
        COPY (
            SELECT person_id, kind, system, code, date, CASE WHEN kind = 'medicine' THEN date + 28 END AS end_date,
                CASE WHEN (h >> 43) % 500 = 0 THEN 'entered-in-error' WHEN (h >> 43) % 33 = 0 THEN 'resolved'
                    WHEN kind = 'medicine' THEN 'completed' ELSE 'active' END AS status,
                CASE WHEN unit IS NOT NULL THEN round(low + (high - low) * ((h >> 7) % 1000) / 1000.0, 1) END AS value,
                unit, CASE kind WHEN 'medicine' THEN 'gp_prescriptions' WHEN 'admission' THEN 'hospital'
                    ELSE 'gp_events' END AS source,
                md5(r || ' ' || i) AS record_id, date AS recorded_on,
                lpad(CAST((h >> 50) % {DELIVERIES} AS VARCHAR), 2, '0') || repeat('5e', 15) AS batch_id
            FROM (
                SELECT d.*, c.*, DATE '{AS_OF}'
                    - CAST(least(pow((d.h >> 48) / 65536.0, 2) * 5475, d.years * 365) AS INTEGER) AS date
                FROM drawn d JOIN coded c ON c.key = d.key
            ) ORDER BY r, kind, system, code, date, i
        ) TO '{file}' (FORMAT parquet, COMPRESSION zstd)
    """)
    return int(connection.fetchall()[0][0])


def main() -> None:
    """Draw one population, and say what it is."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=110_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--into", type=Path)
    told = asked.parse_args()
    into = told.into or ROOT / "build" / "bench" / f"population-{told.people}"
    os.makedirs(into, exist_ok=True)
    population(people=told.people, into=into, seed=told.seed)
    print((into / WHOLE).read_text())


if __name__ == "__main__":
    main()
