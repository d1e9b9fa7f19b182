"""Place everybody by both versions. The store is read once: what either may read of it is kept aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from wherry.foundation.errors import InputWrong
from wherry.population import Store, connect
from wherry.population.store import make_table, sql_text
from wherry.programmes.types import ProgrammeFiles
from wherry.risk.definition import codes_of
from wherry.risk.difference.types import ENTERED, LEFT, MOVED
from wherry.risk.engines import Question
from wherry.risk.engines.plan import Plan
from wherry.risk.engines.steps import load_beginning, placing
from wherry.risk.engines.truth_sql import aggregates, quoted
from wherry.risk.evidence.reading import FACT, PERSON, READABLE, load_readable, readable_sql
from wherry.risk.fitness import feeds_behind
from wherry.risk.queries import usable_definition
from wherry.risk.versions.counting import DIFFER, PEOPLE, WHERE, balances, causes, count, groups_of
from wherry.risk.versions.types import Between, Version, changed_criteria

if TYPE_CHECKING:
    import duckdb

_MEMORY = "1GB"
_FACTS = "versions_facts"


def between(*, before: ProgrammeFiles, after: ProgrammeFiles, store: Store, as_of: dt.date) -> Between:
    """
    Place everybody in a store by both versions, and count who differs.

    Raises DefinitionUnusable for a version with problems, InputWrong for a store that lacks what is required. Memory is
    bounded, spilling beside the system's temporary files.
    """
    definitions = tuple(usable_definition(files) for files in (before, after))
    codes = tuple(codes_of(files.codelists) for files in (before, after))
    feeds = feeds_behind(store=store, as_of=as_of)
    # Who is invented to test a feed is in no figure: a version that finds them has not found a person.
    invented = ", ".join(sql_text(one.canary) for one in feeds if one.canary)
    real = f" WHERE NOT coalesce(synthetic AND nhs_number IN ({invented}), false)" if invented else ""
    with _aside() as connection:
        found = between_definitions(
            connection=connection,
            before=Version("before", definitions[0], codes[0]),
            after=Version("after", definitions[1], codes[1]),
            as_of=as_of,
            persons_sql=f"SELECT * FROM ({store.source_sql('persons')}){real}",
            facts_sql=store.source_sql("facts"),
        )
    return replace(found, late=tuple(one for one in feeds if one.is_late))


def between_definitions(
    *,
    connection: duckdb.DuckDBPyConnection,
    before: Version,
    after: Version,
    as_of: dt.date,
    persons_sql: str,
    facts_sql: str,
) -> Between:
    """Place everybody two SELECTs give by both versions; see `between`."""
    changed = changed_criteria(before, after)
    was, now = (replace(one, changed=changed & one.names) for one in (before, after))
    _keep_aside(connection, (was, now), persons_sql, facts_sql)
    for one in (was, now):
        _place(connection, one, as_of)
    _differ(connection)
    return Between(
        as_of=as_of,
        living=count(connection, f"SELECT count(*) FROM {PEOPLE} WHERE death_date IS NULL"),
        balances=tuple(balances(connection, was, now)),
        moved=count(connection, f"SELECT count(*) FROM {DIFFER} WHERE kind = '{MOVED}'"),
        causes=tuple(causes(connection, was, now)),
        groups=groups_of(connection, as_of),
    )


@contextmanager
def _aside() -> Iterator[duckdb.DuckDBPyConnection]:
    with (
        TemporaryDirectory(prefix="wherry-versions-") as spill,
        connect(memory_limit=_MEMORY, spill=Path(spill), preserve_insertion_order=False) as connection,
    ):
        yield connection


def _keep_aside(
    connection: duckdb.DuckDBPyConnection, both: Sequence[Version], persons_sql: str, facts_sql: str
) -> None:
    """Keep everybody's fields, and the facts on any list of either version: the only reading of the store."""
    read: set[tuple[str, str]] = set()
    for one in both:
        load_readable(connection=connection, definition=one.definition, codes=one.codes)
        read.update(connection.execute(f"SELECT code, system FROM {READABLE}").fetchall())
    shape = {"code": "VARCHAR", "system": "VARCHAR"}
    make_table(connection=connection, name=READABLE, columns=shape, rows=sorted(read))
    connection.execute(f"CREATE TEMP TABLE {PEOPLE} AS SELECT {', '.join(PERSON)} FROM ({persons_sql})")
    if count(connection, f"SELECT count(*) - count(DISTINCT person_id) FROM {PEOPLE}"):
        raise InputWrong("persons holds a person_id twice or none at all in a row; give each person one row")
    facts = readable_sql(facts_sql)
    connection.execute(f"CREATE TEMP TABLE {_FACTS} AS SELECT {', '.join(FACT)} FROM ({facts})")


def _place(connection: duckdb.DuckDBPyConnection, one: Version, as_of: dt.date) -> None:
    """Make `placed_<name>`, who is where, and `truth_<name>`, whether each changed criterion is true of everybody."""
    question = Question(one.definition, one.codes, as_of, f"SELECT * FROM {PEOPLE}", f"SELECT * FROM {_FACTS}")
    plan = Plan(question)
    load_beginning(connection, plan)
    for name, sql in placing(plan).items():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    connection.execute(f"CREATE TEMP TABLE placed_{one.name} AS SELECT person_id, category, tier FROM at_risk")
    columns = ", ".join(["person_id", *map(quoted, sorted(one.changed))])
    connection.execute(f"CREATE TEMP TABLE truth_{one.name} AS SELECT {columns} FROM truth")
    for name in ("hits", *aggregates(plan), "truth", "at_risk"):
        connection.execute(f"DROP TABLE {name}")


def _differ(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of who differs, with the kind, and of the categories in which they do."""
    places = "list(category || chr(0) || tier ORDER BY category) AS places"
    was, now = (f"(SELECT person_id, {places} FROM placed_{name} GROUP BY 1)" for name in ("before", "after"))
    connection.execute(
        f"CREATE TEMP TABLE {DIFFER} AS SELECT coalesce(a.person_id, b.person_id) AS person_id,"
        f" CASE WHEN a.person_id IS NULL THEN '{ENTERED}' WHEN b.person_id IS NULL THEN '{LEFT}' ELSE '{MOVED}' END"
        f" AS kind FROM {was} a FULL JOIN {now} b ON a.person_id = b.person_id WHERE a.places IS DISTINCT FROM b.places"
    )
    # In one category somebody entered it, left it, or is in another tier of it.
    connection.execute(
        f"CREATE TEMP TABLE {WHERE} AS SELECT person_id, category, CASE WHEN b.tier IS NULL THEN '{ENTERED}'"
        f" WHEN a.tier IS NULL THEN '{LEFT}' ELSE '{MOVED}' END AS kind FROM placed_before b"
        " FULL JOIN placed_after a USING (person_id, category) WHERE a.tier IS DISTINCT FROM b.tier"
    )
