"""How far a demonstration has come, kept so that one cut short at any moment goes on where it was."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from wherry.foundation.errors import InputWrong


class AnotherDemonstration(InputWrong):
    """This home holds another demonstration; choose another --home."""


@dataclass
class Progress:
    """The steps done, in a file written whole or not at all."""

    file: Path
    about: dict[str, object]
    done: list[str]

    @staticmethod
    def open(file: Path, about: dict[str, object]) -> Progress:
        """Take up a demonstration's progress, or begin one. Raises AnotherDemonstration when `about` differs."""
        if not file.exists():
            progress = Progress(file, about, [])
            progress._write()
            return progress
        kept = json.loads(file.read_text())
        if kept["about"] != about:
            known = ", ".join(f"{name} {value}" for name, value in kept["about"].items())
            raise AnotherDemonstration(f"{file.parent.parent} holds a demonstration of {known}; choose another --home")
        return Progress(file, about, list(kept["done"]))

    def is_done(self, step: str) -> bool:
        """Say whether a step was finished."""
        return step in self.done

    def note(self, step: str) -> None:
        """Note that a step is finished."""
        self.done.append(step)
        self._write()

    def _write(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.file.with_suffix(".part")
        with temporary.open("w") as file:
            json.dump({"about": self.about, "done": self.done}, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.file)
