"""Invented staff: they sign in and work through the same pages as anybody."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from wherry.database.secrets import secret
from wherry.nonprod.demo.world import World


def password(home: Path) -> str:
    """Give the one password every persona signs in with; made anew for each home."""
    return secret(home, "persona_password")[:16]


def review_lists(*, site: str, home: Path, seed: int) -> None:
    pass


def work_the_list(*, site: str, home: Path, seed: int, world: World) -> None:
    pass


def answer_calls_to_action(*, site: str, home: Path, seed: int, at: dt.datetime) -> None:
    pass
