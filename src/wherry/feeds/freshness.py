"""
How old the newest data of each sender is, and whether a contract allows it.

Where many send under one contract, each is as old as its own newest data: one practice that still sends must not hide
another that has stopped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wherry.feeds.queries import contracts, manifests
from wherry.feeds.types import Contract
from wherry.population.store import Store

_STRAY = 10
"""A sender has at least this part of an even share of a delivery's rows: fewer are codes mistyped, or gone astray."""
_COUNTS = ("rows_in", "accepted", "quarantined", "duplicate")


@dataclass(frozen=True)
class Newest:
    """The day of the newest data of one sender. sent_by: its code, empty where nothing tells one from another."""

    sent_by: str
    extracted_on: dt.date


@dataclass(frozen=True)
class FeedState:
    """
    How one kind of feed stands on a day.

    newest: by sender, the longest silent first, empty where nothing ever came; counts: rows of all standing deliveries
    together; received_at: when the last of them came.
    """

    contract: Contract
    today: dt.date
    newest: tuple[Newest, ...] = ()
    deliveries: int = 0
    received_at: dt.datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def late(self) -> tuple[Newest, ...]:
        """List the senders whose newest data is older than the contract allows."""
        return tuple(one for one in self.newest if self.age_days(one) > self.contract.freshness_days)

    @property
    def is_fresh(self) -> bool:
        """Say whether all that comes is young enough; never true of a feed that never came."""
        return bool(self.newest) and not self.late

    def age_days(self, one: Newest) -> int:
        """Say how many days old a sender's newest data is."""
        return (self.today - one.extracted_on).days


def freshness(*, store: Store, today: dt.date, known: Sequence[Contract] | None = None) -> tuple[FeedState, ...]:
    """Say how every kind of feed stands today, in name order, those that never came too. known: contracts, if read."""
    landed = manifests(store=store)
    return tuple(
        state_of(contract=one, deliveries=[each for each in landed if each["contract"] == one.name], today=today)
        for one in (known if known is not None else contracts())
    )


def state_of(*, contract: Contract, deliveries: Sequence[Mapping[str, Any]], today: dt.date) -> FeedState:
    """Say how one kind of feed stands. deliveries: manifests of its standing ones, in the order they landed."""
    if not deliveries:
        return FeedState(contract, today)
    return FeedState(
        contract=contract,
        today=today,
        newest=newest_by_sender(deliveries=deliveries),
        deliveries=len(deliveries),
        received_at=dt.datetime.fromisoformat(deliveries[-1]["received_at"]),
        counts={name: sum(one["counts"][name] for one in deliveries) for name in _COUNTS},
    )


def newest_by_sender(*, deliveries: Sequence[Mapping[str, Any]]) -> tuple[Newest, ...]:
    """
    Give the day of each sender's newest data among one feed's deliveries, of which there is one at least, oldest first.

    Neither a delivery of which every row was set aside makes a feed younger, nor one that only mends rows of an earlier
    one, unless there is no other.
    """
    days: dict[str, dt.date] = {}
    for one in deliveries:
        day = dt.date.fromisoformat(str(one["extracted_on"]))
        for sender in _who_sent(one):
            days[sender] = max(day, days.get(sender, day))
    # What nobody is named in speaks for no sender in particular; it counts while there is nothing else.
    named = {sender: day for sender, day in days.items() if sender} or days
    if not named:
        named = {"": max(dt.date.fromisoformat(str(one["extracted_on"])) for one in deliveries)}
    return tuple(Newest(sender, day) for sender, day in sorted(named.items(), key=lambda item: (item[1], item[0])))


def _who_sent(delivery: Mapping[str, Any]) -> tuple[str, ...]:
    """Name whose newest data a delivery is: nobody's where it brought nothing, "" where it does not say whose."""
    counts = delivery["counts"]
    rows: Mapping[str, int] = delivery.get("sent_by", {"": counts["rows_in"] - counts["quarantined"]})
    if not counts["rows_in"]:
        return tuple(rows) or ("",)
    total = sum(rows.values())
    return tuple(sender for sender, count in rows.items() if count * len(rows) * _STRAY >= total > 0 and count)
