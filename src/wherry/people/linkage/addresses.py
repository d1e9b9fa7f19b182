"""
Facts told of an address, such as that the power is off there, given to whoever lives at it.

An address is a property number, a postcode, or both (feeds: `lives_at`). Whoever may be meant is found: a postcode
alone means everybody in it; beside a property number it means those in it whose own number nobody knows.
Hazards: H-11 (somebody at risk left off the list), H-04 (a door that is no longer theirs).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.feeds.queries import deliveries
from wherry.people.linkage.homes import CommunalWords
from wherry.people.linkage.tables import numbered_sql, persons_sql
from wherry.population import Store
from wherry.population.store import sql_text

if TYPE_CHECKING:
    import duckdb

_UPRN = r"^uprn ([0-9]+)"
_POSTCODE = r"^(?:uprn [0-9]+ )?postcode ([A-Z0-9]+ [A-Z0-9]+)"
_EVENT = r" event (.*)$"


def batches_about_addresses(*, store: Store) -> frozenset[str]:
    """Name every batch whose rows are about addresses; withdrawn ones too, since others may have repeated them."""
    return frozenset(one["batch_id"] for one in deliveries(store=store) if one.get("about_addresses"))


def load_homes(*, connection: duckdb.DuckDBPyConnection, words: CommunalWords) -> None:
    """Make the table `lives` (person_id, uprn, postcode) from `landed` and `linked`."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE lives AS SELECT person_id, uprn, postcode FROM ({persons_sql(words)})"
    )


def facts_sql(files: Sequence[Path], *, some_ended: bool = False) -> str:
    """
    Each fact of an address for each person who lives there, from `lives`; the later delivery counts, as everywhere.

    files: the facts of the batches about addresses, oldest data first.

    What is told of one event says nothing of another. What one delivery says of a property number counts before what it
    says of the postcode. That something is over at one number is no news for a neighbour without one: only the postcode
    alone, said to be over, ends it for them. Of two rows that disagree the one counts that says it goes on.
    """
    return f"""
        WITH told AS (
            SELECT *, {_part(_UPRN)} AS at_uprn, {_part(_POSTCODE)} AS at_postcode, {_part(_EVENT)} AS event,
                coalesce(status, 'active') = 'active' AS goes_on
            FROM ({numbered_sql(files, some_ended=some_ended)})
        ),
        meant AS (
            SELECT told.*, person_id, true AS by_number FROM told JOIN lives ON at_uprn = lives.uprn
            UNION ALL
            SELECT told.*, person_id, false AS by_number FROM told JOIN lives ON at_postcode = lives.postcode
            WHERE at_uprn = '' OR (lives.uprn IS NULL AND goes_on)
        )
        SELECT * EXCLUDE (file_number, at_uprn, at_postcode, event, goes_on, by_number) FROM meant
        QUALIFY row_number() OVER (
            PARTITION BY person_id, source, event, kind, system, code, date, value, unit
            ORDER BY file_number DESC, by_number DESC, goes_on DESC, row_number DESC, end_date
        ) = 1
    """


def _part(shape: str) -> str:
    return f"regexp_extract(subject_id, {sql_text(shape)}, 1)"
