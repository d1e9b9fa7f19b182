"""The write: land a delivery as one immutable batch, whole or not at all."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wherry.feeds.errors import DeliveryRefused, DeliveryWithdrawn
from wherry.feeds.formats.inspection import inspect
from wherry.feeds.formats.staged import Inspected
from wherry.feeds.landing import batch
from wherry.feeds.landing.corrections import decide_corrections
from wherry.feeds.landing.senders import rows_by_sender
from wherry.feeds.landing.taking_out import take_out
from wherry.feeds.queries import (
    WITHDRAWN,
    deliveries,
    delivery_named,
    delivery_of,
    receipt_of,
    stage_and_decide,
    withdrawals,
)
from wherry.feeds.types import Contract, Delivery, Receipt, Withdrawal
from wherry.foundation.digests import canonical_json, sha256_of, sha256_of_bytes
from wherry.foundation.errors import InputWrong
from wherry.population import ledger
from wherry.population.store import Store, connect, write_parquet
from wherry.population.writing import sync_folder, together

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
    again: bool = False,
    sent_by: str | None = None,
) -> Receipt:
    """
    Land a delivery: accepted rows, and the rest set aside with reasons. Several files are one delivery.

    by: who acts, for the store's ledger; extracted_on: the day the sender drew the data (else the day it came);
    control_total: the rows the sender says there are; synthetic: invented people, who can only be sent to the sandbox;
    again: land it though this very delivery was withdrawn; sent_by: the code of who sent it, where many send under
    one contract and its rows do not tell. Raises DeliveryRefused or DeliveryWithdrawn, with nothing
    landed. The same files again land nothing and count as duplicates.
    Killed at any moment it leaves the batch whole or absent.
    """
    if not by.strip():
        raise InputWrong("nobody is named as acting on this store; say who with --by")
    if extracted_on and extracted_on > received_at.date():
        raise DeliveryRefused("the day of extraction is after today; check --extracted-on")
    if sent_by is not None and not sent_by.strip():
        raise DeliveryRefused("the sender's code is empty; name who sent the files with --sent-by, or leave it out")
    inspected = inspect(files=files)
    with store.lock():
        shutil.rmtree(_incoming(store), ignore_errors=True)
        ever, gone = deliveries(store=store), withdrawals(store=store)
        landed = [one for one in ever if one["batch_id"] not in gone]
        sequence = max((manifest["sequence"] for manifest in ever), default=0) + 1
        delivery = delivery_of(
            contract=contract,
            inspected=inspected,
            recorded_on=extracted_on or received_at.date(),
            sequence=sequence,
            synthetic=synthetic,
            sent_by=sent_by,
        )
        delivery = _named_anew(delivery, gone, landed, again=again)
        before = next((one for one in landed if one["batch_id"] == delivery.batch_id), None)
        if before is not None:
            return _again(store=store, by=by, manifest=before, received_at=received_at)
        about = {"received_at": received_at, "by": by, "control_total": control_total}
        try:
            return _land(store=store, delivery=delivery, inspected=inspected, landed=landed, about=about)
        finally:
            shutil.rmtree(_incoming(store), ignore_errors=True)


def _named_anew(
    delivery: Delivery, gone: Mapping[str, Mapping[str, Any]], landed: Sequence[Mapping[str, Any]], *, again: bool
) -> Delivery:
    # A batch is named by its content; landed again after a withdrawal it is another batch, and the old one stays out.
    batch_id = delivery.batch_id
    while batch_id in gone:
        batch_id = sha256_of({"withdrawn": batch_id})[:32]
    if batch_id == delivery.batch_id or again or any(one["batch_id"] == batch_id for one in landed):
        return dataclasses.replace(delivery, batch_id=batch_id)
    first = gone[delivery.batch_id]
    raise DeliveryWithdrawn(
        f"this very delivery was landed and then withdrawn by {first['by']} on {str(first['at'])[:10]}"
        " (wherry feeds deliveries says why); if it is right after all, receive it with --again"
    )


def withdraw(*, store: Store, batch_id: str, by: str, why: str, at: dt.datetime, purge: bool = False) -> Withdrawal:
    """
    Take a wrong batch out: from now on nothing it said counts, and what others said before and after it does again.

    batch_id: whole, or its first characters; why: kept in the store beside the batch, not in the ledger; purge: its
    files are removed too, and a certificate of it stays. Readers refuse the linked tables until they are linked anew.
    Withdrawn again, nothing changes (but for a purge not yet done) and the first withdrawal is told. Raises
    DeliveryUnknown. Killed at any moment, the batch stands or does not.
    """
    if not by.strip() or not why.strip():
        raise InputWrong("a withdrawal needs a name and a reason; say who with --by and why with --why")
    with store.lock():
        shutil.rmtree(_incoming(store), ignore_errors=True)
        manifest = delivery_named(store=store, batch_id=batch_id)
        before = withdrawals(store=store).get(manifest["batch_id"])
        note = before or _take_out(store, manifest, {"by": by, "why": why, "at": at})
        certificate = _purge(store, manifest["batch_id"], by=by, at=at) if purge else None
        done = Withdrawal(
            batch_id=manifest["batch_id"],
            contract=manifest["contract"],
            accepted=manifest["counts"]["accepted"],
            handed_on=sum(note["handed_on"].values()),
            by=note["by"],
            why=note["why"],
            at=dt.datetime.fromisoformat(str(note["at"])),
            already_withdrawn=before is not None,
            certificate=str(certificate) if certificate else None,
        )
    about = {name: getattr(done, name) for name in ("batch_id", "contract", "accepted", "handed_on")}
    about |= {"already_withdrawn": done.already_withdrawn, "purged": certificate is not None}
    ledger.record(store, by=by, did="withdraw_delivery", about=about, at=at)
    return done


def _take_out(store: Store, manifest: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    gone = withdrawals(store=store)
    same = [one for one in deliveries(store=store) if one["contract"] == manifest["contract"]]
    later = [one for one in same if one["sequence"] > manifest["sequence"] and one["batch_id"] not in gone]
    folder = _incoming(store) / manifest["batch_id"]
    folder.mkdir(parents=True)
    try:
        with connect(spill=store.path / ".spill") as connection:
            handed_on = take_out(
                connection=connection,
                batches=store.path / "batches",
                withdrawn=store.path / WITHDRAWN,
                batch=manifest,
                later=later,
                into=folder,
            )
        told = {name: manifest[name] for name in ("batch_id", "sequence", "contract")}
        _write_json(folder / "withdrawal.json", {**told, **said, "handed_on": handed_on})
        store.call_tables_stale("hold what a withdrawn delivery said")
        _move_in(store, folder, WITHDRAWN)
    finally:
        shutil.rmtree(_incoming(store), ignore_errors=True)
    return withdrawals(store=store)[manifest["batch_id"]]


def _purge(store: Store, batch_id: str, *, by: str, at: dt.datetime) -> Path:
    # The certificate names what is removed before it is: whoever is killed half-way goes on from it.
    certificate = store.path / WITHDRAWN / batch_id / "purged.json"
    files = sorted((store.path / "batches" / batch_id).glob("*.parquet"))
    if not certificate.exists():
        removed = {file.name: {"sha256": sha256_of_bytes(file.read_bytes())} for file in files}
        with together(certificate) as (temporary,):
            _write_json(temporary, {"batch_id": batch_id, "by": by, "at": at, "removed": removed})
    for file in files:
        file.unlink()
    sync_folder(store.path / "batches" / batch_id)
    return certificate


def _land(
    *,
    store: Store,
    delivery: Delivery,
    inspected: Sequence[Inspected],
    landed: Sequence[Mapping[str, Any]],
    about: Mapping[str, Any],
) -> Receipt:
    mine = [one for one in landed if one["contract"] == delivery.contract.name]
    earlier = [store.path / "batches" / one["batch_id"] / "rows.parquet" for one in mine]
    with connect(spill=store.path / ".spill") as connection:
        folder, workshop = _incoming(store) / delivery.batch_id, _incoming(store) / "workshop"
        workshop.mkdir(parents=True)
        folder.mkdir()
        staged = stage_and_decide(
            connection=connection, delivery=delivery, inspected=inspected, earlier=earlier, workshop=workshop
        )
        _hold_to_total(connection, about["control_total"])
        decide_corrections(connection=connection, delivery=delivery, batches=store.path / "batches", earlier=mine)
        connection.execute("SELECT count(*) FROM rows WHERE outcome = 'duplicate' AND nth = 1")
        repeats = bool(connection.fetchall()[0][0])
        selects = batch.outputs(delivery=delivery, staged=staged, repeats=repeats)
        written = {
            name: write_parquet(connection=connection, select_sql=sql, file=folder / f"{name}.parquet")
            for name, sql in selects.items()
        }
        receipt = receipt_of(
            connection=connection, delivery=delivery, staged=staged, inspected=inspected, landed=written, folder=folder
        )
        about = {**about, "sent_by": rows_by_sender(connection=connection, delivery=delivery, staged=staged)}
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
        "canary": contract.canary,
        "about_addresses": any(part.lives_at for part in contract.parts),
        "sequence": delivery.sequence,
        "files": dict(receipt.files),
        "extracted_on": delivery.recorded_on,
        "synthetic": delivery.synthetic,
        "counts": {
            name: getattr(receipt, name)
            for name in ("rows_in", "accepted", "quarantined", "duplicate", "put_right", *_COUNTED)
        },
        "quarantine": [dataclasses.asdict(one) for one in receipt.quarantine],
        "warnings": [dataclasses.asdict(one) for one in receipt.warnings],
        "unread_columns": list(receipt.unread_columns),
        "notes": list(receipt.notes),
        **about,
    }
    _write_json(folder / "manifest.json", manifest)


def _write_json(file: Path, told: Mapping[str, Any]) -> None:
    with file.open("w", encoding="utf-8") as handle:
        handle.write(canonical_json(told) + "\n")
        handle.flush()
        os.fsync(handle.fileno())


def _move_in(store: Store, folder: Path, under: str = "batches") -> None:
    there = store.path / under
    there.mkdir(exist_ok=True)
    sync_folder(folder)
    folder.rename(there / folder.name)
    sync_folder(there)
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
