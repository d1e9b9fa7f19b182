"""Ask an engine about everybody, or only about those to be looked at again, with one and the same answer."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from wherry.population.store import parquet_sql
from wherry.risk.engines import Answer, Question
from wherry.risk.evidence.gathering import AGAIN, Gathered
from wherry.risk.evidence.kept import Evidence
from wherry.risk.evidence.reading import FACT, PERSON

if TYPE_CHECKING:
    import duckdb

Engine = Callable[..., Answer]


def ask(
    *,
    connection: duckdb.DuckDBPyConnection,
    engine: Engine,
    question: Question,
    gathered: Gathered,
) -> Answer:
    """
    Answer for everybody from the gathered evidence.

    Where only some are looked at again, they are asked about as they were and as they are: the difference of the two
    is what changed in the counts, and all other rows of the earlier list still hold.
    """
    if gathered.draft is None:
        return engine(connection=connection, question=question)
    if gathered.since is None:
        return engine(
            connection=connection,
            question=dataclasses.replace(question, facts_sql=gathered.draft.facts_sql()),
        )
    as_they_were = dataclasses.replace(
        _about_some(connection, question, gathered.since, "were"),
        as_of=dt.date.fromisoformat(gathered.since.told["as_of"]),
    )
    were = engine(connection=connection, question=as_they_were)
    are = engine(connection=connection, question=_about_some(connection, question, gathered.draft, "are"))
    # A table, as an engine's own answer is: rows straight out of a file are written back in other bytes.
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE evidence_placed AS"
        f" SELECT * FROM {parquet_sql([gathered.since.list])} ANTI JOIN {AGAIN} USING (person_id)"
        f" UNION ALL SELECT * FROM {are.table}"
    )
    return _counted_on(gathered.since.told["answer"], were=were, are=are, table="evidence_placed")


def _about_some(connection: duckdb.DuckDBPyConnection, question: Question, evidence: Evidence, name: str) -> Question:
    people, facts = f"evidence_people_{name}", f"evidence_facts_{name}"
    only = f"SEMI JOIN {AGAIN} USING (person_id)"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {people} AS"
        f" SELECT {', '.join(PERSON)} FROM ({evidence.people_sql()}) {only} WHERE there"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {facts} AS SELECT {', '.join(FACT)} FROM ({evidence.facts_sql()}) {only}"
    )
    return dataclasses.replace(question, persons_sql=f"SELECT * FROM {people}", facts_sql=f"SELECT * FROM {facts}")


def _counted_on(before: Mapping[str, Any], *, were: Answer, are: Answer, table: str) -> Answer:
    def on(name: str) -> dict[str, int]:
        return {key: before[name][key] - getattr(were, name)[key] + each for key, each in getattr(are, name).items()}

    return Answer(
        table=table,
        living=before["living"] - were.living + are.living,
        dead=before["dead"] - were.dead + are.dead,
        fired=on("fired"),
        missing=on("missing"),
    )
