from __future__ import annotations

from wherry.foundation.errors import WherryError


class MoveNotAllowed(WherryError):
    """A case cannot move from that state to this one."""


class NoSuchCase(WherryError):
    """There is no such case, or it is not yours to see."""
