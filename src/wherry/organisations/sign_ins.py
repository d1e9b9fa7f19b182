"""
Where somebody is signed in: one row for each browser, which every page asks for and its owner can end.

A sign-in lives by the wall clock, which is the database's own (`Now()`); `now` is the application's, for the record and
for memberships.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Now

from wherry.audit.actions import record
from wherry.foundation.actors import Actor, Kind
from wherry.organisations.models import Membership, SignIn
from wherry.organisations.types import PURPOSE_OF_ROLE, Purpose, Role

#: Somebody who does nothing for this long, or has been signed in for this long, signs in again.
IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=8)
#: How stale `seen_at` may be, so that not every page writes a row.
_NOTED_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Present:
    """
    Somebody at work in a browser: their live memberships, and the organisation they act for.

    acts_for: None where there are several and none is chosen yet. Acting never mixes two organisations.
    """

    staff_id: UUID
    memberships: tuple[Membership, ...]
    acts_for: UUID | None

    @property
    def organisations(self) -> dict[UUID, str]:
        """Give the organisations they could act for, by id, with their names."""
        return {one.organisation_id: one.organisation.name for one in self.memberships}

    @property
    def working_for(self) -> str:
        """Name the organisation they act for."""
        return self.organisations.get(self.acts_for, "") if self.acts_for else ""

    @property
    def can_change(self) -> bool:
        """Say whether there is another organisation to act for."""
        return len(self.organisations) > 1

    @property
    def roles(self) -> list[Membership]:
        """List the memberships they act by."""
        return [one for one in self.memberships if one.organisation_id == self.acts_for]

    def actor(self, *purposes: Purpose) -> Actor | None:
        """Give the actor they are for the first of these purposes that a role of theirs serves; None for none."""
        for purpose in purposes:
            held = frozenset(one.role for one in self.roles if PURPOSE_OF_ROLE[Role(one.role)] == purpose)
            if held and self.acts_for:
                return Actor(Kind.STAFF, str(self.staff_id), (self.acts_for,), held, str(purpose))
        return None


def begin(*, by: Actor, staff_id: UUID, browser: str, now: dt.datetime, did: str = "sign_in.done") -> SignIn:
    """Note that somebody signed in. browser: in two words, for their own eyes; now: for the record."""
    made = SignIn.objects.create(staff_id=staff_id, started_at=Now(), seen_at=Now(), browser=browser)
    record(by=by, did=did, subject="staff", subject_ids=[staff_id], now=now)
    return made


def present(*, sign_in_id: UUID, staff_id: UUID, chosen: UUID | None, now: dt.datetime) -> Present | None:
    """
    Say who is at work by a sign-in; None when it has ended, was left alone too long, or has lasted too long.

    chosen: the organisation they chose to act for, if they had to. One query while somebody is at work.
    """
    found = list(
        Membership.objects.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=now),
            starts_at__lte=now,
            staff_id=staff_id,
            staff__is_active=True,
            staff__sign_ins__pk=sign_in_id,
            staff__sign_ins__ended_at__isnull=True,
            staff__sign_ins__seen_at__gt=Now() - IDLE,
            staff__sign_ins__started_at__gt=Now() - LONGEST,
        )
        .annotate(idle_for=Now() - F("staff__sign_ins__seen_at"))
        .select_related("organisation", "team")
        .order_by("organisation__code", "role")
    )
    if not found and not is_live(sign_in_id=sign_in_id, staff_id=staff_id):
        return None
    if not found or found[0].idle_for > _NOTED_EVERY:
        SignIn.objects.filter(pk=sign_in_id).update(seen_at=Now())
    organisations = {one.organisation_id for one in found}
    acts_for = chosen or (organisations.pop() if len(organisations) == 1 else None)
    return Present(staff_id=staff_id, memberships=tuple(found), acts_for=acts_for)


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
