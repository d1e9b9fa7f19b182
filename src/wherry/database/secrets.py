"""Passwords and keys of one installation: made on first use, kept in files only their owner can read."""

from __future__ import annotations

import contextlib
import os
import re
import secrets as randomness
import stat
from pathlib import Path

from wherry.foundation.errors import EnvironmentWrong

FOLDER = "secrets"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
_RANDOM_BYTES = 32


class SecretExposed(EnvironmentWrong):
    """A secret can be read by other accounts; make its file 0600 and its folder 0700."""


class SecretUnreadable(EnvironmentWrong):
    """A secret cannot be read by this account; run as the account that made this home."""


def secret(home: Path, name: str) -> str:
    """
    Return the secret of this name, making it on first use.

    Processes that ask at the same moment get the same value. 43 URL-safe characters of 256 random bits.
    Raises SecretExposed when the file or its folder is open to others, SecretUnreadable when it is closed to us.
    """
    if not _NAME.fullmatch(name):
        raise ValueError("a secret's name is lower case letters, digits and underscores")
    folder = _private_folder(home)
    path = folder / name
    try:
        if not path.exists():
            _create_once(path)
        return _read(path)
    except PermissionError as error:
        raise SecretUnreadable(f"{path} cannot be read by this account; run as the account that made it") from error


def _private_folder(home: Path) -> Path:
    folder = home / FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentWrong(f"{folder} cannot be made ({error.strerror}); choose another --home") from error
    _refuse_exposed(folder)
    return folder


def _create_once(path: Path) -> None:
    """Write to a private name, then link: a reader sees no file or a whole one, and the first writer wins."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{randomness.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(randomness.token_urlsafe(_RANDOM_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        if os.geteuid() == 0:
            # Root may be helping in a home that belongs to somebody else, who must still be able to read it.
            owner = path.parent.stat()
            os.chown(draft, owner.st_uid, owner.st_gid)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _read(path: Path) -> str:
    _refuse_exposed(path)
    value = path.read_text().strip()
    if not value:
        raise EnvironmentWrong(f"{path} is empty; restore it from a backup of this home")
    return value


def _refuse_exposed(path: Path) -> None:
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        raise SecretExposed(f"{path} is a link; put the file itself there")
    if status.st_mode & 0o077:
        mend = "chmod 700" if path.is_dir() else "chmod 600"
        raise SecretExposed(f"{path} can be read by other accounts; run: {mend} {path}")
