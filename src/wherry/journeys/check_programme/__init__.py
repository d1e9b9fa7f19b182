"""Check a programme before it is used: `check` runs every room's checks and those that join the rooms."""

from wherry.journeys.check_programme.checking import Checked, check

__all__ = ["Checked", "check"]
