"""Agreements, audiences and decisions written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.governance.models import Agreement, Audience, Decision
from wherry.governance.rules import Permission, require
from wherry.organisations.models import Organisation


def agree(
    *,
    by: Actor,
    organisation: Organisation,
    programme: str,
    purposes: Iterable[str],
    lawful_basis: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
    signed_by: str,
    now: dt.datetime,
    place: str = "",
) -> Agreement:
    """Enter an organisation's agreement. The same organisation, programme, place and start is entered once."""
    agreement, is_new = Agreement.objects.get_or_create(
        organisation=organisation,
        programme=programme,
        place=place,
        starts_at=starts_at,
        defaults={
            "purposes": sorted(purposes),
            "lawful_basis": lawful_basis,
            "ends_at": ends_at,
            "signed_by": signed_by,
        },
    )
    if is_new:
        record(
            by=by,
            did="agreement.entered",
            subject="agreement",
            subject_ids=[agreement.id, organisation.id],
            now=now,
            detail={"programme": programme, "place": place, "purposes": agreement.purposes},
        )
    return agreement


def end_agreement(*, by: Actor, agreement: Agreement, ends_at: dt.datetime, now: dt.datetime) -> None:
    """End an agreement: from that moment its organisation sees and receives nothing under it."""
    Agreement.objects.filter(id=agreement.id).update(ends_at=ends_at)
    record(by=by, did="agreement.ended", subject="agreement", subject_ids=[agreement.id], now=now)


def audience_of(*, programme: str, place: str, lead_organisation: Organisation) -> Audience:
    """Give the audience of a programme's cases in a place, forming it the first time."""
    audience, _ = Audience.objects.get_or_create(programme=programme, place=place, lead_organisation=lead_organisation)
    return audience


def record_decision(
    *,
    by: Actor,
    programme: str,
    what: str,
    why: str,
    risk_owner: str,
    review_on: dt.date,
    now: dt.datetime,
    evidence: str = "",
    is_reversible: bool = True,
) -> Decision:
    """Write a decision into the log, with its risk owner and the day it is looked at again."""
    require(by, Permission.RECORD_DECISION)
    decision = Decision.objects.create(
        programme=programme,
        what=what,
        why=why,
        risk_owner=risk_owner,
        evidence=evidence,
        is_reversible=is_reversible,
        decided_by=by.id,
        decided_at=now,
        review_on=review_on,
    )
    record(by=by, did="decision.recorded", subject="decision", subject_ids=[decision.id], now=now)
    return decision
