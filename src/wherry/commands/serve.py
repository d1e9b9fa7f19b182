"""`wherry serve`: the person site or the staff sites, each a process with its own role, keys and cookies."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click

from wherry.commands.installation import HOME, database, wire
from wherry.foundation.errors import EnvironmentWrong

_ROLES = {"person": "web_person", "staff": "web"}
_PORTS = {"person": 8700, "staff": 8701}
#: Python runs one thread of a process at a time: a site takes as many processes as there are cores, up to this many.
_MOST_WORKERS = 4


@click.command("serve")
@click.option("--site", type=click.Choice(["person", "staff"]), help="Which site; both, as two processes, without it.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="The port to listen on.  [default: 8700 person, 8701 staff]"
)
@click.option("--with-parent", is_flag=True, hidden=True, help="End when the process that started this one ends.")
@HOME
def command(site: str | None, host: str, port: int | None, with_parent: bool, home: Path) -> None:
    """
    Run the sites until Ctrl-C.

    Example: wherry serve --site person --port 8700 --home var
    """
    if with_parent:
        end_with_parent()
    if site is None:
        if port:
            raise click.UsageError("--port is one site's; name it with --site, or leave --port out to run both")
        _serve_both(host=host, home=home)
        return
    chosen = port or _PORTS[site]
    _refuse_taken(host=host, port=chosen)
    with database(home=home, must_exist=True):
        wire(home=home, role=_ROLES[site], site=site)
        _refuse_unfit()
        let_go_of_the_database()
        click.echo(f"The {site} site listens on http://{host}:{chosen}")
        _listen(host=host, port=chosen)


def end_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends, however that comes about."""
    import ctypes
    import signal

    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGTERM)
    if parent == 1 or os.getppid() != parent:
        raise SystemExit(0)


def _refuse_taken(*, host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            taken = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            raise EnvironmentWrong(f"port {port} on {host} {taken}; choose another with --port or --host") from error


def _refuse_unfit() -> None:
    from wherry.commands.doctor import problems

    found = problems()
    if found:
        raise EnvironmentWrong(f"this installation is not fit to serve: {found[0]}; run wherry doctor")


def let_go_of_the_database() -> None:
    """
    Close this process's connections before the server forks.

    A child that inherits a pool inherits its sockets but not the threads that tend it: it works until the parent
    closes an idle connection, ten minutes on, and then never again.
    """
    from django.db import connection

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # the PostgreSQL one has it


def _listen(*, host: str, port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "wherry.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=min(len(os.sched_getaffinity(0)), _MOST_WORKERS),
        blocking_threads=4,
        log_level=LogLevels.error,
        log_access=False,
        respawn_failed_workers=True,
    ).serve()


def _serve_both(*, host: str, home: Path) -> None:
    import signal

    # Said once here, not by each of two children.
    for port in _PORTS.values():
        _refuse_taken(host=host, port=port)
    start = [sys.executable, "-m", "wherry", "serve", "--with-parent", "--host", host, "--home", str(home)]
    with database(home=home, must_exist=True):
        sites = {site: subprocess.Popen([*start, "--site", site]) for site in _PORTS}  # noqa: S603 our own command
        signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        try:
            _wait_for_all(sites)
        except KeyboardInterrupt:
            return
        finally:
            for child in sites.values():
                child.terminate()
            for child in sites.values():
                child.wait()
    raise EnvironmentWrong("both sites have ended; what each said is above, wherry doctor may say more")


def _wait_for_all(sites: Mapping[str, subprocess.Popen[bytes]]) -> None:
    # One site goes on without the other: a fault of the staff's is no reason to turn residents away.
    running = dict(sites)
    while running:
        for site, child in list(running.items()):
            if child.poll() is not None:
                del running[site]
                click.echo(f"wherry: the {site} site has ended; start it again: wherry serve --site {site}", err=True)
        time.sleep(0.2)
