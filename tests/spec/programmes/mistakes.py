"""
Mistakes planted one by one in a shipped programme, as `mistakes.yaml` tells them, and what a check says of each.

`make docs` prints them: python -m tests.spec.programmes.mistakes
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).with_name("mistakes.yaml")


@dataclass(frozen=True)
class Mistake:
    """
    One edit, and the problem it must bring. file, at: from the programme's folder, or from `places/`.

    change → to: the first occurrence is replaced; rename: the file's new name. line_of: words whose line is meant, in
    `at` or the edited file; without it, the first line that the edit changed; whole_file: no line.
    """

    mistake: str
    file: str
    says: str
    mend: str
    change: str = ""
    to: str = ""
    rename: str = ""
    at: str = ""
    line_of: str = ""
    whole_file: bool = False

    def edited(self, text: str) -> str:
        """Give the file as the mistake leaves it."""
        assert self.change in text, f"{self.file} does not hold {self.change!r}"
        return text.replace(self.change, self.to, 1)

    def line(self, *, before: str, after: str, meant: str) -> int:
        """Give the line a check must name. before, after: the edited file; meant: the file the problem stands in."""
        if self.whole_file:
            return 0
        if self.line_of:
            return _line_at(meant, meant.index(self.line_of) + len(self.line_of) - len(self.line_of.lstrip("\n")))
        alike = next((at for at, (one, two) in enumerate(zip(before, after, strict=False)) if one != two), len(after))
        return _line_at(after, alike)


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def planted() -> list[Mistake]:
    """Give every mistake of the table, in its order."""
    content: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return [Mistake(**one) for one in content["mistakes"]]


def page() -> str:
    """Write the mistakes as a page of the reference."""
    rows = [f"| {one.file} | {one.mistake} | {one.says}; {one.mend} |\n" for one in planted()]
    return (
        "# Mistakes a check finds\n\n"
        "Written by `make docs` from `tests/spec/programmes/mistakes.yaml`; change it there. Each is planted alone in\n"
        "the programme covid_protect, and `wherry programme check` must name it at its file and line; a test holds it\n"
        "to that. What it says is shortened here.\n\n"
        f"{len(rows)} mistakes.\n\n"
        "| File | Mistake | What is said; and the mend |\n|---|---|---|\n" + "".join(rows)
    )


if __name__ == "__main__":
    sys.stdout.write(page())
