"""What the sandbox gateway has taken and still owes: one SQLite file, durable before anything is acknowledged."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TABLES = """
create table if not exists messages (
    seq integer primary key, id text not null unique, reference text not null, kind text not null,
    recipient text not null, heading text not null, body text not null, status text not null, accepted_at real not null
);
create index if not exists messages_reference on messages (reference);
create index if not exists messages_recipient on messages (recipient, seq);
create table if not exists callbacks (
    seq integer primary key, event text not null unique, content text not null, due_at real not null,
    tries integer not null default 0, done_at real
);
create index if not exists callbacks_due on callbacks (due_at) where done_at is null;
create table if not exists wrong_numbers (number text primary key);
create table if not exists settings (name text primary key, value text not null);
create table if not exists posts (reference text primary key, tries integer not null);
"""

# As a well-known provider's test numbers: these never arrive, whoever is asked.
ALWAYS_WRONG = frozenset({"+447700900002", "+447700900003"})


@dataclass(frozen=True)
class Callback:
    """One event owed to the callback address."""

    seq: int
    content: str
    tries: int


class Store:
    """
    The gateway's memory. Safe for threads: one connection behind one lock, each change its own transaction.

    `synchronous=FULL`: what was acknowledged survives a killed machine, so a lost message is never the gateway's.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(folder / "gateway.sqlite3", check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("pragma journal_mode=wal")
        self._connection.execute("pragma synchronous=full")
        self._connection.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("begin immediate")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("rollback")
                raise
            self._connection.execute("commit")

    def _rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        with self._lock:
            return [dict(row) for row in self._connection.execute(sql, values)]

    def count_post(self, reference: str) -> int:
        """Count one more try to post under a reference; returns how many there were before."""
        with self._changing() as connection:
            connection.execute(
                "insert into posts values (?, 1) on conflict (reference) do update set tries = tries + 1", (reference,)
            )
            row = connection.execute("select tries from posts where reference = ?", (reference,)).fetchone()
        return int(row[0]) - 1

    def accept(
        self, *, reference: str, kind: str, to: str, heading: str, body: str, receipts: Iterable[tuple[str, float]]
    ) -> str:
        """
        Take a message and, in the same transaction, owe its receipts. The same reference again is a new message.

        receipts: (`sent`, `delivered` or `failed`; seconds from now).
        """
        message_id, now = str(uuid.uuid4()), time.time()
        with self._changing() as connection:
            cursor = connection.execute(
                "insert into messages (id, reference, kind, recipient, heading, body, status, accepted_at)"
                " values (?, ?, ?, ?, ?, ?, 'accepted', ?)",
                (message_id, reference, kind, to, heading, body, now),
            )
            for status, seconds in receipts:
                event = {"type": "receipt", "reference": reference, "provider_id": message_id, "status": status}
                self._owe(connection, event, due_at=now + seconds)
                connection.execute("update messages set status = ? where seq = ?", (status, cursor.lastrowid))
        return message_id

    def _owe(self, connection: sqlite3.Connection, event: dict[str, str], *, due_at: float) -> None:
        content = {"event": str(uuid.uuid4()), **event}
        connection.execute(
            "insert into callbacks (event, content, due_at) values (?, ?, ?)",
            (content["event"], json.dumps(content), due_at),
        )

    def text_back(self, *, sender: str, text: str) -> None:
        """Owe what a resident texted."""
        with self._changing() as connection:
            self._owe(connection, {"type": "inbound", "from": sender, "text": text}, due_at=time.time())

    def repeat_receipts(self, message_id: str) -> None:
        """Owe every receipt of a message once more, the same events, as a provider that lost our answer does."""
        with self._changing() as connection:
            rows = connection.execute(
                "select content from callbacks where json_extract(content, '$.provider_id') = ?", (message_id,)
            ).fetchall()
            for row in rows:
                connection.execute(
                    "insert into callbacks (event, content, due_at) values (?, ?, ?)",
                    (str(uuid.uuid4()), row["content"], time.time()),
                )

    def by_reference(self, reference: str) -> list[dict[str, Any]]:
        """List every message taken under a reference, oldest first."""
        sql = "select id, reference, kind, status, accepted_at from messages where reference = ? order by seq"
        return self._rows(sql, reference)

    def inbox(self, to: str) -> list[dict[str, Any]]:
        """List what reached an address, oldest first; a message to a wrong number reached nobody."""
        return self._rows(
            "select seq, id, reference, kind, heading, body, accepted_at from messages"
            " where recipient = ? and status != 'failed' order by seq",
            to,
        )

    def counts(self) -> dict[str, Any]:
        """Count messages by reference, and in all by kind, status and what is still owed."""
        by_reference = self._rows("select reference, count(*) as n from messages group by reference")
        by_kind = self._rows("select kind, status, count(*) as n from messages group by kind, status")
        return {
            "messages": sum(row["n"] for row in by_reference),
            "by_reference": {row["reference"]: row["n"] for row in by_reference},
            "by_kind": {f"{row['kind']}/{row['status']}": row["n"] for row in by_kind},
            "owed": self.owed(),
        }

    def owed(self) -> int:
        """Count the events still owed to the callback address."""
        return int(self._rows("select count(*) as n from callbacks where done_at is null")[0]["n"])

    def add_wrong_numbers(self, numbers: Iterable[str]) -> None:
        """Mark numbers nothing arrives at."""
        with self._changing() as connection:
            connection.executemany("insert or ignore into wrong_numbers values (?)", [(one,) for one in numbers])

    def is_wrong(self, number: str) -> bool:
        """Say whether nothing arrives at a number."""
        found = self._rows("select 1 from wrong_numbers where number = ?", number)
        return number in ALWAYS_WRONG or bool(found)

    def setting(self, name: str) -> Any:
        """Give a setting, or None."""
        rows = self._rows("select value from settings where name = ?", name)
        return json.loads(rows[0]["value"]) if rows else None

    def set(self, name: str, value: Any) -> None:
        """Keep a setting over restarts."""
        with self._changing() as connection:
            connection.execute("insert or replace into settings values (?, ?)", (name, json.dumps(value)))

    def due(self, *, most: int) -> list[Callback]:
        """List callbacks owed now, the longest due first."""
        rows = self._rows(
            "select seq, content, tries from callbacks where done_at is null and due_at <= ?"
            " order by due_at, seq limit ?",
            time.time(),
            most,
        )
        return [Callback(**row) for row in rows]

    def settle(self, callback: Callback, *, retry_seconds: float | None) -> None:
        """Mark a callback as taken, or put it off."""
        done_at = time.time() if retry_seconds is None else None
        with self._changing() as connection:
            connection.execute(
                "update callbacks set tries = tries + 1, done_at = ?, due_at = due_at + ? where seq = ?",
                (done_at, retry_seconds or 0.0, callback.seq),
            )
