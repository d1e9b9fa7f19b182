"""One way to hash a value, so that equal content has equal hashes everywhere."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from uuid import UUID

Plain = None | bool | int | float | str | Sequence["Plain"] | Mapping[str, "Plain"]


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a {type(value).__name__} has no canonical form")


def canonical_json(value: object) -> str:
    """Write a value as JSON with sorted keys and no spaces; dates, times (UTC) and UUIDs as text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def sha256_of(value: object) -> str:
    """Hash a plain value by its canonical JSON. Returns 64 hexadecimal characters."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def sha256_of_bytes(content: bytes) -> str:
    """Hash raw bytes. Returns 64 hexadecimal characters."""
    return hashlib.sha256(content).hexdigest()


def chained(previous: str, row_hash: str) -> str:
    """Link a row's hash to the head before it. Both are 64 hexadecimal characters; the first head is 64 zeros."""
    return hashlib.sha256(f"{previous}:{row_hash}".encode()).hexdigest()


FIRST_HEAD = "0" * 64
