"""
Check a programme before it is used: `check` runs every room's checks and those that join the rooms.

`check_everywhere` does so for the centre and for every place.
"""

from wherry.journeys.check_programme.checking import Checked, check
from wherry.journeys.check_programme.places import Everywhere, check_everywhere

__all__ = ["Checked", "Everywhere", "check", "check_everywhere"]
