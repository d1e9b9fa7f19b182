"""Over random records: no conflict inside a cluster, pairs in any order, ids that stay; and a whole store twice."""

from __future__ import annotations

import itertools
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.support.linking import RECORDS, land, numbered, pairs_of, people_of
from wherry.people.linkage import actions
from wherry.people.linkage.clusters import cluster, person_ids
from wherry.people.linkage.rules import conflict
from wherry.people.linkage.types import Record
from wherry.population import Store, connect
from wherry.population.ledger import entries, verify
from wherry.population.store import parquet_sql


@given(RECORDS, st.integers(0, 9999))
def test_no_cluster_holds_a_conflict_and_the_order_of_pairs_is_nothing(drawn: list[Record], seed: int) -> None:
    records = numbered(drawn)
    pairs = pairs_of(records, seed)
    found = cluster(records=records, pairs=pairs)
    for members in found.clusters:
        for left, right in itertools.combinations(members, 2):
            assert conflict(left=records[left], right=records[right]) is None
    assert sorted(each for members in found.clusters for each in members) == sorted(records)
    assert cluster(records=records, pairs=list(reversed(pairs))).clusters == found.clusters


@given(RECORDS, st.integers(0, 9999), st.integers(0, 9))
def test_ids_stay_when_records_are_added_and_no_two_persons_share_one(
    drawn: list[Record], seed: int, first: int
) -> None:
    records = numbered(drawn)
    pairs = pairs_of(records, seed)
    early = {name: record for name, record in records.items() if int(name[1:]) <= first}
    before = cluster(records=early, pairs=[p for p in pairs if p.left in early and p.right in early])
    known = person_ids(clusters=before.clusters, known={})
    after = cluster(records=records, pairs=pairs)
    people = person_ids(clusters=after.clusters, known=known)
    assert len(set(people.values())) == len(after.clusters)
    for members in after.clusters:
        earlier = [set(each) for each in before.clusters if set(each) & set(members)]
        if earlier and all(each <= set(members) for each in earlier):
            kept = {known[each] for each in members if each in known}
            assert {people[each] for each in members} == {min(kept)}
    assert person_ids(clusters=after.clusters, known=people) == people


def test_a_store_linked_twice_is_the_same_and_new_records_keep_old_ids(tmp_path: Path) -> None:
    register = [
        ("1", "9990000131", "Jane", "Woodrow", "1950-03-07"),
        ("2", "9990079323", "Jake", "Woodrow", "1950-03-07"),
    ]
    land(tmp_path, 1, register)
    store = Store(tmp_path)
    actions.link(store=store, by="Ada")
    first, before = store.hashes(), people_of(store)
    assert actions.link(store=store, by="Ada").new_links == 0
    assert store.hashes() == first

    ambulance = [("7", None, "JANE", "WOODROW", "1950-03-07"), ("8", "9990079323", "Jake", "Woodrow", "1950-03-07")]
    land(tmp_path, 2, ambulance)
    report = actions.link(store=store, by="Ada")
    after = people_of(store)
    assert {name: after[name] for name in before} == before
    assert (report.records, report.persons, report.new_links) == (4, 2, 2)
    assert after["s2|7"] == after["s1|1"] and after["s2|8"] == after["s1|2"]
    assert report.orphan_facts == 2
    with connect() as connection:
        homes = connection.execute(
            f"SELECT count(DISTINCT household_id), count(*) FROM {parquet_sql([tmp_path / 'persons.parquet'])}"
        )
        assert homes.fetchall() == [(1, 2)]
    assert verify(store) == ()
    assert [entry["did"] for entry in entries(store)] == ["link_people"] * 3
