"""The chain's arithmetic, pure, so that a verifier elsewhere can repeat it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wherry.foundation.digests import FIRST_HEAD, chained, sha256_of

#: The columns a row's hash covers, in no order that matters (the canonical form sorts them).
HASHED_COLUMNS = (
    "id",
    "at",
    "actor_kind",
    "actor_id",
    "organisation_ids",
    "purpose",
    "did",
    "subject",
    "subject_ids",
    "detail",
)


def row_hash(event: Mapping[str, object]) -> str:
    """Hash an event's columns. Returns 64 hexadecimal characters."""
    return sha256_of({column: event[column] for column in HASHED_COLUMNS})


def breaks_in_chain(
    *,
    links: Iterable[tuple[int, str, str, str]],
    row_hashes: Mapping[str, str],
    seals: Mapping[int, str],
    exported: Mapping[int, str],
) -> tuple[str, ...]:
    """
    Walk the chain and say in plain words where it is broken.

    links: (position, event id, row hash, head) in order of position; row_hashes: event id → hash recomputed from
    the row as it stands; seals: position → signed head; exported: position → head kept elsewhere.
    """
    found: list[str] = []
    head, expected, heads = FIRST_HEAD, 1, {}
    for position, event_id, hashed, stored_head in links:
        if position != expected:
            found.append(f"position {expected} is missing from the chain")
        if event_id not in row_hashes:
            found.append(f"the event at position {position} has been removed")
        elif row_hashes[event_id] != hashed:
            found.append(f"the event at position {position} has been changed")
        head = chained(head, hashed)
        if head != stored_head:
            found.append(f"the head at position {position} does not follow from the one before")
            head = stored_head
        heads[position], expected = stored_head, position + 1
    for kind, known in (("sealed", seals), ("exported", exported)):
        found += [
            f"the {kind} head at position {position} is not in the chain"
            for position, sealed in known.items()
            if heads.get(position) != sealed
        ]
    return tuple(found)
