"""What differs between two triage tables. All frozen."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from wherry.checkin.types import Answer
from wherry.triage.types import Urgency

Value = Answer | float | None


class Kind(enum.StrEnum):
    """What of an outcome is meant."""

    URGENCY = "urgency"
    NEED = "need"
    RED_FLAG = "red_flag"
    INCOMPLETE = "incomplete"
    DECLINED = "declined"


Aspect = tuple[Kind, str]
"""One thing an outcome says: how urgent it is, a need by name, a red flag, a question to ask again."""

Marks = Mapping[Aspect, int]
"""
An outcome: each thing it says with its rank, 1 for what is only there or not. What it does not say is 0.

Declined stands between nothing and the least urgency: 1 where they said no, more where anything has to be done.
"""


@dataclass(frozen=True)
class Held:
    """
    One question, or one thing known of a person, with the values meant.

    values: in order, None for not answered or not known; a number stands for all from it to the next. others: the
    values not meant. Where there are none of those it says nothing and is left out.
    """

    name: str
    values: tuple[Value, ...]
    others: tuple[Value, ...]


@dataclass(frozen=True)
class Effect:
    """
    One thing of the outcome before and after, by rank: of a red flag or a question to ask again 1 for there.

    also: other ranks it comes to (where it fell) or came to (where it rose), with other answers of those named.
    """

    kind: Kind
    name: str
    before: int
    after: int
    also: tuple[int, ...] = ()

    @property
    def is_worse(self) -> bool:
        """Say whether somebody is helped later than before, or a red flag is no longer raised."""
        return self.kind not in (Kind.INCOMPLETE, Kind.DECLINED) and self.after < self.before

    @property
    def urgencies(self) -> tuple[Urgency, Urgency]:
        """Give what it was and what it is, for an urgency or a need."""
        order = tuple(Urgency)
        return order[self.before], order[self.after]


@dataclass(frozen=True)
class Statement:
    """
    With all of `when` these effects follow, everything else being answered at its best.

    combinations: of the questions in play, how many it stands for; is_example: one of many, found by a sample.
    """

    when: tuple[Held, ...]
    effects: tuple[Effect, ...]
    combinations: int
    is_example: bool = False

    @property
    def is_worse(self) -> bool:
        """Say whether any effect is."""
        return any(one.is_worse for one in self.effects)


@dataclass(frozen=True)
class Compared:
    """
    Two tables beside each other, worse first.

    changed and looked_at: combinations within groups of joined questions; sampled: the questions of groups too large
    to look at whole; untold: statements left out because there were too many.
    """

    statements: tuple[Statement, ...]
    changed: int
    looked_at: int
    sampled: tuple[str, ...] = ()
    untold: int = 0

    def _worse(self, kind: Kind) -> tuple[Effect, ...]:
        found = (one for statement in self.statements for one in statement.effects)
        return tuple(one for one in found if one.is_worse and one.kind is kind)

    @property
    def is_less_urgent(self) -> bool:
        """Say whether some combination of answers is less urgent than before."""
        return bool(self._worse(Kind.URGENCY))

    @property
    def red_flags_lost(self) -> tuple[str, ...]:
        """Name the red flags some combination no longer raises."""
        return tuple(sorted({one.name for one in self._worse(Kind.RED_FLAG)}))
