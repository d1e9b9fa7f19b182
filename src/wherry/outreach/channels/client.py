"""The face every provider's client has."""

from __future__ import annotations

from typing import Protocol

from wherry.outreach.types import Channel


class ChannelClient(Protocol):
    """
    A provider, as outreach sees it. `is_sandbox`: it reaches invented people only.

    What an error says is certain: NotAccepted, nothing left and it never will · HeldBack (RateLimited, Unreachable),
    nothing left, try later · InDoubt, it may have left. Anything a client cannot place is InDoubt.
    """

    @property
    def is_sandbox(self) -> bool:
        """Whether it reaches invented people only."""
        ...

    def hand_off(self, *, reference: str, to: str, kind: Channel, body: str, heading: str = "", synthetic: bool) -> str:
        """Hand one message to the provider; returns its id there. Never retries by itself."""
        ...

    def find(self, *, reference: str) -> list[str]:
        """List the ids of every message the provider took under a reference. Raises InDoubt, HeldBack."""
        ...
