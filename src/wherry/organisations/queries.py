"""Who works here, and as whom they act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from wherry.foundation.actors import Actor, Kind
from wherry.organisations.models import Membership, Organisation, Staff
from wherry.organisations.types import PURPOSE_OF_ROLE, Purpose, Role


def live_memberships(*, staff_id: UUID, now: dt.datetime) -> list[Membership]:
    """List where somebody works now; nothing for a leaver."""
    return list(
        Membership.objects.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=now), staff_id=staff_id, staff__is_active=True, starts_at__lte=now
        )
        .select_related("organisation", "team")
        .order_by("organisation__code", "role")
    )


def actor_for(*, staff_id: UUID, purpose: Purpose, now: dt.datetime) -> Actor | None:
    """
    Give the actor somebody is for one purpose, or None when no role of theirs serves it.

    Roles belong to the organisation they are held in: somebody with different roles in two acts for the first of them
    by code, never for one with the roles of the other.
    """
    serving = [
        one for one in live_memberships(staff_id=staff_id, now=now) if PURPOSE_OF_ROLE[Role(one.role)] == purpose
    ]
    if not serving:
        return None
    roles_of: dict[UUID, set[str]] = {}
    for one in serving:
        roles_of.setdefault(one.organisation_id, set()).add(one.role)
    held = roles_of[serving[0].organisation_id]
    organisations = tuple(sorted(organisation for organisation, roles in roles_of.items() if roles == held))
    return Actor(
        kind=Kind.STAFF,
        id=str(staff_id),
        organisations=organisations,
        roles=frozenset(held),
        purpose=str(purpose),
    )


def staff_by_email(*, email: str) -> Staff | None:
    """Find who signs in, in the sign-in context only."""
    return Staff.objects.filter(email__iexact=email, is_active=True).first()


def organisation_by_code(*, code: str) -> Organisation:
    """Find an organisation by its code."""
    return Organisation.objects.get(code=code)


def names_of(*, codes: Iterable[str]) -> dict[str, str]:
    """Give the names of organisations by code; those the directory does not know are left out."""
    return dict(Organisation.objects.filter(code__in=set(codes)).values_list("code", "name"))
