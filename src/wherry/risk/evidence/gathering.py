"""
Gather a run's evidence, and say who has to be looked at again since an earlier run.

Three ways, the cheapest that is sound. *Over the last*: the facts lie in the same files, or in files added to them; a
layer is laid over the earlier evidence. *From the last*: other rules over the same facts on the same lists. *From the
store*: one pass over all facts; who differs is then found by comparing what was read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.population.store import Store, parquet_sql, sql_text
from wherry.risk.evidence.earlier import Earlier
from wherry.risk.evidence.kept import MOST_LAYERS, Evidence, take_over
from wherry.risk.evidence.reading import (
    CODELISTS,
    PERSON,
    READABLE,
    differing_sql,
    load_readable,
    people_sql,
    readable_sql,
    turned_sql,
)
from wherry.risk.queries import facts_with_their_age

if TYPE_CHECKING:
    import duckdb

    from wherry.risk.engines import Answer, Question

AGAIN = "evidence_again"
#: Above this share of everybody it is dearer to look at some than at all.
_MOST = 0.5


@dataclass(frozen=True)
class Reading:
    """
    What a run reads. files: relative path → hash, of persons and facts; meaning: of rules, lists and program;
    of_what: the programme and the place.
    """

    question: Question
    store: Store
    files: Mapping[str, str]
    meaning: str
    of_what: str

    @property
    def manner(self) -> str:
        """How facts are read out of their files: anything besides the files that could change what they say."""
        files = self.store.files("facts")
        return self.question.facts_sql.replace(parquet_sql(files), "FILES") if files else self.question.facts_sql

    def of(self, table: str) -> dict[str, str]:
        """Give the files of one table with their hashes."""
        return {name: each for name, each in self.files.items() if name.replace(".", "/").split("/")[0] == table}


@dataclass(frozen=True)
class Gathered:
    """
    A run's evidence before it has its name. since: the evidence of the run before, where only some are looked at again.

    draft: None where none is kept.

    Those are in the table `AGAIN`, `looked_at` of them; otherwise everybody is looked at, and why says the reason.
    """

    draft: Evidence | None
    since: Evidence | None
    looked_at: int
    why: str


def gather(*, connection: duckdb.DuckDBPyConnection, reading: Reading, earlier: Earlier, folder: Path) -> Gathered:
    """Fill `folder` with the evidence of this run, and make the table of those to look at again if not everybody."""
    load_readable(connection=connection, definition=reading.question.definition, codes=reading.question.codes)
    before = earlier.evidence
    same = before is not None and before.told["meaning"] == reading.meaning
    why = earlier.why if same or not before else "its definition, lists or program are not those of today"
    added = _added(reading, before) if before and _covers(connection, before) else None
    if before and same and not why and added is not None and before.layers < MOST_LAYERS:
        return _over_the_last(connection, reading, before, added, folder)
    source = before.facts_sql() if before and added == [] else reading.question.facts_sql
    draft = _whole(connection, reading, source, folder)
    if not before or why:
        return Gathered(draft, None, _everybody(connection, draft), why)
    _again(connection, reading, before, draft)
    return _unless_most(connection, draft, before)


def left_to_the_engine() -> Gathered:
    """Gather nothing: an engine that reads the store where it lies is not to wait for a copy made on this machine."""
    return Gathered(None, None, 0, "this engine looks at everybody, and keeps no evidence")


def told_of(*, reading: Reading, run: str, layers: int, answer: Answer) -> dict[str, object]:
    """Say how evidence was made and what came of it, for a later run."""
    return {
        "run": run,
        "of": reading.of_what,
        "as_of": reading.question.as_of,
        "meaning": reading.meaning,
        "manner": reading.manner,
        "files": dict(reading.files),
        "layers": layers,
        "answer": {name: getattr(answer, name) for name in ("living", "dead", "fired", "missing")},
    }


def _covers(connection: duckdb.DuckDBPyConnection, earlier: Evidence) -> bool:
    """Say whether every code of the definition was read for the earlier evidence too."""
    lists = parquet_sql([earlier.folder / "lists.parquet"])
    sql = f"SELECT count(*) FROM {READABLE} ANTI JOIN {lists} USING (code, system)"
    return int(connection.execute(sql).fetchall()[0][0]) == 0


def _added(reading: Reading, earlier: Evidence) -> list[Path] | None:
    """Give the fact files added since; None where one is gone or changed, or facts are read in another manner."""
    before = {name: each for name, each in earlier.told["files"].items() if name.startswith("facts")}
    now = reading.of("facts")
    if earlier.told["manner"] != reading.manner or any(now.get(name) != each for name, each in before.items()):
        return None
    return [reading.store.path / name for name in sorted(now) if name not in before]


def _over_the_last(
    connection: duckdb.DuckDBPyConnection, reading: Reading, earlier: Evidence, added: list[Path], folder: Path
) -> Gathered:
    take_over(evidence=earlier, folder=folder)
    layer = earlier.layers
    facts, people = folder / f"facts-{layer}.parquet", folder / f"people-{layer}.parquet"
    more = readable_sql(facts_with_their_age(store=reading.store, files=added)) if added else _no_facts(earlier)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE evidence_added AS {more}")
    _again(connection, reading, earlier, None)
    connection.execute(
        f"INSERT INTO {AGAIN} SELECT DISTINCT person_id FROM evidence_added ANTI JOIN {AGAIN} USING (person_id)"
    )
    only = f"SEMI JOIN {AGAIN} USING (person_id)"
    _copy(connection, f"SELECT * FROM ({earlier.facts_sql()}) {only} UNION ALL SELECT * FROM evidence_added", facts)
    found = people_sql(
        persons_sql=f"SELECT * FROM ({reading.question.persons_sql}) {only}",
        facts_sql=f"SELECT * FROM {parquet_sql([facts])}",
    )
    fields = ", ".join(f"f.{name}" for name in PERSON if name != "person_id")
    gone_too = (
        f"SELECT a.person_id, coalesce(f.there, false) AS there, {fields}, coalesce(f.seen, 0) AS seen"
        f" FROM {AGAIN} a LEFT JOIN ({found}) f ON f.person_id = a.person_id"
    )
    _copy(connection, gone_too, people)
    draft = Evidence(folder, {"layers": layer + 1})
    return _unless_most(connection, draft, earlier)


def _no_facts(earlier: Evidence) -> str:
    return f"SELECT * FROM ({earlier.facts_sql()}) WHERE false"


def _whole(connection: duckdb.DuckDBPyConnection, reading: Reading, source: str, folder: Path) -> Evidence:
    facts, people = folder / "facts-0.parquet", folder / "people-0.parquet"
    # Facts lie by person in a store that was linked, and are copied in the order they lie: sorting millions costs more.
    connection.execute("SET preserve_insertion_order = true")
    _write(connection, readable_sql(source), facts)
    connection.execute("SET preserve_insertion_order = false")
    kept = f"SELECT * FROM {parquet_sql([facts])}"
    _copy(connection, people_sql(persons_sql=reading.question.persons_sql, facts_sql=kept), people)
    _copy(connection, f"SELECT code, system FROM {READABLE}", folder / "lists.parquet")
    _copy(connection, CODELISTS, folder / "codelists.parquet")
    return Evidence(folder, {"layers": 1})


def _again(connection: duckdb.DuckDBPyConnection, reading: Reading, earlier: Evidence, draft: Evidence | None) -> None:
    """Make the table of those to look at again: of whom a field or fact differs, or whom the time passed may change."""
    turned = turned_sql(
        definition=reading.question.definition,
        facts_sql=earlier.facts_sql(),
        people_sql=earlier.people_sql(),
        before=dt.date.fromisoformat(earlier.told["as_of"]),
        now=reading.question.as_of,
    )
    parts = [turned]
    persons_before = {name: each for name, each in earlier.told["files"].items() if name.startswith("persons")}
    if draft is not None:
        parts.append(differing_sql(old_sql=earlier.people_sql(), new_sql=draft.people_sql(), facts_too=True))
    elif persons_before != reading.of("persons"):
        now = f"SELECT *, true AS there FROM ({reading.question.persons_sql})"
        old = f"SELECT * FROM ({earlier.people_sql()}) WHERE there"
        parts.append(differing_sql(old_sql=old, new_sql=now, facts_too=False))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {AGAIN} AS SELECT DISTINCT person_id FROM ({' UNION ALL '.join(parts)})"
    )


def _unless_most(connection: duckdb.DuckDBPyConnection, draft: Evidence, earlier: Evidence) -> Gathered:
    again, everybody = _number(connection, AGAIN), _everybody(connection, draft)
    if again > _MOST * everybody:
        return Gathered(draft, None, everybody, "of most people something is different")
    return Gathered(draft, earlier, again, "")


def _everybody(connection: duckdb.DuckDBPyConnection, evidence: Evidence) -> int:
    return _number(connection, f"({evidence.people_sql()}) WHERE there")


def _number(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0])


def _copy(connection: duckdb.DuckDBPyConnection, select_sql: str, file: Path) -> None:
    _write(connection, f"SELECT * FROM ({select_sql}) ORDER BY ALL", file)


def _write(connection: duckdb.DuckDBPyConnection, select_sql: str, file: Path) -> None:
    connection.execute(f"COPY ({select_sql}) TO {sql_text(file)} (FORMAT parquet, COMPRESSION zstd)")
