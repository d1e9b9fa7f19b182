"""Writing the record: one event in the transaction of the deed; one sealer that links what has committed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection, transaction

from wherry.audit.models import Event, Link, Seal
from wherry.audit.rules import row_hash
from wherry.foundation.actors import Actor
from wherry.foundation.digests import FIRST_HEAD, chained

_SEALER_LOCK = 7_203_311


@dataclass(frozen=True)
class Deed:
    """
    One deed or look, to be written down.

    did: `case.opened`, `person.seen`; subject_ids: opaque ids; detail: codes, counts and ids only, never a name,
    an address, an answer or a telephone number.
    """

    did: str
    subject: str
    subject_ids: Sequence[object]
    detail: Mapping[str, object] = field(default_factory=dict)


def record(
    *,
    by: Actor,
    did: str,
    subject: str,
    subject_ids: Iterable[object],
    now: dt.datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write down one deed or look, in the caller's transaction. What each part holds: see Deed."""
    record_all(by=by, deeds=[Deed(did, subject, tuple(subject_ids), detail or {})], now=now)


def record_all(*, by: Actor, deeds: Iterable[Deed], now: dt.datetime) -> None:
    """Write down many deeds of one actor, in the caller's transaction and in this order."""
    events = [_event(by, deed, now) for deed in deeds]
    Event.objects.bulk_create([Event(**event, row_hash=row_hash(event)) for event in events], batch_size=1_000)


def _event(by: Actor, deed: Deed, now: dt.datetime) -> dict[str, object]:
    return {
        "id": uuid.uuid4(),
        "at": now,
        "actor_kind": str(by.kind),
        "actor_id": by.id,
        "organisation_ids": list(by.organisations),
        "purpose": by.purpose,
        "did": deed.did,
        "subject": deed.subject,
        "subject_ids": [str(one) for one in deed.subject_ids],
        "detail": dict(deed.detail),
    }


def seal(*, signing_key: Ed25519PrivateKey, now: dt.datetime) -> int:
    """
    Link every event no running transaction can still precede, and sign the new head. Returns how many were linked.

    One sealer at a time: another finds the advisory lock taken and links nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [_SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        last = Link.objects.order_by("-position").first()
        position, head = (last.position, last.head) if last else (0, FIRST_HEAD)
        links = []
        for event_id, hashed in _committed_and_unlinked(cursor):
            position, head = position + 1, chained(head, hashed)
            links.append(Link(position=position, event_id=event_id, row_hash=hashed, head=head))
        Link.objects.bulk_create(links, batch_size=2_000)
        if links:
            public = signing_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
            signature = signing_key.sign(f"{position}:{head}".encode()).hex()
            Seal.objects.create(position=position, head=head, at=now, signature=signature, public_key=public)
        return len(links)


def _committed_and_unlinked(cursor: object) -> list[tuple[uuid.UUID, str]]:
    """
    List the events to be linked, in their order.

    What was linked last was written in the newest transaction of its time, and every older one had ended: only what
    came after is looked at. Where that newest one is ahead of the server's own count (a database restored elsewhere),
    everything is.
    """
    cursor.execute(  # type: ignore[attr-defined]
        "with last as (select e.written_in from audit_link l join audit_event e on e.id = l.event_id"
        "               order by l.position desc limit 1),"
        " since as (select coalesce((select written_in from last"
        "            where written_in < pg_snapshot_xmin(pg_current_snapshot())), '0'::xid8) as written_in)"
        " select e.id, e.row_hash from audit_event e"
        " where e.written_in > (select written_in from since)"
        "   and e.written_in < pg_snapshot_xmin(pg_current_snapshot())"
        "   and not exists (select 1 from audit_link l where l.event_id = e.id)"
        " order by e.written_in, e.at, e.id"
    )
    return list(cursor.fetchall())  # type: ignore[attr-defined]
