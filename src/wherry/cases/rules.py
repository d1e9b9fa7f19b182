"""How a case stands as a whole, by a written precedence."""

from __future__ import annotations

from collections.abc import Sequence

from wherry.cases.errors import MoveNotAllowed
from wherry.cases.types import MOVES, State


def episode_state(occurrences: Sequence[State]) -> State:
    """
    Give the one state of a case from its occurrences, oldest first.

    Precedence: excluded, then declined, wherever they stand; otherwise the newest occurrence speaks. So nobody is
    counted reached because they answered last week, and nobody who stopped is counted in cadence.
    """
    for decisive in (State.EXCLUDED, State.DECLINED):
        if decisive in occurrences:
            return decisive
    return occurrences[-1] if occurrences else State.IN_CADENCE


def checked_move(*, current: State, to: State) -> State:
    """Return the new state, or raise MoveNotAllowed."""
    if to not in MOVES[current]:
        raise MoveNotAllowed(f"an occurrence that is {current} cannot become {to}")
    return to
