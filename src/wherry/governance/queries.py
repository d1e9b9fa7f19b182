"""Agreements in force and decisions taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from wherry.foundation.actors import Actor
from wherry.governance.models import Agreement, Audience, Decision
from wherry.governance.rules import Permission, require


def live_agreements(*, programme: str, now: dt.datetime) -> QuerySet[Agreement]:
    """List the agreements in force for a programme."""
    return (
        Agreement.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), programme=programme, starts_at__lte=now)
        .select_related("organisation")
        .order_by("organisation__name", "place")
    )


def programmes_of(*, organisation_ids: Collection[UUID], purpose: str, now: dt.datetime) -> list[str]:
    """List the programmes some organisations have agreed to take part in for a purpose, by agreements in force."""
    live = Agreement.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)
    theirs = live.filter(organisation_id__in=organisation_ids, purposes__contains=[purpose])
    return list(theirs.order_by("programme").values_list("programme", flat=True).distinct())


def decisions_taken(*, asked_by: Actor, programme: str) -> list[Decision]:
    """List decisions, newest first."""
    require(asked_by, Permission.SEE_DECISIONS)
    return list(Decision.objects.filter(programme=programme).order_by("-decided_at"))


def audiences_of_programme(*, programme: str) -> list[Audience]:
    """List a programme's audiences, one per place and lead."""
    return list(Audience.objects.filter(programme=programme).select_related("lead_organisation").order_by("place"))
