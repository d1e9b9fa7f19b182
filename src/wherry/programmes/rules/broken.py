"""A bound that a place's change breaks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Broken:
    """path: section and keys, list items by name; what: what comes of the change; mend: what to do instead."""

    path: tuple[str, ...]
    what: str
    mend: str
