"""Link a store's records to persons and write its tables."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.feeds.queries import landed_files
from wherry.foundation.digests import sha256_of
from wherry.foundation.errors import InputWrong
from wherry.people.linkage import answers, links, tables
from wherry.people.linkage.answering import answer, confirm, unlink
from wherry.people.linkage.binding import binding
from wherry.people.linkage.clusters import cluster, person_ids
from wherry.people.linkage.pairing import same_number_pairs, shared_names, similar_pairs
from wherry.people.linkage.reading import load_records, records_named
from wherry.people.linkage.rules import VERSION, conflict, decide, is_confirmed, name_at
from wherry.people.linkage.types import Bound, Clustering, Decision, ForReview, LinkReport, Pair
from wherry.population import Store, connect, ledger

if TYPE_CHECKING:
    import duckdb

#: What linkage offers to others: a run, and people's answers that bind every run.
__all__ = ["answer", "confirm", "find_clusters", "link", "unlink"]


def link(
    *,
    store: Store,
    by: str,
    decided_on: dt.date | None = None,
    at: dt.datetime | None = None,
    memory_limit: str = "1GB",
) -> LinkReport:
    """
    Link every landed record and write persons, contact_points, wishes and facts. The same records give the same files.

    decided_on: the day noted on new links; at: when, for the ledger. Raises InputWrong when nothing was received.
    Hazard: H-03.
    """
    if not (store.path / "batches").is_dir():
        raise InputWrong(f"nothing has been received in the store {store.path}; run wherry feeds receive first")
    with store.lock(), connect(memory_limit=memory_limit, spill=store.path / ".spill") as connection:
        answers.note_what_was_cut(store=store)
        answered = answers.answers(store=store)
        records = load_records(connection=connection, store=store)
        found = find_clusters(connection=connection, bound=binding(answers=answered))
        everybody = [row[0] for row in connection.execute("SELECT record_id FROM record ORDER BY 1").fetchall()]
        linked = {record_id for members in found.clusters for record_id in members}
        groups = [*found.clusters, *((each,) for each in everybody if each not in linked)]
        people = person_ids(
            clusters=groups,
            known=links.known_people(connection=connection, store=store),
            former=links.former_people(connection=connection, store=store),
        )
        said = {"answers": answers.digest(answers=answered)} if answered else {}
        files = [file.parent.name for file in _landed(store, "records")]
        run = sha256_of({"rules": VERSION, "files": files, **said})
        new_links = links.append(
            connection=connection, store=store, people=people, joined_by=found.joined_by, run=run, decided_on=decided_on
        )
        links.write_review(connection=connection, store=store, review=found.review, seen_on=decided_on)
        _load_linked(connection, people)
        facts, orphans = _write_tables(connection, store)
    pairs = Counter(pair.found_by for pair in set(found.joined_by.values()))
    report = LinkReport(
        run=run,
        records=records,
        persons=len(set(people.values())),
        pairs={found_by: pairs[found_by] for found_by in ("nhs_number", "similarity", "person")},
        conflicts_refused=found.refused,
        review=len(found.review),
        orphan_facts=orphans,
        facts=facts,
        new_links=new_links,
    )
    about = {"run": run, "records": records, "persons": report.persons, "new_links": new_links, "review": report.review}
    ledger.record(store, by=by, did="link_people", about=about, at=at)
    return report


def find_clusters(*, connection: duckdb.DuckDBPyConnection, bound: Bound | None = None) -> Clustering:
    """Cluster the table `record` by people's answers and both passes; records in no pair are left out."""
    bound = bound or Bound()
    numbered, similar = same_number_pairs(connection=connection), similar_pairs(connection=connection)
    named = {
        *(each for pair in numbered for each in pair),
        *(each for left, right, _ in similar for each in (left, right)),
        *bound.records,
    }
    records = records_named(connection=connection, record_ids=named)
    shared = shared_names(connection=connection)
    pairs: list[Pair] = []
    review: list[ForReview] = []
    for left, right in numbered:
        one, other = records[left], records[right]
        if conflict(left=one, right=other):
            review.append(ForReview(Pair(left, right, 1.0, "nhs_number", "same NHS number"), "they conflict"))
        elif is_confirmed(left=one, right=other):
            pairs.append(Pair(left, right, 1.0, "nhs_number", "same NHS number, borne out"))
        else:
            review.append(ForReview(Pair(left, right, 0.5, "nhs_number", "same NHS number"), "not borne out"))
    for left, right, score in similar:
        pair = Pair(left, right, round(score, 6), "similarity", "alike in name, birth date and more")
        alone = name_at(records[left]) not in shared
        decision = decide(left=records[left], right=records[right], score=score, alone_of_that_name=alone)
        if decision is Decision.LINK:
            pairs.append(pair)
        elif decision is Decision.REVIEW:
            review.append(ForReview(pair, "alike, not enough to link by itself"))
    return cluster(records=records, pairs=pairs, review=review, bound=bound)


def _landed(store: Store, table: str) -> list[Path]:
    return list(landed_files(store=store, table=table))


def _load_linked(connection: duckdb.DuckDBPyConnection, people: dict[str, str]) -> None:
    import pyarrow as pa

    rows = pa.table({"record_id": list(people), "person_id": list(people.values())})
    connection.register("linked_rows", rows)
    connection.execute("CREATE TEMP TABLE linked AS SELECT * FROM linked_rows")
    connection.unregister("linked_rows")


def _write_tables(connection: duckdb.DuckDBPyConnection, store: Store) -> tuple[int, int]:
    facts, wishes = _landed(store, "facts"), _landed(store, "wishes")
    written = store.write_tables(
        connection,
        {
            "persons": tables.persons_sql(),
            "contact_points": tables.contact_points_sql(_landed(store, "contact_points")),
            "wishes": tables.wishes_sql(wishes),
            "facts": tables.facts_sql(facts),
        },
    )
    return written["facts"], int(connection.execute(tables.orphans_sql(facts)).fetchall()[0][0])
