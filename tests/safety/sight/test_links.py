"""What whoever holds a link sees: its own case, while it lives."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import ProgrammingError, transaction

from tests.support.places_and_people import Side, a_side, set_clock_ahead, two_sides
from tests.support.roles import as_role
from tests.support.sight import DAY, change, seen_by, seen_by_link
from wherry.audit.models import Event
from wherry.cases.models import Case, Occurrence
from wherry.checkin.models import Draft, Invitation
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.outreach.models import Attempt
from wherry.people.actions import note_wish
from wherry.people.models import Person, WishRow
from wherry.people.types import WishKind
from wherry.referrals.models import CallToAction
from wherry.review.models import AtRiskList, Entry, EntryReason
from wherry.triage.models import Decision, Need, RedFlag
from wherry.web.person.links import holder_of
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db


def test_a_link_sees_its_own_case_and_no_other() -> None:
    ours, theirs = two_sides()
    with as_role("web_person"), acting_as(holder_of(token=ours.token)):
        assert [one.pk for one in Case.objects.all()] == [ours.case.pk]
        assert [one.pk for one in Person.objects.all()] == [ours.person.pk]
        assert {one.case_id for one in Invitation.objects.all()} == {ours.case.pk}
        assert {one.case_id for one in Occurrence.objects.all()} == {ours.case.pk}
        assert {one.case_id for one in Draft.objects.all()} == {ours.case.pk}
        assert not Draft.objects.filter(case_id=theirs.case.pk).exists()


def test_a_link_nobody_made_sees_nothing(side: Side) -> None:
    assert seen_by_link(holder_of(token="never-made")) == {}
    assert seen_by_link(Actor(kind=Kind.LINK, id="x", token_sha256="")) == {}


def test_a_token_is_worth_nothing_in_any_other_hand(side: Side, holder: Actor) -> None:
    for kind in (Kind.GATEWAY, Kind.SIGN_IN):
        assert seen_by_link(replace(holder, kind=kind)) == {}, kind


@pytest.mark.parametrize(
    "values",
    [{"state": "revoked"}, {"expires_at": dt.timedelta(0)}, {"state": "locked", "expires_at": dt.timedelta(0)}],
)
def test_a_link_revoked_or_out_of_date_shows_nothing(values: dict, side: Side, holder: Actor) -> None:
    assert seen_by_link(holder)
    with acting_as(WORKER):
        now = app_now()
    change(
        Invitation,
        side.invitation.pk,
        **{name: now + value if isinstance(value, dt.timedelta) else value for name, value in values.items()},
    )
    assert seen_by_link(holder) == {}


def test_a_link_used_shows_no_answer_after_half_an_hour_only_that_it_was_used(side: Side, holder: Actor) -> None:
    with acting_as(WORKER):
        now = app_now()
    change(Invitation, side.invitation.pk, state="used", used_at=now)
    set_clock_ahead(dt.timedelta(minutes=29))
    assert {"Response", "HelpReply", "Draft"} & seen_by_link(holder).keys()
    set_clock_ahead(dt.timedelta(minutes=30))
    assert not {"Response", "HelpReply", "Draft"} & seen_by_link(holder).keys()
    assert {"Case", "Person", "Occurrence"} <= seen_by_link(holder).keys()
    with as_role("web_person"), acting_as(holder), pytest.raises(ProgrammingError), transaction.atomic():
        Draft.objects.create(case=side.case, audience_id=side.case.audience_id, invitation=side.invitation, answers={})


def test_a_link_dies_by_the_clock_alone(side: Side, holder: Actor) -> None:
    set_clock_ahead(28 * DAY)
    assert seen_by_link(holder) == {}


def test_a_link_sees_nothing_staff_decided_and_no_task(side: Side, holder: Actor) -> None:
    """The staff sites' own role, even: it is the context that is narrow, not only the grants."""
    decided = (Decision, Need, RedFlag, Attempt, CallToAction, Task, AtRiskList, Entry, EntryReason, Event)
    assert seen_by(holder, *decided) == {}


@pytest.mark.parametrize("values", [{"state": "revoked"}, {"state": "used"}, {}])
def test_a_dead_link_may_still_say_stop_for_its_own_person_and_sees_nothing(values: dict, holder: Actor) -> None:
    with acting_as(WORKER):
        invitation = Invitation.objects.select_related("case").get(token_sha256=holder.token_sha256)
        ours = invitation.case.person_id
        theirs = a_side(code="other_board", place="waveney").person.pk
        used_at = app_now() if values.get("state") == "used" else None
        Invitation.objects.filter(pk=invitation.pk).update(used_at=used_at, **values)
    set_clock_ahead(29 * DAY)
    assert seen_by_link(holder) == {}
    with as_role("web_person"), acting_as(holder):
        note_wish(by=holder, person_id=ours, kind=WishKind.STOP, value="", source="link", now=app_now())
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            note_wish(by=holder, person_id=theirs, kind=WishKind.STOP, value="", source="link", now=app_now())
    with acting_as(WORKER):
        set_clock_ahead(0 * DAY)
        assert WishRow.objects.filter(kind="stop").values_list("person_id", flat=True).get() == ours
