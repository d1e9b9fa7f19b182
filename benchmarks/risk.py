"""
What finding everybody at risk costs, beside what others need for the same answer, in one run on one machine.

- side: ours from the definition's file to the explained result, hand-tuned SQL, Polars, Spark, and a bare scan
- flat: the same codes cut into 10, 20, 40 and 60 criteria
- growth: three sizes of population and the line through them, with what it says of 60 million people
- explain: one person, asked about in a process that is already running

Every contestant is a process of its own; they take turns, and their counts must agree.

Run: .venv/bin/python benchmarks/risk.py [--people 1100000] [--runs 3] [--only side,explain] [--json FILE]
A short run: --people 110000 --runs 1 --without spark. The full one needs 6 GB of disk under build/bench.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import json
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

import measuring  # noqa: E402  # after the paths
from population import WHOLE  # noqa: E402
from risk_contestants import definition  # noqa: E402

from wherry.population import Store, connect  # noqa: E402

HOME = ROOT / "build" / "bench"
PROGRAMME = ROOT / "programmes" / "covid_protect"
PEERS = {"tuned": "duckdb_tuned", "polars": "polars_streaming", "spark": "spark_tuned", "floor": "floor"}
CONTESTANTS = ("ours", *PEERS)
PARTS = ("side", "flat", "growth", "explain")
CRITERIA = (10, 20, 40, 60)
COUNTRY = 60_000_000


def main() -> None:
    """Measure what was asked for, print it, and keep it as JSON."""
    asked = _asked()
    if asked.contestant:
        sys.stdout.write(json.dumps(_peer(asked.contestant, Path(asked.store), Path(asked.out))))
        return
    found: dict[str, Any] = {"machine": measuring.machine("duckdb", "polars", "pyspark"), "people": asked.people}
    print(json.dumps(found["machine"], indent=2))
    parts: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
        "side": side,
        "flat": flat,
        "growth": growth,
        "explain": explain,
    }
    for name in asked.only:
        found[name] = parts[name](asked)
        if asked.json:
            asked.json.write_text(json.dumps(found, indent=2) + "\n")


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--people", type=int, default=1_100_000, help="the largest population (91 facts each)")
    words.add_argument("--runs", type=int, default=3, help="how often each is run")
    words.add_argument("--only", type=_several(PARTS), default=list(PARTS), help="parts, with commas between")
    words.add_argument("--without", type=_several(CONTESTANTS), default=[], help="contestants to leave out")
    words.add_argument("--json", type=Path, help="also write everything to this file")
    words.add_argument("--contestant", choices=PEERS, help=argparse.SUPPRESS)
    words.add_argument("--store", help=argparse.SUPPRESS)
    words.add_argument("--out", help=argparse.SUPPRESS)
    return words.parse_args()


def _several(known: Sequence[str]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        named = text.split(",")
        if not set(named) <= set(known):
            raise argparse.ArgumentTypeError(f"choose of {', '.join(known)}")
        return named

    return read


def _peer(name: str, store: Path, out: Path) -> dict[str, Any]:
    counts: dict[str, Any] = importlib.import_module(f"risk_contestants.{PEERS[name]}").run(
        store=store, out=out, spill=out.parent / "spill"
    )
    return counts


def side(asked: argparse.Namespace) -> dict[str, Any]:
    """Run everybody by turns on the whole population; refuse figures of contestants that do not agree."""
    _store(asked.people)
    definition.write_large(HOME / "large", programme=PROGRAMME)
    names = [name for name in CONTESTANTS if name not in asked.without]
    runs: dict[str, list[measuring.Run]] = {name: [] for name in names}
    counts: dict[str, dict[str, int]] = {}
    for _ in range(asked.runs):
        for name in names:
            one, counts[name] = _once(name, asked.people, HOME / "large")
            runs[name].append(one)
            print(f"  {name:8} {one.wall:7.2f} s wall {one.cpu:7.2f} s cpu {one.megabytes:6} MB", flush=True)
    for name in names:
        if counts[name] and counts[name] != counts[names[0]]:
            apart = {key for key in counts[names[0]] if counts[names[0]][key] != counts[name].get(key)}
            sys.exit(f"{name} and {names[0]} do not mean the same: {sorted(apart)[:5]}")
    found = {name: measuring.summary(each) for name, each in runs.items()}
    _print(f"large definition, {asked.people:,} people", found, "tuned" if "tuned" in found else names[0])
    return found


def flat(asked: argparse.Namespace) -> dict[str, Any]:
    """Run ours on the same codes in more and more criteria."""
    _store(asked.people)
    folders = {
        number: definition.write_many(HOME / f"many-{number}", programme=PROGRAMME, number=number)
        for number in CRITERIA
    }
    runs: dict[str, list[measuring.Run]] = {f"{number} criteria": [] for number in CRITERIA}
    for _ in range(asked.runs):
        for number, folder in folders.items():
            runs[f"{number} criteria"].append(_once("ours", asked.people, folder)[0])
    found = {name: measuring.summary(each) for name, each in runs.items()}
    _print(f"the same codes, {asked.people:,} people", found, f"{CRITERIA[0]} criteria")
    return found


def growth(asked: argparse.Namespace) -> dict[str, Any]:
    """Run ours on three sizes, and say what the line through them makes of a country."""
    definition.write_large(HOME / "large", programme=PROGRAMME)
    sizes = [asked.people // 10, asked.people * 3 // 10, asked.people]
    runs: dict[int, list[measuring.Run]] = {size: [] for size in sizes}
    for size in sizes:
        _store(size)
    for _ in range(asked.runs):
        for size in sizes:
            runs[size].append(_once("ours", size, HOME / "large")[0])
    found: dict[str, Any] = {f"{size:,} people": measuring.summary(each) for size, each in runs.items()}
    _print("growth", found, f"{sizes[0]:,} people")
    walls = [found[f"{size:,} people"]["wall_min"] for size in sizes]
    slope, start = statistics.linear_regression(sizes, walls)
    steepest = (walls[-1] - walls[-2]) / (sizes[-1] - sizes[-2])
    found["country_minutes"] = [round((start + rate * COUNTRY) / 60, 1) for rate in sorted((slope, steepest))]
    print(
        f"  a million people: {slope * 1e6:.2f} s on the line, {steepest * 1e6:.2f} s between the two largest sizes;"
        f" so {COUNTRY:,} people: {found['country_minutes'][0]} to {found['country_minutes'][1]} minutes\n"
    )
    return found


def explain(asked: argparse.Namespace) -> dict[str, Any]:
    """Ask about single people in a process that has read the definition."""
    from wherry.programmes.files import load
    from wherry.risk.queries import explain as told_of

    store = _store(asked.people)
    files = load(definition.write_large(HOME / "large", programme=PROGRAMME))
    with connect() as connection:
        sample = f"SELECT person_id FROM '{store.path}/persons.parquet' ORDER BY hash(person_id) LIMIT 41"
        ids = [row[0] for row in connection.execute(sample).fetchall()]
    milliseconds = []
    for person_id in ids:
        began = time.perf_counter()
        told_of(files=files, store=store, as_of=dt.date.fromisoformat(definition.AS_OF), person_ids=[person_id])
        milliseconds.append((time.perf_counter() - began) * 1000)
    first, *rest = milliseconds
    ordered = sorted(rest)
    found = {
        "first_ms": round(first, 1),
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
    }
    print(f"explaining one person of {asked.people:,}: {found}\n")
    return found


def _store(people: int) -> Store:
    into = HOME / f"population-{people}"
    # In a process of its own: a child's largest memory never reads less than its parent's at the start.
    command = [sys.executable, str(ROOT / "benchmarks" / "population.py"), "--people", str(people), "--into", str(into)]
    measuring.run(command, environment={}, folder=HOME / "scratch")
    told = json.loads((into / WHOLE).read_text())
    print(f"{told['people']:,} people, {told['facts']:,} facts, {told['bytes'] / 1e6:,.0f} MB", flush=True)
    return Store(into)


def _once(name: str, people: int, programme: Path) -> tuple[measuring.Run, dict[str, int]]:
    store, scratch = HOME / f"population-{people}", HOME / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    out = scratch / "out.parquet"
    if name == "ours":
        asked = ["wherry", "risk", "stratify", str(programme), "--store", str(store), "--as-of", definition.AS_OF]
        command = [sys.executable, "-m", *asked, "--out", str(out), "--by", "benchmark"]
    else:
        command = [sys.executable, __file__, "--contestant", name, "--store", str(store), "--out", str(out)]
    one = measuring.run(command, environment={"PYTHONPATH": str(ROOT / "src")}, folder=scratch)
    return one, _ours(out) if name == "ours" else json.loads(one.said)


def _ours(out: Path) -> dict[str, int]:
    counts = json.loads(out.with_suffix(".run.json").read_text())["counts"]
    places = {f"{name} {tier}": n for name, tiers in counts["categories"].items() for tier, n in tiers.items()}
    return {"living": counts["living"], **counts["criteria"], **places}


def _print(title: str, found: dict[str, Any], against: str) -> None:
    print(f"\n{title}: wall and cpu are seconds, the least and the median")
    print(f"  {'':18}{'wall':>16}{'cpu':>16}{'memory':>10}{'cpu / ' + against:>22}")
    for name, each in found.items():
        ratio = each["cpu_median"] / found[against]["cpu_median"]
        wall, cpu = (f"{each[f'{kind}_min']:.2f} {each[f'{kind}_median']:.2f}" for kind in ("wall", "cpu"))
        print(f"  {name:18}{wall:>16}{cpu:>16}{each['megabytes']:>7} MB{ratio:>22.2f}")
    print(flush=True)


if __name__ == "__main__":
    main()
