"""Who reads the record, and of whom."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection

from tests.support.places_and_people import Side, two_sides
from tests.support.roles import as_role
from tests.support.sight import change, seen_by
from wherry.audit.actions import record
from wherry.audit.models import Event
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor
from wherry.governance.models import Agreement
from wherry.organisations.models import Staff

pytestmark = pytest.mark.django_db


def test_the_record_is_read_by_the_guardian_of_information_alone(side: Side) -> None:
    readers = {role for role in side.staff if seen_by(side.actor(role), Event)}
    assert readers == {"information_governance"}


def _noted(by: Actor, did: str, *ids: object, **detail: object) -> None:
    with acting_as(by):
        record(by=by, did=did, subject="case", subject_ids=ids, now=app_now(), detail=detail)


def _read_by(guardian: Actor) -> set[str]:
    with as_role("web"), acting_as(guardian):
        return set(Event.objects.filter(did__startswith="planted.").values_list("did", flat=True))


def test_a_guardian_reads_of_their_own_staff_and_their_own_people_and_of_no_other_boards() -> None:
    ours, theirs = two_sides()
    _noted(ours.actor("clinician"), "planted.ours_about_ours", ours.case.pk)
    _noted(theirs.actor("clinician"), "planted.theirs_about_ours", ours.case.pk)
    _noted(WORKER, "planted.worker_about_ours", uuid.uuid4(), ours.person.pk)
    _noted(ours.actor("partner"), "planted.our_partner_about_a_call", ours.call.pk)
    _noted(theirs.actor("clinician"), "planted.a_page_of_our_list", uuid.uuid4(), list=str(ours.at_risk_list.pk))
    _noted(WORKER, "planted.refused", ours.staff["caller"].pk)
    _noted(theirs.actor("clinician"), "planted.theirs_about_theirs", theirs.case.pk)
    _noted(WORKER, "planted.worker_about_theirs", theirs.person.pk)
    _noted(theirs.actor("programme_lead"), "planted.about_nobody")

    assert _read_by(ours.actor("information_governance")) == {
        "planted.ours_about_ours",
        "planted.theirs_about_ours",
        "planted.worker_about_ours",
        "planted.our_partner_about_a_call",
        "planted.a_page_of_our_list",
        "planted.refused",
        "planted.about_nobody",
    }
    assert "planted.worker_about_ours" not in _read_by(theirs.actor("information_governance"))


def test_when_the_agreement_to_oversee_ends_a_guardian_keeps_only_their_own_staffs_deeds() -> None:
    ours, _ = two_sides()
    _noted(ours.actor("clinician"), "planted.ours", ours.case.pk)
    _noted(WORKER, "planted.worker", ours.case.pk)
    change(Agreement, ours.agreements["lead"].pk, purposes=["care"])

    assert _read_by(ours.actor("information_governance")) == {"planted.ours"}


def _named_to(actor: Actor) -> set[str]:
    with as_role("web"), acting_as(actor), connection.cursor() as cursor:
        cursor.execute("select organisation from app_colleagues()")
        return {name for (name,) in cursor.fetchall()}


def test_names_in_a_log_are_of_ones_own_and_of_those_who_take_part_with_one() -> None:
    ours, _ = two_sides()

    assert _named_to(ours.actor("programme_lead")) == {"Icb", "Icb Hub"}
    for role in ("caller", "analyst", "clinician", "partner", "supervisor"):
        assert _named_to(ours.actor(role)) == set(), role
    with as_role("web"), acting_as(ours.actor("programme_lead")):
        assert Staff.objects.count() == 1, "names pass through the function; the table stays shut"
