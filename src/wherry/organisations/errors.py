"""What can go wrong when somebody says who they are."""

from __future__ import annotations

import datetime as dt

from wherry.foundation.errors import WherryError


class TooManyTries(WherryError):
    """Too many wrong tries; wait, then try once more."""

    def __init__(self, *, wait: dt.timedelta) -> None:
        """wait: until the next try is looked at."""
        super().__init__()
        self.wait = wait
