"""Receive a feed: a partner's files, by their contract, into the population store; who did it is in its ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from wherry.feeds.actions import receive as land
from wherry.feeds.queries import contract as contract_named
from wherry.feeds.types import Receipt
from wherry.foundation.actors import Actor
from wherry.people.linkage.actions import link
from wherry.people.linkage.types import LinkReport
from wherry.population.store import Store


def receive(
    *,
    by: Actor,
    contract: str,
    files: Sequence[Path],
    store: Store,
    received_at: dt.datetime,
    extracted_on: dt.date | None = None,
    control_total: int | None = None,
    synthetic: bool = False,
) -> Receipt:
    """Land one delivery. The same delivery again lands nothing and says so."""
    return land(
        contract=contract_named(name=contract),
        files=files,
        store=store,
        by=by.id,
        received_at=received_at,
        extracted_on=extracted_on,
        control_total=control_total,
        synthetic=synthetic,
    )


def link_people(*, by: Actor, store: Store, at: dt.datetime) -> LinkReport:
    """Link what has landed to persons; run again on the same records it changes nothing."""
    return link(store=store, by=by.id, at=at)
