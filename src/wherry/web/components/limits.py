"""
Limits on guessing, for every site: `with one_try(...)` around a guess, and `right()` when it was right.

Hazard H-08. The counts are in the database, so two processes share them and a restart forgets none. Where somebody
comes from is kept as a keyed hash, until it no longer counts.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from wherry.database.context import acting_as, wall_now
from wherry.database.secrets import secret
from wherry.foundation.actors import Actor
from wherry.organisations.tries import TryTaken, hash_of_guesser, take_back, take_try
from wherry.organisations.types import Guess


@dataclass(frozen=True)
class OneTry:
    """A guess that may be looked at. is_last: if it is wrong too, the next one has to wait."""

    by: Actor
    account: str
    taken: TryTaken

    @property
    def is_last(self) -> bool:
        """Say whether the next one has to wait if this one is wrong."""
        return self.taken.is_last

    def right(self) -> None:
        """Say that the guess was right: it does not count against anybody."""
        with acting_as(self.by):
            take_back(taken=self.taken, account=self.account)


@contextmanager
def one_try(*, request: HttpRequest, by: Actor, guess: Guess, account: str = "") -> Iterator[OneTry]:
    """
    Count a guess before it is looked at.

    account: whose secret is guessed, as typed or by id; empty where only the address counts. Open it outside any
    `acting_as`: a transaction that is rolled back would take the count with it.
    Raises TooManyTries, which the site answers with 429 and how long to wait.
    """
    key = secret(Path(settings.HOME), "guessing_key")
    hashed = hash_of_guesser(key=key, guess=guess, kind="account", value=account.casefold()) if account else ""
    address = hash_of_guesser(key=key, guess=guess, kind="address", value=address_of(request=request))
    with acting_as(by):
        taken = take_try(guess=guess, account=hashed, address=address, now=wall_now())
    yield OneTry(by=by, account=hashed, taken=taken)


def address_of(*, request: HttpRequest) -> str:
    """
    Give the network address a request comes from; for IPv6 its /64, which is one household's or one telephone's.

    What a proxy says is believed only of our own proxies: the last address in `X-Forwarded-For` that is not theirs.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if address in settings.TRUSTED_PROXIES:
        said = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
        address = next((one for one in reversed(said) if one and one not in settings.TRUSTED_PROXIES), address)
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((read, 64), strict=False)) if read.version == 6 else str(read)
