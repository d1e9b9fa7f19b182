"""
Whether a list may be made from a store, and signed: no feed older than it may be, every canary on the list.

A canary is an invented person whom a sender puts into every delivery, and whom the rules must find: when it is not on
the list, something between that sender and the list lost people, and nobody knows how many.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wherry.feeds.freshness import newest_by_sender
from wherry.feeds.queries import manifests
from wherry.foundation.errors import InputWrong
from wherry.population.store import Store, sql_text
from wherry.risk.errors import FeedsTooOld

if TYPE_CHECKING:
    import duckdb

_OF_PEOPLE = ("records", "facts", "contact_points", "wishes")


@dataclass(frozen=True)
class FeedAge:
    """
    How old the newest data of a feed is on the list's day, that of the sender longest silent where many send it.

    late_from: the codes of the senders who are late, where they are told apart; canary: the number of its invented
    person, if any.
    """

    contract: str
    sender: str
    extracted_on: dt.date
    age_days: int
    freshness_days: int
    late_from: tuple[str, ...] = ()
    canary: str | None = None

    @property
    def is_late(self) -> bool:
        """Say whether it is older than its contract allows."""
        return self.age_days > self.freshness_days


@dataclass(frozen=True)
class Acceptance:
    """Somebody who answers for a list made from feeds that are too old, and why they accept it."""

    by: str
    why: str

    def __post_init__(self) -> None:
        if not self.by.strip() or not self.why.strip():
            raise InputWrong("old feeds are accepted by somebody with a name and for a reason; give both")


@dataclass(frozen=True)
class Canary:
    """A feed's canary on a list. person_id: None where the store does not know it; found: it is on the list."""

    contract: str
    person_id: str | None
    found: bool


def feeds_behind(*, store: Store, as_of: dt.date) -> tuple[FeedAge, ...]:
    """
    Say how old each feed is that brought anything about people, by name. Empty for a store made without deliveries.

    The limit and the canary are those of the delivery that landed last, as its contract was then.
    """
    by_contract: dict[str, list[Mapping[str, Any]]] = {}
    for one in manifests(store=store):
        by_contract.setdefault(one["contract"], []).append(one)
    return tuple(
        _age(name, landed, as_of)
        for name, landed in sorted(by_contract.items())
        if any(one.get("counts", {}).get(table, 0) for one in landed for table in _OF_PEOPLE)
    )


def refuse_what_is_too_old(*, feeds: Collection[FeedAge], as_of: dt.date, accepted: Acceptance | None) -> None:
    """Raise FeedsTooOld naming every feed that is, unless somebody accepts it. Hazard: H-09."""
    late = [one for one in feeds if one.is_late]
    if not late or accepted is not None:
        return
    named = "; ".join(
        f"{one.contract} from {_who(one)} is {one.age_days} days old on {as_of} and may be {one.freshness_days}"
        for one in late
    )
    raise FeedsTooOld(
        f"no list is made from old data: {named}; ask for a newer delivery and receive it, or have the clinical lead"
        " accept it with --stale-accepted-by and --stale-because"
    )


def canaries_in(
    *, connection: duckdb.DuckDBPyConnection, feeds: Collection[FeedAge], persons_sql: str, placed: str
) -> tuple[Canary, ...]:
    """Look for every feed's canary on a list. placed: the table of those placed."""
    found = []
    for feed in feeds:
        if feed.canary is None:
            continue
        rows = connection.execute(
            f"SELECT person_id, person_id IN (SELECT person_id FROM {placed}) FROM ({persons_sql})"
            f" WHERE nhs_number = {sql_text(feed.canary)} AND synthetic"
        ).fetchall()
        there = next((person_id for person_id, on_list in rows if on_list), None)
        anywhere = there or next((person_id for person_id, _ in rows), None)
        found.append(Canary(feed.contract, anywhere, there is not None))
    return tuple(found)


def _who(feed: FeedAge) -> str:
    return f"{feed.sender} ({', '.join(feed.late_from)})" if feed.late_from else feed.sender


def _age(name: str, landed: list[Mapping[str, Any]], as_of: dt.date) -> FeedAge:
    newest = newest_by_sender(deliveries=landed)
    last, oldest = landed[-1], newest[0].extracted_on
    limit = int(last["freshness_days"])
    late = tuple(one.sent_by for one in newest if one.sent_by and (as_of - one.extracted_on).days > limit)
    return FeedAge(name, str(last["sender"]), oldest, (as_of - oldest).days, limit, late, last.get("canary"))
