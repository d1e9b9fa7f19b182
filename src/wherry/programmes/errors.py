"""What can be wrong with a programme's files."""

from __future__ import annotations

from collections.abc import Sequence

from wherry.foundation.errors import InputWrong
from wherry.foundation.problems import Problem


class ProgrammeNotFound(InputWrong):
    """There is no programme in that folder."""


class CannotBeginHere(InputWrong):
    """A new programme cannot be begun in that folder."""


class ProgrammeUnreadable(InputWrong):
    """The programme's files cannot be read."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep every problem; the message is the first, and how many more there are."""
        self.problems = tuple(sorted(problems))
        rest = f" (and {len(self.problems) - 1} more problems)" if len(self.problems) > 1 else ""
        super().__init__(f"{self.problems[0]}{rest}")
