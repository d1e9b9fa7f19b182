"""Making, starting and stopping one PostgreSQL server, and what its complaints mean."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wherry.database.account import Account
from wherry.database.binaries import Binaries
from wherry.database.placement import PORT, Placement
from wherry.foundation.errors import EnvironmentWrong

SUPERUSER = "postgres"
_RETRY_SECONDS = 10.0
_START_SECONDS = 120
_STOP_SECONDS = 60

# Statements and error details may quote a person, so the server's log keeps neither: `log` ranks above `error`
# for log_min_messages, and the application sees its own errors.
_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_connections": "60",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_filename": "server-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
}
_DURABLE: Mapping[str, str] = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_QUICK: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

_MEANINGS = (
    ("No space left on device", "the disk is full; free some space and try again"),
    ("could not create shared memory", "the machine has no shared memory left; end other programs and try again"),
    ("Cannot allocate memory", "the machine has no memory left; end other programs and try again"),
    ("Permission denied", "a folder is closed to the database's account; choose another --home"),
    ("database files are incompatible", "its data was made by another version of PostgreSQL; install that version"),
)


class ServerWillNotStart(EnvironmentWrong):
    """The database did not start; look at its log, then try again."""


@dataclass(frozen=True)
class Server:
    """One server: its programs, its folders, and the account it runs as."""

    binaries: Binaries
    place: Placement
    account: Account

    def initialise(self, *, password: str) -> None:
        """Make the data folder. A half-made one, left by a crash, is thrown away and made again."""
        draft = self.place.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        for folder in (draft, self.place.socket, self.place.log):
            folder.mkdir(mode=0o700, exist_ok=True)
            self.account.own(folder)
        said = self._initdb(draft, password, "C.UTF-8")
        if said.returncode and "locale" in said.stderr:
            said = self._initdb(draft, password, "C")
        if said.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            raise ServerWillNotStart(f"The database could not be made: {_meaning(said.stdout + said.stderr)}")
        draft.rename(self.place.data)

    def _initdb(self, data: Path, password: str, locale: str) -> subprocess.CompletedProcess[str]:
        file = self.place.folder / ".superuser"
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(password)
        self.account.own(file)
        options = [f"--username={SUPERUSER}", f"--pwfile={file}", "--auth=scram-sha-256", "--data-checksums"]
        options += ["--encoding=UTF8", f"--locale={locale}", f"--pgdata={data}"]
        try:
            return self.account.run([self.binaries.program("initdb"), *options], timeout_seconds=_START_SECONDS)
        finally:
            file.unlink()

    def running(self) -> bool:
        """Say whether a server process works in our data folder, whatever its pid file claims."""
        pid = self._pid()
        return pid is not None and _works_in(pid, self.place.data)

    def _pid(self) -> int | None:
        first = self._pid_file()[0]
        return int(first) if first.isdigit() else None

    def _pid_file(self) -> list[str]:
        try:
            return [line.strip() for line in (self.place.data / "postmaster.pid").read_text().split("\n")]
        except FileNotFoundError:
            return [""]

    def start(self, *, durable: bool) -> None:
        """
        Start detached and wait until it answers; after a crash keep trying, while the old children leave.

        Raises ServerWillNotStart with the reason in words.
        """
        for folder in (self.place.socket, self.place.log):
            folder.mkdir(mode=0o700, exist_ok=True)
            self.account.own(folder)
        give_up = time.monotonic() + _RETRY_SECONDS
        while True:
            self._forget_stale_pid()
            if self._becomes_ready(self._launch(durable)):
                return
            if time.monotonic() > give_up:
                raise ServerWillNotStart(f"The database did not start: {self._reason()}")
            time.sleep(0.3)

    def _launch(self, durable: bool) -> int:
        """
        Leave the server running behind a shell that ends at once; return its process number.

        pg_ctl would paste our paths into a command line of its own, where a quotation mark or a dollar bites.
        """
        script = 'log=$1; shift; "$@" >>"$log" 2>&1 </dev/null & echo $!'
        command: list[str | Path] = ["/bin/sh", "-c", script, "sh", self.place.log / "start.log"]
        command += [self.binaries.program("postgres"), "-D", self.place.data, *self._options(durable)]
        return int(self.account.run(command, timeout_seconds=_START_SECONDS).stdout)

    def _becomes_ready(self, pid: int) -> bool:
        """Wait for the word in the pid file, through a recovery if there is one; False once the process has ended."""
        give_up = time.monotonic() + _START_SECONDS
        while time.monotonic() < give_up:
            lines = self._pid_file()
            if lines[:1] == [str(pid)] and lines[7:8] == ["ready"]:
                return True
            if not _alive(pid):
                return False
            time.sleep(0.02)
        raise ServerWillNotStart(f"The database in {self.place.folder} is still recovering; try again in a minute")

    def stop(self) -> None:
        """Stop, letting open transactions end as failed; at last without a checkpoint, which loses nothing either."""
        if not self.running():
            return
        for mode in ("fast", "immediate"):
            if self._pg_ctl("stop", "-t", str(_STOP_SECONDS), "-m", mode).returncode == 0:
                return
        raise EnvironmentWrong(f"The database in {self.place.folder} does not stop; end the programs that use it")

    def _pg_ctl(self, verb: str, *options: str) -> subprocess.CompletedProcess[str]:
        command: list[str | Path] = [self.binaries.program("pg_ctl"), verb, "-w", "-s", "-D", self.place.data, *options]
        try:
            return self.account.run(command, timeout_seconds=_STOP_SECONDS + 30)
        except subprocess.TimeoutExpired:
            raise EnvironmentWrong(f"The database in {self.place.folder} does not answer; try again") from None

    def _options(self, durable: bool) -> list[str]:
        settings = {
            **_SETTINGS,
            **(_DURABLE if durable else _QUICK),
            "unix_socket_directories": str(self.place.socket),
            "log_directory": str(self.place.log),
            "port": str(PORT),
        }
        # On the command line they outrank anything ALTER SYSTEM left behind.
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _forget_stale_pid(self) -> None:
        """
        Remove a pid file whose number now belongs to another program; PostgreSQL would refuse to start beside it.

        Backends that outlive their server still hold its shared memory, which the next server checks for itself.
        """
        pid = self._pid()
        if pid is not None and not _works_in(pid, self.place.data):
            (self.place.data / "postmaster.pid").unlink(missing_ok=True)

    def _reason(self) -> str:
        logs = sorted(self.place.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
        return (
            _meaning("\n".join(path.read_text(errors="replace")[-4000:] for path in logs)) + f" (log: {self.place.log})"
        )


def _works_in(pid: int, data: Path) -> bool:
    """Every PostgreSQL process has its data folder as working folder. A dead or foreign one has not."""
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd")) == data.resolve()
    except OSError:
        return False


def _alive(pid: int) -> bool:
    """A process that ended but was never collected by its parent (a zombie) is not alive."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _meaning(text: str) -> str:
    for sign, meaning in _MEANINGS:
        if sign in text:
            return meaning
    lines = [line for line in text.splitlines() if "FATAL" in line or "error:" in line] or text.splitlines()
    return lines[-1].strip() if lines else "it said nothing"
