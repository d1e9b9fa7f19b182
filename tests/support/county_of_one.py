"""A whole county with one resident in it: organisations, staff, an agreement, a case, a check-in and its link."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.test import Client, override_settings

from wherry.cases.actions import open_case, open_occurrence
from wherry.cases.models import Case, Occurrence
from wherry.cases.types import Door
from wherry.checkin.actions.links import invite
from wherry.checkin.links import token_for, token_hash
from wherry.checkin.models import Invitation
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.governance.actions import agree, audience_of
from wherry.governance.models import Audience
from wherry.journeys.message_words import link_key
from wherry.journeys.programme_in_force import in_force
from wherry.organisations.actions import engage_staff, form_team, give_role, register_organisation
from wherry.organisations.models import Organisation, Staff, Team
from wherry.organisations.types import OrganisationKind, Purpose, Role
from wherry.people.actions import admit
from wherry.people.details import PersonDetails
from wherry.people.models import Person
from wherry.people.types import ContactKind, ContactPoint, Wish
from wherry.web.sign_in.sessions import begin
from wherry.worklist.actions.opening import open_task
from wherry.worklist.models import Task

PROGRAMME, PLACE = "covid_protect", "norwich"
PASSWORD = "an invented password"
BORN = dt.date(1941, 3, 27)
MOBILE, LANDLINE = "+447700900101", "+441632960101"
# A site that starts looks for its folder of collected files, and warns without it.
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@dataclass(frozen=True)
class County:
    """What was made. staff: by role; token: the link's, as the resident holds it."""

    lead: Organisation
    team: Team
    audience: Audience
    staff: dict[str, Staff]
    person: Person
    case: Case
    occurrence: Occurrence
    invitation: Invitation
    token: str = field(repr=False)


def county_of_one(*, language: str = "en", wishes: tuple[Wish, ...] = (), **person: Any) -> County:
    """
    Make a county; `person` overrides what is known of its resident (fields of PersonDetails).

    Its staff have passwords that are quick to hash and do not open the real sign-in: use `signed_in`.
    """
    with acting_as(WORKER):
        now = app_now()
        lead = register_organisation(
            by=WORKER, code="icb", name="NHS board", kind=OrganisationKind.HEALTH_BOARD, now=now
        )
        team = form_team(by=WORKER, code="icb_outreach", name="Check-in Team", organisation=lead, now=now)
        agreed(organisation=lead, purposes=tuple(Purpose), now=now)
        audience = audience_of(programme=PROGRAMME, place=PLACE, lead_organisation=lead)
        with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            staff = {str(role): member(organisation=lead, role=role, team=team, now=now) for role in Role}
        known = details(language=language, wishes=wishes, today=now.date(), **person)
        resident = admit(by=WORKER, details=known, now=now)
        case = open_case(
            by=WORKER,
            person=resident,
            audience=audience,
            category="shielded",
            tier=1,
            door=Door.SIGNED_LIST,
            opened_from=None,
            owner_team=team,
            now=now,
        )
        occurrence = open_occurrence(by=WORKER, case=case, number=1, now=now)
        invitation, token = link_to(occurrence=occurrence, language=language, now=now)
    return County(lead, team, audience, staff, resident, case, occurrence, invitation, token)


def details(*, today: dt.date, language: str = "en", wishes: tuple[Wish, ...] = (), **known: Any) -> PersonDetails:
    """Describe an invented resident who can be rung on two numbers."""
    points = tuple(
        ContactPoint(kind, value, "gp_register", today)
        for kind, value in ((ContactKind.MOBILE, MOBILE), (ContactKind.LANDLINE, LANDLINE))
    )
    plain: dict[str, Any] = {
        "population_id": "invented-1",
        "nhs_number": "",
        "given_name": "Ada",
        "family_name": "Testperson",
        "birth_date": BORN,
        "died_on": None,
        "sex": "female",
        "language": language,
        "address": "1 High Street, NR99 1AA",
        "postcode": "NR99 1AA",
        "uprn": "",
        "household_key": "",
        "place": PLACE,
        "practice_code": "D82001",
        "imd_decile": 3,
        "ethnicity": "",
        "is_communal": False,
        "is_address_held": False,
        "is_synthetic": True,
        "contact_points": points,
        "wishes": wishes,
    }
    return PersonDetails(**{**plain, **known})


def agreed(*, organisation: Organisation, purposes: tuple[Purpose, ...], now: dt.datetime, place: str = "") -> None:
    """Enter an organisation's agreement, in force since yesterday."""
    agree(
        by=WORKER,
        organisation=organisation,
        programme=PROGRAMME,
        purposes=[str(one) for one in purposes],
        lawful_basis="invented",
        starts_at=now - dt.timedelta(days=1),
        ends_at=None,
        signed_by="invented",
        now=now,
        place=place,
    )


def member(
    *, organisation: Organisation, role: Role, now: dt.datetime, team: Team | None = None, name: str = ""
) -> Staff:
    """Engage somebody in one role; their address is made of both."""
    email = f"{name or role}@{organisation.code}.example"
    staff = engage_staff(by=WORKER, email=email, name=(name or str(role)).capitalize(), password=PASSWORD, now=now)
    before = now - dt.timedelta(minutes=1)
    give_role(by=WORKER, staff=staff, organisation=organisation, role=role, now=before, team=team)
    return staff


def link_to(
    *,
    occurrence: Occurrence,
    now: dt.datetime,
    language: str = "en",
    days: float = 28,
    kind: str = "check_in",
    about_id: UUID | None = None,
) -> tuple[Invitation, str]:
    """Invite, as a message does; gives the invitation and the token in its link. Runs in the worker's context."""
    token = token_for(occurrence_id=about_id or occurrence.pk, key=link_key())
    hashed = in_force(programme=PROGRAMME, place=PLACE).files.hash
    made = invite(
        by=WORKER,
        occurrence=occurrence,
        token_sha256=token_hash(token),
        definition_hash=hashed,
        language=language,
        expires_at=now + dt.timedelta(days=days),
        now=now,
        kind=kind,
        about_id=about_id,
    )
    return made, token


def a_task(*, county: County, kind: str = "check_in_call", about_id: UUID | None = None, **more: Any) -> Task:
    """Put one task on the team's list."""
    with acting_as(WORKER):
        now = app_now()
        default = county.occurrence.pk if kind in ("check_in_call", "exhausted") else uuid.uuid4()
        made = open_task(
            by=WORKER,
            case=county.case,
            kind=kind,
            about_id=about_id or default,
            team=county.team,
            priority=50,
            due_at=now + dt.timedelta(hours=4),
            now=now,
            **more,
        )
    assert made is not None
    return made


def signed_in(*, client: Client, staff: Staff) -> Client:
    """Sign somebody in by what the page calls once the code was right: no password, no telephone."""
    request = HttpRequest()
    request.session = client.session
    begin(request=request, staff_id=staff.pk)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    return client


def recognised(*, client: Client, county: County) -> Client:
    """Open the resident's link and say their date of birth."""
    born = county.person.birth_date
    posted = {"born-day": str(born.day), "born-month": str(born.month), "born-year": str(born.year)}
    assert client.post(f"/c/{county.token}", posted).status_code == 302
    return client
