"""Start the sandbox gateway as a child process and wait until it answers."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wherry.foundation.errors import EnvironmentWrong


def start(
    *,
    data: Path,
    token_file: Path,
    callback: str | None = None,
    callback_token_file: Path | None = None,
    port: int = 0,
    wait_seconds: float = 20.0,
) -> tuple[subprocess.Popen[str], str]:
    """
    Start a gateway that ends with this process; returns the process and its address.

    Start it from a thread that lives as long as the process: the kernel ties the child to the thread.
    Raises EnvironmentWrong when it does not answer in time.
    """
    command = [sys.executable, "-m", "wherry.nonprod.gateway", "--port", str(port), "--data", str(data)]
    command += ["--token-file", str(token_file), "--parent", str(os.getpid())]
    command += ["--callback", callback] if callback else []
    command += ["--callback-token-file", str(callback_token_file)] if callback_token_file else []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)  # noqa: S603 our own module
    address = _first_line(process, deadline=time.monotonic() + wait_seconds)
    if not address.startswith("http://"):
        stop(process)
        raise EnvironmentWrong("The sandbox gateway did not start; look at the lines above and at its data folder.")
    return process, address


def _first_line(process: subprocess.Popen[str], *, deadline: float) -> str:
    if process.stdout is None:
        return ""
    left = max(deadline - time.monotonic(), 0.0)
    ready, _, _ = select.select([process.stdout], [], [], left)
    return process.stdout.readline().strip() if ready else ""


def stop(process: subprocess.Popen[str], *, wait_seconds: float = 10.0) -> None:
    """End a gateway and wait for it; one that does not end in time is killed, and loses nothing by it."""
    process.terminate()
    try:
        process.wait(timeout=wait_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


@contextmanager
def running(
    *, data: Path, token_file: Path, callback: str | None = None, callback_token_file: Path | None = None
) -> Iterator[str]:
    """Run a gateway for the length of a `with` block; gives its address."""
    process, address = start(
        data=data, token_file=token_file, callback=callback, callback_token_file=callback_token_file
    )
    try:
        yield address
    finally:
        stop(process)
