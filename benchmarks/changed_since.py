"""
Measure a run since another beside a whole run, over the same day's news: one person in a hundred has new facts.

Three kinds of news: none but the day; facts in a file of their own; the facts rewritten as a whole, as linking does.
Each answer is compared with the whole run's, byte for byte.

Run: PYTHONPATH=src .venv/bin/python benchmarks/changed_since.py [--people 110000] [--runs 3]
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import resource
import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

import duckdb  # noqa: E402  # after the paths
from population import AS_OF, population  # noqa: E402
from risk_contestants import definition  # noqa: E402

from wherry.population import Store, connect  # noqa: E402
from wherry.programmes.files import load  # noqa: E402
from wherry.programmes.types import ProgrammeFiles  # noqa: E402
from wherry.risk.actions import stratify  # noqa: E402

TOMORROW = AS_OF + dt.timedelta(days=1)
Took = tuple[float, float]


def main() -> None:
    """Print a line for each kind of news: people looked at again, seconds, and the part of a whole run they are."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=110_000)
    asked.add_argument("--runs", type=int, default=3)
    given = asked.parse_args()
    drawn = population(people=given.people, into=ROOT / "build" / "bench" / f"population-{given.people}")
    work = ROOT / "build" / "bench" / "changed-since"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(drawn.path, work / "store", copy_function=os.link)
    store, files = Store(work / "store"), _definition(work)
    print(f"{platform.machine()}, {os.cpu_count()} cores, DuckDB {duckdb.__version__}, {given.people:,} people")
    before = stratify(files=files, store=store, as_of=AS_OF, out=work / "before.parquet", by="benchmark").out
    _measured("only the day", files, store, before, given.runs)
    _add_news(store)
    _measured("1 % in a file of their own", files, store, before, given.runs)
    _rewrite(store)
    _measured("1 % in rewritten facts", files, store, before, given.runs)
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MB")
    shutil.rmtree(work)


def _definition(work: Path) -> ProgrammeFiles:
    return load(definition.write_large(work / "definition", programme=ROOT / "programmes" / "covid_protect"))


def _measured(name: str, files: ProgrammeFiles, store: Store, before: Path, runs: int) -> None:
    took: dict[bool, list[Took]] = {True: [], False: []}
    looked_at, answers = 0, {}
    for _ in range(runs):
        for since in (True, False):
            wall, cpu, out = time.perf_counter(), time.process_time(), before.parent / f"{since}.parquet"
            done = stratify(
                files=files,
                store=store,
                as_of=TOMORROW,
                out=out,
                by="benchmark",
                changed_since=before if since else None,
            )
            took[since].append((time.perf_counter() - wall, time.process_time() - cpu))
            answers[since] = out.read_bytes()
            looked_at = done.looked_at if since else looked_at
    assert answers[True] == answers[False], f"{name}: the answers differ"
    some, whole = min(took[True], key=lambda one: one[1]), min(took[False], key=lambda one: one[1])
    print(
        f"{name:<28} {looked_at:>9,} looked at: {some[0]:6.2f} s wall {some[1]:6.2f} s CPU;"
        f" whole {whole[0]:6.2f} / {whole[1]:6.2f}; 1/{whole[1] / some[1]:.1f} of the CPU; same bytes"
    )


def _add_news(store: Store) -> None:
    with connect() as connection:
        facts = store.source_sql("facts")
        day = f"DATE '{AS_OF.isoformat()}'"
        news = f"SELECT * REPLACE ({day} AS date) FROM ({facts}) WHERE hash(person_id) % 100 = 0"
        one_each = f"{news} QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY code, record_id) = 1"
        connection.execute(f"COPY ({one_each}) TO '{store.path}/facts/news.parquet' (FORMAT parquet)")


def _rewrite(store: Store) -> None:
    with connect() as connection:
        new = store.path / "facts.new"
        connection.execute(f"COPY ({store.source_sql('facts')}) TO '{new}' (FORMAT parquet, COMPRESSION zstd)")
    shutil.rmtree(store.path / "facts")
    (store.path / "facts").mkdir()
    new.rename(store.path / "facts" / "all.parquet")


if __name__ == "__main__":
    main()
