"""
Measure who enters and leaves by a new version beside one whole run of one version, over the same store.

Run: PYTHONPATH=src .venv/bin/python benchmarks/two_versions.py [--people 1100000] [--runs 3]
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

import duckdb  # noqa: E402  # after the paths
from population import AS_OF, population  # noqa: E402
from risk_contestants import definition  # noqa: E402

from wherry.population import Store  # noqa: E402
from wherry.programmes.files import load  # noqa: E402
from wherry.risk.actions import stratify  # noqa: E402
from wherry.risk.versions import between  # noqa: E402


def main() -> None:
    """Print seconds of processor and wall for both, the least and the middle, and the part the one is of the other."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=1_100_000)
    asked.add_argument("--runs", type=int, default=3)
    given = asked.parse_args()
    drawn = population(people=given.people, into=ROOT / "build" / "bench" / f"population-{given.people}")
    work = ROOT / "build" / "bench" / "two-versions"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(drawn.path, work / "store", copy_function=os.link)
    store = Store(work / "store")
    old, new = (
        definition.write_large(work / name, programme=ROOT / "programmes" / "covid_protect") for name in ("a", "b")
    )
    rules = new / "risk.yaml"
    rules.write_text(
        rules.read_text().replace("at_least: 80", "at_least: 75").replace("at_least: 9\n", "at_least: 8\n")
    )
    before, after = load(old), load(new)
    print(f"{platform.machine()}, {os.cpu_count()} cores, DuckDB {duckdb.__version__}, {given.people:,} people")
    both = _measured("both versions", given.runs, lambda: between(before=before, after=after, store=store, as_of=AS_OF))
    out = work / "one.parquet"
    one = _measured(
        "one list", given.runs, lambda: stratify(files=after, store=store, as_of=AS_OF, out=out, by="benchmark")
    )
    print(f"both versions take {both / one:.2f} of the processor time of one list")
    shutil.rmtree(work)


def _measured(name: str, runs: int, work: Callable[[], object]) -> float:
    """Print what it takes, and give the least processor seconds."""
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    told = ", ".join(
        f"{what} {min(took):.1f} least {statistics.median(took):.1f} middle"
        for what, took in (("wall", walls), ("CPU", cpus))
    )
    print(f"{name}: {told}")
    return min(cpus)


if __name__ == "__main__":
    main()
