"""
A small county for the clinicians', partners' and programme office's pages: two places, their staff, a list, a call.

Everything is written as the worker, under row security, as the journeys write it.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from tests.support.browser import Browser, axe_problems, overflows
from tests.support.county_of_one import signed_in
from wherry.cases.actions import open_case, open_occurrence
from wherry.cases.models import Case
from wherry.cases.types import Door
from wherry.checkin.models import Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.governance.actions import agree, audience_of
from wherry.governance.models import Audience
from wherry.organisations.actions import form_team, give_role, register_organisation
from wherry.organisations.models import Organisation, Staff, Team
from wherry.organisations.types import OrganisationKind, Role
from wherry.people.models import Person
from wherry.population.store import Store, connect
from wherry.referrals.actions import offer
from wherry.referrals.models import CallToAction
from wherry.review.actions import make_list
from wherry.review.models import AtRiskList
from wherry.triage.models import Decision, Need, RedFlag

Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # else whitenoise warns of its absence

PROGRAMME = "covid_protect"
_LIVES = {
    "icb": ["care", "oversight", "support", "delivery"],
    "other_board": ["care", "oversight", "support"],
    "food_hub": ["delivery"],
    "mind_line": ["delivery"],
    "county_library": ["support"],
}
_KINDS = {
    "icb": OrganisationKind.HEALTH_BOARD,
    "other_board": OrganisationKind.HEALTH_BOARD,
    "food_hub": OrganisationKind.CHARITY,
    "mind_line": OrganisationKind.CHARITY,
    "county_library": OrganisationKind.EMPLOYER,
}
#: persona → (organisation, role)
_STAFF = {
    "clinician": ("icb", Role.CLINICIAN),
    "other_clinician": ("other_board", Role.CLINICIAN),
    "lead": ("icb", Role.PROGRAMME_LEAD),
    "guardian": ("icb", Role.INFORMATION_GOVERNANCE),
    "safety": ("icb", Role.CLINICAL_SAFETY),
    "other_lead": ("other_board", Role.PROGRAMME_LEAD),
    "analyst": ("icb", Role.ANALYST),
    "food": ("food_hub", Role.PARTNER),
    "mind": ("mind_line", Role.PARTNER),
    "caller": ("county_library", Role.CALLER),
    "supervisor": ("icb", Role.SUPERVISOR),
}


@dataclass(frozen=True)
class County:
    """Who there is. `audience` is icb's in Norwich; the other board takes part in Waveney only."""

    now: dt.datetime
    organisations: dict[str, Organisation]
    staff: dict[str, Staff]
    audience: Audience
    team: Team

    def signed_in(self, who: str) -> Client:
        """Give a client somebody has signed in with."""
        return signed_in(client=Client(), staff=self.staff[who])


def county() -> County:
    """Make the organisations, their agreements and their staff."""
    with acting_as(WORKER):
        now = app_now()
        organisations = {
            code: register_organisation(by=WORKER, code=code, name=code.replace("_", " ").title(), kind=kind, now=now)
            for code, kind in _KINDS.items()
        }
        for code, purposes in _LIVES.items():
            agree(
                by=WORKER,
                organisation=organisations[code],
                programme=PROGRAMME,
                purposes=purposes,
                place="waveney" if code == "other_board" else "",
                lawful_basis="Article 6(1)(e)",
                starts_at=now - dt.timedelta(days=9),
                ends_at=now + dt.timedelta(days=20),
                signed_by="A director",
                now=now,
            )
        team = form_team(by=WORKER, code="support", name="Support team", organisation=organisations["icb"], now=now)
        staff = {
            who: Staff.objects.create(email=f"{who}@example.test", name=f"{who.title()} Example") for who in _STAFF
        }
        for who, (code, role) in _STAFF.items():
            give_role(by=WORKER, staff=staff[who], organisation=organisations[code], role=role, now=now, team=team)
        audience = audience_of(programme=PROGRAMME, place="norwich", lead_organisation=organisations["icb"])
    return County(now, organisations, staff, audience, team)


def a_list(county: County, *, people: int = 3, long_names: bool = False) -> AtRiskList:
    """Put a run of so many people before the clinicians; the first is in tier 1."""
    with acting_as(WORKER):
        return make_list(
            by=WORKER,
            audience=county.audience,
            definition_hash="sha256:0",
            run_hash=uuid.uuid4().hex,
            as_of=dt.date(2026, 3, 2),
            now=county.now,
            entries=[(_columns(number, long_names), _reasons(number)) for number in range(people)],
        )


def _columns(number: int, long_names: bool) -> dict[str, object]:
    family = "Featherstonehaugh-Wolfeschlegelsteinhausenbergerdorff" if long_names else "Example"
    return {
        "population_id": f"p{number:04}",
        "given_name": "Ada",
        "family_name": f"{family}{number:03}",
        "birth_date": dt.date(1940, 1, 1) + dt.timedelta(days=number),
        "nhs_number": "9990000018",
        "practice_code": f"D8200{1 + number % 4}",
        "category": ("shielded", "high", "social")[number % 3],
        "tier": 1 + number % 3,
        "score": 10,
    }


def _reasons(number: int) -> list[dict[str, object]]:
    return [
        {
            "criterion": "severe_copd",
            "words": "Severe chronic obstructive pulmonary disease",
            "code": "195951007",
            "date": dt.date(2019, 5, 1),
            "value": "",
            "source": "gp_events",
            "data_as_of": dt.date(2026, 2, 27),
        },
        {"criterion": "aged_80", "words": "Aged 80 or over (aged 85)", "date": None, "value": "85", "source": ""},
    ]


def a_case(county: County, *, number: int = 0, name: str = "Berta Example") -> Case:
    """Open a case, as a signed list would, with its first check-in."""
    given, _, family = name.partition(" ")
    with acting_as(WORKER):
        person = Person.objects.create(
            population_id=f"p{number:04}",
            given_name=given,
            family_name=family,
            birth_date=dt.date(1940, 1, 1),
            language="pl",
            place="norwich",
            imd_decile=2,
            is_synthetic=True,
        )
        case = open_case(
            by=WORKER,
            person=person,
            audience=county.audience,
            category="high",
            tier=1,
            door=Door.SIGNED_LIST,
            opened_from=None,
            owner_team=county.team,
            now=county.now,
        )
        open_occurrence(by=WORKER, case=case, number=1, now=county.now)
    return case


def a_need(county: County, case: Case, *, kind: str = "food", urgency: str = "today", red_flag: bool = False) -> Need:
    """Let somebody answer, and triage find a need; with a red flag as well where asked."""
    with acting_as(WORKER):
        about = {"case_id": case.pk, "audience_id": case.audience_id}
        occurrence = open_occurrence(by=WORKER, case=case, number=1, now=county.now)
        response = Response.objects.create(
            **about,
            occurrence=occurrence,
            channel="web",
            answers={},
            language="pl",
            answered_by="self",
            submitted_at=county.now,
            definition_hash="sha256:0",
            idempotency_key=uuid.uuid4(),
        )
        decision = Decision.objects.create(
            **about, response=response, urgency=urgency, definition_hash="sha256:0", decided_at=county.now
        )
        if red_flag:
            RedFlag.objects.create(
                **about,
                occurrence=occurrence,
                decision=decision,
                flag="breathless_at_rest",
                rule="r1",
                say="Ring 999",
                raised_at=county.now - dt.timedelta(minutes=30),
            )
        return Need.objects.create(
            **about, decision=decision, kind=kind, urgency=urgency, rule="r2", words="No food in the house"
        )


def a_call(county: County, need: Need, *, partner: str = "food_hub", service: str = "food_parcel") -> CallToAction:
    """Offer a need to a partner with the least it must know."""
    with acting_as(WORKER):
        person = Case.objects.select_related("person").get(pk=need.case_id).person
        offered = offer(
            by=WORKER,
            need=need,
            service=service,
            partner=county.organisations[partner],
            shared={
                "name": f"{person.given_name} {person.family_name}",
                "telephone": "+447700900001",
                "language": "pl",
                "address": "1 Long Lane, Norwich",
                "need_words": need.words,
            },
            area="Norwich, NR1",
            clock_ends_at=county.now + dt.timedelta(hours=4),
            now=county.now,
        )
        assert offered is not None
        return offered


def a_store(home: Path, *, nhs_number: str, born: str = "1941-02-03", died: str | None = None) -> None:
    """Write a population store that knows one more person."""
    death = f"date '{died}'" if died else "null"
    with connect() as opened:
        Store(home / "store").write_table(
            opened,
            "persons",
            f"select 'p9999' person_id, '{nhs_number}' nhs_number, 'Cara' given_name, 'Found' family_name,"
            f" date '{born}' birth_date, {death}::date death_date, 'female' sex, 'white' ethnicity, 'en' \"language\","
            " 'NR1 1AA' postcode, null::varchar lsoa, 3 imd_decile, null::varchar uprn, null::varchar household_id,"
            " 'norwich' place, 'D82001' practice_code, false communal, true synthetic",
        )


def page_of(*, browser: Browser, site: str, client: Client, width: int = 390) -> Page:
    """Open an empty page in a real browser, signed in as a client is."""
    page = browser.page_at(width)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
    return page


def assert_fit_to_read(page: Page, name: str) -> None:
    """
    Hold a page to the axe baseline at a telephone's width, and to its own width there and on a desk.

    Pictures of both are kept where WHERRY_PICTURES names a folder.
    """
    problems = axe_problems(page)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        problems += overflows(page)
        if os.environ.get("WHERRY_PICTURES"):
            page.screenshot(path=f"{os.environ['WHERRY_PICTURES']}/{name}-{width}.png", full_page=True)
    assert problems == [], f"{name}: {problems}"
