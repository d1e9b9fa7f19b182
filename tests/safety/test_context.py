"""Acting as somebody lasts for one transaction: restored when nested, gone after an error, carried to nobody else."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tests.support.places_and_people import Side, a_side
from tests.support.roles import as_role
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.people.models import Person
from wherry.web.person.links import holder_of


def who() -> tuple[str | None, str | None]:
    with connection.cursor() as cursor:
        cursor.execute("select app_kind(), app_actor()")
        return cursor.fetchone()


NOBODY = (None, None)
SIGN_IN = Actor(kind=Kind.SIGN_IN, id="sign_in")
GATEWAY = Actor(kind=Kind.GATEWAY, id="gateway")


@pytest.mark.django_db
def test_nested_the_outer_actor_is_restored() -> None:
    assert who() == NOBODY
    with acting_as(WORKER):
        with acting_as(SIGN_IN):
            with acting_as(GATEWAY):
                assert who() == ("gateway", "gateway")
            assert who() == ("sign_in", "sign_in")
        assert who() == ("worker", "worker")
    assert who() == NOBODY


@pytest.mark.django_db
def test_after_an_error_inside_the_outer_actor_is_restored() -> None:
    with acting_as(WORKER):
        with pytest.raises(RuntimeError), acting_as(SIGN_IN):
            raise RuntimeError
        assert who() == ("worker", "worker")
    with pytest.raises(RuntimeError), acting_as(WORKER):
        raise RuntimeError
    assert who() == NOBODY


@pytest.mark.django_db
def test_after_an_error_of_the_database_the_outer_actor_is_restored() -> None:
    with acting_as(SIGN_IN):
        with pytest.raises(Exception, match="division"), acting_as(WORKER), connection.cursor() as cursor:
            cursor.execute("select 1/0")
        assert who() == ("sign_in", "sign_in")


@pytest.mark.django_db
def test_an_error_takes_back_what_was_done_as_the_actor() -> None:
    side = a_side(code="icb", place="norwich")
    with pytest.raises(RuntimeError), acting_as(WORKER):
        Person.objects.filter(pk=side.person.pk).update(given_name="Changed")
        raise RuntimeError
    with acting_as(WORKER):
        assert not Person.objects.filter(given_name="Changed").exists()


@pytest.mark.django_db
def test_a_savepoint_taken_back_inside_leaves_the_actor() -> None:
    with acting_as(WORKER):
        with transaction.atomic():
            transaction.set_rollback(True)
        assert who() == ("worker", "worker")


@pytest.mark.django_db
def test_somebody_nested_sees_as_themselves_and_not_as_the_one_outside() -> None:
    ours, theirs = a_side(code="icb", place="norwich"), a_side(code="other_board", place="waveney")
    with as_role("web"), acting_as(ours.actor("supervisor")):
        with acting_as(theirs.actor("supervisor")):
            assert [one.pk for one in Person.objects.all()] == [theirs.person.pk]
        assert [one.pk for one in Person.objects.all()] == [ours.person.pk]


@pytest.mark.django_db(transaction=True)
def test_the_connection_carries_nothing_to_the_next_transaction() -> None:
    side: Side = a_side(code="icb", place="norwich")
    with acting_as(side.actor("supervisor")):
        assert Person.objects.count() == 1
        first = _backend()
    assert _backend() == first, "the same connection, as a pool would hand it on"
    assert who() == NOBODY
    assert Person.objects.count() == 0
    with pytest.raises(RuntimeError), acting_as(holder_of(token=side.token)):
        raise RuntimeError
    assert who() == NOBODY
    assert Person.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_requests_after_each_other_on_one_connection_share_no_sight() -> None:
    side = a_side(code="icb", place="norwich")
    clinician, partner = side.client("clinician"), side.client("partner")
    address = f"/clinicians/entries/{side.entry.pk}"
    assert clinician.get(address).status_code == 200
    assert partner.get(address).status_code == 403
    assert who() == NOBODY
    assert clinician.get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_refused_request_leaves_nobody_behind() -> None:
    side = a_side(code="icb", place="norwich")
    stale = {"version": "0", "answer": "accept"}
    assert side.client("partner").post(f"/partners/calls/{side.call.pk}", stale).status_code == 409
    assert who() == NOBODY
    assert Person.objects.count() == 0


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return int(cursor.fetchone()[0])
