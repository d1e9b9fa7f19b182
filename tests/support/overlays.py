"""Lay changes over a programme that lets a place change everything: only the bounds nobody may leave are in the way."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import yaml

from wherry.foundation.content import content_folder
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.files import load
from wherry.programmes.marked_yaml import read_section
from wherry.programmes.overlay import apply, read_overlay
from wherry.programmes.types import Allowance, Origin, ProgrammeFiles, Section

EVERYTHING = tuple(Allowance(".".join("*" * parts)) for parts in range(1, 16))
HEAD = "agreed_by: The board of the place\nagreed_on: 2026-02-20\n"


@functools.cache
def covid_protect() -> ProgrammeFiles:
    """Give the shipped programme as the centre has it."""
    return load(content_folder("programmes") / "covid_protect")


def written(changes: Mapping[str, Any]) -> str:
    """Give the overlay's file: a line for each value, as long texts stay on one."""
    told = {"changes": dict(changes)}
    return HEAD + yaml.dump(told, Dumper=_NoAliases, allow_unicode=True, sort_keys=False, width=10_000)


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def laid(
    changes: Mapping[str, Any],
    *,
    sections: Mapping[str, Section] | None = None,
    allowed: tuple[Allowance, ...] = EVERYTHING,
) -> tuple[dict[str, Section], dict[str, Origin]]:
    """Lay changes over sections (covid_protect's where none are given). Raises ProgrammeUnreadable."""
    content = written(changes).encode()
    overlay = read_overlay(place="norwich", section=read_section(path="places/norwich/x.yaml", content=content))
    return apply(overlay=overlay, sections=sections or covid_protect().sections, allowed=allowed)


def refused(changes: Mapping[str, Any], **more: Any) -> str:
    """Give what is said of changes that are refused, every problem on a line; empty where they are taken."""
    try:
        laid(changes, **more)
    except ProgrammeUnreadable as error:
        return "\n".join(map(str, error.problems))
    return ""
