"""The two passes that find pairs: a shared NHS number, then similarity (Splink) where a number is missing."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from wherry.people.linkage.rules import REVIEW_AT
from wherry.people.linkage.weights import settings

if TYPE_CHECKING:
    import duckdb

_SCORED = "key, nhs_number, given, family, CAST(birth_date AS VARCHAR) AS born, sex, postcode_key, home, contacts"
CROWDED = 5_000
"""A value borne by more records than this (a birth date nobody knew, a name that says "baby") tells nobody apart."""
ONE_PERSONS = 100
"""More records than this under one NHS number are compared by what they say, not each with each."""
SHARED_CONTACT = 50
"""A telephone or e-mail address on more records than this is an office's or a home's, not somebody's."""
_BLOCKS = (
    ("birth_date", "substr(given, 1, 2)"),
    ("birth_date", "substr(family, 1, 2)"),
    ("birth_date", "postcode_key"),
    ("given", "family"),
    ("postcode_key", "given"),
    ("postcode_key", "family"),
)
_TURNED = "l.birth_date = r.birth_date AND l.given = r.family AND l.family = r.given"
_ONCE = "(r.nhs_number IS NOT NULL OR l.key < r.key)"
_CONTACT = f"""
    SELECT l.key AS join_key_l, r.key AS join_key_r FROM reached_at l JOIN reached_at r USING (contact)
    WHERE l.nhs_number IS NULL AND {_ONCE}
"""


def find_same_number_pairs(*, connection: duckdb.DuckDBPyConnection) -> int:
    """
    Make `same_number` (l, r): the pairs of records that bear the same valid NHS number.

    A number with more than ONE_PERSONS records: those that say the same are paired with the first of them, and those
    firsts with each other; where even those are more, the number is nobody's and only what says the same is paired.
    Returns how many numbers are nobody's.
    """
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE crowd AS SELECT key, nhs_number, n, min(key) OVER said AS first FROM (
            SELECT key, nhs_number, given, family, birth_date, count(*) OVER (PARTITION BY nhs_number) AS n
            FROM record WHERE nhs_number IS NOT NULL
        ) WHERE n > {ONE_PERSONS} WINDOW said AS (PARTITION BY nhs_number, given, family, birth_date)
    """)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE same_number AS
        WITH numbered AS (SELECT key, nhs_number FROM record ANTI JOIN crowd USING (key)),
        heads AS (
            SELECT key, nhs_number FROM crowd WHERE key = first
            QUALIFY count(*) OVER (PARTITION BY nhs_number) <= {ONE_PERSONS}
        )
        SELECT l.key AS l, r.key AS r FROM numbered l JOIN numbered r
        ON l.nhs_number = r.nhs_number AND l.key < r.key
        UNION ALL SELECT first, key FROM crowd WHERE first < key
        UNION ALL SELECT l.key, r.key FROM heads l JOIN heads r ON l.nhs_number = r.nhs_number AND l.key < r.key
    """)
    nobodys = connection.execute(f"""
        SELECT count(*) FROM (SELECT nhs_number FROM crowd WHERE key = first GROUP BY 1 HAVING count(*) > {ONE_PERSONS})
    """)
    return int(nobodys.fetchall()[0][0])


def find_alike_pairs(*, connection: duckdb.DuckDBPyConnection) -> None:
    """
    Make `alike` (l, r, score): pairs at or over review of which at least one record has no NHS number.

    Two records that both have one are never scored: alike they are paired by it, different they conflict. The
    weights are fixed and no sample is drawn, so the same records give the same scores on every run. Splink is handed
    the blocked pairs, the records in them and how often each name is among all records, not all the records.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE alike (l INTEGER, r INTEGER, score DOUBLE)")
    records = int(connection.execute("SELECT count(*) FROM record").fetchall()[0][0])
    if records < 2 or not _block(connection):
        return
    from splink import DuckDBAPI, Linker  # 0.6 s to import, so only where it is used

    logging.getLogger("splink").setLevel(logging.ERROR)
    connection.execute(f"""
        CREATE OR REPLACE TABLE scored_records AS SELECT {_SCORED} FROM record SEMI JOIN (
            SELECT join_key_l AS key FROM blocked UNION SELECT join_key_r FROM blocked
        ) USING (key) ORDER BY key
    """)
    database = DuckDBAPI(connection)
    linker = Linker(database.register("scored_records"), settings(records=records), log_level=logging.ERROR)
    for name in ("given", "family"):
        connection.execute(f"""
            CREATE OR REPLACE TABLE frequency_{name} AS
            SELECT {name}, count(*) / sum(count(*)) OVER () AS tf_{name} FROM record WHERE {name} IS NOT NULL GROUP BY 1
        """)
        linker.table_management.register_term_frequency_lookup(database.register(f"frequency_{name}"), name)
    linker.table_management.register_blocked_pairs_for_predict(database.register("blocked"))
    found = linker.inference.predict(threshold_match_probability=REVIEW_AT, warning_mode="never")
    connection.execute(f"""
        INSERT INTO alike SELECT least(key_l, key_r), greatest(key_l, key_r), match_probability
        FROM {found.physical_name} ORDER BY 1, 2
    """)
    for table in ("scored_records", "frequency_given", "frequency_family", "blocked", found.physical_name):
        connection.execute(f"DROP TABLE {table}")


def _block(connection: duckdb.DuckDBPyConnection) -> int:
    """Make `blocked`: each pair worth scoring once, a record without a number on its left. Returns how many."""
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE reached_at AS
        SELECT * FROM (SELECT key, nhs_number, unnest(contacts) AS contact FROM record)
        QUALIFY count(*) OVER (PARTITION BY contact) <= {SHARED_CONTACT}
    """)
    turned = f"""
        SELECT l.key AS join_key_l, r.key AS join_key_r FROM record l JOIN record r ON {_TURNED}
        WHERE l.nhs_number IS NULL AND {_ONCE}
    """
    pairs = " UNION ".join([*(_block_sql(one, other) for one, other in _BLOCKS), turned, _CONTACT])
    connection.execute(f"CREATE OR REPLACE TABLE blocked AS SELECT '0' AS match_key, * FROM ({pairs})")
    return int(connection.execute("SELECT count(*) FROM blocked").fetchall()[0][0])


def _block_sql(one: str, other: str) -> str:
    keyed = f"SELECT key, nhs_number, {one} AS a, {other} AS b FROM record WHERE a IS NOT NULL AND b IS NOT NULL"
    return f"""
        SELECT l.key AS join_key_l, r.key AS join_key_r FROM (
            FROM ({keyed} AND nhs_number IS NULL)
            ANTI JOIN (SELECT a, b FROM ({keyed}) GROUP BY ALL HAVING count(*) > {CROWDED}) USING (a, b)
        ) l JOIN ({keyed}) r ON l.a = r.a AND l.b = r.b AND {_ONCE}
    """
