"""
How a version moves from draft to in force, who may sign it, and to whom it is released. Pure.

Hazards: H-10 (a wrong or weakened version of the rules is used).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from wherry.foundation.digests import sha256_of
from wherry.sign_off.types import Standing, VersionState

#: Per cent of people a version is released to, stage by stage: about 8,000 people once read one mistaken text at once.
STAGES = (1, 10, 100)
#: Ranks run from 0 to one below this; a share of 1 % takes the first hundredth of them.
RANKS = 10_000

_MOVES: dict[VersionState, frozenset[VersionState]] = {
    VersionState.DRAFT: frozenset({VersionState.REVIEWED, VersionState.WITHDRAWN}),
    VersionState.REVIEWED: frozenset({VersionState.SIGNED, VersionState.WITHDRAWN}),
    VersionState.SIGNED: frozenset({VersionState.IN_FORCE, VersionState.WITHDRAWN}),
    VersionState.IN_FORCE: frozenset({VersionState.SUPERSEDED, VersionState.STOPPED, VersionState.ENDED}),
    VersionState.SUPERSEDED: frozenset({VersionState.STOPPED, VersionState.ENDED}),
    VersionState.STOPPED: frozenset({VersionState.ENDED}),
    VersionState.ENDED: frozenset(),
    VersionState.WITHDRAWN: frozenset(),
}


def may_move(*, current: VersionState, to: VersionState) -> bool:
    """Say whether a version may move so. From withdrawn and ended nothing leads anywhere."""
    return to in _MOVES[current]


def roles_to_sign(*, wanted: Sequence[str], signed: Collection[str]) -> tuple[str, ...]:
    """List the roles that have not signed yet, in the programme's order."""
    return tuple(role for role in wanted if role not in signed)


def next_share(*, share: int) -> int | None:
    """Give the next stage of a release, None after the last."""
    return next((stage for stage in STAGES if stage > share), None)


def rank_in_release(*, programme: str, household: str) -> int:
    """
    Give somebody's rank in a programme's releases, the same at every stage and for everybody of a household.

    household: the household's key, or the person's own id where they have none. Evenly spread over RANKS.
    """
    return int(sha256_of(["release", programme, household])[:16], 16) % RANKS


def ranks_released(*, share: int) -> int:
    """Give how many ranks a share of so many per cent takes in."""
    return share * RANKS // 100


def version_for(*, rank: int, in_force: Iterable[Standing]) -> Standing | None:
    """
    Choose the version somebody is asked under: the newest that is released to their rank; None: nobody asks them yet.

    While a new version is released by stages the one before it goes on for the others.
    """
    released = [one for one in in_force if rank < ranks_released(share=one.share)]
    return max(released, key=lambda one: one.number, default=None)


def leading(*, in_force: Iterable[Standing]) -> Standing | None:
    """Choose the version that speaks for a programme as a whole: the one released furthest, then the newest."""
    return max(in_force, key=lambda one: (one.share, one.number), default=None)
