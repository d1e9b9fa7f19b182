"""The append-only table of what people said of pairs of records: Parquet in the store, each answer in its ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from wherry.foundation.digests import sha256_of
from wherry.people.linkage.types import Answer, Verdict
from wherry.population import Store, ledger
from wherry.population.store import connect, parquet_sql, write_parquet

_DID = "decide_link"
_SHAPE = (
    "number INTEGER, act INTEGER, left_record VARCHAR, right_record VARCHAR, verdict VARCHAR, why VARCHAR,"
    " decided_by VARCHAR, decided_at TIMESTAMPTZ, is_held BOOLEAN, needs_second BOOLEAN"
)


def answers_file(*, store: Store) -> Path:
    """Name the table's file. It is written whole each time, and no row of it is ever changed or taken out."""
    return store.path / "links" / "decisions.parquet"


def answers(*, store: Store) -> tuple[Answer, ...]:
    """Read every answer, oldest first."""
    file = answers_file(store=store)
    if not file.is_file():
        return ()
    with connect() as connection:
        # The moment as whole microseconds: DuckDB hands a zoned one over only where pytz is installed.
        rows = connection.execute(
            "SELECT number, act, left_record, right_record, verdict, why, decided_by, epoch_us(decided_at), is_held,"
            f" needs_second FROM {parquet_sql([file])} ORDER BY number"
        ).fetchall()
    return tuple(
        Answer(number, act, left, right, Verdict(verdict), why, by, _moment(at), is_held, needs_second)
        for number, act, left, right, verdict, why, by, at, is_held, needs_second in rows
    )


def digest(*, answers: Sequence[Answer]) -> str:
    """Hash answers; the hash in the ledger's line shows that none was changed since, and names nobody's record."""
    return sha256_of([_row(one) for one in answers])


def append(*, store: Store, new: Sequence[Answer]) -> None:
    """
    Add answers given in one breath, and their line to the ledger. The caller holds `store.lock()`.

    Killed between the two, the answers stand and `note_what_was_cut` writes the line with the next command.
    """
    rows = [*answers(store=store), *new]
    with connect() as connection:
        connection.execute(f"CREATE TEMP TABLE writing ({_SHAPE})")
        connection.executemany(f"INSERT INTO writing VALUES ({', '.join('?' * 10)})", [_row(one) for one in rows])
        file = answers_file(store=store)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_parquet(connection=connection, select_sql="SELECT * FROM writing ORDER BY number", file=file)
    _note(store, new)


def note_what_was_cut(*, store: Store) -> None:
    """Write the ledger's line for answers whose writer was killed before it could. The caller holds `store.lock()`."""
    noted = {entry["about"]["act"] for entry in ledger.entries(store) if entry["did"] == _DID}  # type: ignore[index]
    acts: dict[int, list[Answer]] = {}
    for one in answers(store=store):
        if one.act not in noted:
            acts.setdefault(one.act, []).append(one)
    for act in sorted(acts):
        _note(store, acts[act])


def _note(store: Store, new: Sequence[Answer]) -> None:
    first = new[0]
    about = {
        "act": first.act,
        "verdict": str(first.verdict),
        "pairs": len(new),
        "is_held": first.is_held,
        "answers": digest(answers=new),
    }
    ledger.record(store, by=first.by, did=_DID, about=about, at=first.at)


def _row(one: Answer) -> tuple[object, ...]:
    said = (one.number, one.act, one.left, one.right, str(one.verdict), one.why, one.by, one.at)
    return (*said, one.is_held, one.needs_second)


def _moment(microseconds: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=microseconds)
