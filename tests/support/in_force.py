"""Programmes in force, as they lie in the content folder: what every test with a database begins with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

from wherry.foundation.content import content_folder
from wherry.journeys import programme_in_force
from wherry.programmes.types import Whole
from wherry.programmes.whole import whole, whole_hash
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.types import VersionState

#: The same in every test, so that a process reads the content once.
VERSION = UUID("00000000-0000-4000-8000-000000000001")
_WHEN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@lru_cache(maxsize=8)
def content(programme: str) -> Whole:
    """Read a shipped programme once."""
    return whole(content_folder("programmes") / programme)


def edited(it: Whole, edits: Mapping[str, tuple[str, str]]) -> Whole:
    """Give a programme with some words of some files put in the place of others. edits: path → (old, new)."""
    files = dict(it.files)
    for path, (old, new) in edits.items():
        assert old in files[path], f"{path} does not say {old!r}"
        files[path] = files[path].replace(old, new)
    return Whole(it.code, files, whole_hash(files))


def put_in_force(
    programme: str = "covid_protect",
    *,
    version: UUID = VERSION,
    number: int = 1,
    share: int = 100,
    edits: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> None:
    """Let a shipped programme be in force, as if it had been put forward, signed and released."""
    it = edited(content(programme), edits)
    ProgrammeVersion.objects.get_or_create(
        id=version,
        defaults={
            "programme": it.code,
            "number": number,
            "name": it.code,
            "hash": it.hash,
            "files": dict(it.files),
            "roles": [],
            "why": "a test",
            "put_forward_by": "test",
            "put_forward_at": _WHEN,
            "state": VersionState.IN_FORCE,
            "in_force_at": _WHEN,
            "share": share,
        },
    )
    programme_in_force.look_again()
