"""What exactly a clinician signs: the hash of every entry and verdict as they stood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wherry.foundation.digests import sha256_of

SEEN_COLUMNS = ("population_id", "category", "tier", "origin", "verdict", "verdict_reason", "expires_on")


def hash_of_entries(entries: Iterable[Mapping[str, object]]) -> str:
    """
    Hash a list as it stands, whatever the order of its rows. Returns 64 hexadecimal characters.

    entries: mappings that hold at least SEEN_COLUMNS.
    """
    rows = [{column: entry[column] for column in SEEN_COLUMNS} for entry in entries]
    return sha256_of(sorted(rows, key=lambda row: str(row["population_id"])))
