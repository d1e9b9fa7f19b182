"""The reads: which contracts there are, what a delivery would come to, what a store has landed."""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts, not rows
from __future__ import annotations

import datetime as dt
import difflib
import json
import tempfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import yaml

from wherry.feeds import definition
from wherry.feeds.errors import ContractWrong, DeliveryUnknown, StoreDamaged
from wherry.feeds.formats import fhir, table
from wherry.feeds.formats.inspection import inspect
from wherry.feeds.formats.staged import Inspected, Staged
from wherry.feeds.landing import faults, outcomes
from wherry.feeds.landing.batch import REPEATED
from wherry.feeds.types import Contract, Delivery, Receipt
from wherry.foundation.content import content_folder
from wherry.foundation.digests import sha256_of
from wherry.population.store import Store, connect, parquet_sql

if TYPE_CHECKING:
    import duckdb

WITHDRAWN = "withdrawn"
"""The folder of a store that says which batches no longer count, and what others then say in their stead."""
SHORTEST_ID = 8
_FORMATS = {"csv": table.stage, "fhir": fhir.stage}


def contracts(*, directory: Path | None = None) -> tuple[Contract, ...]:
    """Read every contract of a content folder, in name order. Raises ContractWrong naming the first bad file."""
    folder = directory or content_folder("feeds")
    return tuple(read_contract(file=file) for file in sorted(folder.glob("*.yaml")))


def contract(*, name: str, directory: Path | None = None) -> Contract:
    """Read one contract by name; for an unknown one the message lists the known."""
    folder = directory or content_folder("feeds")
    known = sorted(file.stem for file in folder.glob("*.yaml"))
    if name not in known:
        alike = difflib.get_close_matches(name, known, n=1)
        meant = f" (did you mean {alike[0]}?)" if alike else ""
        there = f"there are: {', '.join(known)}" if known else f"{folder} holds none"
        raise ContractWrong(f"there is no feed contract called {name}{meant}; {there}")
    return read_contract(file=folder / f"{name}.yaml")


def read_contract(*, file: Path) -> Contract:
    """Read and check one contract file."""
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise ContractWrong(f"{file}:{line}: not readable as YAML; mend that line") from error
    found = jsonschema.Draft202012Validator(definition.SCHEMA).iter_errors(data)
    first = jsonschema.exceptions.best_match(found)
    if first is not None:
        place = ".".join(str(step) for step in first.absolute_path) or "the file"
        raise ContractWrong(f"{file}:1: {place}: {first.message}; see the contract reference")
    read = definition.parse(data)
    beyond = definition.problems(read) + (() if read.name == file.stem else (f"the name is not {file.stem}",))
    if beyond:
        raise ContractWrong(f"{file}:1: {beyond[0]}; mend the contract")
    return read


def check(*, contract: Contract, files: Sequence[Path], today: dt.date) -> Receipt:
    """Say what receiving these files would come to, landing nothing; duplicates are those within the files."""
    inspected = inspect(files=files)
    with tempfile.TemporaryDirectory(prefix="wherry-check-") as workshop, connect() as connection:
        delivery = delivery_of(contract=contract, inspected=inspected, recorded_on=today)
        staged = stage_and_decide(
            connection=connection, delivery=delivery, inspected=inspected, earlier=(), workshop=Path(workshop)
        )
        return receipt_of(connection=connection, delivery=delivery, staged=staged, inspected=inspected)


def delivery_of(
    *,
    contract: Contract,
    inspected: Sequence[Inspected],
    recorded_on: dt.date,
    sequence: int = 0,
    synthetic: bool = False,
    sent_by: str | None = None,
) -> Delivery:
    """Name a delivery by its content: the same files under the same contract are the same batch, in any order."""
    batch_id = sha256_of({"contract": contract.name, "files": sorted(file.sha256 for file in inspected)})[:32]
    names = tuple(file.path.name for file in inspected)
    return Delivery(contract, batch_id, sequence, recorded_on, synthetic or contract.synthetic, names, sent_by)


def stage_and_decide(
    *,
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    inspected: Sequence[Inspected],
    earlier: Sequence[Path],
    workshop: Path,
) -> tuple[Staged, ...]:
    """Read the files and give every row its outcome, in the connection's own tables."""
    staged = _FORMATS[delivery.contract.format](
        connection=connection, contract=delivery.contract, files=inspected, workshop=workshop
    )
    outcomes.decide(connection=connection, delivery=delivery, staged=staged, earlier=earlier)
    return staged


def receipt_of(
    *,
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    staged: Sequence[Staged],
    inspected: Sequence[Inspected],
    landed: Mapping[str, int] | None = None,
    folder: Path | None = None,
) -> Receipt:
    """Count what became of the rows. landed: rows written by table, to Parquet in `folder`, where something was."""
    connection.execute("SELECT outcome, count(*) FROM rows GROUP BY outcome")
    counts = dict(connection.fetchall())
    put_right, still_open = _put_right(connection) if landed else (0, 0)
    written = landed or {}
    faulty = {
        "quarantine": faults.quarantine_sql(delivery=delivery, staged=staged),
        "warnings": faults.warnings_sql(delivery=delivery, staged=staged),
    }
    if folder:
        faulty = {name: f"SELECT * FROM {parquet_sql([folder / f'{name}.parquet'])}" for name in faulty}
    return Receipt(
        contract=delivery.contract.name,
        batch_id=delivery.batch_id,
        rows_in=sum(counts.values()),
        accepted=counts.get("accepted", 0),
        quarantined=counts.get("quarantined", 0),
        duplicate=counts.get("duplicate", 0),
        records=written.get("records", 0),
        facts=written.get("facts", 0),
        contact_points=written.get("contact_points", 0),
        wishes=written.get("wishes", 0),
        put_right=put_right,
        still_open=still_open + counts.get("quarantined", 0),
        quarantine=faults.findings(connection=connection, rows_sql=faulty["quarantine"]),
        warnings=faults.findings(connection=connection, rows_sql=faulty["warnings"]),
        unread_columns=tuple(dict.fromkeys(name for one in staged for name in one.unread)),
        notes=tuple(dict.fromkeys(note for one in staged for note in one.notes)),
        files={file.path.name: file.sha256 for file in inspected},
        extracted_on=delivery.recorded_on,
    )


def _put_right(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    connection.execute(
        "SELECT count(*) FILTER (WHERE outcome <> 'quarantined'), (SELECT count(*) FROM open_before) - count(*)"
        " FROM corrections"
    )
    put_right, before = connection.fetchall()[0]
    return int(put_right), int(before)


def manifests(*, store: Store) -> tuple[Mapping[str, Any], ...]:
    """Read the manifest of every landed batch that stands, in the order they were landed: none that was withdrawn."""
    gone = withdrawals(store=store)
    return tuple(one for one in deliveries(store=store) if one["batch_id"] not in gone)


def deliveries(*, store: Store) -> tuple[Mapping[str, Any], ...]:
    """Read the manifest of every batch that ever landed, in the order they were landed, withdrawn ones too."""
    found = [_manifest(file, file.stat().st_mtime_ns) for file in (store.path / "batches").glob("*/manifest.json")]
    return tuple(sorted(found, key=lambda manifest: manifest["sequence"]))


def withdrawals(*, store: Store) -> Mapping[str, Mapping[str, Any]]:
    """Read what was noted of every withdrawn batch: by, why, at; keyed by batch."""
    files = (store.path / WITHDRAWN).glob("*/withdrawal.json")
    found = [_manifest(file, file.stat().st_mtime_ns) for file in files]
    return {str(one["batch_id"]): one for one in found}


def delivery_named(*, store: Store, batch_id: str) -> Mapping[str, Any]:
    """Find a landed batch by its id, or by the beginning of it where only one begins so. Raises DeliveryUnknown."""
    known = deliveries(store=store)
    found = [one for one in known if len(batch_id) >= SHORTEST_ID and one["batch_id"].startswith(batch_id)]
    if len(found) == 1:
        return found[0]
    there = "more than one delivery's id begins" if found else "no delivery of this store has an id that begins"
    raise DeliveryUnknown(f"{there} with {batch_id!r}; list them with wherry feeds deliveries --store {store.path}")


@lru_cache(maxsize=4_096)
def _manifest(file: Path, written_at: int) -> Mapping[str, Any]:
    # A batch never changes once it has landed; a file somebody changed by hand is read anew.
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        if found["batch_id"] == file.parent.name and isinstance(found["sequence"], int):
            return found  # type: ignore[no-any-return]  # the rest was written with these
    except (ValueError, KeyError, TypeError):
        pass
    raise StoreDamaged(f"{file} is not as it was written; restore it from a copy")


def landed_files(*, store: Store, table: str) -> tuple[Path, ...]:
    """
    List one table's file in every landed batch (`records`, `facts`, `contact_points`, `wishes`, …), oldest data first.

    By the day the sender drew the data: an old extract that comes again later must not pass for news. Raises
    StoreDamaged where one is gone: its people would otherwise be left out without a word.
    """
    standing = [one["batch_id"] for one in standing_by_age(store=store)]
    files = tuple(file for batch_id in standing for file in _files_of(store, batch_id, table))
    if not standing:
        # All was withdrawn: what is left is tables with the right columns and no rows.
        files = tuple(sorted((store.path / WITHDRAWN).glob(f"*/{table}.parquet")))
    gone = next((file for file in files if not file.is_file()), None)
    if gone:
        raise StoreDamaged(f"{gone} is not there any more; restore it from a copy")
    return files


def _files_of(store: Store, batch_id: str, table: str) -> list[Path]:
    # What a batch says itself, and what it repeated of one that has been withdrawn.
    return [
        store.path / "batches" / batch_id / f"{table}.parquet",
        *sorted((store.path / WITHDRAWN).glob(f"*/{batch_id}/{table}.parquet")),
    ]


def entries(*, store: Store, contract: str) -> tuple[Mapping[str, Any], ...]:
    """Read the rows about organisations that the newest data under a contract brought; empty before the first."""
    batches = [one["batch_id"] for one in standing_by_age(store=store) if one.get("contract") == contract]
    folder = store.path / "batches" / batches[-1] if batches else None
    files = [folder / name for name in ("entries.parquet", f"{REPEATED}entries.parquet")] if folder else []
    there = [file for file in files if file.is_file()]
    if not there:
        return ()
    with connect() as connection:
        connection.execute(f"SELECT * FROM {parquet_sql(there)} ORDER BY row_number")
        names = [column[0] for column in connection.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in connection.fetchall()]
    return tuple({name: row[name] for name in row if name not in ("batch_id", "content")} for row in rows)


def standing_by_age(*, store: Store) -> list[Mapping[str, Any]]:
    """List the manifests of every standing delivery, oldest data first."""
    # A batch whose manifest says no day counts as the oldest.
    return sorted(manifests(store=store), key=lambda one: (one.get("extracted_on") or "", one["sequence"]))
