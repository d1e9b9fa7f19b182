"""One home's PostgreSQL: started for its first user, shared by all, stopped by the last."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypedDict
from urllib.parse import unquote, urlsplit

import psycopg

from wherry.database import logins
from wherry.database.account import account_for
from wherry.database.binaries import find_binaries
from wherry.database.durability import durability_problems
from wherry.database.logins import DATABASE
from wherry.database.placement import PORT, RECORD, Placement, placement
from wherry.database.secrets import secret
from wherry.database.server import SUPERUSER, Server, ServerWillNotStart
from wherry.foundation.errors import EnvironmentWrong

__all__ = ["Cluster", "ConnectionParameters", "connection_parameters", "durability_problems"]

_USERS = "postgres.users"
_STARTING = "postgres.starting"
_ANSWER_SECONDS = 60.0
_BURIAL_SECONDS = 0.5


class ConnectionParameters(TypedDict):
    """What psycopg.connect takes. The host is a socket folder unless DATABASE_URL names a server."""

    host: str
    port: int
    user: str
    password: str
    dbname: str


def connection_parameters(home: Path, role: str, database: str = "") -> ConnectionParameters:
    """
    Say how to connect as one of our roles (`postgres`, the superuser, is for this room only).

    Makes the role's secret and the home's record if they are missing; starts nothing.
    """
    home = home.resolve()
    if role not in (SUPERUSER, *logins.LOGINS):
        raise EnvironmentWrong(f"there is no database role called {role}; choose from {', '.join(logins.LOGINS)}")
    given = os.environ.get("DATABASE_URL")
    if given:
        server = _from_url(given)
        if role == SUPERUSER:
            return {**server, "dbname": database or server["dbname"]}
        own = secret(home, f"database_{role}")
        return {**server, "user": role, "password": own, "dbname": database or server["dbname"]}
    return {
        "host": str(placement(home).socket),
        "port": PORT,
        "user": role,
        "password": secret(home, f"database_{role}"),
        "dbname": database or DATABASE,
    }


def _from_url(url: str) -> ConnectionParameters:
    wrong = EnvironmentWrong("DATABASE_URL cannot be read; write postgresql://user:password@host:port/database")
    try:
        parts = urlsplit(url)
        port = parts.port or PORT
    except ValueError:
        raise wrong from None  # the error would quote the URL, and with it the password
    if parts.scheme not in ("postgres", "postgresql") or not parts.username or not parts.path.strip("/"):
        raise wrong
    return {
        "host": unquote(parts.hostname or "localhost"),
        "port": port,
        "user": unquote(parts.username),
        "password": unquote(parts.password or ""),
        "dbname": unquote(parts.path.strip("/")),
    }


class Cluster:
    """
    The PostgreSQL server of one home, or the one DATABASE_URL names, which is prepared but never started or stopped.

    durable=False gives up crash safety for speed: only for tests about something else.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home.resolve()
        self.durable = durable

    @property
    def place(self) -> Placement:
        """Where this home's database lives."""
        return placement(self.home)

    @contextmanager
    def using(self) -> Iterator[Cluster]:
        """
        Use the server: started if need be, stopped when the last user leaves.

        A user killed outright leaves the server running for the next user, who adopts it and stops it in turn.
        """
        with self._lock_file(_USERS) as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                self.ensure_running()
                yield self
            finally:
                self._leave(users)

    def _leave(self, users: IO[str]) -> None:
        # Taking the lock for ourselves alone succeeds only when nobody else holds it; the kernel frees a dead user's.
        with suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.stop()

    def ensure_running(self) -> None:
        """
        Make, start and prepare the server as far as each is still to do. Safe to call from many processes at once.

        Raises EnvironmentWrong, in one sentence with the next step, when it cannot.
        """
        if os.environ.get("DATABASE_URL"):
            self._prepare()
            return
        with self._lock_file(_STARTING) as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            server = self._server()
            if not server.place.data.exists():
                server.initialise(password=secret(self.home, f"database_{SUPERUSER}"))
            if not server.running():
                server.start(durable=self.durable)
            try:
                self._prepare()
            except ServerWillNotStart:
                # A server killed this instant still looks alive; give the kernel time to bury it, then look again.
                time.sleep(_BURIAL_SECONDS)
                if server.running():
                    raise
                server.start(durable=self.durable)
                self._prepare()

    def stop(self) -> None:
        """Stop the server if it runs. One that DATABASE_URL names is somebody else's to stop."""
        if os.environ.get("DATABASE_URL") or not self.place.data.exists():
            return
        with self._lock_file(_STARTING) as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            self._server().stop()

    def erase(self) -> None:
        """Stop the server and delete its data for good, the private folder outside the home included."""
        self.stop()
        place = self.place
        for folder in (place.private, place.folder):
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
        (self.home / RECORD).unlink(missing_ok=True)

    def _server(self) -> Server:
        place = self.place
        if place.private is not None and not place.folder.exists():
            raise EnvironmentWrong(
                f"{place.folder}, which held this home's database, is gone; restore it from a backup"
            )
        version = place.data / "PG_VERSION"
        account = account_for(place.data)
        try:
            major = int(version.read_text()) if place.data.exists() else None
        except (OSError, ValueError) as error:
            raise EnvironmentWrong(f"{version} cannot be read; restore this home from a backup") from error
        binaries = find_binaries(major=major)
        if account.switch and binaries.major(account) is None:
            binaries = binaries.copied_to(place.private or place.folder)
        return Server(binaries=binaries, place=place, account=account)

    def _prepare(self) -> None:
        ours = not os.environ.get("DATABASE_URL")
        with self._connect("postgres" if ours else "") as connection:
            with connection.transaction():
                logins.make_logins(connection, password_of=self._password_of)
            if ours:
                logins.make_database(connection)
        # The template too, so that a test database made from it needs no superuser.
        for database in (DATABASE, "template1") if ours else ("",):
            with self._connect(database) as connection:
                logins.make_extensions(connection)

    def _password_of(self, role: str) -> str:
        return secret(self.home, f"database_{role}")

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        parameters = connection_parameters(self.home, SUPERUSER, database)
        give_up = time.monotonic() + _ANSWER_SECONDS
        while True:
            try:
                return psycopg.connect(**parameters, autocommit=True, connect_timeout=10)
            except psycopg.OperationalError as error:
                # A server recovering from a crash says "starting up"; only ours is worth the wait.
                if "starting up" in str(error) and time.monotonic() < give_up:
                    time.sleep(0.2)
                    continue
                raise ServerWillNotStart(_cannot_connect(parameters)) from None  # the cause may quote the address

    @contextmanager
    def _lock_file(self, name: str) -> Iterator[IO[str]]:
        try:
            self.home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.home / name, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise EnvironmentWrong(f"{self.home} cannot be used ({error.strerror}); choose another --home") from error
        with os.fdopen(descriptor, "r+") as file:
            yield file


def _cannot_connect(parameters: ConnectionParameters) -> str:
    where = (
        "the server DATABASE_URL names" if os.environ.get("DATABASE_URL") else f"the database in {parameters['host']}"
    )
    return f"{where} does not accept {parameters['user']}; see that it runs and that the password is the one it knows"
