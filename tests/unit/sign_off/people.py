"""Whoever has a part in a version's way, and a version at each stop of it."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.organisations.types import PURPOSE_OF_ROLE, Role
from wherry.sign_off import actions
from wherry.sign_off.models import ProgrammeVersion

NOW = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
ROLES = ("programme_lead", "clinician", "clinical_safety", "information_governance")


def somebody(*roles: str) -> Actor:
    """Give one person in some roles."""
    purpose = str(PURPOSE_OF_ROLE[Role(roles[0])])
    return Actor(kind=Kind.STAFF, id=str(uuid4()), organisations=(uuid4(),), roles=frozenset(roles), purpose=purpose)


def put_forward(by: Actor, *, number: int = 1, hash: str = "", programme: str = "heat") -> ProgrammeVersion:  # noqa: A002
    """Put a programme forward."""
    with acting_as(WORKER):
        return actions.put_forward(
            by=by,
            programme=programme,
            number=number,
            name="Hot weather",
            hash=hash or f"sha256:{number}",
            files={"heat/programme.yaml": f"version: {number}"},
            roles=ROLES,
            why="June is coming",
            proved=["all is well"],
            now=NOW,
            starts_on=dt.date(2026, 6, 1),
            ends_on=dt.date(2026, 9, 30),
        )


def signed(*, number: int = 1) -> ProgrammeVersion:
    """Give a version that four people have signed."""
    version = put_forward(somebody("programme_lead"), number=number)
    with acting_as(WORKER):
        actions.note_review(by=somebody("clinical_safety"), version=version, seen_hash=version.hash, now=NOW)
        for role in ROLES:
            actions.sign_version(by=somebody(role), version=version, role=role, seen_hash=version.hash, now=NOW)
        version.refresh_from_db()
    return version


def in_force(*, number: int = 1, share: int = 100) -> ProgrammeVersion:
    """Give a version that is in force and released to a share."""
    version, lead = signed(number=number), somebody("programme_lead")
    with acting_as(WORKER):
        actions.put_in_force(by=lead, version=version, now=NOW)
        for stage in (1, 10, 100):
            if stage <= share:
                actions.release(by=lead, version=version, share=stage, now=NOW)
    return version
