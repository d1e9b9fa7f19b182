"""How well linkage did on a county whose truth is known."""

# ruff: noqa: S608 - file names enter SQL only through `sql_text` and `parquet_sql`
from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wherry.feeds.queries import manifests
from wherry.nonprod.county.county import CountyFiles
from wherry.population import Store
from wherry.population.store import connect, parquet_sql, sql_text

Pair = tuple[str, str]


@dataclass(frozen=True)
class LinkageScore:
    """
    Pairs of records: of one person in truth, linked, wrongly linked. Shares from 0 to 1.

    recall_with_review: counting the pairs that wait for a person to look at them; split: people linked as several.
    """

    records: int
    true_pairs: int
    wrong_links: int
    precision: float
    recall: float
    recall_with_review: float
    review: int
    split: int


def score(*, county: CountyFiles, store: Store) -> LinkageScore:
    """Compare a linked store with the county's truth, by pairs of records whose owner the truth names."""
    owners = _owners(county=county, store=store)
    with connect() as connection:
        links = sorted((store.path / "links").glob("links-*.parquet"))
        listed = ", ".join(sql_text(file) for file in links)
        people = dict(
            connection.execute(
                "SELECT record_id, last(person_id ORDER BY filename)"
                f" FROM read_parquet([{listed}], filename = true) GROUP BY record_id"
            ).fetchall()
        )
        review = store.path / "links" / "review.parquet"
        waiting = {
            (min(pair), max(pair))
            for pair in connection.execute(f"SELECT left_record, right_record FROM {parquet_sql([review])}").fetchall()
        }
    true, linked = _pairs(owners), _pairs({record: people[record] for record in owners})
    persons = defaultdict(set)
    for record, owner in owners.items():
        persons[owner].add(people[record])
    right = len(true & linked)
    return LinkageScore(
        records=len(owners),
        true_pairs=len(true),
        wrong_links=len(linked - true),
        precision=right / max(1, len(linked)),
        recall=right / max(1, len(true)),
        recall_with_review=len(true & (linked | waiting)) / max(1, len(true)),
        review=len(waiting),
        split=sum(len(found) > 1 for found in persons.values()),
    )


def _owners(*, county: CountyFiles, store: Store) -> Mapping[str, str]:
    """Give record → the resident it is about, by the file and row it came in."""
    truth = json.loads(county.truth.read_text(encoding="utf-8"))["people"]
    rows = {
        (file, number): person["key"]
        for person in truth
        for file, numbers in person["rows"].items()
        for number in numbers
    }
    found: dict[str, str] = {}
    with connect() as connection:
        for manifest in manifests(store=store):
            folder = store.path / "batches" / manifest["batch_id"]
            landed = connection.execute(
                f"SELECT record_id, w.file, r.row_number FROM {parquet_sql([folder / 'records.parquet'])} r"
                f" JOIN {parquet_sql([folder / 'rows.parquet'])} w"
                " ON w.row_number = r.row_number AND w.subject_id = r.subject_id AND w.outcome = 'accepted'"
            ).fetchall()
            named = ((record, rows.get((file, number))) for record, file, number in landed)
            found.update({record: owner for record, owner in named if owner})
    return found


def _pairs(groups: Mapping[str, str]) -> set[Pair]:
    members: dict[str, list[str]] = defaultdict(list)
    for record, group in groups.items():
        members[group].append(record)
    several: Iterable[list[str]] = (sorted(each) for each in members.values() if len(each) > 1)
    return {pair for each in several for pair in itertools.combinations(each, 2)}
