"""Who works here, and as whom they act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from wherry.organisations.models import Membership, Organisation, Staff
from wherry.organisations.sign_ins import Held
from wherry.organisations.types import Role


@dataclass(frozen=True)
class Colleague:
    """Somebody whose sign-in another may reset. what: their roles and employer in words."""

    staff_id: UUID
    name: str
    what: str


def colleagues(*, memberships: Sequence[Held], but: UUID, now: dt.datetime) -> list[Colleague]:
    """
    List whom somebody with these memberships may help to sign in again, by name. In the sign-in context only.

    A supervisor: those who are nothing but callers, in the supervisor's own teams. A programme lead: everybody of the
    organisation but its other leads. Nobody: themselves (`but`).
    """
    teams = {one.team_id for one in memberships if one.role == Role.SUPERVISOR and one.team_id}
    led = {one.organisation_id for one in memberships if one.role == Role.PROGRAMME_LEAD}
    live = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    near = Membership.objects.filter(live, Q(team_id__in=teams) | Q(organisation_id__in=led), starts_at__lte=now)
    held: dict[UUID, list[Membership]] = {}
    rows = Membership.objects.filter(
        live, starts_at__lte=now, staff__is_active=True, staff_id__in=near.values("staff_id")
    ).exclude(staff_id=but)
    for one in rows.select_related("staff", "organisation").order_by("staff__name", "role"):
        held.setdefault(one.staff_id, []).append(one)
    return [
        Colleague(staff_id, roles[0].staff.name, _what(roles))
        for staff_id, roles in held.items()
        if _is_led(roles, teams=teams, led=led)
    ]


def _is_led(roles: list[Membership], *, teams: set[UUID], led: set[UUID]) -> bool:
    names = {one.role for one in roles}
    if names == {Role.CALLER} and any(one.team_id in teams for one in roles):
        return True
    return Role.PROGRAMME_LEAD not in names and all(one.organisation_id in led for one in roles)


def _what(roles: list[Membership]) -> str:
    return "; ".join(f"{one.role.replace('_', ' ')}, {one.organisation.name}" for one in roles)


def callers_of_teams(*, team_ids: Sequence[UUID], now: dt.datetime) -> list[Membership]:
    """List who takes calls in these teams now, by name. Seen in the sign-in context only, or by the worker."""
    taking = [Role.CALLER, Role.SUPERVISOR, Role.CLINICIAN]
    return list(
        Membership.objects.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=now),
            team_id__in=team_ids,
            role__in=taking,
            staff__is_active=True,
            starts_at__lte=now,
        )
        .select_related("staff")
        .order_by("staff__name", "staff_id")
    )


def staff_by_email(*, email: str) -> Staff | None:
    """Find who signs in, in the sign-in context only."""
    return Staff.objects.filter(email__iexact=email, is_active=True).first()


def staff_names(*, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Name staff by their ids, those who have left too. Seen in the sign-in context only, or by the worker."""
    return dict(Staff.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def organisation_by_code(*, code: str) -> Organisation:
    """Find an organisation by its code."""
    return Organisation.objects.get(code=code)


def names_of(*, codes: Iterable[str]) -> dict[str, str]:
    """Give the names of organisations by code; those the directory does not know are left out."""
    return dict(Organisation.objects.filter(code__in=set(codes)).values_list("code", "name"))


def organisation_names() -> dict[UUID, str]:
    """Name every organisation by its id."""
    return dict(Organisation.objects.values_list("id", "name"))
