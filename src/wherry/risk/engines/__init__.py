"""
Engines that place a whole population. Each must give what `rules.assess` gives, person by person.

Each is a module with a NAME, `answer`, `version`, and READS_THE_STORE: whether it reads the store's files itself, on
machines of its own, rather than what was gathered of them here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from wherry.risk.types import Definition

PLACED_COLUMNS = {
    "person_id": "VARCHAR",
    "category": "VARCHAR",
    "tier": "VARCHAR",
    "score": "BIGINT",
    "reasons": (
        "STRUCT(criterion VARCHAR, words VARCHAR, code VARCHAR, date DATE, value DOUBLE, source VARCHAR,"
        " data_as_of DATE)[]"
    ),
}


@dataclass(frozen=True)
class Question:
    """What an engine is asked. persons_sql and facts_sql: SELECTs giving the store's documented columns."""

    definition: Definition
    codes: Mapping[str, frozenset[str]]
    as_of: dt.date
    persons_sql: str
    facts_sql: str


@dataclass(frozen=True)
class Answer:
    """
    What an engine gives. table: a temporary table on the connection with PLACED_COLUMNS.

    living and dead: people; fired and missing: criterion → people, every criterion named.
    """

    table: str
    living: int
    dead: int
    fired: Mapping[str, int]
    missing: Mapping[str, int]
