"""Watching and ending the operating-system processes a test started."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

from wherry.database.placement import RECORD, placement


def processes_working_in(folder: Path) -> tuple[int, ...]:
    """List the living processes whose working folder is this one: for a data folder, its database server's."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if Path(os.readlink(entry / "cwd")) == folder:
                found.append(int(entry.name))
        except OSError:
            continue
    return tuple(sorted(found))


def kill_server(data: Path) -> int:
    """Kill a database server outright, as a crash would; return the number it had."""
    pid = int((data / "postmaster.pid").read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)
    return pid


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Look again every few hundredths of a second until it is so; say whether it came to be."""
    give_up = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.05)
    return True


def forget_home(home: Path) -> None:
    """Delete the private folder a test's home made outside itself, if it did."""
    if (home / RECORD).exists():
        private = placement(home).private
        if private is not None:
            shutil.rmtree(private, ignore_errors=True)
