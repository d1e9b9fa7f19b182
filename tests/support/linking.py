"""Random records to be linked, a small store of batches written by hand, and who is who in it."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
from pathlib import Path

import duckdb
from hypothesis import strategies as st

from wherry.people.linkage.links import load_known
from wherry.people.linkage.types import Pair, Record
from wherry.population import Store, connect

RECORDS = st.lists(
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


def numbered(drawn: list[Record]) -> dict[str, Record]:
    return {f"r{n}": Record(**{**each.__dict__, "record_id": f"r{n}"}) for n, each in enumerate(drawn)}


def pairs_of(records: dict[str, Record], seed: int) -> list[Pair]:
    chance = random.Random(seed)
    every = list(itertools.combinations(sorted(records), 2))
    drawn = chance.sample(every, chance.randrange(len(every) + 1))
    return [Pair(left, right, chance.choice([0.95, 0.99, 1.0]), "similarity", "") for left, right in drawn]


def land(
    folder: Path, number: int, rows: list[tuple[str, str | None, str, str, str]], *, died_on: str | None = None
) -> None:
    """Write one batch: (subject, NHS number, given, family, birth date); everybody has one diagnosis and a mobile."""
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
    died = f"DATE '{died_on}'" if died_on else "NULL::DATE"
    records = (
        f"SELECT *, {empty}, {died} AS death_date, '1 Quay' AS address, 'NR1 1AA' AS postcode, NULL::TINYINT AS"
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
        f"SELECT record_id, 'mobile' AS kind, '+44770090{number}00' || row_number AS value,"
        f" source, DATE '2026-01-0{number}' AS recorded_on FROM (VALUES {values}) t({names})"
    )
    wishes = (
        "SELECT '' AS record_id, 'stop' AS kind, '' AS value, '' AS source, NULL::DATE AS recorded_on,"
        " NULL::DATE AS ends_on WHERE false"
    )
    connection = duckdb.connect()
    for name, sql in {"records": records, "facts": facts, "contact_points": points, "wishes": wishes}.items():
        connection.execute(f"COPY ({sql}) TO '{batch}/{name}.parquet' (FORMAT parquet)")


def people_of(store: Store) -> dict[str, str]:
    """Give record → person as the newest run says."""
    with connect() as connection:
        load_known(connection=connection, store=store)
        return dict(connection.execute("SELECT record_id, person_id FROM known").fetchall())
