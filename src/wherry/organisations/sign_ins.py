"""
Where somebody is signed in: one row for each browser, which every page asks for and its owner can end.

A sign-in lives by the wall clock, which is the database's own (`Now()`); `now` is the application's, for the record and
for memberships.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models.functions import Now

from wherry.audit.actions import record
from wherry.foundation.actors import Actor, Kind
from wherry.organisations.models import SignIn
from wherry.organisations.types import PURPOSE_OF_ROLE, Purpose, Role

#: Somebody who does nothing for this long, or has been signed in for this long, signs in again.
IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=8)
#: How stale `seen_at` may be, so that not every page writes a row.
_NOTED_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Held:
    """A role somebody holds now, for whom and on which team. organisation: its name."""

    role: Role
    organisation_id: UUID
    organisation: str
    team_id: UUID | None


@dataclass(frozen=True)
class Present:
    """
    Somebody at work in a browser: the roles they hold now, and the organisation they act for.

    acts_for: None where there are several and none is chosen yet. Acting never mixes two organisations.
    """

    staff_id: UUID
    memberships: tuple[Held, ...]
    acts_for: UUID | None

    @property
    def organisations(self) -> dict[UUID, str]:
        """Give the organisations they could act for, by id, with their names."""
        return {one.organisation_id: one.organisation for one in self.memberships}

    @property
    def working_for(self) -> str:
        """Name the organisation they act for."""
        return self.organisations.get(self.acts_for, "") if self.acts_for else ""

    @property
    def can_change(self) -> bool:
        """Say whether there is another organisation to act for."""
        return len(self.organisations) > 1

    @property
    def roles(self) -> list[Held]:
        """List the memberships they act by."""
        return [one for one in self.memberships if one.organisation_id == self.acts_for]

    def actor(self, *purposes: Purpose) -> Actor | None:
        """Give the actor they are for the first of these purposes that a role of theirs serves; None for none."""
        teams = tuple(sorted({one.team_id for one in self.roles if one.team_id}))
        for purpose in purposes:
            held = frozenset(str(one.role) for one in self.roles if PURPOSE_OF_ROLE[one.role] == purpose)
            if held and self.acts_for:
                return Actor(Kind.STAFF, str(self.staff_id), (self.acts_for,), held, str(purpose), teams=teams)
        return None


def begin(*, by: Actor, staff_id: UUID, browser: str, now: dt.datetime, did: str = "sign_in.done") -> SignIn:
    """Note that somebody signed in. browser: in two words, for their own eyes; now: for the record."""
    made = SignIn.objects.create(staff_id=staff_id, started_at=Now(), seen_at=Now(), browser=browser)
    record(by=by, did=did, subject="staff", subject_ids=[staff_id], now=now)
    return made


#: What every page of every staff site asks first. Written out, since to put it together anew costs more than to ask it.
_AT_WORK = """
    select m.role, o.id, o.name, m.team_id, transaction_timestamp() - s.seen_at
      from organisations_signin s
      join organisations_staff who on who.id = s.staff_id and who.is_active
      join organisations_membership m on m.staff_id = who.id
      join organisations_organisation o on o.id = m.organisation_id
     where s.id = %(sign_in_id)s and s.staff_id = %(staff_id)s and s.ended_at is null
       and s.seen_at > transaction_timestamp() - %(idle)s::interval
       and s.started_at > transaction_timestamp() - %(longest)s::interval
       and m.starts_at <= app_now() and (m.ends_at is null or m.ends_at > app_now())
     order by o.code, m.role"""


def present(*, sign_in_id: UUID, staff_id: UUID, chosen: UUID | None) -> Present | None:
    """
    Say who is at work by a sign-in; None when it has ended, was left alone too long, or has lasted too long.

    chosen: the organisation they chose to act for, if they had to. One query while somebody is at work; memberships
    run by the application's clock.
    """
    who = {"sign_in_id": str(sign_in_id), "staff_id": str(staff_id)}
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK, who | {"idle": str(IDLE), "longest": str(LONGEST)})
        found = cursor.fetchall()
    if not found and not is_live(sign_in_id=sign_in_id, staff_id=staff_id):
        return None
    if not found or found[0][-1] > _NOTED_EVERY:
        SignIn.objects.filter(pk=sign_in_id).update(seen_at=Now())
    held = tuple(Held(Role(role), organisation, name, team) for role, organisation, name, team, _ in found)
    organisations = {one.organisation_id for one in held}
    acts_for = chosen or (organisations.pop() if len(organisations) == 1 else None)
    return Present(staff_id=staff_id, memberships=held, acts_for=acts_for)


def live_sign_ins(*, staff_id: UUID) -> list[SignIn]:
    """List where somebody is signed in now, the newest first."""
    return list(
        SignIn.objects.filter(
            staff_id=staff_id,
            staff__is_active=True,
            ended_at__isnull=True,
            seen_at__gt=Now() - IDLE,
            started_at__gt=Now() - LONGEST,
        ).order_by("-started_at")
    )


def is_live(*, sign_in_id: UUID, staff_id: UUID) -> bool:
    """Say whether a sign-in still counts."""
    return any(one.pk == sign_in_id for one in live_sign_ins(staff_id=staff_id))


def end(*, by: Actor, staff_id: UUID, now: dt.datetime, only: UUID | None = None, but: UUID | None = None) -> int:
    """End somebody's sign-ins: `only` one, all `but` one, or every one. Returns how many."""
    running = SignIn.objects.filter(staff_id=staff_id, ended_at__isnull=True)
    if only:
        running = running.filter(pk=only)
    if but:
        running = running.exclude(pk=but)
    ended = running.update(ended_at=Now(), ended_by="oneself")
    if ended:
        record(by=by, did="sign_in.ended", subject="staff", subject_ids=[staff_id], now=now, detail={"many": ended})
    return ended
