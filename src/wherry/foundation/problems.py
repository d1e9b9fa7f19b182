"""A problem somebody can mend: where it is, what is wrong, and the mend."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """
    One thing wrong in a file.

    file: as the user named it; line: 1-based, 0 when the whole file is meant.
    """

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.mend}"
