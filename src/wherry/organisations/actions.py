"""Setting up organisations, teams and the people who work in them. Each is safe to repeat."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.organisations.models import Credential, Membership, Organisation, Staff, Team
from wherry.organisations.types import OrganisationKind, Role


def register_organisation(
    *, by: Actor, code: str, name: str, kind: OrganisationKind, now: dt.datetime, place: str = ""
) -> Organisation:
    """Enter an organisation by its code, or correct its name, kind and place."""
    organisation, is_new = Organisation.objects.update_or_create(
        code=code, defaults={"name": name, "kind": kind, "place": place}
    )
    if is_new:
        record(by=by, did="organisation.registered", subject="organisation", subject_ids=[organisation.id], now=now)
    return organisation


def form_team(*, by: Actor, code: str, name: str, organisation: Organisation, now: dt.datetime) -> Team:
    """Form a team, led by an organisation; its members may come from any."""
    team, is_new = Team.objects.get_or_create(code=code, defaults={"name": name, "organisation": organisation})
    if is_new:
        record(by=by, did="team.formed", subject="team", subject_ids=[team.id], now=now)
    return team


def engage_staff(
    *, by: Actor, email: str, name: str, password: str, now: dt.datetime, staff_id: UUID | None = None, factor: str = ""
) -> Staff:
    """
    Enter a member of staff who can sign in. The password is kept only as a salted hash.

    factor: the sealed secret of an authenticator they hold already, sealed for `staff_id`; empty: they set one up at
    their first sign-in.
    """
    staff = Staff.objects.filter(email=email).first()
    if staff is None:
        staff = Staff(id=staff_id or uuid4(), email=email, name=name)
        staff.save(force_insert=True)
        Credential(staff=staff, password=make_password(password), factor_sealed=factor).save(force_insert=True)
        record(by=by, did="staff.engaged", subject="staff", subject_ids=[staff.id], now=now)
    return staff


def give_role(
    *, by: Actor, staff: Staff, organisation: Organisation, role: Role, now: dt.datetime, team: Team | None = None
) -> Membership:
    """Let somebody work in a role for an organisation from now on."""
    membership, is_new = Membership.objects.get_or_create(
        staff=staff, organisation=organisation, role=role, defaults={"team": team, "starts_at": now}
    )
    if is_new:
        record(
            by=by,
            did="role.given",
            subject="membership",
            subject_ids=[membership.id, staff.id],
            now=now,
            detail={"role": str(role)},
        )
    return membership
