"""Place a whole population in the programme's risk categories, and leave behind what makes the list reproducible."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.feeds.queries import manifests
from wherry.foundation.digests import sha256_of
from wherry.foundation.errors import InputWrong
from wherry.population import Store, connect, ledger
from wherry.population.store import copy_parquet, parquet_sql, sha256_of_file, sql_text
from wherry.population.writing import together
from wherry.programmes.types import ProgrammeFiles
from wherry.risk.definition import codes_of
from wherry.risk.difference.sides import rules_told
from wherry.risk.engines import Answer, Question
from wherry.risk.evidence import kept
from wherry.risk.evidence.asking import ask
from wherry.risk.evidence.earlier import earlier_of, meaning_of
from wherry.risk.evidence.gathering import Gathered, Reading, gather, left_to_the_engine, told_of
from wherry.risk.fitness import Acceptance, Canary, FeedAge, canaries_in, feeds_behind, refuse_what_is_too_old
from wherry.risk.queries import facts_with_their_age, usable_definition

if TYPE_CHECKING:
    import duckdb

#: What a run may hold before it spills; the process needs a tenth more. Measured at 1.1 million people.
_MEMORY = "1.3GB"
ENGINES = ("duckdb", "reference", "spark")
INPUT_TABLES = ("persons", "facts")


@dataclass(frozen=True)
class Stratification:
    """
    What a run did. run: the same for the same definition, overlay, inputs and index date, whichever engine.

    placed: rows by category and tier; people: distinct people placed; fired and missing: criterion → people.
    since: the run it was built on, and looked_at the people looked at again; None and everybody where `why` says so.
    canaries_missing: feeds whose canary is not on the list, which nobody may sign then; late: feeds too old, accepted.
    """

    run: str
    out: Path
    sidecar: Path
    living: int
    dead: int
    people: int
    placed: Mapping[str, Mapping[str, int]]
    fired: Mapping[str, int]
    missing: Mapping[str, int]
    wall_seconds: float
    since: str | None = None
    looked_at: int = 0
    why: str = ""
    canaries_missing: tuple[str, ...] = ()
    late: tuple[str, ...] = ()


def stratify(
    *,
    files: ProgrammeFiles,
    store: Store,
    as_of: dt.date,
    out: Path,
    by: str,
    engine: str = "duckdb",
    at: dt.datetime | None = None,
    changed_since: Path | None = None,
    accepted: Acceptance | None = None,
) -> Stratification:
    """
    Write `out` (Parquet) and `<out without suffix>.run.json`, both whole or not at all, and one line in the ledger.

    as_of: the index date; facts after it are unknown to the run. at: when, for the ledger. changed_since: the output or
    sidecar of an earlier run; only people of whom something differs are looked at again, with the identical result.
    accepted: by whom and why feeds that are too old are. Raises DefinitionUnusable for a definition with problems,
    InputWrong for a store that lacks what is required, FeedsTooOld. Canaries are on the list, and in no figure.
    """
    began = time.perf_counter()
    definition = usable_definition(files)
    _refuse_unusable_out(out)
    feeds = feeds_behind(store=store, as_of=as_of)
    refuse_what_is_too_old(feeds=feeds, as_of=as_of, accepted=accepted)
    spill = out.parent / f".{out.name}.spill"
    with connect(memory_limit=_MEMORY, spill=spill, preserve_insertion_order=False) as connection:
        asked = Question(
            definition, codes_of(files.codelists), as_of, store.source_sql("persons"), facts_with_their_age(store=store)
        )
        _refuse_repeated_people(connection, asked)
        stamps, inputs = store.stamps_of(*INPUT_TABLES), store.hashes_of(*INPUT_TABLES)
        meaning = meaning_of(definition=definition, codes=asked.codes)
        reading = Reading(asked, store, inputs, meaning, kept.of_what(files))
        name = sha256_of({"definition": files.hash, "overlay": files.overlay_hash, "inputs": inputs, "as_of": as_of})
        run = _Run(name, files, reading, stamps, engine, out, feeds, accepted, began)
        with kept.draft(store=store, run=name) as folder:
            done = _written(connection, run, changed_since=changed_since, folder=folder)
    _note(done, run, by=by, at=at)
    return done


def forget_evidence(*, store: Store) -> None:
    """Delete what earlier runs read of everybody: after a deletion nothing of it may stay."""
    kept.forget(store=store)


@dataclass(frozen=True)
class _Run:
    """What one run is about. stamps: of its input files before anything was read; began: seconds of a clock."""

    name: str
    files: ProgrammeFiles
    reading: Reading
    stamps: Mapping[str, object]
    engine: str
    out: Path
    feeds: Sequence[FeedAge]
    accepted: Acceptance | None
    began: float


def _written(
    connection: duckdb.DuckDBPyConnection, run: _Run, *, changed_since: Path | None, folder: Path
) -> Stratification:
    reading, store = run.reading, run.reading.store
    earlier = earlier_of(changed_since=changed_since, store=store)
    if _engine(run.engine).READS_THE_STORE:
        gathered = left_to_the_engine()
    else:
        gathered = gather(connection=connection, reading=reading, earlier=earlier, folder=folder)
    answer = ask(connection=connection, engine=_engine(run.engine).answer, question=reading.question, gathered=gathered)
    if store.stamps_of(*INPUT_TABLES) != run.stamps:
        raise InputWrong(f"the store {store.path} was written while it was read; run it again")
    people = reading.question.persons_sql
    canaries = canaries_in(connection=connection, feeds=run.feeds, persons_sql=people, placed=answer.table)
    # The sidecar takes its name first: a list without the record of how it was made is never there.
    with together(run.out.with_suffix(".run.json"), run.out) as (new_sidecar, new_out):
        rows = f"SELECT * FROM {answer.table} ORDER BY person_id, category"
        copy_parquet(connection=connection, select_sql=rows, file=new_out)
        done = _told(connection, run, answer, gathered, canaries, new_out)
        done = done if changed_since else dataclasses.replace(done, why="")
        new_sidecar.write_text(_sidecar(done, new_out, run, canaries), encoding="utf-8")
        if gathered.draft is not None:
            told = told_of(reading=reading, run=run.name, layers=gathered.draft.layers, answer=answer)
            kept.put_in_place(draft=folder, store=store, run=run.name, told=told, written=new_out, sidecar=new_sidecar)
    return done


def _told(
    connection: duckdb.DuckDBPyConnection,
    run: _Run,
    answer: Answer,
    gathered: Gathered,
    canaries: Sequence[Canary],
    written: Path,
) -> Stratification:
    invented = [one.person_id for one in canaries if one.person_id]
    real = _without(answer, asked=run.reading.question, people=invented) if invented else answer
    placed, people = _placed(connection, written, invented)
    return Stratification(
        run=run.name,
        out=run.out,
        sidecar=run.out.with_suffix(".run.json"),
        living=real.living,
        dead=real.dead,
        people=people,
        placed=placed,
        fired=real.fired,
        missing=real.missing,
        wall_seconds=round(time.perf_counter() - run.began, 3),
        since=gathered.since.told["run"] if gathered.since else None,
        looked_at=gathered.looked_at if gathered.draft else answer.living + answer.dead,
        why=gathered.why,
        canaries_missing=tuple(one.contract for one in canaries if not one.found),
        late=tuple(one.contract for one in run.feeds if one.is_late),
    )


def _note(done: Stratification, run: _Run, *, by: str, at: dt.datetime | None) -> None:
    about: dict[str, object] = {"run": done.run, "people": done.people, "as_of": run.reading.question.as_of}
    if done.late and run.accepted:
        about |= {"late": list(done.late), "late_accepted_by": run.accepted.by}
    if done.canaries_missing:
        about |= {"canaries_missing": list(done.canaries_missing)}
    ledger.record(run.reading.store, by=by, did="stratify", about=about, at=at)


def _engine(name: str):  # type: ignore[no-untyped-def]  # a module: see engines/__init__.py
    if name == "duckdb":
        from wherry.risk.engines import duckdb as chosen
    elif name == "reference":
        from wherry.risk.engines import reference as chosen  # type: ignore[no-redef]
    elif name == "spark":
        from wherry.risk.engines import spark as chosen  # type: ignore[no-redef]
    else:
        raise InputWrong(f"there is no engine {name}; choose one of {', '.join(ENGINES)}")
    return chosen


def _refuse_unusable_out(out: Path) -> None:
    if out.suffix != ".parquet":
        raise InputWrong(f"{out} does not end in .parquet; name the output file so")
    if out.is_dir() or not out.parent.is_dir():
        raise InputWrong(f"{out} cannot be written: its folder is not there, or it is a folder; name another file")


def _refuse_repeated_people(connection: duckdb.DuckDBPyConnection, asked: Question) -> None:
    sql = f"SELECT count(*) = count(DISTINCT person_id) FROM ({asked.persons_sql})"
    if not connection.execute(sql).fetchall()[0][0]:
        raise InputWrong("persons holds a person_id twice or none at all in a row; give each person one row")


def _placed(
    connection: duckdb.DuckDBPyConnection, out: Path, without: Sequence[str]
) -> tuple[dict[str, dict[str, int]], int]:
    real = f" WHERE person_id NOT IN ({', '.join(map(sql_text, without))})" if without else ""
    written = parquet_sql([out]) + real
    rows = connection.execute(f"SELECT category, tier, count(*) FROM {written} GROUP BY ALL ORDER BY ALL").fetchall()
    counts: dict[str, dict[str, int]] = {}
    for category, tier, number in rows:
        counts.setdefault(category, {})[tier] = number
    people = connection.execute(f"SELECT count(DISTINCT person_id) FROM {written}").fetchall()[0][0]
    return counts, int(people)


def _batches(store: Store) -> dict[str, object]:
    """Say of every delivery the facts came in which files it was, by their hashes, and when its sender drew it."""
    told = ("contract", "extracted_on", "files")
    return {each["batch_id"]: {name: each.get(name) for name in told} for each in manifests(store=store)}


def _without(answer: Answer, *, asked: Question, people: Sequence[str]) -> Answer:
    # What an engine says of these few alone is taken from what it says of everybody.
    only = f"WHERE person_id IN ({', '.join(map(sql_text, people))})"
    few = dataclasses.replace(
        asked,
        persons_sql=f"SELECT * FROM ({asked.persons_sql}) {only}",
        facts_sql=f"SELECT * FROM ({asked.facts_sql}) {only}",
    )
    with connect() as aside:
        own = _engine("duckdb").answer(connection=aside, question=few)
    return Answer(
        table=answer.table,
        living=answer.living - own.living,
        dead=answer.dead - own.dead,
        fired={name: count - own.fired[name] for name, count in answer.fired.items()},
        missing={name: count - own.missing[name] for name, count in answer.missing.items()},
    )


def _fitness(feeds: Sequence[FeedAge], canaries: Sequence[Canary], accepted: Acceptance | None) -> dict[str, object]:
    late = any(one.is_late for one in feeds)
    return {
        "feeds": [
            {
                "contract": one.contract,
                "extracted_on": one.extracted_on.isoformat(),
                "age_days": one.age_days,
                "freshness_days": one.freshness_days,
                "late": one.is_late,
                "late_from": list(one.late_from),
            }
            for one in feeds
        ],
        "late_accepted": {"by": accepted.by, "why": accepted.why} if late and accepted else None,
        "canaries": [dataclasses.asdict(one) for one in canaries],
        "may_be_signed": all(one.found for one in canaries),
    }


def _sidecar(done: Stratification, written: Path, run: _Run, canaries: Sequence[Canary]) -> str:
    files, reading = run.files, run.reading
    told = {
        "run": done.run,
        "programme": files.name,
        "definition": files.hash,
        "place": files.place,
        "overlay": files.overlay_hash,
        "inputs": dict(reading.files),
        "as_of": reading.question.as_of.isoformat(),
        "engine": {"name": run.engine, "version": _engine(run.engine).version()},
        "output_sha256": sha256_of_file(written),
        "counts": {
            "living": done.living,
            "dead": done.dead,
            "at_risk": done.people,
            "categories": done.placed,
            "criteria": done.fired,
        },
        "looked_at": {"people": done.looked_at, "since": done.since, "everybody_because": done.why or None},
        "rules": rules_told(files),
        "batches": _batches(reading.store),
        "missing_inputs": {name: number for name, number in done.missing.items() if number},
        "wall_seconds": done.wall_seconds,
        **_fitness(run.feeds, canaries, run.accepted),
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"
