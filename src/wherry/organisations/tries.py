"""
Guesses counted where every process sees them and a restart forgets none: in the database.

A try is counted before it is looked at and taken back when it was right, so that a hundred guesses sent at once
through two processes are a hundred tries. Who tried is kept as a keyed hash, and only for the window it counts in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from wherry.organisations.errors import TooManyTries
from wherry.organisations.models import Try
from wherry.organisations.types import GUESSED, Guess

LONGEST_WINDOW = max(limit.window for limit in GUESSED.values())


@dataclass(frozen=True)
class TryTaken:
    """A try that may be looked at. is_last: if it is wrong too, the next one has to wait."""

    rows: tuple[UUID, ...]
    is_last: bool


def hash_of_guesser(*, key: str, guess: Guess, kind: str, value: str) -> str:
    """Name who guesses without saying who: 64 hexadecimal characters. kind: `account` or `address`."""
    said = "\0".join((str(guess), kind, value))
    return hmac.new(key.encode(), said.encode(), hashlib.sha256).hexdigest()


def take_try(*, guess: Guess, account: str, address: str, now: dt.datetime) -> TryTaken:
    """
    Count one try at a guess, by account and by address (hashes; an empty account is not counted).

    now: the wall clock's. Raises TooManyTries where either has had its fill within the window. Concurrent tries of
    one guesser follow one another: the lock ends with the transaction, which should end before the guess is tested.
    """
    limit = GUESSED[guess]
    counted = [(account, limit.per_account)] if account else []
    counted.append((address, limit.per_address))
    _one_after_another(of for of, _ in counted)
    left = []
    for of, allowed in counted:
        before = list(Try.objects.filter(of_sha256=of, at__gt=now - limit.window).order_by("-at")[:allowed])
        if len(before) >= allowed:
            raise TooManyTries(wait=before[-1].at + limit.window - now)
        left.append(allowed - len(before))
    made = Try.objects.bulk_create([Try(of_sha256=of, at=now) for of, _ in counted])
    return TryTaken(rows=tuple(one.pk for one in made), is_last=min(left) == 1)


def take_back(*, taken: TryTaken, account: str) -> None:
    """A try was right: it does not count, nor do those its account had wrong before."""
    Try.objects.filter(pk__in=taken.rows).delete()
    if account:
        Try.objects.filter(of_sha256=account).delete()


def forget_old_tries(*, now: dt.datetime) -> int:
    """Delete what is past every window. Returns how many rows went."""
    return Try.objects.filter(at__lt=now - LONGEST_WINDOW).delete()[0]


def _one_after_another(guessers: Iterable[str]) -> None:
    # In one order for everybody, so that two who share an address cannot wait for each other for ever.
    with connection.cursor() as cursor:
        for of in sorted(guessers):
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [of])
