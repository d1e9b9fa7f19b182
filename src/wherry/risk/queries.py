"""What a run said, and why one person is where they are."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from wherry.feeds.queries import manifests
from wherry.foundation.errors import InputWrong
from wherry.foundation.problems import Problem
from wherry.population import Store, connect
from wherry.population.store import parquet_sql, sql_text
from wherry.population.tables import TABLES
from wherry.programmes.types import ProgrammeFiles
from wherry.risk import definition as risk_definition
from wherry.risk.definition import SCHEMA, SECTION, codes_of
from wherry.risk.engines import Question
from wherry.risk.errors import DefinitionUnusable, PersonUnknown
from wherry.risk.types import Assessment, Definition, Placed, Reason


@dataclass(frozen=True)
class Explanation:
    """One person and what the definition says of them."""

    person_id: str
    assessment: Assessment


class _These:
    """A programme's files as a key: these very ones, for they hold too much to be compared."""

    def __init__(self, files: ProgrammeFiles) -> None:
        self.files = files

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _These) and other.files is self.files

    def __hash__(self) -> int:
        return id(self.files)


def usable_definition(files: ProgrammeFiles) -> Definition:
    """
    Read a programme's risk definition. Raises DefinitionUnusable with the first problem, file and line.

    Checked once for files that are asked about again: explaining one person takes half the time.
    """
    return _checked(_These(files))


@lru_cache(maxsize=16)
def _checked(these: _These) -> Definition:
    from wherry.programmes.schema import schema_problems  # lazily: jsonschema is only needed here

    files = these.files
    section = files.section(SECTION)
    if section is None:
        raise DefinitionUnusable(f"{files.directory} has no {SECTION}.yaml; add one to find people at risk")
    misshapen = schema_problems(section=section, schema=SCHEMA)
    if misshapen:
        raise DefinitionUnusable(_first_of(misshapen))
    definition = risk_definition.parse(section)
    found = risk_definition.problems(definition, section=section, codelists=files.codelists)
    if found:
        raise DefinitionUnusable(_first_of(found))
    return definition


def facts_with_their_age(*, store: Store, files: list[Path] | None = None) -> str:
    """
    Give a SELECT of the facts in which `recorded_on` is the day the sender drew the delivery a fact came in.

    A store handed in without deliveries keeps what it says itself. A reason's `data_as_of` is read from here.
    files: only these fact files of the store.
    """
    drawn = {one["batch_id"]: one["extracted_on"] for one in manifests(store=store)}
    if not drawn:
        return store.source_sql("facts", files=files)
    days = ", ".join(f"({sql_text(batch)}, DATE {sql_text(day)})" for batch, day in sorted(drawn.items()))
    drawn_on = {"recorded_on": "coalesce(d.extracted_on, f.recorded_on) AS recorded_on"}
    columns = ", ".join(drawn_on.get(each.name, f"f.{each.name}") for each in TABLES["facts"].columns)
    return (
        f"SELECT {columns}"
        f" FROM ({store.source_sql('facts', files=files)}) f LEFT JOIN (VALUES {days}) d(batch_id, extracted_on)"
        " ON d.batch_id = f.batch_id"
    )


def missing_of(
    *, files: ProgrammeFiles, store: Store, as_of: dt.date, person_ids: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Say for each of these people which criteria lacked their input, in the definition's words; none is left out."""
    words = {each.name: each.words for each in usable_definition(files).criteria}
    found = explain(files=files, store=store, as_of=as_of, person_ids=person_ids)
    return {one.person_id: tuple(words[name] for name in words if name in one.assessment.missing) for one in found}


def explain(
    *, files: ProgrammeFiles, store: Store, as_of: dt.date, person_ids: Sequence[str]
) -> tuple[Explanation, ...]:
    """
    Say why these people are, or are not, in a category: the plain rules over their own facts.

    Raises PersonUnknown, without repeating the id, when one is not in the store.
    """
    from wherry.risk.engines.reference import assess_people

    definition = usable_definition(files)
    wanted = sorted(set(person_ids))
    only = f"WHERE person_id IN ({', '.join(map(sql_text, wanted))})" if wanted else "WHERE false"
    persons = "SELECT * FROM explained"
    facts = f"SELECT * FROM ({facts_with_their_age(store=store)}) {only}"
    with connect() as connection:
        # Read once: who they are is asked twice, and finding a few among a million takes a fifth of the time.
        connection.execute(f"CREATE TEMP TABLE explained AS SELECT * FROM ({store.source_sql('persons')}) {only}")
        found = assess_people(
            connection=connection, question=Question(definition, codes_of(files.codelists), as_of, persons, facts)
        )
        there = [row[0] for row in connection.execute(f"SELECT person_id FROM ({persons}) ORDER BY 1").fetchall()]
    if len(there) != len(wanted):
        raise PersonUnknown(f"{len(wanted) - len(there)} of the people asked for are not in this store; check the ids")
    return tuple(Explanation(*pair) for pair in zip(there, found, strict=True))


def placed_in(*, out: Path) -> tuple[Placed, ...]:
    """Read a run's output, ordered by person and category."""
    if not out.is_file():
        raise InputWrong(f"{out} is not there; run wherry risk stratify first")
    with connect() as connection:
        rows = connection.execute(f"SELECT * FROM {parquet_sql([out])} ORDER BY person_id, category").fetchall()
    return tuple(
        Placed(person_id, category, tier, score, tuple(Reason(**reason) for reason in reasons))
        for person_id, category, tier, score, reasons in rows
    )


def run_of(*, out: Path) -> dict[str, Any]:
    """Read the sidecar of a run's output."""
    sidecar = out.with_suffix(".run.json")
    if not sidecar.is_file():
        raise InputWrong(f"{sidecar} is not there; keep it beside the output, it says how the list was made")
    return dict(json.loads(sidecar.read_text(encoding="utf-8")))


def _first_of(found: tuple[Problem, ...]) -> str:
    more = f" ({len(found) - 1} more: run wherry programme check)" if len(found) > 1 else ""
    return f"{found[0]}{more}"
