"""The door to providers: which client hands messages over. Outside production there is one, the sandbox."""

from __future__ import annotations

from wherry.outreach.channels.client import ChannelClient
from wherry.outreach.channels.sandbox import SandboxClient

__all__ = ["REACHES_INVENTED_PEOPLE_ONLY", "ChannelClient", "client"]

#: Whether the configured provider is the sandbox: the gate lets invented people through it, and nobody else.
REACHES_INVENTED_PEOPLE_ONLY = SandboxClient.is_sandbox


def client(*, address: str, token: str) -> SandboxClient:
    """Give a client of the configured provider, to be used in a `with` block."""
    return SandboxClient(address=address, token=token)
