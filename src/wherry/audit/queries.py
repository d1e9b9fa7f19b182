"""Reading the record back: verification, and what was done to or seen of somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wherry.audit.models import Event, Link, Seal
from wherry.audit.rules import HASHED_COLUMNS, breaks_in_chain, row_hash

#: What is a look at people, or a try at one.
LOOKS = ("person.seen", "list.looked_at", "inbox.looked_at", "page.refused")
#: Taking a task, and the longest anybody holds one: a lease is renewed by whoever is at it.
_CLAIMED, _HELD_AT_MOST = "task.claimed", dt.timedelta(days=1)


@dataclass(frozen=True)
class Verification:
    """What a walk of the chain found: no `breaks` means it holds. `unsealed` events are not yet linked."""

    events: int
    linked: int
    unsealed: int
    seals: int
    position: int
    head: str
    breaks: tuple[str, ...]


def verify(*, public_key: str, exported: Mapping[int, str]) -> Verification:
    """
    Recompute every hash, head and signature.

    public_key: the installation's, 64 hexadecimal characters: a seal signed by another is a break;
    exported: position → head kept elsewhere, which is what reveals a chain cut short.
    """
    hashes = {str(event["id"]): row_hash(event) for event in Event.objects.values(*HASHED_COLUMNS).iterator(2_000)}
    links = [
        (position, str(event_id), hashed, head)
        for position, event_id, hashed, head in Link.objects.order_by("position").values_list(
            "position", "event_id", "row_hash", "head"
        )
    ]
    seals = list(Seal.objects.order_by("position"))
    breaks = breaks_in_chain(
        links=links, row_hashes=hashes, seals={seal.position: seal.head for seal in seals}, exported=exported
    )
    forged = tuple(
        f"the seal at position {seal.position} was not signed with this installation's key"
        for seal in seals
        if not _signed(seal, public_key)
    )
    position, head = (links[-1][0], links[-1][3]) if links else (0, "")
    return Verification(
        events=len(hashes),
        linked=len(links),
        unsealed=len(hashes) - len(links),
        seals=len(seals),
        position=position,
        head=head,
        breaks=breaks + forged,
    )


def newest_head() -> tuple[int, str] | None:
    """Give the newest link's position and head; None before the first."""
    return Link.objects.order_by("-position").values_list("position", "head").first()


def head_at(*, position: int) -> str:
    """Give the head at a position; empty where the chain does not reach it."""
    return Link.objects.filter(position=position).values_list("head", flat=True).first() or ""


def newest_detail(*, did: str) -> dict[str, object]:
    """Give the detail of the newest event of a kind; empty before the first."""
    found = Event.objects.filter(did=did).order_by("-at").values_list("detail", flat=True).first()
    return dict(found or {})


@dataclass(frozen=True)
class Look:
    """One look at people: when, by whom (opaque id), for which organisations, what, and the opaque ids looked at."""

    at: dt.datetime
    actor_id: str
    organisation_ids: tuple[UUID, ...]
    purpose: str
    did: str
    subject: str
    subject_ids: tuple[str, ...]


@dataclass(frozen=True)
class Looks:
    """Looks, newest first, and when somebody first took a task, by their id and the task's; more: not all are here."""

    listed: tuple[Look, ...]
    claimed: Mapping[tuple[str, str], dt.datetime]
    more: bool


def looks(*, since: dt.datetime, limit: int) -> Looks:
    """
    List looks at people and refusals of pages, and the tasks taken, as far as row security lets the asker read.

    In one statement, because what the asker may read is worked out once a statement. A task may have been taken a day
    before its page is opened once more. limit: how many events at most.
    """
    wanted = Event.objects.filter(did__in=(*LOOKS, _CLAIMED), at__gte=since - _HELD_AT_MOST)
    columns = ("at", "actor_id", "organisation_ids", "purpose", "did", "subject", "subject_ids")
    listed: list[Look] = []
    claimed: dict[tuple[str, str], dt.datetime] = {}
    rows = wanted.order_by("-at").values_list(*columns)[: limit + 1]
    for at, actor, organisations, purpose, did, subject, subjects in rows:
        if did == _CLAIMED:
            claimed[actor, subjects[0]] = at
        elif at >= since:
            listed.append(Look(at, actor, tuple(organisations), purpose, did, subject, tuple(subjects)))
    return Looks(tuple(listed), claimed, len(rows) > limit)


def _signed(seal: Seal, public_key: str) -> bool:
    if seal.public_key != public_key:
        return False
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    try:
        key.verify(bytes.fromhex(seal.signature), f"{seal.position}:{seal.head}".encode())
    except InvalidSignature:
        return False
    return True
