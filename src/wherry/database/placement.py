"""Where a home keeps its database: inside itself, or in one private folder where it cannot."""

from __future__ import annotations

import hashlib
import json
import os
import secrets as randomness
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wherry.database.account import account_for
from wherry.foundation.errors import EnvironmentWrong

RECORD = "postgres.json"
PORT = 5432  # names the socket file only; no TCP port is ever opened
_LONGEST_SOCKET_PATH = 107  # bytes: the kernel's limit for a Unix socket's address
# libpq and the server read these as separators inside a socket folder's name.
_AWKWARD_IN_A_SOCKET_PATH = frozenset(",\"'\\\n")


@dataclass(frozen=True)
class Placement:
    """
    The folders of one home's database.

    folder holds `data`, the logs and, where they had to be copied, the programs; socket is the socket's folder;
    private names the folder outside the home, if there is one.
    """

    folder: Path
    socket: Path
    private: Path | None

    @property
    def data(self) -> Path:
        """The data folder PostgreSQL owns."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The folder of the server's own logs."""
        return self.folder / "log"


def placement(home: Path) -> Placement:
    """
    Say where this home's database lives, deciding (and recording it in HOME/postgres.json) the first time.

    Starts nothing. Raises EnvironmentWrong when the home cannot be written or its record cannot be read.
    """
    record = home / RECORD
    try:
        if not record.exists():
            _write_once(record, _decide(home))
        kept = json.loads(record.read_text())
    except OSError as error:
        raise EnvironmentWrong(f"{home} cannot be used ({error.strerror}); choose another --home") from error
    except ValueError as error:
        raise EnvironmentWrong(f"{record} is damaged; restore it from a backup of this home") from error
    return _read(home, kept)


def _read(home: Path, kept: Mapping[str, object]) -> Placement:
    private = Path(str(kept["private"])) if kept.get("private") else None
    inside = home / "postgres"
    folder = private if private and kept.get("data") == "private" else inside
    return Placement(folder=folder, socket=(private or inside) / "socket", private=private)


def _decide(home: Path) -> dict[str, str | None]:
    account = account_for(None)
    mode = 0o711 if account.switch else 0o700
    home.mkdir(mode=mode, parents=True, exist_ok=True)
    inside = home / "postgres"
    inside.mkdir(mode=mode, exist_ok=True)
    if account.switch and not account.can_enter(inside):
        return {"data": "private", "private": str(_private_folder(home, mode))}
    if not _fits(inside / "socket"):
        return {"data": "home", "private": str(_private_folder(home, mode))}
    return {"data": "home", "private": None}


def _fits(socket: Path) -> bool:
    text = str(socket)
    return len(os.fsencode(f"{text}/.s.PGSQL.{PORT}")) <= _LONGEST_SOCKET_PATH and not (
        _AWKWARD_IN_A_SOCKET_PATH & set(text)
    )


def _private_folder(home: Path, mode: int) -> Path:
    """
    Make a new folder outside the home. Never one that exists: somebody else may have laid it in wait.

    /run/user and XDG_RUNTIME_DIR are emptied at logout, which would take the data with them.
    """
    name = f"wherry-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}-{randomness.token_hex(3)}"
    wanted = Path("/var/lib/wherry") if os.geteuid() == 0 else Path("/var/tmp")  # noqa: S108 - made new, and private
    for base in (wanted, Path("/var/tmp")):  # noqa: S108
        with suppress(OSError):
            base.mkdir(mode=0o711, exist_ok=True)
            (base / name).mkdir(mode=mode)
            return base / name
    raise EnvironmentWrong(f"{wanted} cannot be written, and this home cannot hold a database; choose another --home")


def _write_once(record: Path, kept: Mapping[str, object]) -> None:
    """Of two processes that decide at once, the first to link its record wins and the other reads it."""
    draft = record.with_name(f".{record.name}.{os.getpid()}.{randomness.token_hex(4)}")
    draft.write_text(json.dumps(kept, sort_keys=True) + "\n")
    try:
        os.link(draft, record)
    except FileExistsError:
        unused = kept.get("private")
        if unused:
            with suppress(OSError):
                Path(str(unused)).rmdir()
    finally:
        draft.unlink()
