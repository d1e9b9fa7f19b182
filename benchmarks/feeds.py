"""
What landing a feed costs, beside the least anybody could do with the same file, in one run on one machine.

- csv: coded events of a practice, against DuckDB reading the same CSV and writing Parquet, with no checks at all
- register: the widest contract there is (23 columns, identifiers, telephones), against the same limit
- fhir: Synthea's resources, copied under new ids, against DuckDB's read_json writing Parquet

Ours is `wherry feeds receive` into an empty store: every value typed, every rule asked, duplicates found, quarantine,
hashes, ledger. Each is a process of its own; they take turns.

Run: .venv/bin/python benchmarks/feeds.py [--rows 10000000] [--runs 3] [--only csv,fhir] [--json FILE]
A short run: --rows 500000. Ten million rows need 8 GB of disk under build/bench.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

import measuring  # noqa: E402  # after the path

HOME = ROOT / "build" / "bench" / "feeds"
SYNTHEA = ROOT.parent / "shared" / "data" / "fhir"
WHERRY = Path(sys.executable).with_name("wherry")
LIMIT = "import duckdb, sys; duckdb.connect(config={'threads': 2}).execute(sys.argv[1])"

EVENTS = """
    SELECT 'D82' || lpad(CAST(i % 300 AS VARCHAR), 3, '0') AS "Practice Code",
      CAST(hash(i) % 1000000 AS VARCHAR) AS "Patient ID",
      strftime(DATE '2010-01-01' + CAST(hash(i + 7) % 5000 AS INTEGER), '%d/%m/%Y') AS "Event Date",
      CAST(100000000 + hash(i * 3) % 9000 AS VARCHAR) AS "SNOMED Code",
      'Some clinical term number ' || (hash(i * 3) % 9000) AS "Description",
      CASE WHEN hash(i + 1) % 5 = 0 THEN CAST(round((hash(i) % 1000) / 10.0, 1) AS VARCHAR) END AS "Value",
      CASE WHEN hash(i + 1) % 5 = 0 THEN 'mmol/L' END AS "Units",
      strftime(DATE '2020-01-01' + CAST(hash(i + 9) % 900 AS INTEGER), '%d/%m/%Y') AS "Date Entered"
    FROM range({rows}) t(i)
"""
REGISTER = """
    SELECT 'D82' || lpad(CAST(i % 300 AS VARCHAR), 3, '0') AS "Practice Code", i AS "Patient ID", '' AS "NHS Number",
      'Name' || hash(i) % 40000 AS "Surname", 'Given' || hash(i + 1) % 5000 AS "Forename",
      strftime(DATE '1930-01-01' + CAST(hash(i + 2) % 33000 AS INTEGER), '%d/%m/%Y') AS "Date of Birth",
      CASE WHEN i % 2 = 0 THEN 'M' ELSE 'F' END AS "Sex", (hash(i + 3) % 200) || ' Some Street' AS "Address Line 1",
      'Norwich' AS "Town", 'NR' || (hash(i + 4) % 30) || ' ' || (i % 9) || 'AB' AS "Post Code",
      CAST(10000000000 + i AS VARCHAR) AS "UPRN", '07700 9' || lpad(CAST(i % 100000 AS VARCHAR), 5, '0') AS "Telephone",
      strftime(DATE '2025-01-01' + CAST(hash(i + 5) % 300 AS INTEGER), '%d/%m/%Y') AS "Last Updated"
    FROM range({rows}) t(i)
"""


def main() -> None:
    """Measure what was asked for, print it, and keep it as JSON."""
    asked = _asked()
    HOME.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {"machine": measuring.machine("duckdb", "pyarrow"), "rows": asked.rows}
    print(json.dumps(found["machine"], indent=2))
    for name in asked.only.split(","):
        files, contract, limit = {"csv": events, "register": register, "fhir": fhir}[name](asked)
        if not files:
            print(f"{name}: {SYNTHEA} is not there; not measured")
            continue
        found[name] = side_by_side(name, files, contract, limit, asked.runs)
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2) + "\n")
    shutil.rmtree(HOME, ignore_errors=True)


def events(asked: argparse.Namespace) -> tuple[list[Path], str, str]:
    """Write coded events; the limit reads and writes them as text."""
    return [_csv(EVENTS, asked.rows, "events.csv")], "gp_events", _CSV_LIMIT


def register(asked: argparse.Namespace) -> tuple[list[Path], str, str]:
    """Write a register of a tenth as many people as there are events."""
    return [_csv(REGISTER, asked.rows // 10, "register.csv")], "gp_register", _CSV_LIMIT


def fhir(asked: argparse.Namespace) -> tuple[list[Path], str, str]:
    """Copy Synthea's files, each copy under ids of its own, to about a tenth of the rows asked for."""
    made = []
    sources = sorted(SYNTHEA.glob("synthea-10-*.ndjson"))
    lines = {file: file.read_text().splitlines() for file in sources}
    copies = max(1, asked.rows // 10 // max(1, sum(map(len, lines.values()))))
    for file, held in lines.items():
        made.append(HOME / file.name)
        with made[-1].open("w") as written:
            for copy in range(copies):
                # Ids are hexadecimal and begin each reference; a number before them makes another person of each.
                for line in held:
                    written.write(
                        line.replace('"id":"', f'"id":"{copy}x').replace("Patient/", f"Patient/{copy}x") + "\n"
                    )
    return made, "fhir", _JSON_LIMIT


def side_by_side(name: str, files: list[Path], contract: str, limit: str, runs: int) -> dict[str, Any]:
    """Run ours and the limit in turn, and say how far apart they are."""
    store, out = HOME / "store", HOME / "limit"
    statements = "SET enable_progress_bar = false;" + ";".join(
        limit.format(file=file, out=out / f"{file.stem}.parquet") for file in files
    )
    ours_command = [str(WHERRY), "feeds", "receive", contract, *map(str, files)]
    ours_command += ["--store", str(store), "--by", "benchmark", "--json"]
    ours, least = [], []
    for _ in range(runs):
        for folder in (store, out):
            shutil.rmtree(folder, ignore_errors=True)
        out.mkdir(parents=True)
        least.append(_run([sys.executable, "-c", LIMIT, statements]))
        ours.append(_run(ours_command))
    receipt = json.loads(ours[-1].said)
    assert receipt["rows_in"] == receipt["accepted"] + receipt["quarantined"] + receipt["duplicate"]
    found = {
        "megabytes_in": sum(file.stat().st_size for file in files) >> 20,
        "rows": {key: receipt[key] for key in ("rows_in", "accepted", "quarantined", "duplicate", "facts", "records")},
        "ours": measuring.summary(ours),
        "limit": measuring.summary(least),
    }
    found["ratio"] = {
        kind: round(found["ours"][kind] / found["limit"][kind], 2) for kind in ("wall_min", "wall_median", "cpu_min")
    }
    print(f"\n{name}: {json.dumps(found['rows'])}, {found['megabytes_in']} MB")
    for who in ("limit", "ours"):
        print(f"  {who:<6} {json.dumps(found[who])}")
    print(f"  ratio  {json.dumps(found['ratio'])}", flush=True)
    return found


_CSV_LIMIT = "COPY (SELECT * FROM read_csv('{file}', all_varchar = true, header = true)) TO '{out}' (FORMAT parquet)"
_JSON_LIMIT = "COPY (SELECT * FROM read_json('{file}', format = 'newline_delimited')) TO '{out}' (FORMAT parquet)"


def _run(command: list[str]) -> measuring.Run:
    return measuring.run(command, environment={"PYTHONPATH": str(ROOT / "src")}, folder=HOME / "run")


def _csv(select: str, rows: int, name: str) -> Path:
    import duckdb

    file = HOME / name
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select.format(rows=rows)}) TO '{file}' (HEADER true, DELIMITER ',')")
    return file


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--rows", type=int, default=10_000_000, help="events; a tenth of it for the register and FHIR")
    words.add_argument("--runs", type=int, default=3, help="how often each is run")
    words.add_argument("--only", default="csv,register,fhir", help="parts, with commas between")
    words.add_argument("--json", type=Path, help="also write everything to this file")
    return words.parse_args()


if __name__ == "__main__":
    main()
