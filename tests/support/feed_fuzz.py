"""
Give malformed deliveries to the feeds and hold what becomes of them against what must: the report of `make fuzz`.

Run: python -m tests.support.feed_fuzz [--files 10000] [--rows 10000] [--seed 1] [--json FILE]
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import datetime as dt
import json
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import duckdb

from tests.support.malformed import MARK, Spoilt, rows_of, spoilt_files, spoilt_rows
from wherry.feeds import actions, queries
from wherry.feeds.types import Receipt
from wherry.foundation.errors import InputWrong
from wherry.population import Store, connect

NOW = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
_DELIMITERS = ",\t;|"


@dataclasses.dataclass
class Report:
    """What became of the deliveries. wrong: what must not have been, by seed and number, never with a value."""

    files: int = 0
    refused: int = 0
    rows: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicate: int = 0
    slowest_seconds: float = 0.0
    ways: dict[str, int] = dataclasses.field(default_factory=dict)
    wrong: list[str] = dataclasses.field(default_factory=list)


def hold(*, spoilt: Iterable[Spoilt], land_each: int, report: Report) -> Report:
    """
    Receive each delivery and note what should not have been: a crash, a lost row, a value repeated.

    land_each: every how many-th is landed in a store and its rows counted there; the others are only checked.
    """
    ways: collections.Counter[str] = collections.Counter(report.ways)
    with tempfile.TemporaryDirectory() as folder:
        for number, one in enumerate(spoilt):
            ways[one.how] += 1
            began = time.perf_counter()
            report.wrong += [
                f"{one.contract.name}, file {number} ({one.how}): {said}"
                for said in _problems(one, Path(folder), report, lands=number % land_each == 0)
            ]
            report.slowest_seconds = max(report.slowest_seconds, time.perf_counter() - began)
    report.ways = dict(sorted(ways.items()))
    return report


def _problems(one: Spoilt, folder: Path, report: Report, *, lands: bool) -> list[str]:
    file = folder / "delivery.dat"
    file.write_bytes(one.content)
    report.files += 1
    store = Store(folder / f"store_{report.files}")
    try:
        receipt = (
            _receive(one, file, store)
            if lands
            else queries.check(contract=one.contract, files=[file], today=NOW.date())
        )
    except InputWrong as refusal:
        report.refused += 1
        return [*_told(str(refusal)), *(["something of it landed"] if list(store.path.rglob("*.parquet")) else [])]
    except Exception as error:  # the very thing this looks for
        return [f"crashed with {type(error).__module__}.{type(error).__name__}"]
    report.rows += receipt.rows_in
    report.accepted += receipt.accepted
    report.quarantined += receipt.quarantined
    report.duplicate += receipt.duplicate
    return _receipt_problems(one, receipt) + (_store_problems(store, receipt) if lands else [])


def _receive(one: Spoilt, file: Path, store: Store) -> Receipt:
    return actions.receive(contract=one.contract, files=[file], store=store, by="fuzz", received_at=NOW)


def _receipt_problems(one: Spoilt, receipt: Receipt) -> list[str]:
    told = json.dumps(dataclasses.asdict(receipt), default=str, ensure_ascii=False)
    found = _told(told)
    if one.rows is not None:
        counted = {one.rows}
    else:
        counted = rows_of(content=one.content, contract=one.contract, delimiters=_DELIMITERS)
    if receipt.rows_in not in counted:
        found.append(f"{receipt.rows_in} rows in, {sorted(counted)} counted")
    return found


def _store_problems(store: Store, receipt: Receipt) -> list[str]:
    [rows] = (store.path / "batches").glob("*/rows.parquet")
    with connect() as connection:
        connection.execute(f"SELECT outcome, count(*) FROM '{rows}' GROUP BY 1")
        landed = dict(connection.fetchall())
    expected = {name: getattr(receipt, name) for name in ("accepted", "quarantined", "duplicate")}
    ledger = (store.path / "ledger.jsonl").read_text() if (store.path / "ledger.jsonl").exists() else ""
    wrong = (
        [] if landed == {name: count for name, count in expected.items() if count} else ["the store holds other rows"]
    )
    return wrong + (["the ledger repeats a value"] if MARK in ledger else [])


def _told(said: str) -> list[str]:
    return ["a message repeats a value"] if MARK in said else []


def main() -> int:
    """Hold the feeds against so many malformed files and rows; exit 1 when anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("--files", 10_000), ("--rows", 10_000), ("--seed", 1)):
        parser.add_argument(name, type=int, default=default)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    contracts, began = queries.contracts(), time.perf_counter()
    report = hold(
        spoilt=spoilt_files(contracts=contracts, seed=asked.seed, number=asked.files), land_each=20, report=Report()
    )
    each = -(-asked.rows // len(contracts))
    rows = [spoilt_rows(contract=one, seed=asked.seed, number=each) for one in contracts]
    hold(spoilt=rows, land_each=1, report=report)
    told = {
        **dataclasses.asdict(report),
        "seed": asked.seed,
        "seconds": round(time.perf_counter() - began, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "machine": platform.platform(),
    }
    if asked.json:
        asked.json.write_text(json.dumps(told, indent=2) + "\n")
    for name, value in told.items():
        print(f"{name:<16} {json.dumps(value) if isinstance(value, dict | list) else value}")
    return 1 if report.wrong or told["peak_mb"] > 1_536 else 0


if __name__ == "__main__":
    sys.exit(main())
