"""What can go wrong when the whole is counted."""

from __future__ import annotations

from wherry.foundation.errors import WherryError


class SumsDiffer(WherryError):
    """The counts do not add up; somebody may be missing, so look before anything else is sent."""
