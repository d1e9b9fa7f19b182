"""What partners see, and who reads reasons and answers."""

from __future__ import annotations

import pytest

from tests.support.places_and_people import Side
from tests.support.sight import CLINICAL, OF_A_CASE, change, seen_by
from wherry.checkin.models import Answered, Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.governance.models import Agreement
from wherry.referrals.models import CallToAction, CallToActionEvent
from wherry.review.models import AtRiskList
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db


def test_a_partner_sees_its_calls_to_action_and_nothing_else(side: Side) -> None:
    partner = side.actor("partner")
    assert seen_by(partner, *OF_A_CASE, *CLINICAL, AtRiskList, Task) == {"CallToAction": 1}
    assert seen_by(partner, CallToActionEvent) == {"CallToActionEvent": 1}


def test_a_partner_sees_no_call_made_to_another(side: Side) -> None:
    change(CallToAction, side.call.pk, partner_id=side.lead.pk)
    assert seen_by(side.actor("partner"), CallToAction, CallToActionEvent) == {}


@pytest.mark.parametrize("state", ["offered", "accepted"])
def test_a_partners_sight_ends_with_its_agreement(state: str, side: Side) -> None:
    change(CallToAction, side.call.pk, state=state)
    with acting_as(WORKER):
        now = app_now()
    change(Agreement, side.agreements["partner"].pk, ends_at=now)
    assert seen_by(side.actor("partner"), CallToAction, CallToActionEvent) == {}


def test_reasons_are_for_clinicians_alone(side: Side) -> None:
    for role in side.staff:
        expected = {"Entry": 1, "EntryReason": 1} if role == "clinician" else {}
        assert seen_by(side.actor(role), *CLINICAL) == expected, role


def test_a_clinicians_role_for_another_purpose_shows_no_reason_where_care_is_not_agreed(side: Side) -> None:
    change(Agreement, side.agreements["lead"].pk, purposes=["support", "oversight"])
    assert seen_by(side.actor("clinician"), *CLINICAL) == {}


def test_what_somebody_said_is_for_those_who_help_them_and_not_for_those_who_count(side: Side) -> None:
    readers = {role for role in side.staff if seen_by(side.actor(role), Response)}
    assert readers == {"supervisor", "clinician"}
    assert seen_by(side.actor("analyst"), Answered) == {"Answered": 1}
