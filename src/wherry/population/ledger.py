"""Who read or wrote a population store: one hash-chained line each in `ledger.ndjson`, never a personal value."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from typing import IO

from wherry.foundation.digests import FIRST_HEAD, canonical_json, chained, sha256_of
from wherry.foundation.errors import InputWrong
from wherry.population.store import Store

FILE_NAME = "ledger.ndjson"


def record(store: Store, *, by: str, did: str, about: Mapping[str, object], at: dt.datetime | None = None) -> str:
    """
    Append one line and make it durable before returning the new head (64 hexadecimal characters).

    by: who acts; did: a verb phrase such as `receive_feed`; about: ids, hashes and counts, never a person's values;
    at: when, as the interface that was called read it. Raises InputWrong when nobody is named.
    """
    if not by.strip():
        raise InputWrong("nobody is named as acting on this store; say who with --by")
    with _open_locked(store) as handle:
        head = _head_of(handle, store)
        entry: dict[str, object] = {"by": by, "did": did, "about": dict(about), "at": at}
        new_head = chained(head, sha256_of(entry))
        handle.seek(0, os.SEEK_END)
        handle.write((canonical_json({**entry, "head": new_head}) + "\n").encode())
        handle.flush()
        os.fsync(handle.fileno())
    return new_head


def entries(store: Store) -> tuple[dict[str, object], ...]:
    """Read every complete line, oldest first. A line torn by a crash was never acknowledged and is left out."""
    file = store.path / FILE_NAME
    if not file.is_file():
        return ()
    lines = file.read_bytes().split(b"\n")[:-1]
    return tuple(_entry(line, store, number) for number, line in enumerate(lines, start=1))


def verify(store: Store) -> tuple[str, ...]:
    """
    Follow the chain from the first line; returns what is wrong, one sentence each, empty if it is whole.

    Finds a changed, dropped or moved line. A ledger cut at its end is found only against a head noted elsewhere.
    """
    file = store.path / FILE_NAME
    content = file.read_bytes() if file.is_file() else b""
    head = FIRST_HEAD
    problems: list[str] = []
    *lines, rest = content.split(b"\n")
    for number, line in enumerate(lines, start=1):
        entry = _parsed(line)
        if entry is None:
            return (*problems, f"{FILE_NAME}:{number}: not a ledger line; restore the file from a copy")
        claimed = str(entry.pop("head"))
        if chained(head, sha256_of(entry)) != claimed:
            problems.append(f"{FILE_NAME}:{number}: the line or one before it was changed, dropped or moved")
        head = claimed
    if rest:
        problems.append(f"{FILE_NAME}:{len(lines) + 1}: the last line is torn; the next entry replaces it")
    return tuple(problems)


@contextlib.contextmanager
def _open_locked(store: Store) -> Iterator[IO[bytes]]:
    store.path.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(store.path / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle


def _head_of(handle: IO[bytes], store: Store) -> str:
    content = handle.read()
    complete = content.rfind(b"\n") + 1
    if complete < len(content):
        # A crash tore this line before it was acknowledged: nobody was told it happened, so it is taken out.
        handle.truncate(complete)
    if not complete:
        return FIRST_HEAD
    last = content[:complete].rstrip(b"\n").rsplit(b"\n", 1)[-1]
    return str(_entry(last, store, content.count(b"\n", 0, complete))["head"])


def _entry(line: bytes, store: Store, number: int) -> dict[str, object]:
    entry = _parsed(line)
    if entry is None:
        raise InputWrong(f"{store.path / FILE_NAME}:{number}: not a ledger line; restore the file from a copy")
    return entry


def _parsed(line: bytes) -> dict[str, object] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("head"), str) else None
