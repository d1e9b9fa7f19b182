"""Who acts: a member of staff, the worker, a resident holding a link. Nothing is written or read by nobody."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from uuid import UUID


class Kind(enum.StrEnum):
    """
    The named, narrow contexts row security knows.

    staff: a signed-in member of staff for one purpose · worker: the job worker · link: a resident holding a
    check-in link · sign_in: the sign-in page, before anyone is known · gateway: a provider's callback ·
    console: an operator at a terminal, who acts with the worker's sight and their own name.
    """

    STAFF = "staff"
    WORKER = "worker"
    LINK = "link"
    SIGN_IN = "sign_in"
    GATEWAY = "gateway"
    CONSOLE = "console"


@dataclass(frozen=True)
class Actor:
    """
    Who acts, for whom and why.

    id: opaque (a staff UUID, `worker`, an operator's name at a terminal); organisations: those acted for;
    roles: role names held there; purpose: one purpose name, empty where the context needs none; teams: those worked
    in there, which another organisation may lead;
    token_sha256: for a link, 64 hexadecimal characters; for staff, the hash of what somebody ringing in says of
    themselves, for the moment they are looked up by it; proof_sha256: for a link, the hash of what a browser was given
    when a one-time code was right.
    """

    kind: Kind
    id: str
    organisations: tuple[UUID, ...] = ()
    roles: frozenset[str] = field(default_factory=frozenset)
    purpose: str = ""
    token_sha256: str = ""
    proof_sha256: str = ""
    teams: tuple[UUID, ...] = ()

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("an actor has an id")


WORKER = Actor(kind=Kind.WORKER, id="worker")
