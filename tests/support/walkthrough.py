"""
Follow a tutorial word for word: write its files, run its commands, hold what they print against what it says.

Read from its text: "Write `file`:" and "Add to the end of `file`:" before a block; "In `file`, change `a` to `b`";
a block `sh` of commands, and the block `text` after it, which is what they print. In it `…` stands for the rest of a
line, and a line of nothing else for some lines. `python -m tests.support.walkthrough docs/TUTORIAL.md` writes what is
printed anew where the tutorial says something else.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from wherry.commands.main import run

ROOT = Path(__file__).resolve().parents[2]
_STEP = re.compile(
    r"(?P<how>Write|Add to the end of) `(?P<file>[^`]+)`:\n\n```\w*\n(?P<content>.*?)```"
    r"|In `(?P<changed>[^`]+)`, change\s+`(?P<old>[^`]+)`\s+to\s+`(?P<new>[^`]+)`"
    r"|```sh\n(?P<commands>.*?)```(?:\n\n```text\n(?P<printed>.*?)```)?",
    re.DOTALL,
)
_WHERRY = ".venv/bin/wherry "


@dataclass(frozen=True)
class Ran:
    """One block of commands that was run: its line in the tutorial, what it says they print and what they printed."""

    line: int
    said: str | None
    printed: str

    @property
    def is_as_said(self) -> bool:
        """Say whether the tutorial says what was printed."""
        if self.said is None:
            return True
        lines = [
            r"(?:.*\n)*" if one == "…\n" else re.escape(one).replace("…", ".*") for one in self.said.splitlines(True)
        ]
        return re.fullmatch("".join(lines), self.printed) is not None


def follow(tutorial: str) -> Iterator[Ran]:
    """Do every step of a tutorial in the working folder, in order. Raises AssertionError for a change of nothing."""
    for step in _STEP.finditer(tutorial):
        if step["file"]:
            _write(Path(step["file"]), step["content"], adds=step["how"] != "Write")
        elif step["changed"]:
            file, old = Path(step["changed"]), step["old"]
            text = file.read_text()
            assert text.count(old) == 1, f"{file} holds `{old}` {text.count(old)} times"
            file.write_text(text.replace(old, step["new"]))
        else:
            commands = step["commands"].strip().splitlines()
            printed = "".join(map(_printed_by, commands))
            line = tutorial.count("\n", 0, step.start()) + 1
            yield Ran(line, step["printed"], re.sub(r"sha256:[0-9a-f]{8,64}", "sha256:…", printed))


@contextmanager
def fresh_copy() -> Iterator[Path]:
    """Stand in a folder with this project's content as somebody has it who has just begun."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as made:
        shutil.copytree(ROOT / "programmes", Path(made) / "programmes")
        shutil.copytree(ROOT / "feeds", Path(made) / "feeds")
        os.chdir(made)
        try:
            yield Path(made)
        finally:
            os.chdir(before)


def _write(file: Path, content: str, *, adds: bool) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((file.read_text() if adds else "") + content)


def _printed_by(command: str) -> str:
    """Run one command; what it prints, on either stream. Ours run in this process, which takes seconds."""
    before, ours, after = command.partition(_WHERRY)
    if not ours:
        return subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, timeout=60).stdout
    given = _shell(before.removesuffix("| "), b"") if before else b""
    arguments, _, to = after.partition(" > ")
    arguments, piped, then = arguments.partition(" | ")
    with CliRunner().isolation(input=io.BytesIO(given)) as streams:
        run(shlex.split(arguments))
        sys.stdout.flush()
        printed: bytes = streams[2].getvalue()
    if to:
        Path(to).write_bytes(printed)
        return ""
    return (_shell(then, printed) if piped else printed).decode()


def _shell(command: str, given: bytes) -> bytes:
    return subprocess.run(["bash", "-c", command], input=given, capture_output=True, check=True, timeout=60).stdout


def _written_anew(tutorial: str, ran: list[Ran]) -> str:
    waiting = iter(ran)

    def one(step: re.Match[str]) -> str:
        if not step["commands"]:
            return step[0]
        done = next(waiting)
        return (
            step[0] if done.is_as_said else step[0].replace(f"```text\n{done.said}```", f"```text\n{done.printed}```")
        )

    return _STEP.sub(one, tutorial)


if __name__ == "__main__":
    path = Path(sys.argv[1]).resolve()
    text = path.read_text()
    with fresh_copy():
        done = list(follow(text))
    path.write_text(_written_anew(text, done))
