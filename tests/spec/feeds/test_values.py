"""What each spelling of a value means, drawn as tables. A dash is null: never repaired, shown in the warnings."""

from __future__ import annotations

import duckdb
import pytest

from wherry.feeds.expressions import typed_sql
from wherry.feeds.types import Column

_DATES = ("%Y%m%d", "%d/%m/%Y", "%d-%m-%Y", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d", "excel_serial")
_CHOICES = (("M", "male"), ("Female", "female"))

TABLE = """
    type       | as sent                       | means
    nhs_number | 9990000018                    | 9990000018
    nhs_number | 999 000 0018                  | 9990000018
    nhs_number | 999-000-0018                  | 9990000018
    nhs_number | 9990000019                    | -
    nhs_number | 999000001                     | -
    nhs_number | 1E+10                         | -
    nhs_number | 0000000000                    | -
    nhs_number | 4857773456                    | -
    date       | 19560512                      | 1956-05-12
    date       | 02/02/1963                    | 1963-02-02
    date       | 21-02-2021                    | 2021-02-21
    date       | 27/01/2021 14:14:56           | 2021-01-27
    date       | 2020-04-22                    | 2020-04-22
    date       | 44242                         | 2021-02-15
    date       | 31/02/1950                    | -
    date       | 29/02/1900                    | -
    date       | 12/03/711                     | -
    date       | 1/2/50                        | -
    date       | yesterday                     | -
    postcode   | nr31 9ab                      | NR31 9AB
    postcode   | NR319AB                       | NR31 9AB
    postcode   | 66801                         | -
    uprn       | 010009012345                  | 10009012345
    uprn       | 0                             | -
    uprn       | 1.0E+10                       | -
    phones     | 07700 900001/01632 960001     | +447700900001,+441632960001
    phones     | +44 (0)7700 900001            | +447700900001
    phones     | 07700 900001 or 07700 900001  | +447700900001
    phones     | ask the daughter              | -
    phones     | 555-810-7203                  | -
    email      | A.Person@Example.org          | a.person@example.org
    email      | not at home                   | -
    integer    | 10                            | 10
    integer    | 11                            | -
    integer    | 3.5                           | -
    number     | 41.2                          | 41.2
    number     | nan                           | -
    number     | inf                           | -
    yes_no     | Y                             | yes
    yes_no     | No                            | no
    yes_no     | maybe                         | -
    choice     | m                             | male
    choice     | FEMALE                        | female
    choice     | X                             | -
    language   | en-GB                         | en
    language   | Lithuanian                    | -
    reference  | Patient/abc-1                 | abc-1
    reference  | urn:uuid:abc-1                | abc-1
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()[1:]]


@pytest.mark.parametrize(("kind", "sent", "means"), ROWS, ids=[" ".join(row[:2]) for row in ROWS])
def test_a_value_means_what_the_table_says(kind: str, sent: str, means: str) -> None:
    column = Column(name="v", type=kind, formats=_DATES, choices=_CHOICES if kind == "choice" else (), least=1, most=10)
    with duckdb.connect() as connection:
        connection.execute(f"SELECT {typed_sql(column, raw='v')} FROM (SELECT CAST(? AS VARCHAR) AS v)", [sent])
        found = connection.fetchall()[0][0]
    shown = "-" if found is None else ",".join(found) if isinstance(found, list) else str(found)
    assert shown == means
