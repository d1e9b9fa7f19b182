"""Acting as somebody: the one way to reach rows that row security guards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from wherry.foundation.actors import Actor
from wherry.foundation.digests import canonical_json


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    """
    Open a transaction in which row security sees this actor.

    The context lives and dies with the transaction, so a pooled connection carries nothing to the next request.
    Nested, it restores what was there: a savepoint's end alone would not.
    """
    is_nested = connection.in_atomic_block
    with transaction.atomic():
        before = _setting() if is_nested else ""
        _set(canonical_json(_as_context(actor)))
        yield actor
        if is_nested:
            _set(before)


def app_now() -> dt.datetime:
    """Read the application's clock: the transaction's time plus the offset invented people live by. UTC."""
    with connection.cursor() as cursor:
        cursor.execute("select app_now()")
        return cursor.fetchone()[0].astimezone(dt.UTC)


def wall_now() -> dt.datetime:
    """Read the transaction's time without any offset: for waiting on the world outside. UTC."""
    with connection.cursor() as cursor:
        cursor.execute("select transaction_timestamp()")
        return cursor.fetchone()[0].astimezone(dt.UTC)


def _as_context(actor: Actor) -> dict[str, object]:
    return {
        "kind": str(actor.kind),
        "id": actor.id,
        "organisations": [str(organisation) for organisation in actor.organisations],
        "roles": sorted(actor.roles),
        "purpose": actor.purpose,
        "token": actor.token_sha256,
        "proof": actor.proof_sha256,
    }


def _setting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting('app.ctx', true), '')")
        return str(cursor.fetchone()[0])


def _set(context: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.ctx', %s, true)", [context])
