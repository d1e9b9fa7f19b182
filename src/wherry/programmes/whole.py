"""A programme as one thing: its files and every place's overlay, hashed together, kept and written out again."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from wherry.foundation.digests import sha256_of, sha256_of_bytes
from wherry.foundation.problems import Problem
from wherry.programmes.errors import ProgrammeNotFound, ProgrammeUnreadable
from wherry.programmes.files import contents_of
from wherry.programmes.types import Whole


def whole(directory: Path | str) -> Whole:
    """
    Give a programme as one thing to be put forward: its files and every place's overlay, as text, with one hash.

    Raises ProgrammeNotFound; ProgrammeUnreadable for a file that is not text. Hazard: H-10.
    """
    folder = Path(directory)
    code = folder.resolve().name
    contents = {f"{code}/{name}": content for name, content in contents_of(folder).items()}
    for overlay_file in sorted(folder.resolve().parent.glob(f"places/*/{code}.yaml")):
        contents[f"places/{overlay_file.parent.name}/{overlay_file.name}"] = overlay_file.read_bytes()
    files: dict[str, str] = {}
    for name, content in contents.items():
        try:
            files[name] = content.decode()
        except UnicodeDecodeError as error:
            problem = Problem(str(folder.parent / name), 0, "this is not text in UTF-8", "save it as UTF-8")
            raise ProgrammeUnreadable([problem]) from error
    return Whole(code=code, files=files, hash=whole_hash(files))


def whole_hash(files: Mapping[str, str]) -> str:
    """Hash a programme's files and overlays by relative path and content."""
    return f"sha256:{sha256_of({name: sha256_of_bytes(text.encode()) for name, text in files.items()})}"


def unpack(*, files: Mapping[str, str], code: str, hash: str, into: Path) -> Path:  # noqa: A002
    """
    Write out what was put forward, once, under a folder named by its hash, and give the programme's folder.

    Another process may do the same at the same time: what is there is whole. Raises ProgrammeUnreadable where the
    content is not what its hash says. Hazard: H-10.
    """
    if whole_hash(files) != hash:
        problem = Problem(code, 0, "what was kept of this version is not what was put forward", "restore the database")
        raise ProgrammeUnreadable([problem])
    home = into / hash.removeprefix("sha256:")[:32]
    if not _is_there(home, code, hash):
        into.mkdir(parents=True, exist_ok=True)
        # One at a time: whoever waited must not take away what the other has just put there and reads.
        with (into / ".unpacking").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            if not _is_there(home, code, hash):
                _write(files, home)
    return home / code


def _is_there(home: Path, code: str, hash: str) -> bool:  # noqa: A002
    try:
        return (home / code).is_dir() and whole(home / code).hash == hash
    except (ProgrammeNotFound, ProgrammeUnreadable, OSError):
        return False  # changed behind our back, perhaps at this moment: it is written anew


def _write(files: Mapping[str, str], home: Path) -> None:
    fresh = Path(tempfile.mkdtemp(dir=home.parent, prefix=".unpacking-"))
    for name, text in files.items():
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).write_bytes(text.encode())
    shutil.rmtree(home, ignore_errors=True)
    fresh.rename(home)
