"""A resident who asked for help, and a partner who took it on: what the pages about help begin with."""

from __future__ import annotations

import datetime as dt

from tests.support.county_of_one import County, agreed
from wherry.checkin.models import Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys import take_checkin
from wherry.organisations.actions import register_organisation
from wherry.organisations.models import Organisation
from wherry.organisations.types import OrganisationKind, Purpose
from wherry.referrals.actions import offer
from wherry.referrals.models import CallToAction
from wherry.triage.actions import move_need
from wherry.triage.models import Need
from wherry.web.person.links import holder_of

WELL = {"breathless": "no", "chest_pain": "no", "safe_at_home": "yes"}


def asked_for_help(county: County, **answers: str) -> Response:
    """Answer the check-in by link, with these answers beside those of somebody who is in no danger; triage it."""
    by = holder_of(token=county.token)
    with acting_as(by):
        given = {**WELL, **answers}
        take_checkin.take_answers(by=by, invitation=county.invitation, answers=given, answered_by="self", now=app_now())
    take_checkin.triage_what_was_left()
    with acting_as(WORKER):
        return Response.objects.get(case=county.case)


def the_need(kind: str) -> Need:
    """Give the county's one need of a kind."""
    with acting_as(WORKER):
        return Need.objects.get(kind=kind)


def partner_of(county: County, code: str = "food_hub") -> Organisation:
    """Register a partner with an agreement to deliver."""
    with acting_as(WORKER):
        made = register_organisation(by=WORKER, code=code, name="Partner", kind=OrganisationKind.CHARITY, now=app_now())
        agreed(organisation=made, purposes=(Purpose.DELIVERY,), now=app_now())
    return made


def call_done(county: County, *, kind: str, service: str) -> CallToAction:
    """Let a partner take a need on, and call it done."""
    partner, need = partner_of(county), the_need(kind)
    with acting_as(WORKER):
        now = app_now()
        call = offer(
            by=WORKER,
            need=need,
            service=service,
            partner=partner,
            shared={},
            clock_ends_at=now + dt.timedelta(hours=4),
            now=now,
        )
        assert call is not None
        move_need(by=WORKER, need=need, to="referred", why=service, now=now)
        CallToAction.objects.update(state="done", outcome="helped", done_at=now)
    return call
