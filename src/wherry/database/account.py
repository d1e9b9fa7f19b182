"""The operating-system account the server runs as: never root, which PostgreSQL refuses."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wherry.foundation.errors import EnvironmentWrong

# Set against a caller's PGDATA, PGOPTIONS or LD_LIBRARY_PATH, any of which would bend what we start.
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """An account by number; `switch` says whether a child must change to it."""

    uid: int
    gid: int
    switch: bool

    def run(self, command: Sequence[str | Path], *, timeout_seconds: int) -> subprocess.CompletedProcess[str]:
        """Run a command as this account, in its own session, so that a terminal's Ctrl-C does not reach it."""
        return subprocess.run(  # noqa: S603 - the programs are found by us, and no shell is involved
            [str(part) for part in command],
            cwd="/",
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_seconds,
            start_new_session=True,
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
            extra_groups=() if self.switch else None,
        )

    def can_enter(self, folder: Path) -> bool:
        """Ask the kernel, as this account, whether a folder can be entered (parents and access lists counted)."""
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", folder], timeout_seconds=20).returncode == 0

    def own(self, path: Path) -> None:
        """Hand a file or folder to this account."""
        if self.switch:
            os.chown(path, self.uid, self.gid)


def account_for(existing: Path | None) -> Account:
    """
    Choose the account: that of an existing data folder, else ourselves, else (as root) `postgres` or `nobody`.

    Raises EnvironmentWrong when the data belongs to an account we are not and cannot become.
    """
    me = os.geteuid()
    if existing is not None and existing.exists():
        status = existing.stat()
        if me not in (0, status.st_uid):
            raise EnvironmentWrong(f"{existing} belongs to another account; run as that one or choose another --home")
        return Account(uid=status.st_uid, gid=status.st_gid, switch=me == 0)
    if me != 0:
        return Account(uid=me, gid=os.getegid(), switch=False)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(uid=entry.pw_uid, gid=entry.pw_gid, switch=True)
    raise EnvironmentWrong("PostgreSQL does not run as root; add an account called postgres, or run as a plain user")
