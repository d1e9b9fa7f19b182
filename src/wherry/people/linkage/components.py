"""From the pairs of a whole store to its clusters: what cannot conflict all at once, the rest join by join."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from wherry.people.linkage.clusters import cluster
from wherry.people.linkage.reading import RECORD, record_of
from wherry.people.linkage.sure import at_odds_sql
from wherry.people.linkage.types import Bound, ForReview, Pair

if TYPE_CHECKING:
    import duckdb

_JOINED = "key INTEGER, score DOUBLE, found_by VARCHAR, evidence VARCHAR, l INTEGER, r INTEGER"


def find_components(*, connection: duckdb.DuckDBPyConnection, bound: Bound) -> int:
    """
    Make `member` (key, part), every record, and `joined` (the pair that brought a record in), from the table `pair`.

    Records reached from each other by pairs, or by what people said, are one part, named by its smallest key. A part
    that surely holds no conflict, and that no answer binds, is one cluster: no join in it would be refused, whatever
    the order. The others are clustered join by join. `waiting` gains what is refused there and loses what came together
    or was answered. Returns how many joins were refused.
    """
    _load_bound(connection, bound)
    _reach(connection)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE at_odds AS {at_odds_sql("reached")}
        UNION SELECT part FROM reached JOIN bound USING (key)
    """)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE member AS
        SELECT key, coalesce(part, key) AS part FROM record LEFT JOIN reached USING (key)
        WHERE part IS NULL OR part NOT IN (FROM at_odds)
    """)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE joined ({_JOINED})")
    connection.execute("""
        INSERT INTO joined
        SELECT key, best.score, best.found_by, best.evidence, best.l, best.r FROM (
            SELECT key, arg_min(
                struct_pack(score := score, found_by := found_by, evidence := evidence, l := l, r := r),
                struct_pack(weakness := -score, l := l, r := r)
            ) AS best
            FROM (SELECT unnest([l, r]) AS key, * FROM pair SEMI JOIN member ON l = member.key) GROUP BY key
        )
    """)
    refused = _join_by_join(connection, bound)
    connection.execute("DELETE FROM waiting USING member a, member b WHERE a.key = l AND b.key = r AND a.part = b.part")
    return refused


def _load_bound(connection: duckdb.DuckDBPyConnection, bound: Bound) -> None:
    """Make `bound` (key), the records somebody answered about, and `said` (l, r), those somebody said are one."""
    connection.execute("CREATE OR REPLACE TEMP TABLE bound (key INTEGER)")
    connection.execute("CREATE OR REPLACE TEMP TABLE said (l INTEGER, r INTEGER)")
    keys = _keys(connection, bound.records)
    insert(connection, "bound", ((key,) for key in keys.values()))
    here = [one for one in (*bound.same, *bound.proposed) if one.left in keys and one.right in keys]
    insert(connection, "said", ((keys[one.left], keys[one.right]) for one in here))


def _keys(connection: duckdb.DuckDBPyConnection, record_ids: Collection[str]) -> dict[str, int]:
    rows = connection.execute(
        "SELECT record_id, key FROM record WHERE record_id IN (SELECT unnest(?::VARCHAR[]))", [sorted(record_ids)]
    )
    return dict(rows.fetchall())


def _reach(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `reached` (key, part): what pairs lead to, by the smallest key; each round halves the way that is left."""
    import numpy as np

    pairs = connection.execute(
        "SELECT l, r FROM pair UNION ALL FROM said UNION ALL SELECT key, key FROM bound"
    ).fetchnumpy()
    left, right = pairs["l"], pairs["r"]
    keys = np.unique(np.concatenate([left, right]))
    left, right = np.searchsorted(keys, left), np.searchsorted(keys, right)
    part = np.arange(len(keys))
    while not np.array_equal(part[left], part[right]):
        low = np.minimum(part[left], part[right])
        np.minimum.at(part, part[left], low)
        np.minimum.at(part, part[right], low)
        while not np.array_equal(part, part[part]):
            part = part[part]
    connection.register("reached_rows", {"key": keys, "part": keys[part]})
    connection.execute("CREATE OR REPLACE TEMP TABLE reached AS SELECT * FROM reached_rows")
    connection.unregister("reached_rows")


def _join_by_join(connection: duckdb.DuckDBPyConnection, bound: Bound) -> int:
    connection.execute("CREATE OR REPLACE TEMP TABLE inside AS FROM reached WHERE part IN (FROM at_odds)")
    rows = connection.execute(f"SELECT key, {', '.join(RECORD)} FROM record SEMI JOIN inside USING (key)").fetchall()
    keys = {row[1]: row[0] for row in rows}
    if not keys:
        return 0
    found = cluster(
        records={row[1]: record_of(row[1:]) for row in rows},
        pairs=[Pair(*row) for row in _inside(connection, "pair", "")],
        review=[ForReview(Pair(*row[:5]), row[5]) for row in _inside(connection, "waiting", ", why")],
        bound=bound,
    )
    parts = ((keys[each], min(keys[one] for one in members)) for members in found.clusters for each in members)
    insert(connection, "member", parts)
    insert(connection, "joined", ((keys[name], *_row(keys, pair)) for name, pair in found.joined_by.items()))
    connection.execute("DELETE FROM waiting WHERE l IN (SELECT key FROM inside) AND r IN (SELECT key FROM inside)")
    asked = ((keys[one.pair.left], keys[one.pair.right], *_said(one.pair), one.why) for one in found.review)
    insert(connection, "waiting", asked)
    return found.refused


def _inside(connection: duckdb.DuckDBPyConnection, table: str, more: str) -> list[tuple[Any, ...]]:
    """Give the pairs of a table whose records are both in parts to be joined one by one."""
    return connection.execute(f"""
        SELECT a.record_id, b.record_id, score, found_by, evidence{more} FROM {table}
        JOIN record a ON a.key = l JOIN record b ON b.key = r
        WHERE l IN (SELECT key FROM inside) AND r IN (SELECT key FROM inside) ORDER BY found_by, l, r
    """).fetchall()


def _row(keys: dict[str, int], pair: Pair) -> tuple[Any, ...]:
    return *_said(pair), keys[pair.left], keys[pair.right]


def _said(pair: Pair) -> tuple[float, str, str]:
    return pair.score, pair.found_by, pair.evidence


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Add rows to a table, by column."""
    import numpy as np  # pyarrow would do, and import pandas for it

    columns = list(zip(*rows, strict=True))
    if columns:
        given = {f"c{number:02d}": np.array(values, dtype=_kind(values)) for number, values in enumerate(columns)}
        connection.register("rows_to_insert", given)
        connection.execute(f"INSERT INTO {table} SELECT * FROM rows_to_insert")
        connection.unregister("rows_to_insert")


def _kind(values: tuple[Any, ...]) -> str:
    return {int: "int64", float: "float64"}.get(type(values[0]), "object")
