"""See the feeds: what arrived, how old it is, what is still set aside, what was withdrawn, who touched the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from wherry.feeds.freshness import FeedState, freshness
from wherry.feeds.queries import contracts, deliveries, manifests, withdrawals
from wherry.feeds.set_aside import OpenRows, open_by_rule
from wherry.feeds.types import Contract
from wherry.journeys.agree_the_list import store
from wherry.journeys.runs_built_on import BuiltOnIt, runs_built_on
from wherry.population import Store, ledger


@dataclass(frozen=True)
class Withdrawn:
    """A delivery that no longer counts. lists: runs made while it did."""

    contract: str
    rows: int
    extracted_on: dt.date
    by: str
    at: dt.datetime
    why: str = field(repr=False)
    lists: tuple[BuiltOnIt, ...] = ()


def feeds_as_they_stand(*, today: dt.date) -> tuple[FeedState, ...]:
    """Say how every kind of feed stands today, in name order, those that never came too."""
    return freshness(store=store(), today=today, known=_contracts())


def still_set_aside() -> Mapping[str, tuple[OpenRows, ...]]:
    """Give what waits to be mended, by contract, most rows first."""
    there = store()
    found = _open_rows(there.path, tuple(one["batch_id"] for one in manifests(store=there)))
    return {name: tuple(one for one in found if one.contract == name) for name in {one.contract for one in found}}


def withdrawn_deliveries() -> tuple[Withdrawn, ...]:
    """List the deliveries that were withdrawn, the newest withdrawal first, each with the runs made from it."""
    there = store()
    gone = withdrawals(store=there)
    found = [
        Withdrawn(
            contract=str(one["contract"]),
            rows=int(one["counts"]["rows_in"]),
            extracted_on=dt.date.fromisoformat(str(one["extracted_on"])),
            by=str(note["by"]),
            at=dt.datetime.fromisoformat(str(note["at"])),
            why=str(note["why"]),
            lists=runs_built_on(store=there, batch_id=str(one["batch_id"])),
        )
        for one in deliveries(store=there)
        if (note := gone.get(one["batch_id"]))
    ]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def who_touched_the_store(*, at_most: int) -> tuple[Mapping[str, object], ...]:
    """Give the newest lines of the store's ledger, the newest first."""
    return tuple(reversed(ledger.entries(store())[-at_most:]))


def title_of(*, contract: str) -> str:
    """Say a kind of feed by its title; one whose contract is gone by its name."""
    return next((one.title for one in _contracts() if one.name == contract), contract)


@cache
def _contracts() -> tuple[Contract, ...]:
    # Once a process, as the programme is: reading and checking them all takes a while.
    return contracts()


@lru_cache(maxsize=8)
def _open_rows(path: Path, standing: tuple[str, ...]) -> tuple[OpenRows, ...]:
    # What is set aside changes only with the deliveries that stand, and each is named by its content.
    return open_by_rule(store=Store(path)) if standing else ()
