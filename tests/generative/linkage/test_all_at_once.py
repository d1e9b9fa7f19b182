"""Over random records, scores and answers: what SQL does for all at once is what the rules say one by one."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.generative.linkage.test_answers_bind import SAID, answers_of
from tests.support.linking import numbered
from wherry.people.linkage.binding import binding
from wherry.people.linkage.clusters import cluster, new_person_id, person_ids
from wherry.people.linkage.components import find_components, insert
from wherry.people.linkage.deciding import ALMOST, DIGITS, decide_pairs
from wherry.people.linkage.identities import give_ids, new_person_id_sql
from wherry.people.linkage.pairing import find_same_number_pairs
from wherry.people.linkage.rules import conflict, decide, is_confirmed, name_at
from wherry.people.linkage.sure import alike_sql, at_odds_sql, confirmed_sql
from wherry.people.linkage.types import Bound, Clustering, Decision, ForReview, Pair, Record
from wherry.population import connect

_MANY = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_DAYS = (None, dt.date(1950, 3, 7), dt.date(1950, 3, 7), dt.date(1950, 7, 3), dt.date(1950, 3, 8), dt.date(1980, 1, 1))
_RECORDS = st.lists(
    st.builds(
        Record,
        record_id=st.just(""),
        nhs_number=st.sampled_from([None, None, "1", "2", "3"]),
        given=st.sampled_from([None, "jane", "jane", "jean", "jaen", "janet", "peter", "p", "rix"]),
        family=st.sampled_from([None, "rix", "rix", "woodrow", "woodroww", "jane"]),
        birth_date=st.sampled_from(_DAYS),
        sex=st.sampled_from([None, "female", "female", "male"]),
        postcode=st.sampled_from([None, "NR11AA", "NR22BB"]),
        home=st.sampled_from([None, "here", "there"]),
        contacts=st.sampled_from([frozenset(), frozenset({"07700900001"}), frozenset({"07700900001", "a@b.c"})]),
    ),
    min_size=1,
    max_size=24,
)
_RECORD = (
    "key INTEGER, record_id VARCHAR, nhs_number VARCHAR, given VARCHAR, family VARCHAR, birth_date DATE, sex VARCHAR,"
    " postcode_key VARCHAR, home VARCHAR, contacts VARCHAR[]"
)
_ALIKE = "alike in name, birth date and more"
_ASK = "alike, not enough to link by itself"


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as opened:
        yield opened


def _load(connection: duckdb.DuckDBPyConnection, records: dict[str, Record]) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE record ({_RECORD})")
    rows = []
    for key, (name, one) in enumerate(sorted(records.items()), start=1):
        said = (key, name, one.nhs_number, one.given, one.family, one.birth_date, one.sex, one.postcode, one.home)
        rows.append([*said, sorted(one.contacts)])
    connection.executemany(f"INSERT INTO record VALUES ({', '.join('?' * 10)})", rows)


def _score(
    connection: duckdb.DuckDBPyConnection, records: dict[str, Record], seed: int
) -> list[tuple[str, str, float]]:
    """Score some pairs of which one has no number, as Splink would, but at random."""
    chance, names = random.Random(seed), sorted(records)
    bare = [
        (left, right, chance.choice([0.5, 0.7, 0.96, 0.99, 0.9999999]))
        for place, left in enumerate(names)
        for right in names[place + 1 :]
        if not (records[left].nhs_number and records[right].nhs_number) and chance.random() < 0.6
    ]
    connection.execute("CREATE OR REPLACE TEMP TABLE alike (l INTEGER, r INTEGER, score DOUBLE)")
    place = {name: key for key, name in enumerate(names, start=1)}
    insert(connection, "alike", [(place[left], place[right], score) for left, right, score in bare])
    return bare


def _one_by_one(records: dict[str, Record], scored: list[tuple[str, str, float]], bound: Bound) -> Clustering:
    pairs: list[Pair] = []
    review: list[ForReview] = []
    names = sorted(records)
    for place, left in enumerate(names):
        for right in names[place + 1 :]:
            one, other = records[left], records[right]
            if not one.nhs_number or one.nhs_number != other.nhs_number:
                continue
            if conflict(left=one, right=other):
                review.append(ForReview(Pair(left, right, 1.0, "nhs_number", "same NHS number"), "they conflict"))
            elif is_confirmed(left=one, right=other):
                pairs.append(Pair(left, right, 1.0, "nhs_number", "same NHS number, borne out"))
            else:
                review.append(ForReview(Pair(left, right, 0.5, "nhs_number", "same NHS number"), "not borne out"))
    for left, right, score in scored:
        pair = Pair(left, right, min(round(score, DIGITS), ALMOST), "similarity", _ALIKE)
        alone = name_at(records[left]) not in _shared(records)
        decision = decide(left=records[left], right=records[right], score=score, alone_of_that_name=alone)
        if decision is Decision.LINK:
            pairs.append(pair)
        elif decision is Decision.REVIEW:
            review.append(ForReview(pair, _ASK))
    return cluster(records=records, pairs=pairs, review=review, bound=bound)


def _shared(records: dict[str, Record]) -> set[object]:
    born: dict[object, set[object]] = {}
    numbers: dict[object, set[object]] = {}
    for one in records.values():
        where = (one.given, one.family, one.postcode)
        if None not in where:
            born.setdefault(where, set()).update({one.birth_date} - {None})
            numbers.setdefault(where, set()).update({one.nhs_number} - {None})
    return {where for where in born if len(born[where]) > 1 or len(numbers[where]) > 1}


@_MANY
@given(_RECORDS, SAID, st.integers(0, 9999))
def test_all_at_once_finds_what_one_by_one_finds(
    connection: duckdb.DuckDBPyConnection, drawn: list[Record], said: list, seed: int
) -> None:
    records = numbered(drawn)
    bound = binding(answers=answers_of(said, records)) if seed % 2 else Bound()
    _load(connection, records)
    expected = _one_by_one(records, _score(connection, records, seed), bound)

    assert find_same_number_pairs(connection=connection) == 0
    decide_pairs(connection=connection)
    refused = find_components(connection=connection, bound=bound)

    found = connection.execute(
        "SELECT list(record_id ORDER BY record_id) FROM member JOIN record USING (key) GROUP BY part ORDER BY 1"
    ).fetchall()
    assert [tuple(members) for (members,) in found] == list(expected.clusters)
    assert refused == expected.refused
    joined = connection.execute("""
        SELECT j.record_id, a.record_id, b.record_id, score, found_by, evidence FROM joined JOIN record j USING (key)
        JOIN record a ON a.key = l JOIN record b ON b.key = r
    """).fetchall()
    assert {name: Pair(*pair) for name, *pair in joined} == dict(expected.joined_by)
    waiting = connection.execute("""
        SELECT a.record_id, b.record_id, score, found_by, evidence, why FROM waiting
        JOIN record a ON a.key = l JOIN record b ON b.key = r ORDER BY 1, 2
    """).fetchall()
    assert [ForReview(Pair(*row[:5]), row[5]) for row in waiting] == list(expected.review)


@_MANY
@given(_RECORDS, st.integers(0, 9999))
def test_what_sql_is_sure_of_the_rules_say_too(
    connection: duckdb.DuckDBPyConnection, drawn: list[Record], seed: int
) -> None:
    records = numbered(drawn)
    _load(connection, records)
    two = "FROM record a JOIN record b ON a.key < b.key"
    for left, right in connection.execute(
        f"SELECT a.record_id, b.record_id {two} AND a.nhs_number = b.nhs_number AND {confirmed_sql('a', 'b')}"
    ).fetchall():
        assert conflict(left=records[left], right=records[right]) is None
        assert is_confirmed(left=records[left], right=records[right])
    for left, right in connection.execute(
        f"SELECT a.record_id, b.record_id {two} AND {alike_sql('a', 'b', '0.99')}"
    ).fetchall():
        assert decide(left=records[left], right=records[right], score=0.99) is Decision.LINK


def _grid() -> dict[str, Record]:
    """Every record of a few values each: chance seldom draws two that differ in one thing alone."""
    values = itertools.product(
        (None, "1", "2"),
        (None, "jane", "jean", "peter"),
        (None, *_DAYS[1::2][:2]),
        (None, "female", "male"),
        (None, "here"),
    )
    return numbered(
        [Record("", number, given, "rix", born, sex, home=home) for number, given, born, sex, home in values]
    )


def test_every_pair_sql_is_sure_of_the_rules_say_too(connection: duckdb.DuckDBPyConnection) -> None:
    records = _grid()
    _load(connection, records)
    sure = f"a.nhs_number = b.nhs_number AND {confirmed_sql('a', 'b')}", alike_sql("a", "b", "0.99")
    pairs = "SELECT a.record_id, b.record_id FROM record a JOIN record b ON a.key < b.key WHERE"
    confirmed, alike = (connection.execute(f"{pairs} {condition}").fetchall() for condition in sure)

    assert confirmed and alike
    for left, right in confirmed:
        assert conflict(left=records[left], right=records[right]) is None
        assert is_confirmed(left=records[left], right=records[right])
    for left, right in alike:
        assert decide(left=records[left], right=records[right], score=0.99) is Decision.LINK


def test_every_pair_that_conflicts_is_at_odds_in_sql(connection: duckdb.DuckDBPyConnection) -> None:
    records = _grid()
    _load(connection, records)
    pairs = list(itertools.combinations(sorted(records), 2))
    conflicts = [pair for pair in pairs if conflict(left=records[pair[0]], right=records[pair[1]])]
    keys = dict(connection.execute("SELECT record_id, key FROM record").fetchall())
    connection.execute("CREATE OR REPLACE TEMP TABLE grouped (part INTEGER, key INTEGER)")
    insert(connection, "grouped", [(part, keys[one]) for part, pair in enumerate(conflicts) for one in pair])

    found = {part for (part,) in connection.execute(at_odds_sql("grouped")).fetchall()}

    assert conflicts and [pair for part, pair in enumerate(conflicts) if part not in found] == []


@_MANY
@given(st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=1, max_size=4), st.integers(0, 9999))
def test_ids_for_all_at_once_are_the_ids_one_by_one(
    connection: duckdb.DuckDBPyConnection, runs: list[list[int]], seed: int
) -> None:
    """Records come and are grouped anew by chance in each run; the map of the run before is what is known."""
    chance = random.Random(seed)
    known: dict[str, str] = {}
    former: dict[str, tuple[str, ...]] = {}
    for count in range(1, len(runs) + 2):
        names = [f"r{n}" for n in range(3 * count)]
        parts = {name: chance.randrange(4) for name in names}
        groups = [tuple(name for name in names if parts[name] == part) for part in sorted(set(parts.values()))]
        expected = person_ids(clusters=groups, known=known, former=former)

        _load(connection, {name: Record(name) for name in names})
        keys = dict(connection.execute("SELECT record_id, key FROM record").fetchall())
        connection.execute("CREATE OR REPLACE TEMP TABLE member (key INTEGER, part INTEGER)")
        insert(
            connection, "member", [(keys[each], min(keys[one] for one in group)) for group in groups for each in group]
        )
        connection.execute("CREATE OR REPLACE TEMP TABLE known (record_id VARCHAR, person_id VARCHAR)")
        insert(connection, "known", list(known.items()))
        assert give_ids(connection=connection, former=former) == len(groups)
        found = dict(connection.execute("SELECT record_id, person_id FROM linked").fetchall())
        assert found == expected
        for name in known:
            if known[name] != found[name]:
                former[name] = (found[name], known[name], *former.get(name, ()))
        known = found


@_MANY
@given(st.text(max_size=20))
def test_an_id_in_sql_is_the_id_in_python(connection: duckdb.DuckDBPyConnection, seed: str) -> None:
    seed = seed.replace("\0", "")
    found = connection.execute(f"SELECT {new_person_id_sql('seed')} FROM (SELECT ?::VARCHAR AS seed)", [seed])
    assert found.fetchall() == [(new_person_id(seed=seed),)]
