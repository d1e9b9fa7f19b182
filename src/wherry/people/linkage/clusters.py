"""From pairs to persons: no cluster ever holds a hard conflict, and a person keeps their id as records come."""

from __future__ import annotations

import hashlib
import itertools
import uuid
from collections.abc import Iterable, Mapping, Sequence

from wherry.people.linkage.joining import SAID_APART, Joining
from wherry.people.linkage.types import Bound, Clustering, ForReview, Pair, Record


def cluster(
    *,
    records: Mapping[str, Record],
    pairs: Iterable[Pair],
    review: Sequence[ForReview] = (),
    bound: Bound | None = None,
) -> Clustering:
    """
    Join records by people's answers, then by pairs, the strongest first, refusing each join that would put a conflict
    into a cluster, or two records somebody said are not the same.

    records: those named in pairs and in answers; others stay alone and need not be here. The result does not depend on
    the order of `pairs`. A refused pair waits for review, unless an answer is why.
    """
    bound = bound or Bound()
    joining = Joining(records=records, bound=bound)
    for pair in sorted(pairs, key=lambda each: (-each.score, each.left, each.right)):
        joining.join(pair)
    clusters = {tuple(sorted(each)) for each in joining.members.values()}
    # An answer about one pair answers for all that would join the same two clusters; two answers at odds are shown.
    waiting = {
        (each.pair.left, each.pair.right): each
        for each in reversed((*joining.refused, *review))
        if not joining.are_together(each.pair)
        and (each.pair.found_by == "person" or not joining.are_said_apart(each.pair))
    }
    refused = sum(1 for each in joining.refused if each.why != SAID_APART)
    return Clustering(
        tuple(sorted(clusters)), joining.joined_by, refused, tuple(waiting[pair] for pair in sorted(waiting))
    )


def new_person_id(*, seed: str) -> str:
    """Make a person's id from the record it begins with: opaque, and the same on every machine and every run."""
    return str(uuid.UUID(bytes=hashlib.sha256(f"wherry person {seed}".encode()).digest()[:16], version=5))


def person_ids(
    *,
    clusters: Sequence[Sequence[str]],
    known: Mapping[str, str],
    former: Mapping[str, Sequence[str]] | None = None,
    taken: Iterable[str] = (),
) -> dict[str, str]:
    """
    Give record → person. known: what the map says so far; former: whom records that moved belonged to, latest first;
    taken: ids that people outside these clusters have.

    A cluster keeps the smallest id its records have. When one person turns out to be two, the part with the record
    the id was made from keeps it, otherwise the part with the smallest record; the other gets back the id its records
    had before, or else a new one.
    """
    former = former or {}
    claims: dict[str, list[Sequence[str]]] = {}
    for members in clusters:
        ids = sorted({known[each] for each in members if each in known})
        if ids:
            claims.setdefault(ids[0], []).append(members)
    kept = {tuple(_keeper(person_id, rivals)): person_id for person_id, rivals in claims.items()}
    used = {*known.values(), *taken}
    found: dict[str, str] = {}
    for members in sorted(map(tuple, clusters)):
        person_id = kept.get(members) or _unused(members, used, former)
        used.add(person_id)
        found.update(dict.fromkeys(members, person_id))
    return found


def _keeper(person_id: str, rivals: Sequence[Sequence[str]]) -> Sequence[str]:
    return min(rivals, key=lambda members: (person_id not in map(_id_of, members), min(members)))


def _id_of(record_id: str) -> str:
    return new_person_id(seed=record_id)


def _unused(members: Sequence[str], taken: set[str], former: Mapping[str, Sequence[str]]) -> str:
    for person_id in itertools.chain.from_iterable(former.get(each, ()) for each in sorted(members)):
        if person_id not in taken:
            return person_id
    # Every member's own id may be taken after several splits; a numbered seed is as deterministic.
    seeds = itertools.chain(sorted(members), (f"{min(members)} again {number}" for number in itertools.count(1)))
    return next(person_id for person_id in map(_id_of, seeds) if person_id not in taken)
