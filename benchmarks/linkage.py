"""
Linkage of a whole county on a hard invented population: quality and cost, ours and Splink over everything, by turns.

Both start from the same landed batches and the same folded records, each in a process of its own; Splink has the same
comparisons and blocks with the NHS number as one more of each, the best of four thresholds, and no rule of ours. Cost:
wall and CPU seconds and peak memory of the whole process, and of the matching alone (without reading and folding).

Run: .venv/bin/python benchmarks/linkage.py [--people 1070000] [--runs 3] [--json FILE] [--write FILE] [--end-to-end]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

import linkage_people  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

THRESHOLDS = (0.5, 0.999, 0.99999, 0.9999999)
SPLINK_MEMORY = "12GB"  # it needs more than the 1 GB ours is held to


def ours(folder: Path) -> dict[str, Any]:
    """Link by two passes in 1 GB."""
    from linkage_score import conflicts_inside

    from wherry.people.linkage.actions import find_clusters
    from wherry.people.linkage.reading import load_records
    from wherry.population import Store, connect

    began = _now()
    with connect(memory_limit="1GB", spill=folder / "spill") as connection:
        load_records(connection=connection, store=Store(folder / "store"))
        loaded = _now()
        found = find_clusters(connection=connection)
        cost = _cost(began, loaded)
        connection.execute(
            f"COPY (SELECT record_id, part AS cluster FROM member JOIN record USING (key)) TO '{folder}/ours.parquet'"
        )
        connection.execute(f"""
            COPY (SELECT a.record_id AS left_record, b.record_id AS right_record, why
            FROM waiting JOIN record a ON a.key = l JOIN record b ON b.key = r) TO '{folder}/review.parquet'
        """)
        conflicts = conflicts_inside(connection=connection)
    return {
        **cost,
        "conflicts": conflicts,
        "refused": found.refused,
        "review": found.waiting,
        "pairs": dict(found.pairs),
    }


def splink(folder: Path) -> dict[str, Any]:
    """Score everything with everything in Splink's blocks, and cluster at each threshold; the first is timed."""
    import logging

    from splink import DuckDBAPI, Linker

    from wherry.people.linkage.reading import load_records
    from wherry.population import Store, connect

    logging.getLogger("splink").setLevel(logging.ERROR)
    began = _now()
    with connect(memory_limit=SPLINK_MEMORY, spill=folder / "spill") as connection:
        records = load_records(connection=connection, store=Store(folder / "store"))
        loaded = _now()
        connection.execute(
            "CREATE TABLE everybody AS SELECT * REPLACE (CAST(birth_date AS VARCHAR) AS birth_date) FROM record"
        )
        connection.execute("ALTER TABLE everybody RENAME birth_date TO born")
        database = DuckDBAPI(connection)
        linker = Linker(database.register("everybody"), _splink_settings(records), log_level=logging.ERROR)
        scored = linker.inference.predict(threshold_match_probability=THRESHOLDS[0], warning_mode="never")
        cost: dict[str, Any] = {}
        for threshold in THRESHOLDS:
            clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
                scored, threshold_match_probability=threshold
            )
            cost = cost or _cost(began, loaded)
            connection.execute(
                f"COPY (SELECT record_id, cluster_id AS cluster FROM {clusters.physical_name})"
                f" TO '{folder}/splink-{threshold}.parquet'"
            )
    return cost


def _splink_settings(records: int) -> Any:
    from wherry.people.linkage.pairing import _BLOCKS, _TURNED
    from wherry.people.linkage.weights import _comparison, _comparisons

    def sides(one: str) -> str:
        return " = ".join(one.replace("birth_date", "born").replace("substr(", f"substr({s}.") if "(" in one else
                          f"{s}.{one.replace('birth_date', 'born')}" for s in "lr")  # fmt: skip

    from splink import SettingsCreator

    blocks = ["l.nhs_number = r.nhs_number", *(f"{sides(a)} AND {sides(b)}" for a, b in _BLOCKS)]
    blocks.append(_TURNED.replace("birth_date", "born"))
    number = _comparison("nhs_number", [("nhs_number_l = nhs_number_r", 0.998, 0.000001)], else_=(0.002, 0.999999))
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        probability_two_random_records_match=1 / max(records, 500),
        blocking_rules_to_generate_predictions=[{"blocking_rule": one, "sql_dialect": "duckdb"} for one in blocks],
        comparisons=[number, *_comparisons(by_frequency=True)],
        retain_matching_columns=False,
    )


def end_to_end(folder: Path) -> dict[str, Any]:
    """What `wherry people link` does: the store in, its tables out; then once more, when nothing is new."""
    from wherry.people.linkage.actions import link
    from wherry.population import Store

    began = _now()
    report = link(store=Store(folder / "store"), by="benchmark")
    cost = _cost(began, began)
    again = _now()
    second = link(store=Store(folder / "store"), by="benchmark")
    return {**cost, "persons": report.persons, "again_s": round(_now()[0] - again[0], 2), "new_links": second.new_links}


def _now() -> tuple[float, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), used.ru_utime + used.ru_stime


def _cost(began: tuple[float, float], loaded: tuple[float, float]) -> dict[str, Any]:
    wall, cpu = _now()
    return {
        "wall_s": round(wall - began[0], 2),
        "cpu_s": round(cpu - began[1], 2),
        "matching_wall_s": round(wall - loaded[0], 2),
        "matching_cpu_s": round(cpu - loaded[1], 2),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


MODES = {"ours": ours, "splink": splink, "end_to_end": end_to_end}


def run(mode: str, folder: Path) -> dict[str, Any]:
    """Run a mode in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", __file__, "--mode", mode, "--folder", str(folder)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(*, people: int, runs: int, seed: int, whole: bool) -> dict[str, Any]:
    """Land the invented population, then run both by turns and compare them with the truth."""
    from linkage_score import quality

    with tempfile.TemporaryDirectory(dir=os.environ.get("WHERRY_BENCH_FOLDER")) as name:
        folder = Path(name)
        _, truth = linkage_people.write(people=people, seed=seed, into=folder)
        records = pq.read_metadata(truth).num_rows
        kept: dict[str, list[dict[str, Any]]] = {"ours": [], "splink": []}
        for _ in range(runs):
            for mode, results in kept.items():
                results.append(run(mode, folder))
        found = quality(truth=truth, clusters=folder / "ours.parquet", review=folder / "review.parquet").row()
        theirs = {str(at): quality(truth=truth, clusters=folder / f"splink-{at}.parquet").row() for at in THRESHOLDS}
        story = {"end_to_end": run("end_to_end", folder)} if whole else {}
        shutil.rmtree(folder / "store")
    keep = ("conflicts", "refused", "review", "pairs")
    return {
        "machine": machine(),
        "people": people,
        "records": records,
        "runs": runs,
        "ours": {**_middle(kept["ours"]), **{k: kept["ours"][0][k] for k in keep}, **found},
        "splink": {**_middle(kept["splink"]), "by_threshold": theirs},
        "ratios": _ratios(kept),
        **story,
    }


def _middle(results: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("wall_s", "cpu_s", "matching_wall_s", "matching_cpu_s", "rss_mb")
    return {
        name: {"min": min(each), "median": statistics.median(each)}
        for name in names
        for each in [[one[name] for one in results]]
    }


def _ratios(kept: dict[str, list[dict[str, Any]]]) -> dict[str, float]:
    names = ("wall_s", "cpu_s", "matching_wall_s", "matching_cpu_s", "rss_mb")
    return {
        f"splink_to_ours_{name}": round(
            statistics.median(
                theirs[name] / max(0.01, mine[name]) for theirs, mine in zip(kept["splink"], kept["ours"], strict=True)
            ), 2
        )
        for name in names
    }  # fmt: skip


def machine() -> dict[str, Any]:
    """Say what the numbers were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cpus": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "load": round(os.getloadavg()[0], 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("duckdb", "splink")},
    }


_PAGE = """\
# What linkage costs

Written by `make bench-link`; measure again rather than change it. {people:,} invented people, {records:,} records of
five senders, made to be hard to link; {runs} runs by turns, each in a process of its own, least and median. Ours has
1 GB of database memory, Splink {memory}. *Matching* leaves out reading and folding the records, which is the same
code in both.

| | ours | Splink over everything | ratio of medians |
|---|---|---|---|
{rows}
| links across a hard conflict | {conflicts} | not asked | |
| waiting for a person | {review:,} pairs | none | |

| | precision (95 % interval) | recall (95 % interval) | wrong pairs |
|---|---|---|---|
{quality}

Splink over everything has the same comparisons, weights and blocks, the NHS number as one comparison more, and no rule
of ours; a row for each threshold it was clustered at.
{story}
Measured on {cpus} CPUs, {memory_gib} GiB, {system}, Python {python}, DuckDB {duckdb}, Splink {splink}; load of the
machine at the end {load}.
Where the load is more than the CPUs, wall seconds say little: compare CPU seconds.
"""
_COSTS = {
    "wall_s": "wall, seconds",
    "cpu_s": "CPU, seconds",
    "matching_wall_s": "matching, wall",
    "matching_cpu_s": "matching, CPU",
    "rss_mb": "peak memory, MB",
}


def page(found: dict[str, Any]) -> str:
    """Write the page of the reference."""
    ours, theirs = found["ours"], found["splink"]
    rows = [
        f"| {words} | {ours[name]['min']} / {ours[name]['median']} | {theirs[name]['min']} / {theirs[name]['median']}"
        f" | {theirs[name]['median'] / max(0.01, ours[name]['median']):.1f} |"
        for name, words in _COSTS.items()
    ]
    quality = [
        _quality("ours", ours),
        *(_quality(f"Splink at {at}", one) for at, one in theirs["by_threshold"].items()),
    ]
    story = ""
    if "end_to_end" in found:
        whole = found["end_to_end"]
        story = (
            "\n`wherry people link` end to end, the store in and its tables out:"
            f" {whole['wall_s']} s, {whole['cpu_s']} CPU seconds, {whole['rss_mb']} MB at most;"
            f" again, with nothing new: {whole['again_s']} s and"
            f" {whole['new_links']} new links.\n"
        )
    return _PAGE.format(
        **{name: found[name] for name in ("people", "records", "runs")},
        **found["machine"],
        rows="\n".join(rows),
        quality="\n".join(quality),
        conflicts=ours["conflicts"],
        review=ours["review"],
        memory=SPLINK_MEMORY,
        story=story,
    )


def _quality(name: str, one: dict[str, Any]) -> str:
    (low, high), (least, most) = one["precision_interval"], one["recall_interval"]
    precision = f"{one['precision']:.5f} ({low:.5f} to {high:.5f})"
    return f"| {name} | {precision} | {one['recall']:.4f} ({least:.4f} to {most:.4f}) | {one['wrong_pairs']:,} |"


def main() -> None:
    """Measure, print, and write what was asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=linkage_people.FULL)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--end-to-end", action="store_true")
    asked.add_argument("--json", type=Path)
    asked.add_argument("--write", type=Path)
    asked.add_argument("--mode", choices=MODES, help=argparse.SUPPRESS)
    asked.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.mode:
        print(json.dumps(MODES[given.mode](given.folder)))
        return
    found = measure(people=given.people, runs=given.runs, seed=given.seed, whole=given.end_to_end)
    text = json.dumps(found, indent=2)
    print(text)
    if given.write:
        given.write.write_text(page(found))
    if given.json:
        given.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
