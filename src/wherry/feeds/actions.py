"""The write: land a delivery as one immutable batch, whole or not at all."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.formats.staged import Inspected, inspect
from wherry.feeds.landing import batch
from wherry.feeds.queries import delivery_of, manifests, receipt_of, stage_and_decide
from wherry.feeds.types import Contract, Delivery, Receipt
from wherry.foundation.digests import canonical_json
from wherry.foundation.errors import InputWrong
from wherry.population import ledger
from wherry.population.store import Store, connect, write_parquet
from wherry.population.writing import sync_folder

if TYPE_CHECKING:
    import duckdb

_COUNTED = ("records", "facts", "contact_points", "wishes")


def receive(
    *,
    contract: Contract,
    files: Sequence[Path],
    store: Store,
    by: str,
    received_at: dt.datetime,
    extracted_on: dt.date | None = None,
    control_total: int | None = None,
    synthetic: bool = False,
) -> Receipt:
    """
    Land a delivery: accepted rows, and the rest set aside with reasons. Several files are one delivery.

    by: who acts, for the store's ledger; extracted_on: the day the sender drew the data (else the day it came);
    control_total: the rows the sender says there are; synthetic: invented people, who can only be sent to the sandbox.
    Raises DeliveryRefused, with nothing landed. The same files again land nothing and count as duplicates.
    Killed at any moment it leaves the batch whole or absent.
    """
    if not by.strip():
        raise InputWrong("nobody is named as acting on this store; say who with --by")
    if extracted_on and extracted_on > received_at.date():
        raise DeliveryRefused("the day of extraction is after today; check --extracted-on")
    inspected = inspect(files=files, delimiter=contract.delimiter)
    with store.lock():
        shutil.rmtree(_incoming(store), ignore_errors=True)
        landed = manifests(store=store)
        sequence = max((manifest["sequence"] for manifest in landed), default=0) + 1
        delivery = delivery_of(
            contract=contract,
            inspected=inspected,
            recorded_on=extracted_on or received_at.date(),
            sequence=sequence,
            synthetic=synthetic,
        )
        before = next((one for one in landed if one["batch_id"] == delivery.batch_id), None)
        if before is not None:
            return _again(store=store, by=by, manifest=before, received_at=received_at)
        about = {"received_at": received_at, "by": by, "control_total": control_total}
        try:
            return _land(store=store, delivery=delivery, inspected=inspected, landed=landed, about=about)
        finally:
            shutil.rmtree(_incoming(store), ignore_errors=True)


def _land(
    *,
    store: Store,
    delivery: Delivery,
    inspected: Sequence[Inspected],
    landed: Sequence[Mapping[str, Any]],
    about: Mapping[str, Any],
) -> Receipt:
    same = [one["batch_id"] for one in landed if one["contract"] == delivery.contract.name]
    earlier = [store.path / "batches" / batch_id / "rows.parquet" for batch_id in same]
    with connect(spill=store.path / ".spill") as connection:
        staged = stage_and_decide(connection=connection, delivery=delivery, inspected=inspected, earlier=earlier)
        _hold_to_total(connection, about["control_total"])
        folder = _incoming(store) / delivery.batch_id
        folder.mkdir(parents=True)
        selects = batch.outputs(delivery=delivery, staged=staged)
        written = {
            name: write_parquet(connection=connection, select_sql=sql, file=folder / f"{name}.parquet")
            for name, sql in selects.items()
        }
        receipt = receipt_of(
            connection=connection, delivery=delivery, staged=staged, inspected=inspected, landed=written
        )
    _write_manifest(folder, delivery, receipt, about)
    _move_in(store, folder)
    _note(store, by=about["by"], receipt=receipt, received_at=about["received_at"])
    return receipt


def _hold_to_total(connection: duckdb.DuckDBPyConnection, control_total: int | None) -> None:
    connection.execute("SELECT count(*) FROM rows")
    rows = connection.fetchall()[0][0]
    if control_total is not None and rows != control_total:
        raise DeliveryRefused(
            f"the sender counts {control_total} rows, the files hold {rows}; nothing was landed, ask for them again"
        )


def _write_manifest(folder: Path, delivery: Delivery, receipt: Receipt, about: Mapping[str, Any]) -> None:
    contract = delivery.contract
    manifest = {
        "batch_id": delivery.batch_id,
        "contract": contract.name,
        "contract_kind": contract.kind,
        "source": contract.source,
        "sender": contract.sender,
        "freshness_days": contract.freshness_days,
        "sequence": delivery.sequence,
        "files": dict(receipt.files),
        "extracted_on": delivery.recorded_on,
        "synthetic": delivery.synthetic,
        "counts": {
            name: getattr(receipt, name) for name in ("rows_in", "accepted", "quarantined", "duplicate", *_COUNTED)
        },
        "quarantine": [dataclasses.asdict(one) for one in receipt.quarantine],
        "warnings": [dataclasses.asdict(one) for one in receipt.warnings],
        "unread_columns": list(receipt.unread_columns),
        **about,
    }
    with (folder / "manifest.json").open("w", encoding="utf-8") as handle:
        handle.write(canonical_json(manifest) + "\n")
        handle.flush()
        os.fsync(handle.fileno())


def _move_in(store: Store, folder: Path) -> None:
    batches = store.path / "batches"
    batches.mkdir(exist_ok=True)
    sync_folder(folder)
    folder.rename(batches / folder.name)
    sync_folder(batches)
    sync_folder(store.path)


def _again(*, store: Store, by: str, manifest: Mapping[str, Any], received_at: dt.datetime) -> Receipt:
    rows = manifest["counts"]["rows_in"]
    receipt = Receipt(
        contract=manifest["contract"],
        batch_id=manifest["batch_id"],
        rows_in=rows,
        accepted=0,
        quarantined=0,
        duplicate=rows,
        already_landed=True,
        files=manifest["files"],
        extracted_on=dt.date.fromisoformat(manifest["extracted_on"]),
    )
    _note(store, by=by, receipt=receipt, received_at=received_at)
    return receipt


def _note(store: Store, *, by: str, receipt: Receipt, received_at: dt.datetime) -> None:
    about = {
        "contract": receipt.contract,
        "batch_id": receipt.batch_id,
        "already_landed": receipt.already_landed,
        **{name: getattr(receipt, name) for name in ("rows_in", "accepted", "quarantined", "duplicate")},
    }
    ledger.record(store, by=by, did="receive_feed", about=about, at=received_at)


def _incoming(store: Store) -> Path:
    # Not under `batches/`, so that nobody reading the batches ever meets half of one.
    return store.path / ".incoming"
