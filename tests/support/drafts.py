"""Drafts of programmes: a shipped one with something changed, as somebody would have put it forward."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from tests.support.in_force import content
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.programmes.whole import whole_hash
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.types import VersionState

ROLES = ("programme_lead", "clinician", "clinical_safety", "information_governance")


def a_version(
    *,
    now: dt.datetime,
    number: int = 2,
    by: str = "test",
    state: VersionState = VersionState.DRAFT,
    share: int = 0,
    changes: Mapping[str, tuple[str, str]] | None = None,
    roles: tuple[str, ...] = ROLES,
) -> ProgrammeVersion:
    """Keep covid_protect as another version. changes: file → (what it says, what it says now)."""
    files = dict(content("covid_protect").files)
    told = {"covid_protect/programme.yaml": ("version: 1", f"version: {number}")} | dict(changes or {})
    for name, (was, becomes) in told.items():
        assert was in files[name], f"{name} does not say {was!r}"
        files[name] = files[name].replace(was, becomes, 1)
    with acting_as(WORKER):
        return ProgrammeVersion.objects.create(
            programme="covid_protect",
            number=number,
            name="COVID Protect",
            hash=whole_hash(files),
            files=files,
            roles=list(roles),
            starts_on=now.date() - dt.timedelta(days=10),
            ends_on=now.date() + dt.timedelta(days=200),
            why="Food is asked about in plainer words",
            proved=["12,345 answers were walked through: none lowers urgency."],
            put_forward_by=by,
            put_forward_at=now,
            state=state,
            in_force_at=now if share or state == VersionState.IN_FORCE else None,
            share=share,
        )
