"""Landed records, folded for comparison: one row a record with its newest known values."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from wherry.feeds.queries import landed_files
from wherry.foundation.errors import InputWrong
from wherry.people.linkage.types import Record
from wherry.people.superseded import numbers_in_use
from wherry.population import Store
from wherry.population.store import parquet_sql

if TYPE_CHECKING:
    import duckdb

FIELDS = (
    *("nhs_number", "given_name", "family_name", "birth_date", "sex", "ethnicity", "language", "address", "postcode"),
    *("lsoa", "imd_decile", "uprn", "place", "practice_code"),
)
_COMPARED = ("nhs_number", "given_name", "family_name", "birth_date", "sex", "address", "postcode", "uprn")
RECORD = ("record_id", "nhs_number", "given", "family", "birth_date", "sex", "postcode_key", "home", "contacts")
"""The columns of the table `record` that make a Record, in its order."""
_LETTERS = "translate(lower(strip_accents({name})), 'łøđıæœß', 'lodiaos')"


def load_records(*, connection: duckdb.DuckDBPyConnection, store: Store, only: Collection[str] | None = None) -> int:
    """
    Make `landed` (every version of every record, `rank` rising with trust) and `record` (one folded row each).

    rank: newer first, then a record that bears an NHS number, then the later delivery. A blank never wipes a value.
    record: what is compared, folded; `key` counts from 1 in the order of record_id; a home is a property number, also
    one that other records give for the same address, or else the address. only: these records and no others,
    with what their senders wrote beside it. Returns the number of records. Raises InputWrong when nothing was received.
    """
    files = list(landed_files(store=store, table="records"))
    if not files:
        raise InputWrong(f"nothing has been received in the store {store.path}; run wherry feeds receive first")
    order = "recorded_on NULLS FIRST, nhs_number IS NOT NULL, file_number, row_number, record_id"
    several = " UNION ALL BY NAME ".join(
        f"SELECT *, {number} AS file_number FROM {parquet_sql([file])}" for number, file in enumerate(files)
    )
    chosen = f"({several})"
    if only is not None:
        connection.execute("CREATE OR REPLACE TEMP TABLE chosen (record_id VARCHAR)")
        connection.execute("INSERT INTO chosen SELECT unnest(?)", [sorted(only)])
        chosen = f"({several}) SEMI JOIN chosen USING (record_id)"
    connection.execute(
        f"CREATE TEMP TABLE landed AS SELECT *, row_number() OVER (ORDER BY {order}) AS rank FROM {chosen}"
    )
    _follow_numbers(connection, store)
    newest = ", ".join(f"{newest_sql(name)} AS {name}" for name in _COMPARED)
    connection.execute(f"""
        CREATE TEMP TABLE record AS
        WITH newest AS MATERIALIZED (
            SELECT *, {home_sql("address", "postcode")} AS address_key
            FROM (SELECT record_id, {newest} FROM landed GROUP BY record_id)
        )
        SELECT CAST(row_number() OVER (ORDER BY record_id) AS INTEGER) AS key, record_id, nhs_number,
            {_folded("given_name")} AS given, {_folded("family_name")} AS family, birth_date, sex,
            nullif(regexp_replace(upper(postcode), '[^A-Z0-9]', '', 'g'), '') AS postcode_key,
            coalesce('uprn ' || coalesce(uprn, only_uprn), address_key) AS home, contacts
            {"" if only is None else ", given_name, family_name, address, postcode"}
        FROM newest LEFT JOIN ({_contacts_sql(store)}) USING (record_id) LEFT JOIN (
            SELECT address_key, any_value(uprn) AS only_uprn FROM newest
            WHERE uprn IS NOT NULL AND address_key IS NOT NULL GROUP BY 1 HAVING count(DISTINCT uprn) = 1
        ) USING (address_key)
    """)
    return int(connection.execute("SELECT count(*) FROM record").fetchall()[0][0])


def _follow_numbers(connection: duckdb.DuckDBPyConnection, store: Store) -> None:
    """Write the number in use for each that was replaced, so that a sender who is behind means the same person."""
    changes = numbers_in_use(store=store)
    if not changes:
        return
    connection.execute("CREATE OR REPLACE TEMP TABLE replaced (old VARCHAR, current VARCHAR)")
    connection.execute("INSERT INTO replaced SELECT unnest(?), unnest(?)", [list(changes), list(changes.values())])
    connection.execute("UPDATE landed SET nhs_number = current FROM replaced WHERE nhs_number = old")


def newest_sql(name: str) -> str:
    """Give the newest known value of a field; a blank is not a value."""
    return f"arg_max({name}, rank) FILTER (WHERE {name} IS NOT NULL AND CAST({name} AS VARCHAR) <> '')"


def home_sql(address: str, postcode: str) -> str:
    """Fold an address and its postcode to letters and digits, null unless both are there."""
    joined = f"lower({address}) || ' ' || lower(replace({postcode}, ' ', ''))"
    return f"CASE WHEN {address} <> '' THEN regexp_replace({joined}, '[^a-z0-9]', '', 'g') END"


def records_named(*, connection: duckdb.DuckDBPyConnection, record_ids: Collection[str]) -> dict[str, Record]:
    """Read the records of these ids into memory."""
    connection.execute("CREATE OR REPLACE TEMP TABLE wanted (record_id VARCHAR)")
    connection.execute("INSERT INTO wanted SELECT unnest(?)", [sorted(record_ids)])
    rows = connection.execute(f"SELECT {', '.join(RECORD)} FROM record SEMI JOIN wanted USING (record_id) ORDER BY key")
    return {row[0]: record_of(row) for row in rows.fetchall()}


def record_of(row: Sequence[Any]) -> Record:
    """Make a Record of the values of RECORD."""
    record_id, nhs_number, given, family, birth_date, sex, postcode, home, contacts = row
    return Record(
        record_id, nhs_number, given, family, birth_date, sex, postcode, home, contacts=frozenset(contacts or ())
    )


def _folded(name: str) -> str:
    return f"nullif(regexp_replace({_LETTERS.format(name=name)}, '[^a-z]', '', 'g'), '')"


def _contacts_sql(store: Store) -> str:
    files = list(landed_files(store=store, table="contact_points"))
    points = (
        f"SELECT record_id, kind, value FROM {parquet_sql(files)}"
        if files
        else "SELECT '' AS record_id, '' AS kind, '' AS value WHERE false"
    )
    return f"""
        SELECT record_id, list(DISTINCT lower(value) ORDER BY lower(value)) AS contacts FROM ({points})
        WHERE kind IN ('mobile', 'landline', 'email') GROUP BY record_id
    """
