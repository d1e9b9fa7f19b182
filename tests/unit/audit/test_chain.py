"""The record: sealed behind the oldest running transaction, and every way of tampering with it seen."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection, connections, transaction

from wherry.audit.actions import record, seal
from wherry.audit.models import Event, Link, Seal
from wherry.audit.queries import Verification, verify
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER

pytestmark = pytest.mark.django_db(transaction=True)
KEY = Ed25519PrivateKey.from_private_bytes(b"an invented key of 32 bytes, yes")
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
GUARDED = ("audit_event",)


def public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def note(did: str, count: int = 1) -> None:
    with acting_as(WORKER):
        for _ in range(count):
            record(by=WORKER, did=did, subject="case", subject_ids=[uuid.uuid4()], now=app_now(), detail={"n": 1})


def sealed() -> int:
    with acting_as(WORKER):
        return seal(signing_key=KEY, now=NOW)


def verified(exported: dict[int, str] | None = None) -> Verification:
    with acting_as(WORKER):
        return verify(public_key=public(KEY), exported=exported or {})


@pytest.fixture
def chain() -> dict[int, str]:
    """Six events sealed in two batches; the head exported after each."""
    exported = {}
    for batch in ("case.opened", "task.claimed"):
        note(batch, 3)
        assert sealed() == 3
        found = verified()
        exported[found.position] = found.head
    assert (found.events, found.linked, found.unsealed, found.seals, found.breaks) == (6, 6, 0, 2, ())
    return exported


def tampered(sql: str, *parameters: object) -> None:
    """Do what only somebody with the schema owner's password could, by lifting the guard first."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in GUARDED:
            cursor.execute(f"alter table {table} no force row level security")
        cursor.execute(sql, parameters)
        assert cursor.rowcount > 0, "nothing was tampered with"
        for table in GUARDED:
            cursor.execute(f"alter table {table} force row level security")


def event_at(position: int) -> str:
    with acting_as(WORKER):
        return str(Link.objects.get(position=position).event_id)


def test_an_untouched_chain_holds(chain: dict[int, str]) -> None:
    assert verified(chain).breaks == ()


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "actor_kind = 'staff'",
        "actor_id = 'somebody else'",
        "purpose = 'care'",
        "organisation_ids = array[gen_random_uuid()]",
        "did = 'case.closed'",
        "subject = 'person'",
        "subject_ids = array[]::text[]",
        "detail = '{\"n\": 2}'",
    ],
)
def test_any_column_changed_is_seen(change: str, chain: dict[int, str]) -> None:
    tampered(f"update audit_event set {change} where id = %s", event_at(2))
    assert verified(chain).breaks == ("the event at position 2 has been changed",)


def test_a_change_with_its_hash_made_anew_is_seen(chain: dict[int, str]) -> None:
    from wherry.audit.rules import HASHED_COLUMNS, row_hash

    changed = event_at(2)
    tampered("update audit_event set did = 'case.closed' where id = %s", changed)
    with acting_as(WORKER):
        again = row_hash(Event.objects.values(*HASHED_COLUMNS).get(pk=changed))
    tampered("update audit_event set row_hash = %s where id = %s", again, changed)
    assert verified().breaks == ("the event at position 2 has been changed",)
    tampered("update audit_link set row_hash = %s where position = 2", again)
    assert any("does not follow" in one for one in verified().breaks)


def test_an_event_removed_is_seen(chain: dict[int, str]) -> None:
    tampered("delete from audit_event where id = %s", event_at(5))
    assert verified(chain).breaks == ("the event at position 5 has been removed",)


def test_a_link_removed_is_seen(chain: dict[int, str]) -> None:
    tampered("delete from audit_link where position = 2")
    assert "position 2 is missing from the chain" in verified(chain).breaks


def test_links_in_another_order_are_seen(chain: dict[int, str]) -> None:
    tampered("update audit_link set position = -position where position in (2, 3)")
    tampered("update audit_link set position = 5 + position where position < 0")
    assert verified(chain).breaks


def test_events_swapped_between_two_links_are_seen(chain: dict[int, str]) -> None:
    second, third = event_at(2), event_at(3)
    tampered("update audit_link set event_id = %s where position = 2", uuid.uuid4())
    tampered("update audit_link set event_id = %s where position = 3", second)
    tampered("update audit_link set event_id = %s where position = 2", third)
    assert len(verified(chain).breaks) >= 2


def test_a_chain_cut_short_is_seen_by_its_exported_head(chain: dict[int, str]) -> None:
    for position in (4, 5, 6):
        tampered("delete from audit_event where id = %s", event_at(position))
    tampered("delete from audit_link where position > 3")
    tampered("delete from audit_seal where position > 3")
    assert verified().breaks == (), "without a head kept elsewhere a chain cut short looks whole"
    assert verified(chain).breaks == ("the exported head at position 6 is not in the chain",)


def test_a_chain_cut_short_with_its_last_seal_left_is_seen_without_help(chain: dict[int, str]) -> None:
    tampered("delete from audit_link where position = 6")
    assert "the sealed head at position 6 is not in the chain" in verified().breaks


@pytest.fixture
def anew(chain: dict[int, str]) -> dict[int, str]:
    """Somebody writes the whole chain anew, consistently, with a key of their own."""
    tampered("update audit_event set did = 'case.closed' where id = %s", event_at(2))
    tampered("delete from audit_link")
    tampered("delete from audit_seal")
    with acting_as(WORKER):
        from wherry.audit.rules import HASHED_COLUMNS, row_hash

        again = row_hash(Event.objects.values(*HASHED_COLUMNS).get(did="case.closed"))
    tampered("update audit_event set row_hash = %s where did = 'case.closed'", again)
    with acting_as(WORKER):
        assert seal(signing_key=Ed25519PrivateKey.generate(), now=NOW) == 6
    return chain


def test_a_chain_written_anew_is_seen_by_its_key_and_by_its_exported_heads(anew: dict[int, str]) -> None:
    assert "the seal at position 6 was not signed with this installation's key" in verified().breaks
    assert "the exported head at position 3 is not in the chain" in verified(anew).breaks


def test_a_seal_whose_signature_is_not_of_its_head_is_seen(chain: dict[int, str]) -> None:
    with acting_as(WORKER):
        first = Seal.objects.get(position=3)
    tampered("update audit_seal set signature = %s where position = 6", first.signature)
    assert verified(chain).breaks == ("the seal at position 6 was not signed with this installation's key",)


def test_a_seal_that_names_another_key_is_seen(chain: dict[int, str]) -> None:
    other = Ed25519PrivateKey.generate()
    with acting_as(WORKER):
        last = Seal.objects.get(position=6)
    signature = other.sign(f"6:{last.head}".encode()).hex()
    tampered("update audit_seal set signature = %s, public_key = %s where position = 6", signature, public(other))
    assert verified(chain).breaks == ("the seal at position 6 was not signed with this installation's key",)


def test_unsealed_events_are_counted_and_no_break(chain: dict[int, str]) -> None:
    note("case.opened", 2)
    found = verified(chain)
    assert (found.unsealed, found.breaks) == (2, ())


def test_sealing_with_nothing_new_lays_nothing(chain: dict[int, str]) -> None:
    assert sealed() == 0
    with acting_as(WORKER):
        assert Seal.objects.count() == 2


def test_what_is_written_after_a_restore_into_a_younger_server_is_linked(chain: dict[int, str]) -> None:
    # Given a record brought from a server that had counted further than this one
    tampered("update audit_event set written_in = '99999999999'::xid8")
    # When something new is written
    note("after.the.restore", 2)
    # Then it is linked, and so is what follows
    assert sealed() == 2
    note("and.then", 1)
    assert sealed() == 1
    assert (verified(chain).linked, verified(chain).breaks) == (9, ())


@pytest.fixture
def open_transaction() -> Iterator[threading.Event]:
    """Somebody else's transaction that has written an event and commits only when told."""
    written, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        try:
            with acting_as(WORKER):
                record(by=WORKER, did="early.but.late", subject="case", subject_ids=["x"], now=app_now())
                written.set()
                may_end.wait(30)
        finally:
            connections["default"].close()
            ended.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert written.wait(30)
    told = threading.Event()

    def tell() -> None:
        may_end.set()
        assert ended.wait(30)

    told.set = tell  # type: ignore[method-assign]
    yield told
    may_end.set()
    thread.join()


def test_an_event_of_a_transaction_still_open_is_left_and_linked_later_without_a_break(
    chain: dict[int, str], open_transaction: threading.Event
) -> None:
    note("after.it.began", 2)
    assert sealed() == 0, "what began after an open transaction waits for it"
    assert verified(chain).unsealed == 2
    open_transaction.set()
    assert sealed() == 3
    found = verified(chain)
    assert (found.linked, found.unsealed, found.breaks) == (9, 0, ())
    with acting_as(WORKER):
        order = [Event.objects.get(pk=event_at(position)).did for position in (7, 8, 9)]
    assert order == ["early.but.late", "after.it.began", "after.it.began"]


def test_two_sealers_at_once_lay_one_chain() -> None:
    note("case.opened", 20)
    laid: list[int] = []

    def work() -> None:
        try:
            laid.append(sealed())
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealed()
    found = verified()
    assert (found.linked, found.breaks) == (20, ())
    assert sum(laid) == 20
