"""What a version of a programme can be, and how it is told to others."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from uuid import UUID


class VersionState(enum.StrEnum):
    """
    Where a version stands.

    draft: put forward, open to comments · reviewed: read by somebody else, every comment answered · signed: by every
    role it names · in_force: decided by, released to a share of people · superseded: another has taken its place, and
    what began under it ends under it · stopped: nothing more leaves under it · ended: stood down, its people told ·
    withdrawn: never came into force.
    """

    DRAFT = "draft"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    STOPPED = "stopped"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Standing:
    """One version in force. share: per cent of people it is released to; number: the one its file gives."""

    id: UUID
    programme: str
    number: int
    hash: str
    share: int
    reaches_people: bool = True
