"""SQL for the store's tables, from landed rows and the table `linked` (record_id, person_id)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from wherry.people.linkage.homes import CommunalWords, homes_sql
from wherry.people.linkage.reading import FIELDS, newest_sql
from wherry.population.store import parquet_sql, sql_text

_NO_POINTS = (
    "SELECT '' AS record_id, '' AS kind, '' AS value, '' AS source, CAST(NULL AS DATE) AS recorded_on WHERE false"
)


def persons_sql(words: CommunalWords) -> str:
    """
    One row a person: newest known value of each field, a death if any sender knows of one, a household.

    Household: the home, see `homes_sql`; people in a communal home, or at an address with a crowd, are each on their
    own. The property number is that home's: an older one is a door that is no longer theirs. A postcode counts from a
    sender who gives an address with it before one who does not, such as the place an ambulance was called to.
    Hazards: H-01, H-04.
    """
    newest = ", ".join(
        f"{_lived_at_sql(name) if name == 'postcode' else newest_sql(name)} AS {name}"
        for name in FIELDS
        if name != "uprn"
    )
    return f"""
        WITH person AS (
            SELECT person_id, {newest}, min(death_date) AS death_date,
                bool_or(coalesce(synthetic, false)) AS synthetic
            FROM landed JOIN linked USING (record_id) GROUP BY person_id
        )
        SELECT *, CASE WHEN home LIKE 'uprn %' THEN substr(home, 6) END AS uprn, left(sha256(CASE
            WHEN home IS NULL OR communal OR is_crowded THEN 'alone ' || person_id ELSE home END), 32) AS household_id
        FROM person JOIN ({homes_sql(words)}) USING (person_id)
    """


def _lived_at_sql(name: str) -> str:
    there = f"{name} <> '' AND address <> ''"
    return f"coalesce(arg_max({name}, rank) FILTER (WHERE {there}), {newest_sql(name)})"


def contact_points_sql(files: list[Path]) -> str:
    """
    Each telephone, e-mail and address once per person and source, with the day it was last recorded.

    A record whose sender gave an address only as part of the record has it here too, written as one line.
    """
    points = f"SELECT record_id, kind, value, source, recorded_on FROM {parquet_sql(files)}" if files else _NO_POINTS
    line = "CASE WHEN address LIKE '%' || postcode THEN address ELSE concat_ws(', ', address, postcode) END"
    return f"""
        WITH point AS ({points}),
        addressed AS (SELECT record_id FROM point WHERE kind = 'address'),
        written AS (
            SELECT * FROM point UNION ALL
            SELECT record_id, 'address' AS kind, {line} AS value, source, recorded_on FROM landed ANTI JOIN addressed
            USING (record_id) WHERE address <> ''
        )
        SELECT person_id, kind, value, source, max(recorded_on) AS recorded_on, CAST(NULL AS DATE) AS verified_on
        FROM written JOIN linked USING (record_id) GROUP BY person_id, kind, value, source
    """


def wishes_sql(files: list[Path]) -> str:
    """Each wish once per person and source, with the day it was last recorded."""
    return f"""
        SELECT person_id, kind, value, source, max(recorded_on) AS recorded_on, ends_on
        FROM {parquet_sql(files)} JOIN linked USING (record_id) GROUP BY ALL
    """


def facts_sql(files: list[Path], *, at_addresses: str = "", some_ended: bool = False) -> str:
    """
    Each fact once; where a sender sent it again with another status or end, the later delivery counts.

    some_ended: what is in the table `ended` (feeds/snapshots) holds no longer.

    at_addresses: what `addresses.facts_sql` gives, where a delivery was about addresses: facts of who lives there.
    """
    several = numbered_sql(files, some_ended=some_ended)
    told = f"UNION ALL BY NAME ({at_addresses})" if at_addresses else ""
    return f"""
        (SELECT f.* EXCLUDE (file_number), person_id FROM ({several}) f JOIN linked USING (record_id)
        QUALIFY row_number() OVER (
            PARTITION BY record_id, kind, system, code, date, value, unit
            ORDER BY file_number DESC, row_number DESC, status, end_date
        ) = 1) {told}
    """


def ended_facts_sql(files: list[Path]) -> str:
    """Count the facts left out because the newest snapshot of their feed says them no more."""
    return f"SELECT count(*) FROM {parquet_sql(files)} SEMI JOIN ended USING (batch_id, subject_id, row_number)"


def orphans_sql(files: list[Path], *, about_addresses: Collection[str] = ()) -> str:
    """Count the facts whose sender never sent the person they are about. about_addresses: batches about no person."""
    listed = ", ".join(map(sql_text, sorted(about_addresses)))
    people = f" WHERE batch_id NOT IN ({listed})" if listed else ""
    return f"SELECT count(*) FROM (FROM {parquet_sql(files)}{people}) ANTI JOIN linked USING (record_id)"


def numbered_sql(files: Sequence[Path], *, some_ended: bool = False) -> str:
    """Read files as one, each row with the number of its file, oldest data first. some_ended: see facts_sql."""
    several = " UNION ALL BY NAME ".join(
        f"SELECT *, {number} AS file_number FROM {parquet_sql([file])}" for number, file in enumerate(files)
    )
    # Asked of nothing where nothing ended: a batch made by hand may lack the columns that tell rows apart.
    return f"FROM ({several}) ANTI JOIN ended USING (batch_id, subject_id, row_number)" if some_ended else several
