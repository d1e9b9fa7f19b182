"""Nobody but the sign-in reads or changes what somebody signs in with."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from tests.support.places_and_people import two_sides
from tests.support.roles import as_role
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.organisations.models import Credential, RecoveryCode, SignIn, Staff
from wherry.web.sign_in.sessions import SIGN_IN

pytestmark = pytest.mark.django_db


def test_nobody_at_work_changes_who_works_here() -> None:
    """A page never touches anybody's account, their own included; nor may the sign-in make anybody active."""
    _, theirs = two_sides()
    for role in theirs.staff:
        with as_role("web"), acting_as(theirs.actor(role)):
            assert Credential.objects.update(password="stolen") == 0, role
            with pytest.raises(DatabaseError), transaction.atomic():
                Staff.objects.update(name="stolen")


def test_what_somebody_signs_in_with_is_read_by_the_sign_in_alone() -> None:
    """Not by colleagues, not by its owner's own pages, not by the worker, nor by an operator at a terminal."""
    ours, _ = two_sides()
    others = [ours.actor(role) for role in ours.staff] + [WORKER, Actor(kind=Kind.CONSOLE, id="operator")]
    for model in (Credential, RecoveryCode, SignIn):
        for somebody in others:
            with acting_as(somebody):
                assert not model.objects.exists(), (model, somebody)
        with acting_as(SIGN_IN):
            assert model.objects.exists(), model
    for role in ("worker", "web_person"):
        with as_role(role), acting_as(SIGN_IN), pytest.raises(DatabaseError), transaction.atomic():
            Credential.objects.exists()
