"""
Two organisations that must never see each other's people: for each a place, staff in every role, and one of everything.

Everything is written as the worker, under row security, through the actions the journeys use.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client, override_settings

from tests.support.county_of_one import PROGRAMME, details, link_to, member, signed_in
from wherry.cases.actions import move_occurrence, open_case, open_occurrence
from wherry.cases.models import Case, Occurrence
from wherry.cases.types import Door, State
from wherry.checkin.actions.alarms import keep_alarms
from wherry.checkin.actions.answers import record_by_phone
from wherry.checkin.actions.calls import want_a_call
from wherry.checkin.actions.codes import ask_for_code
from wherry.checkin.actions.replies import say_whether_it_helped
from wherry.checkin.models import Draft, Invitation, Response
from wherry.checkin.types import AlarmRaised, Said
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.foundation.periods import local_time
from wherry.governance.actions import agree, audience_of
from wherry.governance.models import Agreement, Audience
from wherry.organisations.actions import form_team, register_organisation
from wherry.organisations.credentials import renew_recovery_codes
from wherry.organisations.models import Organisation, Staff, Team
from wherry.organisations.sign_ins import begin
from wherry.organisations.tries import take_try
from wherry.organisations.types import PURPOSE_OF_ROLE, Guess, OrganisationKind, Purpose, Role
from wherry.outreach.actions import intend, leave_inbound_text, leave_receipt
from wherry.outreach.models import Attempt
from wherry.outreach.types import Channel
from wherry.people.actions import admit, note_wish, report
from wherry.people.models import Person, Report
from wherry.people.types import WishKind
from wherry.referrals.actions import offer, say_capacity
from wherry.referrals.models import CallToAction
from wherry.review.actions import make_list, note_look
from wherry.review.models import AtRiskList, Entry
from wherry.triage.models import Decision, Need, RedFlag
from wherry.web.person.links import holder_of
from wherry.web.sign_in.sessions import SIGN_IN
from wherry.worklist.actions.opening import open_task
from wherry.worklist.models import CallDraft, Task

QUICK_HASHES = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])


@dataclass(frozen=True)
class Side:
    """
    One organisation with its place, its staff by role, and one of everything about one resident.

    The partner role is held for `partner`, a charity with an agreement to deliver, all others for `lead`.
    `occurrence` was answered by telephone; `later` waits for an answer by `token`.
    """

    code: str
    place: str
    lead: Organisation
    partner: Organisation
    agreements: dict[str, Agreement]
    team: Team
    staff: dict[str, Staff]
    audience: Audience
    person: Person
    case: Case
    occurrence: Occurrence
    later: Occurrence
    response: Response
    decision: Decision
    need: Need
    red_flag: RedFlag
    call: CallToAction
    at_risk_list: AtRiskList
    entry: Entry
    attempt: Attempt
    report: Report
    task: Task
    invitation: Invitation
    token: str = field(repr=False)

    def actor(self, role: str) -> Actor:
        """Give the actor somebody is in a role, for the purpose it serves."""
        employer = self.partner if role == Role.PARTNER else self.lead
        return Actor(
            kind=Kind.STAFF,
            id=str(self.staff[role].pk),
            organisations=(employer.pk,),
            roles=frozenset({role}),
            purpose=str(PURPOSE_OF_ROLE[Role(role)]),
            teams=(self.task.team_id,),
        )

    def client(self, role: str) -> Client:
        """Give a browser somebody has signed in with."""
        return signed_in(client=Client(), staff=self.staff[role])


def two_sides() -> tuple[Side, Side]:
    """Make two organisations in two places of one programme. Neither has an agreement for the other's place."""
    return a_side(code="icb", place="norwich"), a_side(code="other_board", place="waveney")


def a_side(*, code: str, place: str, **known: Any) -> Side:
    """
    Make one organisation with one of everything. Names carry its code, so that two can be told apart.

    known: overrides what is known of its resident (fields of PersonDetails).
    """
    with acting_as(WORKER), QUICK_HASHES:
        now = app_now()
        lead = _organisation(code, OrganisationKind.HEALTH_BOARD, now)
        partner = _organisation(f"{code}_hub", OrganisationKind.CHARITY, now)
        agreements = {
            "lead": _agree(lead, [str(one) for one in Purpose if one != Purpose.DELIVERY], place, now),
            "partner": _agree(partner, [str(Purpose.DELIVERY)], place, now),
        }
        team = form_team(by=WORKER, code=f"{code}_team", name=f"Team of {code}", organisation=lead, now=now)
        staff = {
            str(role): member(organisation=partner if role is Role.PARTNER else lead, role=role, team=team, now=now)
            for role in Role
        }
        audience = audience_of(programme=PROGRAMME, place=place, lead_organisation=lead)
        person = _person(code, place, now, known)
        case = open_case(
            by=WORKER,
            person=person,
            audience=audience,
            category="shielded",
            tier=1,
            door=Door.SIGNED_LIST,
            opened_from=None,
            owner_team=team,
            now=now,
        )
        fixed = {
            "code": code,
            "place": place,
            "lead": lead,
            "partner": partner,
            "agreements": agreements,
            "team": team,
            "staff": staff,
            "audience": audience,
            "person": person,
            "case": case,
        }
        with acting_as(SIGN_IN):
            begin(by=SIGN_IN, staff_id=staff["caller"].pk, browser="Firefox", now=now)
            renew_recovery_codes(by=SIGN_IN, staff_id=staff["caller"].pk, key=code, now=now)
        take_try(guess=Guess.CODE, account=f"{code:0>64}", address=f"{place:0>64}", now=now)
        made = fixed | _answered(case, partner, now) | _reached(case, team, now) | _listed(audience, code, now)
        return Side(**made)  # type: ignore[arg-type]


def _organisation(code: str, kind: OrganisationKind, now: dt.datetime) -> Organisation:
    return register_organisation(by=WORKER, code=code, name=code.replace("_", " ").title(), kind=kind, now=now)


def _agree(organisation: Organisation, purposes: list[str], place: str, now: dt.datetime) -> Agreement:
    return agree(
        by=WORKER,
        organisation=organisation,
        programme=PROGRAMME,
        purposes=purposes,
        place=place,
        lawful_basis="invented",
        starts_at=now - dt.timedelta(days=1),
        ends_at=now + dt.timedelta(days=30),
        signed_by="invented",
        now=now,
    )


def _person(code: str, place: str, now: dt.datetime, known: dict[str, Any]) -> Person:
    plain = {"population_id": f"of-{code}", "place": place, "given_name": f"Ada{code.replace('_', '')}"}
    person = admit(by=WORKER, details=details(today=now.date(), **{**plain, **known}), now=now)
    note_wish(by=WORKER, person_id=person.pk, kind=WishKind.LANGUAGE, value="en", source="gp_register", now=now)
    return person


def _answered(case: Case, partner: Organisation, now: dt.datetime) -> dict[str, object]:
    """A first check-in answered by telephone, with a need referred to the partner and a red flag."""
    first = open_occurrence(by=WORKER, case=case, number=1, now=now)
    response = record_by_phone(
        by=WORKER,
        occurrence=first,
        answers={"food": "none", "anything_else": f"Said to {case.place}"},
        language="en",
        definition_hash="sha256:0",
        key=uuid.uuid4(),
        now=now,
    )
    move_occurrence(by=WORKER, occurrence=first, to=State.REACHED, why="answered by phone", now=now)
    about = {"case_id": case.pk, "audience_id": case.audience_id}
    decision = Decision.objects.create(
        **about, response=response, urgency="today", definition_hash="sha256:0", decided_at=now
    )
    need = Need.objects.create(**about, decision=decision, kind="food", urgency="today", rule="r1", words="No food")
    flag = RedFlag.objects.create(
        **about,
        occurrence=first,
        decision=decision,
        flag="breathless_at_rest",
        rule="r2",
        say="Ring 999",
        raised_at=now,
    )
    shared = {"name": f"{case.person.given_name} {case.person.family_name}", "telephone": "+447700900101"}
    call = offer(
        by=WORKER,
        need=need,
        service="food_parcel",
        partner=partner,
        shared=shared,
        clock_ends_at=now + dt.timedelta(hours=4),
        now=now,
    )
    assert call is not None
    say_capacity(by=WORKER, partner=partner, service=f"service of {case.place}", takes=5, now=now)
    say_whether_it_helped(
        by=WORKER,
        invitation=None,
        case_id=case.pk,
        audience_id=case.audience_id,
        about_id=uuid.uuid4(),
        helped=True,
        channel="phone",
        now=now,
    )
    return {
        "occurrence": first,
        "response": response,
        "decision": decision,
        "need": need,
        "red_flag": flag,
        "call": call,
    }


def _reached(case: Case, team: Team, now: dt.datetime) -> dict[str, object]:
    """A second check-in under way: a link with a draft, a text intended, a receipt, a text back, a report, a task."""
    later = open_occurrence(by=WORKER, case=case, number=2, now=now)
    invitation, token = link_to(occurrence=later, now=now)
    attempt = intend(
        by=WORKER,
        occurrence=later,
        step="text_1",
        channel=Channel.SMS,
        message="invitation",
        language="en",
        contact_point_id=None,
        to="+447700900101",
        household_key="",
        now=now,
    )
    assert attempt is not None
    leave_receipt(provider_event=uuid.uuid4().hex, reference=str(attempt.reference), event="delivered", now=now)
    leave_inbound_text(provider_event=uuid.uuid4().hex, number="+447700900101", text="hello", now=now)
    report(by=WORKER, person_id=case.person_id, kind=Report.Kind.NOT_ME, source="link", now=now)
    task = open_task(
        by=WORKER,
        case=case,
        kind="check_in_call",
        about_id=later.pk,
        team=team,
        priority=50,
        due_at=now + dt.timedelta(hours=4),
        now=now,
    )
    assert task is not None
    keep_alarms(
        by=WORKER, occurrence=later, flags=[AlarmRaised("x", "x", "x")], said=Said(now, "web", "en", "self"), now=now
    )
    said = {"case_id": case.pk, "audience_id": case.audience_id, "answers": {"food": "none"}}
    CallDraft.objects.create(**said, task=task, saved_at=now, saved_by="somebody who held it")
    with acting_as(holder_of(token=token)):
        ask_for_code(by=WORKER, invitation=invitation, now=now)
        want_a_call(by=WORKER, invitation=invitation, about="", now=now)
        Draft.objects.create(
            case_id=case.pk,
            audience_id=case.audience_id,
            invitation=invitation,
            answers={"food": "enough"},
            begun_at=now,
            saved_at=now,
        )
    return {
        "later": later,
        "invitation": invitation,
        "token": token,
        "attempt": attempt,
        "task": task,
        "report": Report.objects.get(person_id=case.person_id),
    }


def _listed(audience: Audience, code: str, now: dt.datetime) -> dict[str, object]:
    columns = {
        "population_id": f"of-{code}",
        "given_name": f"Ada{code.replace('_', '')}",
        "family_name": "Testperson",
        "birth_date": dt.date(1941, 3, 27),
        "nhs_number": "9990000018",
        "practice_code": "D82001",
        "category": "shielded",
        "tier": 1,
        "score": 10,
    }
    reason = {"criterion": "severe_copd", "words": f"A reason of {code}", "code": "195951007", "source": "gp_register"}
    made = make_list(
        by=WORKER,
        audience=audience,
        definition_hash="sha256:0",
        run_hash=uuid.uuid4().hex,
        as_of=now.date(),
        entries=[(columns, [reason])],
        now=now,
    )
    note_look(by=WORKER, at_risk_list=made, now=now)
    return {"at_risk_list": made, "entry": Entry.objects.get(at_risk_list=made)}


def a_task_held(*, side: Side, role: str, kind: str = "check_in_call") -> Task:
    """Put one more task on a side's list and let somebody hold it."""
    with acting_as(WORKER):
        now = app_now()
        made = open_task(
            by=WORKER,
            case=side.case,
            kind=kind,
            about_id=uuid.uuid4() if kind != "check_in_call" else side.later.pk,
            team=side.team,
            priority=50,
            due_at=now + dt.timedelta(hours=4),
            now=now,
        )
        if made is None:
            made = Task.objects.get(case=side.case, kind=kind)
        hold(task=made, staff=side.staff[role], now=now)
    return made


def hold(*, task: Task, staff: Staff, now: dt.datetime, minutes: float = 20) -> None:
    """Let somebody hold a task under a lease. Runs in the worker's context."""
    task.change(state="claimed", claimed_by=str(staff.pk), leased_until=now + dt.timedelta(minutes=minutes))


def set_clock_ahead(ahead: dt.timedelta) -> None:
    """Let the application's clock run ahead of the wall's, as only the schema's owner may."""
    with connection.cursor() as cursor:
        cursor.execute("update app_clock set ahead = %s", [ahead])


def let_it_be_eleven() -> None:
    """Let it be eleven in the morning of tomorrow, whatever hour the tests run at."""
    with acting_as(WORKER):
        now = local_time(app_now())
    eleven = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(11), now.tzinfo)
    set_clock_ahead(eleven - now)
