"""Over random records: no conflict inside a cluster, pairs in any order, ids that stay; and a whole store twice."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
from pathlib import Path

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from wherry.people.linkage import actions
from wherry.people.linkage.clusters import cluster, person_ids
from wherry.people.linkage.rules import conflict
from wherry.people.linkage.types import Pair, Record
from wherry.population import Store, connect
from wherry.population.ledger import entries, verify
from wherry.population.store import parquet_sql

_RECORDS = st.lists(
    st.builds(
        Record,
        record_id=st.just(""),
        nhs_number=st.sampled_from([None, None, "1", "2"]),
        given=st.sampled_from([None, "jane", "jean", "peter", "p"]),
        family=st.sampled_from(["rix", "woodrow"]),
        birth_date=st.sampled_from([None, dt.date(1950, 3, 7), dt.date(1950, 7, 3), dt.date(1980, 1, 1)]),
        sex=st.sampled_from([None, "female", "male"]),
        home=st.sampled_from([None, "here", "there"]),
    ),
    min_size=1,
    max_size=9,
)


def _numbered(drawn: list[Record]) -> dict[str, Record]:
    return {f"r{n}": Record(**{**each.__dict__, "record_id": f"r{n}"}) for n, each in enumerate(drawn)}


def _pairs(records: dict[str, Record], seed: int) -> list[Pair]:
    chance = random.Random(seed)
    every = list(itertools.combinations(sorted(records), 2))
    drawn = chance.sample(every, chance.randrange(len(every) + 1))
    return [Pair(left, right, chance.choice([0.95, 0.99, 1.0]), "similarity", "") for left, right in drawn]


@given(_RECORDS, st.integers(0, 9999))
def test_no_cluster_holds_a_conflict_and_the_order_of_pairs_is_nothing(drawn: list[Record], seed: int) -> None:
    records = _numbered(drawn)
    pairs = _pairs(records, seed)
    found = cluster(records=records, pairs=pairs)
    for members in found.clusters:
        for left, right in itertools.combinations(members, 2):
            assert conflict(left=records[left], right=records[right]) is None
    assert sorted(each for members in found.clusters for each in members) == sorted(records)
    assert cluster(records=records, pairs=list(reversed(pairs))).clusters == found.clusters


@given(_RECORDS, st.integers(0, 9999), st.integers(0, 9))
def test_ids_stay_when_records_are_added_and_no_two_persons_share_one(
    drawn: list[Record], seed: int, first: int
) -> None:
    records = _numbered(drawn)
    pairs = _pairs(records, seed)
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


def _land(folder: Path, number: int, rows: list[tuple[str, str | None, str, str, str]]) -> None:
    """Write one batch: (subject, NHS number, given, family, birth date); everybody has one diagnosis."""
    batch = folder / "batches" / f"batch{number}"
    batch.mkdir(parents=True)
    (batch / "manifest.json").write_text(json.dumps({"batch_id": f"batch{number}", "sequence": number}))
    numbers = ["NULL::VARCHAR" if nhs is None else f"'{nhs}'" for _, nhs, *_ in rows]
    values = ", ".join(
        f"('s{number}|{subject}', 's{number}', '{subject}', {place}, {nhs}, '{given_name}', '{family}', DATE '{born}')"
        for place, ((subject, _, given_name, family, born), nhs) in enumerate(zip(rows, numbers, strict=True))
    )
    empty = ", ".join(f"NULL::VARCHAR AS {name}" for name in ("sex", "ethnicity", "language", "lsoa", "uprn", "place"))
    names = "record_id, source, subject_id, row_number, nhs_number, given_name, family_name, birth_date"
    records = (
        f"SELECT *, {empty}, NULL::DATE AS death_date, '1 Quay' AS address, 'NR1 1AA' AS postcode, NULL::TINYINT AS"
        " imd_decile, NULL::VARCHAR AS practice_code, false AS communal, true AS synthetic,"
        f" DATE '2026-01-0{number}' AS recorded_on FROM (VALUES {values}) t({names})"
    )
    facts = (
        "SELECT record_id, source, row_number, 'diagnosis' AS kind, 'snomed' AS system, '44054006' AS code,"
        " DATE '2020-01-01' AS date, NULL::DATE AS end_date, 'active' AS status, NULL::DOUBLE AS value,"
        f" NULL::VARCHAR AS unit, DATE '2026-01-01' AS recorded_on, 'batch{number}' AS batch_id"
        f" FROM (VALUES {values}, ('gone', 's', 'g', 99, NULL, 'x', 'y', NULL)) t({names})"
    )
    points = (
        "SELECT '' AS record_id, 'mobile' AS kind, '' AS value, '' AS source, NULL::DATE AS recorded_on WHERE false"
    )
    wishes = (
        "SELECT '' AS record_id, 'stop' AS kind, '' AS value, '' AS source, NULL::DATE AS recorded_on,"
        " NULL::DATE AS ends_on WHERE false"
    )
    connection = duckdb.connect()
    for name, sql in {"records": records, "facts": facts, "contact_points": points, "wishes": wishes}.items():
        connection.execute(f"COPY ({sql}) TO '{batch}/{name}.parquet' (FORMAT parquet)")


def _people(store: Store) -> dict[str, str]:
    from wherry.people.linkage.links import known_people

    with connect() as connection:
        return known_people(connection=connection, store=store)


def test_a_store_linked_twice_is_the_same_and_new_records_keep_old_ids(tmp_path: Path) -> None:
    register = [
        ("1", "9990000131", "Jane", "Woodrow", "1950-03-07"),
        ("2", "9990079323", "Jake", "Woodrow", "1950-03-07"),
    ]
    _land(tmp_path, 1, register)
    store = Store(tmp_path)
    actions.link(store=store, by="Ada")
    first, before = store.hashes(), _people(store)
    assert actions.link(store=store, by="Ada").new_links == 0
    assert store.hashes() == first

    ambulance = [("7", None, "JANE", "WOODROW", "1950-03-07"), ("8", "9990079323", "Jake", "Woodrow", "1950-03-07")]
    _land(tmp_path, 2, ambulance)
    report = actions.link(store=store, by="Ada")
    after = _people(store)
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
