"""
How well linkage does on sets whose truth is known: precision and recall with intervals, as text, JSON or a page.

Nothing is fitted: the same weights, thresholds and rules link every set, and none was chosen by looking at its labels.

Run: .venv/bin/python benchmarks/linkage_accuracy.py [--json] [--write FILE] [--data FOLDER] [--county 20000]
--write: the page docs/reference/linkage_accuracy.md. --data: the published sets; without them the county and the hard
invented population alone are measured.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import functools
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import linkage_people
import pyarrow as pa
import pyarrow.parquet as pq
from linkage_score import Quality, conflicts_inside, quality

from wherry.feeds.actions import receive
from wherry.feeds.queries import contract
from wherry.nonprod.county import write_county
from wherry.nonprod.county.scoring import score
from wherry.people.linkage.actions import find_clusters, link
from wherry.people.linkage.reading import load_records
from wherry.population import Store, connect

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "linkage"
Row = tuple[str, dict[str, str | None], str | None]


def febrl(data: Path, *names: str) -> list[Row]:
    """Read FEBRL rows as (truth, record fields, contact)."""
    found: list[Row] = []
    for name in names:
        with (data / name).open(newline="") as text:
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


def fake_1000(data: Path) -> list[Row]:
    """Read Splink's own made-up thousand. Its city stands where a postcode would."""
    with (data / "fake_1000.csv").open(newline="") as text:
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


def measure(name: str, read: Callable[[], list[Row]]) -> dict[str, Any]:
    """Land the rows as one batch, cluster them, and compare pairs with the truth."""
    rows = read()
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        _landed(folder, rows)
        truth = duckdb.from_arrow(
            pa.table({"record_id": [f"{n:06d}" for n in range(len(rows))], "person": [row[0] for row in rows]})
        )
        truth.write_parquet(str(folder / "truth.parquet"))
        return {"set": name, "records": len(rows), **clustered(folder, folder, folder / "truth.parquet")}


def clustered(store: Path, folder: Path, truth: Path) -> dict[str, Any]:
    """Cluster a store's records and compare them with the truth."""
    with connect() as connection:
        load_records(connection=connection, store=Store(store))
        find_clusters(connection=connection)
        connection.execute(f"""
            COPY (SELECT record_id, part AS cluster FROM member JOIN record USING (key)) TO '{folder}/found.parquet'
        """)
        connection.execute(f"""
            COPY (SELECT a.record_id AS left_record, b.record_id AS right_record FROM waiting
            JOIN record a ON a.key = l JOIN record b ON b.key = r) TO '{folder}/review.parquet'
        """)
        review = connection.execute("SELECT count(*) FROM waiting").fetchall()[0][0]
        conflicts = conflicts_inside(connection=connection)
    found = quality(truth=truth, clusters=folder / "found.parquet", review=folder / "review.parquet")
    return {**found.row(), "review": review, "conflicts": conflicts}


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


SETS: dict[str, Callable[[Path], list[Row]]] = {
    "febrl 3": lambda data: febrl(data, "febrl_dataset3.csv"),
    "febrl 4": lambda data: febrl(data, "febrl_dataset4a.csv", "febrl_dataset4b.csv"),
    "fake 1000": fake_1000,
}


def measure_county(people: int) -> dict[str, Any]:
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
        link(store=store, by="benchmark")
        found = score(county=county, store=store)
    right = round(found.recall * found.true_pairs)
    waiting = round(found.recall_with_review * found.true_pairs) - right
    counted = Quality(found.true_pairs, right + found.wrong_links, right, waiting)
    return {"set": f"county of {people:,}", "records": found.records, **counted.row(), "review": found.review}


def measure_hard(people: int) -> dict[str, Any]:
    """Measure the invented population that is hard to link."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        store, truth = linkage_people.write(people=people, seed=1, into=folder, facts_each=0)
        records = pq.read_metadata(truth).num_rows
        return {"set": f"hard, {people:,} people", "records": records, **clustered(store, folder, truth)}


_PAGE = """\
# How well linkage does

Written by `make bench-link`; measure again rather than change it.

Pairs of records. *Precision*: of the pairs linked, how many are one person. *Recall*: of the pairs that are one person,
how many are linked; in brackets also counting those that wait for a person to look at them. Intervals are Wilson's,
95 %, as if pairs were independent. Nothing is fitted to a set: the same weights, thresholds and rules link all of them.
Rules were added for kinds of difference that any county has (letters changed about, a shared telephone, names as other
alphabets spell them), never for one set. *Conflicts*: linked pairs that can never be one person (two NHS numbers; sex
and birth date both different; twins).

| set | records | pairs | precision | interval | recall | interval | wrong | to look at | conflicts |
|---|---|---|---|---|---|---|---|---|---|
"""
_ABOUT = """
- **febrl 3, febrl 4** (Freely Extensible Biomedical Record Linkage; invented Australian records): no sex, no number, no
  telephone; given names and birth dates replaced by quite others. Most of what is missed waits for a person: another
  given name, born the same day at one address, is to us a twin, and the same name at one address, born another day,
  a father or a son.
- **fake 1000** (Splink's own): names, birth date, city, e-mail, half of it missing. A city stands where a postcode
  would, so it says little, and half of the true pairs wait for a person or have nothing to go by.
- **county**: the invented county of the demonstration, taken in through its feeds.
- **hard**: the population of the speed benchmark (`benchmarks/linkage_people.py` has every rate): households, twins,
  fathers and sons of one name, other spellings, married and changed-about names, old addresses, NHS numbers missing or
  somebody else's. A record with somebody else's valid number never links to its own person: two numbers conflict.
"""


def page(found: list[dict[str, Any]]) -> str:
    """Write the page of the reference."""
    rows = [_row(one) for one in found]
    return "".join([_PAGE, *rows, _ABOUT])


def _row(one: dict[str, Any]) -> str:
    low, high = one["precision_interval"]
    least, most = one["recall_interval"]
    cells = (
        one["set"],
        f"{one['records']:,}",
        f"{one['true_pairs']:,}",
        f"{one['precision']:.5f}",
        f"{low:.5f} to {high:.5f}",
        f"{one['recall']:.4f} ({one['recall_with_review']:.4f})",
        f"{least:.4f} to {most:.4f}",
        f"{one['wrong_pairs']:,}",
        f"{one['review']:,}",
        f"{one['conflicts']:,}" if "conflicts" in one else "0",
    )
    return f"| {' | '.join(cells)} |\n"


def main() -> None:
    """Measure every set there is."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, default=DATA)
    asked.add_argument("--county", type=int, default=20_000)
    asked.add_argument("--hard", type=int, default=100_000)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--write", type=Path)
    given = asked.parse_args()
    there = SETS if given.data.is_dir() else {}
    if not there:
        sys.stderr.write(f"the published sets are not in {given.data} and are left out\n")
    found = [measure(name, functools.partial(read, given.data)) for name, read in there.items()]
    found += [measure_county(given.county), measure_hard(given.hard)]
    if given.write and there:
        given.write.write_text(page(found))
    if given.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    for one in found:
        sys.stdout.write("  ".join(f"{key} {value}" for key, value in one.items()) + "\n")


if __name__ == "__main__":
    main()
