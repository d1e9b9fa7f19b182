"""Which id each cluster of a store bears: what is plain for all at once, the rest by `person_ids`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from wherry.people.linkage.clusters import person_ids
from wherry.people.linkage.components import insert

if TYPE_CHECKING:
    import duckdb

_AGAIN = 20  # an id made for the n-th person split from one record; nobody is split so often at one time


def give_ids(*, connection: duckdb.DuckDBPyConnection, former: Mapping[str, Sequence[str]]) -> int:
    """
    Make `linked` (key, record_id, person_id) of `member` and `known`. Returns how many persons there are.

    former: for records that ever moved, whom they belonged to, the latest first.

    Plain: a cluster with one known id that no other cluster has keeps it; a cluster of new records is called after its
    first record, where nobody is called so. Persons that became one, or several, are settled by `person_ids`.
    """
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE claim AS
        SELECT DISTINCT part, person_id FROM member JOIN record USING (key) JOIN known USING (record_id)
    """)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE named AS
        WITH several AS (
            SELECT part FROM claim WHERE person_id IN (SELECT person_id FROM claim GROUP BY 1 HAVING count(*) > 1)
            UNION SELECT part FROM claim GROUP BY 1 HAVING count(*) > 1
        ),
        fresh AS (
            SELECT part, {new_person_id_sql("record_id")} AS person_id
            FROM (SELECT DISTINCT part FROM member) ANTI JOIN claim USING (part) JOIN record ON key = part
        )
        SELECT part, person_id FROM claim WHERE part NOT IN (FROM several)
        UNION ALL SELECT part, person_id FROM fresh ANTI JOIN known USING (person_id)
    """)
    _settle(connection, former)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE linked AS
        SELECT key, record_id, person_id FROM member JOIN named USING (part) JOIN record USING (key)
    """)
    return int(connection.execute("SELECT count(DISTINCT person_id) FROM linked").fetchall()[0][0])


def new_person_id_sql(seed: str) -> str:
    """Say in SQL what `new_person_id` says: the first half of the seed's hash, marked as a version 5 UUID."""
    hashed = f"sha256('wherry person ' || {seed})"
    variant = f"substr('89ab', 1 + ((strpos('0123456789abcdef', substr({hashed}, 17, 1)) - 1) & 3), 1)"
    parts = [
        f"substr({hashed}, 1, 8) || '-'",
        f"substr({hashed}, 9, 4) || '-5'",
        f"substr({hashed}, 14, 3) || '-'",
        variant,
        f"substr({hashed}, 18, 3) || '-'",
        f"substr({hashed}, 21, 12)",
    ]
    return f"({' || '.join(parts)})"


def _settle(connection: duckdb.DuckDBPyConnection, former: Mapping[str, Sequence[str]]) -> None:
    rows = connection.execute("""
        SELECT part, list(record_id ORDER BY record_id), list(person_id ORDER BY record_id)
        FROM member ANTI JOIN named USING (part) JOIN record USING (key) LEFT JOIN known USING (record_id)
        GROUP BY part ORDER BY part
    """).fetchall()
    if not rows:
        return
    known = {
        record_id: person_id
        for _, members, ids in rows
        for record_id, person_id in zip(members, ids, strict=True)
        if person_id is not None
    }
    earlier = {record_id: former[record_id] for record_id in known if record_id in former}
    taken = _taken(connection, {person_id for people in earlier.values() for person_id in people})
    people = person_ids(clusters=[members for _, members, _ in rows], known=known, former=earlier, taken=taken)
    insert(connection, "named", ((part, people[members[0]]) for part, members, _ in rows))


def _taken(connection: duckdb.DuckDBPyConnection, earlier: Collection[str]) -> set[str]:
    """Give the ids in use among those the records still to be settled had, or might be called after."""
    rows = connection.execute(
        f"""
        WITH seed AS (
            SELECT record_id FROM member ANTI JOIN named USING (part) JOIN record USING (key)
        ),
        mine AS (
            SELECT {new_person_id_sql("record_id")} AS person_id FROM seed UNION ALL
            SELECT {new_person_id_sql("record_id || ' again ' || n")} FROM seed, range(1, {_AGAIN}) again(n) UNION ALL
            SELECT unnest(?::VARCHAR[])
        )
        SELECT DISTINCT person_id FROM known SEMI JOIN mine USING (person_id)
        """,
        [sorted(earlier)],
    )
    return {row[0] for row in rows.fetchall()}
