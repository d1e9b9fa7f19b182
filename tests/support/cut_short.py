"""
Run commands that die at a chosen moment or meet a full disk, many fast: one process imports, each run is a fork.

`python -m tests.support.cut_short` reads one JSON object a line, {"arguments": […], "die_at": number or null,
"room_bytes": number or null}, and answers each with {"code": …, "said": …, "boundaries": …}. A boundary is a call that
makes something durable or visible: fsync, rename, replace, unlink, mkdir; `die_at` kills just before that one.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

_BOUNDARIES = ("fsync", "rename", "replace", "unlink", "mkdir")
DIED = 9


@dataclass(frozen=True)
class Ended:
    """How a run ended. boundaries: how many it passed."""

    code: int
    said: str
    boundaries: int


class Runner:
    """The process that forks. Use `runner()`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, *arguments: object, die_at: int | None = None, room_bytes: int | None = None) -> Ended:
        """Run one command in a fork. room_bytes: no file may grow beyond it, as on a full disk."""
        to, back = self._process.stdin, self._process.stdout
        assert to is not None and back is not None
        asked = {"arguments": [str(one) for one in arguments], "die_at": die_at, "room_bytes": room_bytes}
        to.write(json.dumps(asked) + "\n")
        to.flush()
        return Ended(**json.loads(back.readline()))


@contextmanager
def runner() -> Iterator[Runner]:
    """Start the process that forks, and end it."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.cut_short"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."])},
    ) as process:
        yield Runner(process)
        assert process.stdin is not None
        process.stdin.close()


def _answer(asked: dict[str, Any]) -> dict[str, object]:
    reader, writer = os.pipe()
    with tempfile.TemporaryFile() as counted:
        child = os.fork()
        if child == 0:
            os.close(reader)
            _be(asked, writer, counted)
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as said:
            text = said.read()
        _, status = os.waitpid(child, 0)
        counted.seek(0)
        boundaries = len(counted.read())
    return {"code": os.waitstatus_to_exitcode(status), "said": text, "boundaries": boundaries}


def _be(asked: dict[str, Any], writer: int, counted: IO[bytes]) -> None:
    from wherry.commands.main import run

    os.dup2(writer, 1)
    os.dup2(writer, 2)
    passed = 0

    def patched(name: str) -> None:
        before = getattr(os, name)

        def at_a_boundary(*given: Any, **more: Any) -> Any:
            nonlocal passed
            if passed == asked["die_at"]:
                os._exit(DIED)
            passed += 1
            if asked["room_bytes"] is None:
                os.write(counted.fileno(), b".")
            return before(*given, **more)

        setattr(os, name, at_a_boundary)

    for name in _BOUNDARIES:
        patched(name)
    if asked["room_bytes"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["room_bytes"], asked["room_bytes"]))
    code = run(asked["arguments"])
    sys.stdout.flush()
    os._exit(code)


def main() -> None:
    """Import once what every run needs, then fork for each line."""
    import duckdb  # noqa: F401
    import pyarrow  # noqa: F401

    import wherry.commands.codelists
    import wherry.commands.feeds
    import wherry.commands.people
    import wherry.commands.risk
    import wherry.feeds.actions
    import wherry.people.linkage.actions
    import wherry.risk.actions
    import wherry.risk.engines.duckdb  # noqa: F401

    for line in sys.stdin:
        sys.stdout.write(json.dumps(_answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
