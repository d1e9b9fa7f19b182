"""What can go wrong with people, in words a user can act on. No message names a person."""

from __future__ import annotations

from wherry.foundation.errors import WherryError


class PersonNotFound(WherryError):
    """There is no such person here, or you may not see them."""


class AddressHeld(WherryError):
    """Two sources disagree where this person lives; look at both addresses and settle it first."""
