"""Each pair found is linked, left for a person to look at, or left: what is sure at once, the rest by the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wherry.people.linkage.components import insert
from wherry.people.linkage.reading import RECORD, record_of
from wherry.people.linkage.rules import conflict, decide, is_confirmed
from wherry.people.linkage.sure import alike_sql, confirmed_sql
from wherry.people.linkage.types import Decision

if TYPE_CHECKING:
    import duckdb

_AT_ONCE = 20_000  # pairs in memory
ALMOST = 0.999999999999
"""However alike, a shared and confirmed number says more, so what it says is joined first."""
DIGITS = 12  # fewer made a twin and oneself equally likely
_SAID = "l INTEGER, r INTEGER, score DOUBLE, found_by VARCHAR, evidence VARCHAR"
_NUMBER, _SIMILARITY = "nhs_number", "similarity"
_BORNE_OUT, _ALIKE = "same NHS number, borne out", "alike in name, birth date and more"


def decide_pairs(*, connection: duckdb.DuckDBPyConnection) -> None:
    """Make `pair` (what links) and `waiting` (what a person should look at, and why) of `same_number` and `alike`."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE pair ({_SAID})")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE waiting ({_SAID}, why VARCHAR)")
    _decide_same_number(connection)
    _decide_similar(connection)


def _decide_same_number(connection: duckdb.DuckDBPyConnection) -> None:
    sure = confirmed_sql("a", "b")
    connection.execute(f"""
        INSERT INTO pair SELECT l, r, 1.0, '{_NUMBER}', '{_BORNE_OUT}'
        FROM same_number JOIN record a ON a.key = l JOIN record b ON b.key = r WHERE {sure}
    """)
    for some in _unsure(connection, "same_number", f"NOT {sure}", "1.0 AS score", "false"):
        linked, waiting = [], []
        for l, r, _, _, *both in some:  # noqa: E741
            one, other = record_of(both[: len(RECORD)]), record_of(both[len(RECORD) :])
            if conflict(left=one, right=other):
                waiting.append((l, r, 1.0, _NUMBER, "same NHS number", "they conflict"))
            elif is_confirmed(left=one, right=other):
                linked.append((l, r, 1.0, _NUMBER, _BORNE_OUT))
            else:
                waiting.append((l, r, 0.5, _NUMBER, "same NHS number", "not borne out"))
        insert(connection, "pair", linked)
        insert(connection, "waiting", waiting)


def _decide_similar(connection: duckdb.DuckDBPyConnection) -> None:
    sure = alike_sql("a", "b", "score")
    connection.execute(f"""
        INSERT INTO pair SELECT l, r, least(round(score, {DIGITS}), {ALMOST}), '{_SIMILARITY}', '{_ALIKE}'
        FROM alike JOIN record a ON a.key = l JOIN record b ON b.key = r WHERE {sure}
    """)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE shared_name AS SELECT given, family, postcode_key FROM record
        WHERE given IS NOT NULL AND family IS NOT NULL AND postcode_key IS NOT NULL GROUP BY ALL
        HAVING count(DISTINCT birth_date) > 1 OR count(DISTINCT nhs_number) > 1
    """)
    alone = "(a.given, a.family, a.postcode_key) NOT IN (FROM shared_name)"
    for some in _unsure(connection, "alike", f"NOT {sure}", "score", alone):
        linked, waiting = [], []
        for l, r, score, alone_there, *both in some:  # noqa: E741
            one, other = record_of(both[: len(RECORD)]), record_of(both[len(RECORD) :])
            decision = decide(left=one, right=other, score=score, alone_of_that_name=alone_there)
            if decision is Decision.LINK:
                linked.append((l, r, min(round(score, DIGITS), ALMOST), _SIMILARITY, _ALIKE))
            elif decision is Decision.REVIEW:
                waiting.append(
                    (
                        l,
                        r,
                        min(round(score, DIGITS), ALMOST),
                        _SIMILARITY,
                        _ALIKE,
                        "alike, not enough to link by itself",
                    )
                )
        insert(connection, "pair", linked)
        insert(connection, "waiting", waiting)


def _unsure(
    connection: duckdb.DuckDBPyConnection, pairs: str, where: str, score: str, alone: str
) -> Iterator[list[tuple[Any, ...]]]:
    """Give the pairs left to the rules, some at a time: keys, score, whether nobody else is called so, both records."""
    two = "JOIN record a ON a.key = l JOIN record b ON b.key = r"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE unsure AS
        SELECT row_number() OVER (ORDER BY l, r) AS n, l, r, {score}, {alone} AS alone
        FROM {pairs} {two} WHERE {where}
    """)
    both = ", ".join(f"{side}.{column}" for side in ("a", "b") for column in RECORD)
    first = 1
    while some := connection.execute(
        f"SELECT l, r, score, alone, {both} FROM unsure {two} WHERE n BETWEEN ? AND ? ORDER BY n",
        [first, first + _AT_ONCE - 1],
    ).fetchall():
        yield some
        first += _AT_ONCE
