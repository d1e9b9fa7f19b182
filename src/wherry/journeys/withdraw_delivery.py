"""Withdraw a wrong delivery: it no longer counts, people are linked anew, and what that changes is told."""

# ruff: noqa: S608 - names enter SQL from a list below, paths through `parquet_sql`
from __future__ import annotations

import datetime as dt
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wherry.feeds.actions import withdraw as take_out
from wherry.feeds.queries import delivery_named
from wherry.feeds.types import Withdrawal
from wherry.foundation.actors import Actor
from wherry.journeys.runs_built_on import BuiltOnIt, runs_built_on
from wherry.people.linkage.actions import link
from wherry.population import Store, connect, ledger
from wherry.population.store import parquet_sql
from wherry.risk.actions import forget_evidence

_TABLES = ("persons", "facts", "contact_points", "wishes")
#: What makes a row of each table the same before and after; people are compared field by field.
_SAME = {
    "facts": "record_id, kind, system, code, date, end_date, status, value, unit",
    "contact_points": "person_id, kind, value, source",
    "wishes": "person_id, kind, value, source, ends_on",
}
_FIELDS = (
    *("nhs_number", "given_name", "family_name", "birth_date", "death_date", "sex", "ethnicity", "language"),
    *("postcode", "uprn", "place", "practice_code", "household_id", "communal"),
)


@dataclass(frozen=True)
class Consequences:
    """
    What a withdrawal changed, or would change.

    people_gone: nobody else knows of them; people_new: parts of somebody the delivery had joined; people_changed: at
    least one field is another now, counted by field; alive_again: people only this delivery called dead; facts,
    contact points and wishes gone, and those that are true again; lists: runs to be made anew.
    """

    delivery: Withdrawal
    people_gone: int = 0
    people_new: int = 0
    people_changed: int = 0
    fields_changed: tuple[tuple[str, int], ...] = ()
    alive_again: int = 0
    gone: tuple[tuple[str, int], ...] = ()
    true_again: tuple[tuple[str, int], ...] = ()
    lists: tuple[BuiltOnIt, ...] = ()


def withdraw(*, by: Actor, store: Store, batch_id: str, why: str, at: dt.datetime, purge: bool = False) -> Consequences:
    """
    Take a delivery out, link anew, and say what changed.

    Killed half-way, the linked tables are refused by every reader; run again it ends what was begun.
    """
    kept = store.path / ".before"
    if not store.has_stale_tables():
        _keep_tables(store, kept)
    done = take_out(store=store, batch_id=batch_id, by=by.id, why=why, at=at, purge=purge)
    if purge:
        forget_evidence(store=store)
    if store.has_stale_tables():
        link(store=store, by=by.id, decided_on=at.date(), at=at)
    try:
        return _told(done, store=store, before=kept)
    finally:
        shutil.rmtree(kept, ignore_errors=True)


def try_withdrawal(*, by: Actor, store: Store, batch_id: str, at: dt.datetime) -> Consequences:
    """
    Say what withdrawing a delivery would change; the store stays as it is, but for a line in its ledger.

    Tried on a copy that shares the store's files: none of them is ever written in place.
    """
    found = delivery_named(store=store, batch_id=batch_id)["batch_id"]
    copy = Store(store.path / ".trial")
    shutil.rmtree(copy.path, ignore_errors=True)
    try:
        with store.lock():
            _copy(store.path, copy.path)
        told = withdraw(by=by, store=copy, batch_id=found, why="a trial", at=at)
    finally:
        shutil.rmtree(copy.path, ignore_errors=True)
    ledger.record(store, by=by.id, did="try_withdrawal", about={"batch_id": found}, at=at)
    return told


def _keep_tables(store: Store, kept: Path) -> None:
    shutil.rmtree(kept, ignore_errors=True)
    if all((store.path / f"{table}.parquet").is_file() for table in _TABLES):
        kept.mkdir(parents=True)
        for table in _TABLES:
            os.link(store.path / f"{table}.parquet", kept / f"{table}.parquet")


def _copy(path: Path, to: Path) -> None:
    for file in sorted(path.rglob("*")):
        inside = file.relative_to(path)
        if file.is_file() and not inside.parts[0].startswith("."):
            (to / inside).parent.mkdir(parents=True, exist_ok=True)
            # The ledger grows in place; every other file is only ever replaced.
            (shutil.copy2 if inside.name == ledger.FILE_NAME else os.link)(file, to / inside)


def _told(done: Withdrawal, *, store: Store, before: Path) -> Consequences:
    lists = runs_built_on(store=store, batch_id=done.batch_id)
    if not before.is_dir() or not store.has("persons"):
        return Consequences(done, lists=lists)
    with connect(spill=store.path / ".spill") as connection:
        for table in _TABLES:
            for when, folder in (("old", before), ("new", store.path)):
                connection.execute(
                    f"CREATE TEMP VIEW {when}_{table} AS SELECT * FROM {parquet_sql([folder / f'{table}.parquet'])}"
                )
        return Consequences(
            done, **_people(connection), gone=_less(connection, "old", "new"),
            true_again=_less(connection, "new", "old"), lists=lists,
        )  # fmt: skip


def _people(connection: Any) -> dict[str, Any]:
    differ = {name: f"o.{name} IS DISTINCT FROM n.{name}" for name in _FIELDS}
    counts = ", ".join(f"count(*) FILTER (WHERE {test})" for test in differ.values())
    row = connection.execute(
        f"SELECT count(*) FILTER (WHERE {' OR '.join(differ.values())}),"
        f" count(*) FILTER (WHERE o.death_date IS NOT NULL AND n.death_date IS NULL), {counts}"
        " FROM old_persons o JOIN new_persons n USING (person_id)"
    ).fetchall()[0]
    changed, alive, *by_field = row
    return {
        "people_gone": _count(connection, "old_persons ANTI JOIN new_persons USING (person_id)"),
        "people_new": _count(connection, "new_persons ANTI JOIN old_persons USING (person_id)"),
        "people_changed": changed,
        "alive_again": alive,
        "fields_changed": tuple((name, n) for name, n in zip(differ, by_field, strict=True) if n),
    }


def _less(connection: Any, some: str, others: str) -> tuple[tuple[str, int], ...]:
    counts = {
        table: _count(connection, f"(SELECT {same} FROM {some}_{table} EXCEPT SELECT {same} FROM {others}_{table})")
        for table, same in _SAME.items()
    }
    return tuple((table, count) for table, count in counts.items() if count)


def _count(connection: Any, relation: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])
