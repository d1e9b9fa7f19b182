"""Agreements in force and decisions taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from wherry.foundation.actors import Actor
from wherry.governance.models import Agreement, Audience, Decision
from wherry.governance.rules import Permission, require


@dataclass(frozen=True)
class Colleague:
    """Whose id stands in a log: their name and employer, nothing else."""

    name: str
    organisation: str


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


def colleagues(*, asked_by: Actor) -> dict[str, Colleague]:
    """
    Name those who work for one's own organisations or for those that take part in what one oversees, by opaque id.

    Empty for whoever may not see decisions: the database's function `app_colleagues` asks again.
    """
    with connection.cursor() as cursor:
        cursor.execute("select staff_id::text, name, organisation from app_colleagues() order by 1, 3")
        found: dict[str, Colleague] = {}
        for staff_id, name, organisation in cursor.fetchall():
            had = found.get(staff_id)
            found[staff_id] = Colleague(name, f"{had.organisation}, {organisation}" if had else organisation)
        return found


def decisions_taken(*, asked_by: Actor, programme: str) -> list[Decision]:
    """List decisions, newest first."""
    require(asked_by, Permission.SEE_DECISIONS)
    return list(Decision.objects.filter(programme=programme).order_by("-decided_at"))


def decisions_by_review(*, asked_by: Actor, programme: str, today: dt.date) -> tuple[list[Decision], list[Decision]]:
    """Part decisions into those to be looked at again by now, longest due first, and the others, newest first."""
    taken = decisions_taken(asked_by=asked_by, programme=programme)
    due = [one for one in taken if one.review_on <= today]
    return sorted(due, key=lambda one: one.review_on), [one for one in taken if one.review_on > today]


def places_out_of_sight(*, programme: str, now: dt.datetime) -> tuple[str, ...]:
    """List the places a programme works in, by live agreements of those who lead there, that the asker does not see."""
    live = {(one.organisation_id, one.place) for one in live_agreements(programme=programme, now=now)}
    with connection.cursor() as cursor:
        cursor.execute("select app_audiences()")
        seen = set(cursor.fetchone()[0] or ())
    works = (
        one
        for one in Audience.objects.filter(programme=programme).order_by("place")
        if {(one.lead_organisation_id, ""), (one.lead_organisation_id, one.place)} & live
    )
    return tuple(dict.fromkeys(one.place for one in works if one.pk not in seen))


def audiences_of_programme(*, programme: str) -> list[Audience]:
    """List a programme's audiences, one per place and lead."""
    return list(Audience.objects.filter(programme=programme).select_related("lead_organisation").order_by("place"))
