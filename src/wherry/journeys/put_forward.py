"""Put a programme forward: every check in every place first, then kept as one hashed whole that nobody can change."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from wherry.foundation.actors import Actor
from wherry.foundation.errors import InputWrong
from wherry.foundation.problems import Problem
from wherry.journeys.check_programme import check_everywhere
from wherry.journeys.read_programme import programme as read_programme
from wherry.programmes.files import load
from wherry.programmes.whole import whole
from wherry.sign_off.actions import put_forward as kept
from wherry.sign_off.models import ProgrammeVersion


class ProgrammeUnsound(InputWrong):
    """A check found problems; nothing was put forward."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep every problem; the message is the first, and how many more there are."""
        self.problems = problems
        rest = f" (and {len(problems) - 1} more problems)" if len(problems) > 1 else ""
        super().__init__(f"nothing was put forward: {problems[0]}{rest}")


def put_forward(*, by: Actor, directory: Path | str, why: str, now: dt.datetime) -> ProgrammeVersion:
    """
    Check a programme for the centre and every place, and keep it as a draft that others may comment on.

    why: what changed and why, for whoever reads it. Raises ProgrammeUnreadable, ProgrammeUnsound, AlreadyPutForward,
    NumberTaken. Hazard: H-10.
    """
    it = whole(directory)
    checked = check_everywhere(directory=directory)
    if checked.problems:
        raise ProgrammeUnsound(tuple(checked.problems))
    programme = read_programme(files=load(directory))
    return kept(
        by=by,
        programme=it.code,
        number=programme.version,
        name=programme.name,
        hash=it.hash,
        files=it.files,
        roles=programme.sign_off_roles,
        why=why,
        proved=checked.told,
        now=now,
        starts_on=programme.in_force.starts_on if programme.in_force else None,
        ends_on=programme.in_force.ends_on if programme.in_force else None,
        reaches_people=not programme.finds_only,
    )
