"""The states a case and its occurrences may be in."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from uuid import UUID


class State(enum.StrEnum):
    """
    Where somebody stands. Exactly one of these, for an occurrence and for the case as a whole.

                        .--> reached
        in_cadence -----+--> exhausted (with an owner) --> reached
                        +--> declined
                        '--> excluded (with a reason) --> in_cadence (the reason was a mistake)
    """

    IN_CADENCE = "in_cadence"
    REACHED = "reached"
    EXHAUSTED = "exhausted"
    DECLINED = "declined"
    EXCLUDED = "excluded"


class Door(enum.StrEnum):
    """How somebody came to have a case."""

    SIGNED_LIST = "signed_list"
    REFERRAL_IN = "referral_in"
    RELATED_PERSON = "related_person"


@dataclass(frozen=True)
class Opening:
    """
    A case to be opened for a person: in which category and tier, by which door, and from which row of it.

    release_rank: where they stand in a staged release; 0 waits for no stage.
    """

    person_id: UUID
    category: str
    tier: int
    door: Door
    opened_from: UUID | None = None
    release_rank: int = 0


#: The moves an occurrence may make.
MOVES: dict[State, frozenset[State]] = {
    State.IN_CADENCE: frozenset({State.REACHED, State.EXHAUSTED, State.DECLINED, State.EXCLUDED}),
    State.EXHAUSTED: frozenset({State.REACHED, State.DECLINED, State.EXCLUDED}),
    State.REACHED: frozenset({State.DECLINED, State.EXCLUDED}),
    State.DECLINED: frozenset({State.EXCLUDED}),
    State.EXCLUDED: frozenset({State.IN_CADENCE}),
}


#: Why a check-in or a case ended, where its programme was stood down.
PROGRAMME_ENDED = "the programme ended"


@dataclass(frozen=True)
class Moved:
    """What became of check-ins in the midst of an urgent change. both: begun already, so that both versions decide."""

    moved: int
    both: int
