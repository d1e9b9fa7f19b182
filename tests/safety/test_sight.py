"""Who sees what: an agreement in force, for this purpose, in this place; a task held; a link that lives."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, models, transaction

from tests.support.places_and_people import Side, a_side, hold, set_clock_ahead, two_sides
from tests.support.roles import as_role
from wherry.audit.actions import record
from wherry.audit.models import Event
from wherry.cases.models import Case, Occurrence
from wherry.checkin.models import Answered, Draft, HelpReply, Invitation, Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.governance.models import Agreement
from wherry.organisations.models import Credential, RecoveryCode, SignIn, Staff
from wherry.outreach.actions import leave_inbound_text
from wherry.outreach.models import Attempt, InboundText
from wherry.people.actions import note_wish
from wherry.people.models import ContactPointRow, Person, WishRow
from wherry.people.types import WishKind
from wherry.referrals.models import CallToAction, CallToActionEvent
from wherry.review.models import AtRiskList, Entry, EntryReason
from wherry.triage.models import Decision, Need, RedFlag
from wherry.web.person.links import holder_of
from wherry.web.sign_in.sessions import SIGN_IN
from wherry.worklist.actions.opening import open_task
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
OF_A_CASE: tuple[type[models.Model], ...] = (
    Case,
    Person,
    ContactPointRow,
    WishRow,
    Occurrence,
    Answered,
    Decision,
    Need,
    RedFlag,
    Attempt,
    CallToAction,
    HelpReply,
)
CLINICAL = (Entry, EntryReason)
WHOLE_CASE_ROLES = (
    "supervisor",
    "clinician",
    "programme_lead",
    "analyst",
    "information_governance",
    "clinical_safety",
)
DAY = dt.timedelta(days=1)


@pytest.fixture
def side() -> Side:
    return a_side(code="icb", place="norwich")


def seen_by(actor: Actor, *kinds: type[models.Model]) -> dict[str, int]:
    """What the staff sites' database role sees as this actor, by table; nothing listed, nothing seen."""
    with as_role("web"), acting_as(actor):
        counted = {kind.__name__: kind._base_manager.count() for kind in kinds}
    return {name: many for name, many in counted.items() if many}


def seen_by_link(actor: Actor) -> dict[str, int]:
    with as_role("web_person"), acting_as(actor):
        counted = {
            kind.__name__: kind._base_manager.count()
            for kind in (Case, Person, WishRow, Occurrence, Response, HelpReply, Draft)
        }
    return {name: many for name, many in counted.items() if many}


def change(kind: type[models.Model], pk: Any, **values: object) -> None:
    with acting_as(WORKER):
        assert kind._base_manager.filter(pk=pk).update(**values) == 1


# Agreements


@pytest.mark.parametrize("role", WHOLE_CASE_ROLES)
def test_an_agreement_in_force_shows_the_cases_of_its_place(role: str, side: Side) -> None:
    assert set(seen_by(side.actor(role), *OF_A_CASE)) == {kind.__name__ for kind in OF_A_CASE}


@pytest.mark.parametrize("role", WHOLE_CASE_ROLES)
def test_when_an_agreement_runs_out_the_next_statement_sees_nothing(role: str, side: Side) -> None:
    actor = side.actor(role)
    with as_role("web"), acting_as(actor):
        assert Person.objects.count() == 1
    set_clock_ahead(30 * DAY)
    assert seen_by(actor, *OF_A_CASE, *CLINICAL, AtRiskList, Task) == {}


def test_the_last_second_of_an_agreement_counts_and_its_end_does_not(side: Side) -> None:
    with acting_as(WORKER):
        now = app_now()
    change(Agreement, side.agreements["lead"].pk, ends_at=now + dt.timedelta(microseconds=1))
    assert seen_by(side.actor("supervisor"), Person)
    change(Agreement, side.agreements["lead"].pk, ends_at=now)
    assert seen_by(side.actor("supervisor"), Person) == {}


def test_when_the_leads_own_agreement_runs_out_even_the_worker_touches_nobody(side: Side) -> None:
    set_clock_ahead(30 * DAY)
    with as_role("worker"), acting_as(WORKER):
        assert [kind.__name__ for kind in (Case, Occurrence, Attempt, Need, Task) if kind._base_manager.exists()] == []


def test_an_agreement_that_has_not_begun_shows_nothing(side: Side) -> None:
    with acting_as(WORKER):
        begins = app_now() + DAY
    change(Agreement, side.agreements["lead"].pk, starts_at=begins)
    for role in WHOLE_CASE_ROLES:
        assert seen_by(side.actor(role), *OF_A_CASE, *CLINICAL) == {}, role


def test_an_agreement_for_another_purpose_shows_nothing(side: Side) -> None:
    change(Agreement, side.agreements["lead"].pk, purposes=["care"])
    for role in WHOLE_CASE_ROLES:
        assert bool(seen_by(side.actor(role), *OF_A_CASE)) is (role == "clinician"), role


def test_somebody_who_names_no_purpose_sees_nobody(side: Side) -> None:
    for role in side.staff:
        assert seen_by(replace(side.actor(role), purpose=""), *OF_A_CASE, *CLINICAL, Task) == {}, role


def test_an_agreement_for_another_place_shows_nothing(side: Side) -> None:
    change(Agreement, side.agreements["lead"].pk, place="waveney")
    for role in WHOLE_CASE_ROLES:
        assert seen_by(side.actor(role), *OF_A_CASE, *CLINICAL) == {}, role


def test_an_agreement_for_another_programme_shows_nothing(side: Side) -> None:
    change(Agreement, side.agreements["lead"].pk, programme="another")
    assert seen_by(side.actor("supervisor"), *OF_A_CASE) == {}


def test_another_organisations_staff_see_nothing_in_any_role() -> None:
    ours, theirs = two_sides()
    for role in theirs.staff:
        with as_role("web"), acting_as(theirs.actor(role)):
            for kind in (*OF_A_CASE, *CLINICAL, AtRiskList, Task):
                pks = {getattr(one, "pk", None) for one in vars(ours).values() if isinstance(one, kind)}
                assert not kind._base_manager.filter(pk__in=pks).exists(), f"{role} sees {kind.__name__}"
            assert not Person.objects.exclude(pk=theirs.person.pk).exists(), role


def test_a_case_that_moves_to_another_place_changes_hands_with_all_that_hangs_on_it() -> None:
    ours, theirs = two_sides()
    change(Case, ours.case.pk, audience_id=theirs.audience.pk)
    assert seen_by(ours.actor("supervisor"), *OF_A_CASE) == {}
    assert seen_by(theirs.actor("supervisor"), Person, Need, RedFlag) == {"Person": 2, "Need": 2, "RedFlag": 2}


def test_somebody_without_a_role_sees_nobody(side: Side) -> None:
    actor = replace(side.actor("supervisor"), roles=frozenset())
    assert seen_by(actor, *OF_A_CASE, *CLINICAL, Task) == {}


def test_a_role_is_of_no_use_without_the_organisation_it_is_held_in(side: Side) -> None:
    actor = replace(side.actor("clinician"), organisations=())
    assert seen_by(actor, *OF_A_CASE, *CLINICAL, Task) == {}


# Callers


def test_a_caller_sees_that_work_waits_and_not_whose(side: Side) -> None:
    assert seen_by(side.actor("caller"), *OF_A_CASE, *CLINICAL, AtRiskList, Task) == {"Task": 1}


def test_a_caller_sees_a_case_while_they_hold_its_task_and_no_longer(side: Side) -> None:
    caller = side.actor("caller")
    with acting_as(WORKER):
        hold(task=side.task, staff=side.staff["caller"], now=app_now(), minutes=20)
    assert {"Case", "Person", "ContactPointRow"} <= set(seen_by(caller, *OF_A_CASE))
    set_clock_ahead(dt.timedelta(minutes=21))
    assert seen_by(caller, *OF_A_CASE) == {}


def test_a_caller_sees_only_the_case_whose_task_they_hold() -> None:
    ours, theirs = two_sides()
    change(Agreement, theirs.agreements["lead"].pk, organisation_id=ours.lead.pk)
    with acting_as(WORKER):
        hold(task=ours.task, staff=ours.staff["caller"], now=app_now())
    with as_role("web"), acting_as(ours.actor("caller")):
        assert [one.pk for one in Case.objects.all()] == [ours.case.pk]
        assert [one.pk for one in Person.objects.all()] == [ours.person.pk]
        assert Task.objects.count() == 2


def test_another_caller_of_the_same_team_does_not_see_the_case(side: Side) -> None:
    with acting_as(WORKER):
        hold(task=side.task, staff=side.staff["supervisor"], now=app_now())
    assert seen_by(side.actor("caller"), *OF_A_CASE) == {}


def test_a_call_just_finished_stays_in_sight_for_half_an_hour(side: Side) -> None:
    with acting_as(WORKER):
        now = app_now()
        hold(task=side.task, staff=side.staff["caller"], now=now)
        side.task.change(state="done", done_at=now)
    set_clock_ahead(dt.timedelta(minutes=29))
    assert seen_by(side.actor("caller"), Person) == {"Person": 1}
    set_clock_ahead(dt.timedelta(minutes=30))
    assert seen_by(side.actor("caller"), *OF_A_CASE) == {}


def test_of_the_calls_just_finished_only_the_last_stays_in_sight() -> None:
    ours, theirs = two_sides()
    with acting_as(WORKER):
        now = app_now()
    for minutes, one in ((5, theirs), (2, ours)):
        done = {"state": "done", "done_at": now - dt.timedelta(minutes=minutes), "leased_until": None}
        change(Task, one.task.pk, claimed_by=str(ours.staff["caller"].pk), **done)
    change(Agreement, theirs.agreements["lead"].pk, organisation_id=ours.lead.pk)
    with as_role("web"), acting_as(ours.actor("caller")):
        assert [one.pk for one in Person.objects.all()] == [ours.person.pk]


def test_a_task_handed_back_is_out_of_sight_at_once(side: Side) -> None:
    with acting_as(WORKER):
        hold(task=side.task, staff=side.staff["caller"], now=app_now())
        side.task.change(state="open", claimed_by="", leased_until=None)
    assert seen_by(side.actor("caller"), *OF_A_CASE) == {}


def test_holding_a_task_helps_nobody_once_the_agreement_has_ended(side: Side) -> None:
    with acting_as(WORKER):
        now = app_now()
        hold(task=side.task, staff=side.staff["caller"], now=now)
    change(Agreement, side.agreements["lead"].pk, ends_at=now)
    assert seen_by(side.actor("caller"), *OF_A_CASE, Task) == {}


# Partners, reasons, the record


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


# The record


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


# Links


@pytest.fixture
def holder(side: Side) -> Actor:
    return holder_of(token=side.token)


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


def test_a_caller_reads_the_text_their_task_is_about_and_no_other(side: Side) -> None:
    with acting_as(WORKER):
        now = app_now()
        leave_inbound_text(provider_event="another", number="+447700900102", text="another", now=now)
        theirs = InboundText.objects.get(provider_event="another")
        about = InboundText.objects.exclude(pk=theirs.pk).get()
        task = open_task(
            by=WORKER,
            case=side.case,
            kind="read_words",
            about_id=about.pk,
            team=side.team,
            priority=1,
            due_at=now + DAY,
            now=now,
        )
        assert task is not None
    assert seen_by(side.actor("caller"), InboundText) == {}
    with acting_as(WORKER):
        hold(task=task, staff=side.staff["caller"], now=now)
    with as_role("web"), acting_as(side.actor("caller")):
        assert [one.pk for one in InboundText.objects.all()] == [about.pk]
    set_clock_ahead(dt.timedelta(minutes=21))
    assert seen_by(side.actor("caller"), InboundText) == {}


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
