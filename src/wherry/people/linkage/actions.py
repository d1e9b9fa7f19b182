"""Link a store's records to persons and write its tables."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.feeds.queries import landed_files
from wherry.feeds.snapshots import load_ended
from wherry.foundation.digests import sha256_of
from wherry.foundation.errors import InputWrong
from wherry.people.linkage import addresses, answers, links, tables
from wherry.people.linkage.answering import answer, confirm, unlink
from wherry.people.linkage.binding import binding
from wherry.people.linkage.components import find_components
from wherry.people.linkage.deciding import decide_pairs
from wherry.people.linkage.homes import CommunalWords, communal_words
from wherry.people.linkage.identities import give_ids
from wherry.people.linkage.pairing import find_alike_pairs, find_same_number_pairs
from wherry.people.linkage.reading import load_records
from wherry.people.linkage.rules import VERSION
from wherry.people.linkage.types import Bound, Found, LinkReport
from wherry.people.superseded import numbers_in_use
from wherry.population import Store, connect, ledger

if TYPE_CHECKING:
    import duckdb

#: What linkage offers to others: a run, and people's answers that bind every run.
__all__ = ["answer", "confirm", "find_clusters", "link", "unlink"]
_FOUND_BY = ("nhs_number", "similarity", "person")


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
        links.load_known(connection=connection, store=store)
        persons = give_ids(connection=connection, former=links.former_people(connection=connection, store=store))
        words = communal_words()
        said = {"homes": dataclasses.astuple(words), "numbers": numbers_in_use(store=store)}
        said |= {"answers": answers.digest(answers=answered)} if answered else {}
        files = [file.parent.name for file in _landed(store, "records")]
        run = sha256_of({"rules": VERSION, "files": files, **said})
        new_links = links.append(connection=connection, store=store, run=run, decided_on=decided_on)
        links.write_review(connection=connection, store=store, seen_on=decided_on)
        facts, orphans, ended = _write_tables(connection, store, words)
    report = LinkReport(
        run=run,
        records=records,
        persons=persons,
        pairs=found.pairs,
        conflicts_refused=found.refused,
        review=found.waiting,
        orphan_facts=orphans,
        facts=facts,
        ended_facts=ended,
        new_links=new_links,
        nobodys_numbers=found.nobodys_numbers,
    )
    about = {"run": run, "records": records, "persons": report.persons, "new_links": new_links, "review": report.review}
    ledger.record(store, by=by, did="link_people", about=about, at=at)
    return report


def find_clusters(*, connection: duckdb.DuckDBPyConnection, bound: Bound | None = None) -> Found:
    """
    Cluster the table `record` by people's answers and both passes, into tables of the connection.

    member (key, part): every record and its cluster; joined (key, the pair that brought it in); waiting (l, r, …, why):
    pairs a person should look at.
    """
    nobodys = find_same_number_pairs(connection=connection)
    find_alike_pairs(connection=connection)
    decide_pairs(connection=connection)
    refused = find_components(connection=connection, bound=bound or Bound())
    waiting = connection.execute("SELECT count(*) FROM waiting").fetchall()[0][0]
    pairs = dict(connection.execute("SELECT found_by, count(DISTINCT (l, r)) FROM joined GROUP BY 1").fetchall())
    return Found({each: pairs.get(each, 0) for each in _FOUND_BY}, refused, waiting, nobodys)


def _landed(store: Store, table: str) -> list[Path]:
    return list(landed_files(store=store, table=table))


def _write_tables(connection: duckdb.DuckDBPyConnection, store: Store, words: CommunalWords) -> tuple[int, int, int]:
    facts, wishes = _landed(store, "facts"), _landed(store, "wishes")
    about = addresses.batches_about_addresses(store=store)
    told = [file for file in facts if file.parent.name in about]
    if told:
        addresses.load_homes(connection=connection, words=words)
    some_ended = load_ended(connection=connection, store=store)
    at_addresses = addresses.facts_sql(told, some_ended=some_ended) if told else ""
    written = store.write_tables(
        connection,
        {
            "persons": tables.persons_sql(words),
            "contact_points": tables.contact_points_sql(_landed(store, "contact_points")),
            "wishes": tables.wishes_sql(wishes),
            "facts": tables.facts_sql(facts, at_addresses=at_addresses, some_ended=some_ended),
        },
    )
    orphans = connection.execute(tables.orphans_sql(facts, about_addresses=about)).fetchall()
    ended = connection.execute(tables.ended_facts_sql(facts)).fetchall() if some_ended else [(0,)]
    return written["facts"], int(orphans[0][0]), int(ended[0][0])
