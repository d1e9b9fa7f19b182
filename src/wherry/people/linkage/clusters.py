"""From pairs to persons: no cluster ever holds a hard conflict, and a person keeps their id as records come."""

from __future__ import annotations

import hashlib
import itertools
import uuid
from collections.abc import Iterable, Mapping, Sequence

from wherry.people.linkage.rules import conflict
from wherry.people.linkage.types import Clustering, ForReview, Pair, Record


def cluster(*, records: Mapping[str, Record], pairs: Iterable[Pair], review: Sequence[ForReview] = ()) -> Clustering:
    """
    Join records by pairs, the strongest first, refusing each join that would put a conflict into a cluster.

    records: those named in pairs; others stay alone and need not be here. The result does not depend on the order of
    `pairs`. A refused pair waits for review.
    """
    members = {record_id: [record_id] for record_id in records}
    joined_by: dict[str, Pair] = {}
    refused: list[ForReview] = []
    for pair in sorted(pairs, key=lambda each: (-each.score, each.left, each.right)):
        left, right = members[pair.left], members[pair.right]
        if left is right:
            continue
        why = _conflict_between(records, left, right)
        if why:
            refused.append(ForReview(pair, why))
            continue
        left.extend(right)
        for record_id in right:
            members[record_id] = left
        for record_id in (pair.left, pair.right):
            joined_by.setdefault(record_id, pair)
    clusters = {tuple(sorted(each)) for each in members.values()}
    waiting = (*refused, *(each for each in review if members[each.pair.left] is not members[each.pair.right]))
    return Clustering(tuple(sorted(clusters)), joined_by, len(refused), waiting)


def _conflict_between(records: Mapping[str, Record], left: Sequence[str], right: Sequence[str]) -> str | None:
    for one in left:
        for other in right:
            found = conflict(left=records[one], right=records[other])
            if found:
                return str(found)
    return None


def new_person_id(*, seed: str) -> str:
    """Make a person's id from the record it begins with: opaque, and the same on every machine and every run."""
    return str(uuid.UUID(bytes=hashlib.sha256(f"wherry person {seed}".encode()).digest()[:16], version=5))


def person_ids(*, clusters: Sequence[Sequence[str]], known: Mapping[str, str]) -> dict[str, str]:
    """
    Give record → person. known: what the map says so far.

    A cluster keeps the smallest id its records have. When one person turns out to be two, the part with the record
    the id was made from keeps it, otherwise the part with the smallest record; the other gets a new one.
    """
    claims: dict[str, list[Sequence[str]]] = {}
    for members in clusters:
        ids = sorted({known[each] for each in members if each in known})
        if ids:
            claims.setdefault(ids[0], []).append(members)
    kept = {tuple(_keeper(person_id, rivals)): person_id for person_id, rivals in claims.items()}
    taken = set(known.values())
    found: dict[str, str] = {}
    for members in sorted(map(tuple, clusters)):
        person_id = kept.get(members) or _unused(members, taken)
        taken.add(person_id)
        found.update(dict.fromkeys(members, person_id))
    return found


def _keeper(person_id: str, rivals: Sequence[Sequence[str]]) -> Sequence[str]:
    return min(rivals, key=lambda members: (person_id not in map(_id_of, members), min(members)))


def _id_of(record_id: str) -> str:
    return new_person_id(seed=record_id)


def _unused(members: Sequence[str], taken: set[str]) -> str:
    # Every member's own id may be taken after several splits; a numbered seed is as deterministic.
    seeds = itertools.chain(sorted(members), (f"{min(members)} again {number}" for number in itertools.count(1)))
    return next(person_id for person_id in map(_id_of, seeds) if person_id not in taken)
