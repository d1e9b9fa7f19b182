"""A snapshot says all there is: what the newest leaves out has ended, whatever came before and in whatever order."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from wherry.feeds import actions, queries
from wherry.people.linkage.actions import link
from wherry.population import Store, connect

EXAMPLES = int(os.environ.get("WHERRY_GENERATIVE_EXAMPLES", "8"))
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
HEADER = "Client ID,First Name,Last Name,DOB,Last Review,Care Package,Lives Alone"
PEOPLE = {"C1": "Robert,Kett,12/03/1950", "C2": "Ann,Rix,01/01/1940", "C3": "Flo,Cox,03/04/1935"}
#: client, has a care package, lives alone
Row = tuple[str, bool, bool]
Delivery = tuple[int, tuple[Row, ...]]

_rows = st.lists(
    st.tuples(st.sampled_from(sorted(PEOPLE)), st.booleans(), st.booleans()),
    min_size=1, max_size=3, unique_by=lambda row: row[0],
).map(tuple)  # fmt: skip
_deliveries = st.lists(st.tuples(st.integers(0, 9), _rows), min_size=1, max_size=5)


def _line(row: Row) -> str:
    yes = {True: "Yes", False: "No"}
    return f"{row[0]},{PEOPLE[row[0]]},01/02/2026,{yes[row[1]]},{yes[row[2]]}"


def _flags(rows: Sequence[Row]) -> set[tuple[str, str]]:
    codes = {(row[0], "care_package") for row in rows if row[1]}
    return codes | {(row[0], "lives_alone") for row in rows if row[2]}


def _should_hold(deliveries: Sequence[Delivery]) -> set[tuple[str, str]]:
    """Say what holds, in plain words: the newest whole snapshot, and parts of one that came after it."""
    by_age = sorted(enumerate(deliveries), key=lambda item: (-item[1][0], item[0]))
    holding: list[Sequence[Row]] = []
    for _, (_, rows) in by_age:
        is_part = bool(holding) and len(rows) < len(holding[0]) / 2
        holding = [*holding, rows] if is_part else [rows]
    return set().union(*map(_flags, holding))


def _held(store: Store) -> set[tuple[str, str]]:
    link(store=store, by="a")
    with connect() as connection:
        facts, persons = store.source_sql("facts"), store.source_sql("persons")
        rows = connection.execute(
            f"SELECT given_name, code FROM ({facts}) JOIN ({persons}) USING (person_id)"
        ).fetchall()
    known = {words.split(",")[0]: client for client, words in PEOPLE.items()}
    return {(known[name], code) for name, code in rows}


# Not shrunk: an example is a handful of deliveries at most, and each further try costs seconds.
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(deliveries=_deliveries)
def test_what_the_newest_snapshot_leaves_out_has_ended(deliveries: list[Delivery]) -> None:
    contract = queries.contract(name="adult_social_care")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store")
        for number, (days_old, rows) in enumerate(deliveries):
            file = Path(folder) / f"{number}.csv"
            file.write_text("\n".join([HEADER, *map(_line, rows)]) + "\n" * (number + 1))
            actions.receive(
                contract=contract, files=[file], store=store, by="a", received_at=NOW,
                extracted_on=NOW.date() - dt.timedelta(days=days_old),
            )  # fmt: skip

        assert _held(store) == _should_hold(deliveries)
