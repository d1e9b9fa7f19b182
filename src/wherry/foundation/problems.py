"""A problem somebody can mend: where it is, what is wrong, and the mend."""

from __future__ import annotations

from dataclasses import dataclass


class LineElsewhere(int):
    """A line of another file than the one at hand: what a place changed is mended in the place's file. A plain int."""

    file: str

    def __new__(cls, line: int, file: str) -> LineElsewhere:
        """Make the line of that file."""
        made = super().__new__(cls, line)
        made.file = file
        return made


@dataclass(frozen=True, order=True)
class Problem:
    """
    One thing wrong in a file.

    file: as the user named it; line: 1-based, 0 when the whole file is meant. A LineElsewhere brings its own file.
    """

    file: str
    line: int
    what: str
    mend: str

    def __post_init__(self) -> None:
        """Take the file from the line where the line knows better."""
        if isinstance(self.line, LineElsewhere):
            object.__setattr__(self, "file", self.line.file)
            object.__setattr__(self, "line", int(self.line))

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.mend}"
