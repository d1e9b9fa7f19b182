"""How good links are, against a truth: pairs of records, Wilson intervals, and conflicts counted by the rules alone."""

from __future__ import annotations

import itertools
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from wherry.people.linkage.reading import RECORD, record_of
from wherry.people.linkage.rules import conflict

SURE = 1.959964  # 95 in a hundred


@dataclass(frozen=True)
class Quality:
    """
    Pairs of records: of one person in truth, linked, and both. waiting: true pairs that a person will look at.

    The intervals are Wilson's, 95 %, as if pairs were independent of each other; within one person they are not quite.
    """

    true_pairs: int
    linked_pairs: int
    right_pairs: int
    waiting: int

    @property
    def wrong(self) -> int:
        """Give the linked pairs that are two people."""
        return self.linked_pairs - self.right_pairs

    @property
    def precision(self) -> float:
        """Give the share of linked pairs that are right."""
        return self.right_pairs / max(1, self.linked_pairs)

    @property
    def recall(self) -> float:
        """Give the share of true pairs that are linked."""
        return self.right_pairs / max(1, self.true_pairs)

    def row(self) -> dict[str, Any]:
        """Give everything with its intervals, as plain values."""
        return {
            **asdict(self),
            "wrong_pairs": self.wrong,
            "precision": round(self.precision, 6),
            "precision_interval": wilson(self.right_pairs, self.linked_pairs),
            "recall": round(self.recall, 6),
            "recall_interval": wilson(self.right_pairs, self.true_pairs),
            "recall_with_review": round((self.right_pairs + self.waiting) / max(1, self.true_pairs), 6),
        }


def wilson(right: int, of: int) -> tuple[float, float]:
    """Give Wilson's 95 % interval of a share. (0, 1) where there is nothing to count."""
    if not of:
        return 0.0, 1.0
    share, square = right / of, SURE * SURE
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = SURE * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return round(max(0.0, middle - half), 6), round(min(1.0, middle + half), 6)


def quality(*, truth: Path, clusters: Path, review: Path | None = None) -> Quality:
    """
    Compare clusters with the truth. All Parquet: truth (record_id, person), clusters (record_id, cluster), review
    (left_record, right_record). Records without a truth are left out.
    """
    connection = duckdb.connect()
    connection.execute(f"""
        CREATE TABLE judged AS SELECT record_id, person, cluster
        FROM read_parquet('{truth}') t JOIN read_parquet('{clusters}') c USING (record_id)
    """)

    def pairs(*by: str) -> int:
        counted = f"SELECT count(*) AS n FROM judged GROUP BY {', '.join(by)}"
        sql = f"SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM ({counted})"
        return int(connection.execute(sql).fetchall()[0][0])

    waiting = 0
    if review:
        waiting = connection.execute(f"""
            SELECT count(*) FROM (SELECT DISTINCT left_record, right_record FROM read_parquet('{review}'))
            JOIN judged a ON a.record_id = left_record JOIN judged b ON b.record_id = right_record
            WHERE a.person = b.person AND a.cluster <> b.cluster
        """).fetchall()[0][0]
    return Quality(pairs("person"), pairs("cluster"), pairs("person", "cluster"), int(waiting))


def conflicts_inside(*, connection: duckdb.DuckDBPyConnection) -> int:
    """Count, by the rules one pair at a time, the pairs of the table `member` that share a part and conflict."""
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE together AS SELECT part, {", ".join(RECORD)} FROM member JOIN record USING (key)
        WHERE part IN (SELECT part FROM member GROUP BY 1 HAVING count(*) > 1) ORDER BY part, key
    """)
    reader = connection.execute("FROM together")
    found, part, members = 0, None, []
    while some := reader.fetchmany(20_000):
        for its_part, *values in some:
            if its_part != part:
                found += _conflicts(members)
                part, members = its_part, []
            members.append(record_of(values))
    return found + _conflicts(members)


def _conflicts(members: list[Any]) -> int:
    return sum(conflict(left=left, right=right) is not None for left, right in itertools.combinations(members, 2))
