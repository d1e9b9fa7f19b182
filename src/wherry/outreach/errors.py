"""What can go wrong when a contact is made, in words a user can act on. No message names a person."""

from __future__ import annotations

from wherry.foundation.errors import WherryError


class SlotMissing(WherryError):
    """The message has a placeholder nothing was given for; mend the message or give the value."""


class MessageMissing(WherryError):
    """The programme has no such message for this channel; add it to messages/en.yaml."""


class NotAccepted(WherryError):
    """The provider refused the message; nothing left."""


class InDoubt(WherryError):
    """It cannot be known whether the provider took the message; wait, then look it up by its reference."""


class HeldBack(WherryError):
    """The provider does not take messages just now; nothing left, and it is tried again later."""

    def __init__(self, *, after_seconds: float) -> None:
        super().__init__()
        self.after_seconds = after_seconds


class RateLimited(HeldBack):
    """The provider asks us to send more slowly; nothing left."""


class Unreachable(HeldBack):
    """The provider cannot be reached, or does not know our key; nothing left."""


class ContactRefused(WherryError):
    """The contact may not be made; the reason is shown beside the person's case."""
