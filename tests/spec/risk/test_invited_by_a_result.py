"""A result in a practice's file counts in its own unit alone: who is on the list of an invitation, and for which."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from wherry.feeds import actions as feeds
from wherry.feeds import queries
from wherry.foundation.content import content_folder
from wherry.people.linkage.actions import link
from wherry.population import Store, connect
from wherry.programmes.files import load
from wherry.risk.actions import stratify

PROGRAMME = load(content_folder("programmes") / "diabetes_prevention")
IFCC, DCCT, GLUCOSE = "999791000000106", "1019431000000105", "1003141000000105"
#: One person each: the code of the test, the number and the unit as told, and whether they are invited.
RESULTS = (
    (IFCC, 42, "mmol/mol", True),
    (IFCC, 6.0, "mmol/mol", False),
    (IFCC, 43, "%", False),
    (DCCT, 6.1, "%", True),
    (DCCT, 44, "%", False),
    (DCCT, 6.2, "mmol/mol", False),
    (GLUCOSE, 5.5, "mmol/L", True),
    (GLUCOSE, 99, "mg/dL", False),
)
REGISTER = "Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth\n"
EVENTS = "Practice Code,Patient ID,Event Date,SNOMED Code,Value,Units\n"
NOW = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)


def test_a_result_counts_in_its_own_unit_alone(tmp_path: Path) -> None:
    # Given a practice's register and its results, all of one day
    store = Store(tmp_path / "store")
    people = "".join(f"D82001,{at},,Kett{'abcdefgh'[at]},Ann,0{at + 1}/02/1970\n" for at in range(len(RESULTS)))
    rows = (f"D82001,{at},01/09/2025,{code},{value},{unit}\n" for at, (code, value, unit, _) in enumerate(RESULTS))
    for contract, content in (("gp_register", REGISTER + people), ("gp_events", EVENTS + "".join(rows))):
        (tmp_path / f"{contract}.csv").write_text(content)
        feeds.receive(
            contract=queries.contract(name=contract),
            files=[tmp_path / f"{contract}.csv"],
            store=store,
            by="a",
            received_at=NOW,
            extracted_on=NOW.date(),
        )
    link(store=store, by="a")

    # When the list is made
    stratify(files=PROGRAMME, store=store, as_of=dt.date(2026, 3, 2), out=tmp_path / "out.parquet", by="a")

    # Then each stands on it by the test it was, and nobody by a number of another unit
    with connect() as connection:
        asked = f"SELECT one.code, one.value FROM (SELECT unnest(reasons) AS one FROM '{tmp_path / 'out.parquet'}')"
        told = {(code, value) for code, value in connection.execute(asked).fetchall() if code}
    assert told == {(code, float(value)) for code, value, _, is_invited in RESULTS if is_invited}
