"""The tables of a population store, as the command-line reference documents them, in DuckDB's types."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column. type: as DuckDB spells it; required: its absence is refused, an optional one reads as null."""

    name: str
    type: str
    required: bool = False


@dataclass(frozen=True)
class Table:
    """One table. may_be_absent: a store without it reads as one with no rows."""

    name: str
    columns: tuple[Column, ...]
    may_be_absent: bool = False


def _table(name: str, *, required: str, types: dict[str, str], order: str, may_be_absent: bool = False) -> Table:
    must = set(required.split())
    columns = tuple(Column(column, types.get(column, "VARCHAR"), column in must) for column in order.split())
    return Table(name, columns, may_be_absent)


PERSONS = _table(
    "persons",
    order="person_id nhs_number given_name family_name birth_date death_date sex ethnicity language postcode lsoa"
    " imd_decile uprn place practice_code household_id communal synthetic",
    required="person_id birth_date",
    types={
        "birth_date": "DATE",
        "death_date": "DATE",
        "imd_decile": "TINYINT",
        "communal": "BOOLEAN",
        "synthetic": "BOOLEAN",
    },
)
CONTACT_POINTS = _table(
    "contact_points",
    order="person_id kind value source recorded_on verified_on",
    required="person_id kind value source recorded_on",
    types={"recorded_on": "DATE", "verified_on": "DATE"},
    may_be_absent=True,
)
WISHES = _table(
    "wishes",
    order="person_id kind value source recorded_on ends_on",
    required="person_id kind source recorded_on",
    types={"recorded_on": "DATE", "ends_on": "DATE"},
    may_be_absent=True,
)
FACTS = _table(
    "facts",
    order="person_id kind system code date end_date status value unit source record_id recorded_on batch_id",
    required="person_id kind code date",
    types={"date": "DATE", "end_date": "DATE", "value": "DOUBLE", "recorded_on": "DATE"},
)

TABLES: dict[str, Table] = {table.name: table for table in (PERSONS, CONTACT_POINTS, WISHES, FACTS)}
