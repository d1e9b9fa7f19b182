"""
How well linkage does on sets whose truth is known: precision and recall, printed as text or JSON.

Run: PYTHONPATH=src .venv/bin/python benchmarks/linkage_accuracy.py [--json] [--county 20000]
The published sets need ../shared/data/linkage; with --county only the invented county of so many residents is measured.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb

from wherry.feeds.actions import receive
from wherry.feeds.queries import contract
from wherry.nonprod.county import write_county
from wherry.nonprod.county.scoring import score
from wherry.people.linkage.actions import find_clusters, link
from wherry.people.linkage.reading import load_records
from wherry.population import Store, connect

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "linkage"
Row = tuple[str, dict[str, str | None], str | None]


def febrl(*names: str) -> list[Row]:
    """Read FEBRL rows as (truth, record fields, contact)."""
    found: list[Row] = []
    for name in names:
        with (DATA / name).open(newline="") as text:
            for row in csv.DictReader(text, skipinitialspace=True):
                born = row["date_of_birth"].strip()
                fields = {
                    "given_name": row["given_name"],
                    "family_name": row["surname"],
                    "birth_date": f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else None,
                    "address": " ".join(filter(None, (row["street_number"], row["address_1"], row["suburb"]))),
                    "postcode": row["postcode"],
                }
                found.append(
                    (row["rec_id"].split("-")[1], {k: (v or "").strip() or None for k, v in fields.items()}, None)
                )
    return found


def fake_1000() -> list[Row]:
    """Read Splink's own made-up thousand. Its city stands where a postcode would."""
    with (DATA / "fake_1000.csv").open(newline="") as text:
        return [
            (
                row["cluster"],
                {
                    "given_name": row["first_name"] or None,
                    "family_name": row["surname"] or None,
                    "birth_date": row["dob"] or None,
                    "postcode": row["city"] or None,
                },
                row["email"] or None,
            )
            for row in csv.DictReader(text)
        ]


def measure(name: str, read: Callable[[], list[Row]]) -> dict[str, object]:
    """Land the rows as one batch, cluster them, and compare pairs with the truth."""
    rows = read()
    with tempfile.TemporaryDirectory() as folder:
        store = _landed(Path(folder), rows)
        began = time.perf_counter()
        with connect() as connection:
            load_records(connection=connection, store=store)
            found = find_clusters(connection=connection)
        seconds = time.perf_counter() - began
    truth: dict[str, list[str]] = {}
    for number, row in enumerate(rows):
        truth.setdefault(row[0], []).append(f"{number:06d}")
    true, linked = _pairs(truth.values()), _pairs(found.clusters)
    review = {tuple(sorted((each.pair.left, each.pair.right))) for each in found.review}
    return {
        "set": name,
        "records": len(rows),
        "precision": round(len(true & linked) / max(1, len(linked)), 5),
        "recall": round(len(true & linked) / max(1, len(true)), 4),
        "recall_with_review": round(len(true & (linked | review)) / max(1, len(true)), 4),
        "wrong_links": len(linked - true),
        "review_pairs": len(review),
        "seconds": round(seconds, 2),
    }


def _landed(folder: Path, rows: list[Row]) -> Store:
    batch = folder / "batches" / "truth"
    batch.mkdir(parents=True)
    (batch / "manifest.json").write_text(json.dumps({"batch_id": "truth", "sequence": 1}))
    names = (
        *("nhs_number", "given_name", "family_name", "birth_date", "sex", "ethnicity", "language", "address"),
        *("postcode", "lsoa", "imd_decile", "uprn", "place", "practice_code"),
    )
    connection = duckdb.connect()
    typed = ", ".join(f"{name} {'DATE' if name == 'birth_date' else 'VARCHAR'}" for name in names)
    connection.execute(f"CREATE TABLE records (record_id VARCHAR, row_number BIGINT, recorded_on DATE, {typed})")
    connection.execute("CREATE TABLE points (record_id VARCHAR, kind VARCHAR, value VARCHAR)")
    for number, (_, fields, contact) in enumerate(rows):
        values = [fields.get(name) for name in names]
        values[3] = _date(connection, values[3])
        connection.execute(
            f"INSERT INTO records VALUES ({', '.join('?' * (len(names) + 3))})",
            [f"{number:06d}", number, None, *values],
        )
        if contact:
            connection.execute("INSERT INTO points VALUES (?, 'email', ?)", [f"{number:06d}", contact])
    connection.execute(f"COPY records TO '{batch}/records.parquet' (FORMAT parquet)")
    connection.execute(f"COPY points TO '{batch}/contact_points.parquet' (FORMAT parquet)")
    return Store(folder)


def _date(connection: duckdb.DuckDBPyConnection, text: str | None) -> str | None:
    return text if connection.execute("SELECT TRY_CAST(? AS DATE) IS NOT NULL", [text]).fetchall()[0][0] else None


def _pairs(groups: Iterable[Iterable[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in itertools.combinations(sorted(group), 2)}


SETS: dict[str, Callable[[], list[Row]]] = {
    "febrl 3": lambda: febrl("febrl_dataset3.csv"),
    "febrl 4": lambda: febrl("febrl_dataset4a.csv", "febrl_dataset4b.csv"),
    "fake 1000": fake_1000,
}


def measure_county(people: int) -> dict[str, object]:
    """Write an invented county, take its files in, link them, and compare with its truth."""
    with tempfile.TemporaryDirectory() as folder:
        county = write_county(people=people, seed=1, start_on=dt.date(2026, 3, 2), into=Path(folder) / "files")
        store = Store(Path(folder) / "store")
        for delivery in county.deliveries:
            receive(
                contract=contract(name=delivery.contract),
                files=delivery.files,
                store=store,
                by="benchmark",
                received_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC),
                extracted_on=delivery.extracted_on,
                control_total=delivery.control_total,
                synthetic=True,
            )
        began = time.perf_counter()
        link(store=store, by="benchmark")
        seconds = time.perf_counter() - began
        found = {"set": f"county of {people}", **dataclasses.asdict(score(county=county, store=store))}
        return {**found, "seconds": round(seconds, 2)}


def main() -> None:
    """Measure every set."""
    if "--county" in sys.argv:
        one = measure_county(int(sys.argv[sys.argv.index("--county") + 1]))
        sys.stdout.write(json.dumps(one, indent=2) + "\n")
        return
    if not DATA.is_dir():
        sys.exit(f"the truth sets are not there: {DATA}")
    found = [measure(name, read) for name, read in SETS.items()]
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    for one in found:
        sys.stdout.write("  ".join(f"{key} {value}" for key, value in one.items()) + "\n")


if __name__ == "__main__":
    main()
