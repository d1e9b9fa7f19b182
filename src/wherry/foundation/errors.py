"""The root of every room's error tree, and the exit codes a command may end with."""

from __future__ import annotations

import enum


class ExitCode(enum.IntEnum):
    """How a command ended. Source: the command-line contract in docs/reference."""

    DONE = 0
    INPUT_WRONG = 1
    USAGE = 2
    CHECK_FOUND_PROBLEMS = 3
    ENVIRONMENT_WRONG = 4


class WherryError(Exception):
    """
    Something anticipated went wrong. The docstring of each subclass is its default message.

    A message is one sentence a user can act on. It never holds a person's data.
    """

    exit_code = ExitCode.INPUT_WRONG

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().split("\n")[0])


class InputWrong(WherryError):
    """What was handed in cannot be used."""


class EnvironmentWrong(WherryError):
    """This installation is not fit to run."""

    exit_code = ExitCode.ENVIRONMENT_WRONG


class AlreadyDone(WherryError):
    """That has been done already; nothing was changed."""


class NotPermitted(WherryError):
    """This actor may not do that, for this purpose, at this time."""


class StaleVersion(WherryError):
    """Somebody else changed this first; look again and decide anew."""
