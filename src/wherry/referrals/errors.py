"""What can go wrong with calls to action, in words a user can act on."""

from __future__ import annotations

from wherry.foundation.errors import WherryError


class MoveNotAllowed(WherryError):
    """That cannot be done to this call to action as it stands; reload the page to see where it is."""


class ReasonMissing(WherryError):
    """A declined call to action needs a reason; choose one."""


class OutcomeMissing(WherryError):
    """A finished call to action needs an outcome; choose one."""
