"""Files that appear whole or not at all, one or several together."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def together(*files: Path) -> Iterator[tuple[Path, ...]]:
    """
    Give a temporary name for each file; leaving well makes them durable and renames them, in the order given.

    Left by an exception, nothing of them is left and what was there before stays. A kill between two renames leaves the
    first ones new: where that matters, the caller marks it. What a killed writer left is cleared by the next.
    """
    for file in files:
        _clear_after_the_dead(file)
    temporary = tuple(file.with_name(f".{file.name}.{os.getpid()}.part") for file in files)
    try:
        yield temporary
        for one in temporary:
            with one.open("rb") as written:
                os.fsync(written.fileno())
        for one, file in zip(temporary, files, strict=True):
            one.replace(file)
        for folder in {file.parent for file in files}:
            sync_folder(folder)
    finally:
        for one in temporary:
            one.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename inside a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear_after_the_dead(file: Path) -> None:
    for left in file.parent.glob(f".{file.name}.*.part"):
        writer = left.name.split(".")[-2]
        if writer.isdigit() and not Path(f"/proc/{writer}").exists():
            left.unlink(missing_ok=True)
