"""Whose rows a delivery holds, where many send under one contract."""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts, not rows
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from wherry.feeds.expressions import identifier
from wherry.feeds.formats.staged import Staged
from wherry.feeds.types import Delivery
from wherry.population.store import sql_text

if TYPE_CHECKING:
    import duckdb


def rows_by_sender(
    *, connection: duckdb.DuckDBPyConnection, delivery: Delivery, staged: Sequence[Staged]
) -> Mapping[str, int]:
    """
    Count the rows of each sender that were not set aside, by its code; "" where nothing tells who sent them.

    A row that mends an earlier one is not counted: it is no newer than what it mends.
    """
    told = [
        f"SELECT coalesce({identifier(one.part.sent_by)}, '') AS sender, answers FROM decided_{number}"
        for number, one in enumerate(staged)
        if one.part.sent_by and not delivery.sent_by
    ]
    parts = told or [f"SELECT {sql_text(delivery.sent_by or '')} AS sender, answers FROM rows"]
    whole = " UNION ALL ".join(f"({one} WHERE outcome <> 'quarantined')" for one in parts)
    connection.execute(f"SELECT sender, count(*) FROM ({whole}) WHERE answers IS NULL GROUP BY 1 ORDER BY 1")
    counted = dict(connection.fetchall())
    return counted or ({delivery.sent_by: 0} if delivery.sent_by else {})
