"""One event, whole: the operator's file in, people linked, the signed rules over them, who is found and why."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.support.shipped_programme import files_of
from wherry.feeds import actions, queries
from wherry.nonprod import power_cut
from wherry.people.linkage.actions import link
from wherry.population import Store, connect
from wherry.population.store import parquet_sql
from wherry.risk.actions import stratify
from wherry.risk.queries import placed_in

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
REGISTER = """Registration Number,First Name,Last Name,DOB,Address,Postcode,UPRN,District,Telephone,Need,Last Checked
P1,Ann,Kett,01/04/1968,1 Quay,NR1 1AA,101,Norwich,01632 960001,Oxygen concentrator,01/11/2026
P2,Bob,Rix,02/01/1941,2 Quay,NR1 1AA,102,Norwich,01632 960002,"Stair lift, hoist, electric bed",01/11/2026
P3,Cat,Woodrow,03/01/1990,3 Quay,NR1 1AA,,Norwich,01632 960003,Medicine refrigeration,01/11/2026
P4,Dan,Larter,04/01/1960,9 Hill,NR2 2BB,204,Norwich,01632 960004,Oxygen concentrator,01/11/2026
P5,Eve,Gooch,05/01/1944,4 Quay,NR1 1AA,105,Norwich,01632 960005,Poor sense of smell,01/11/2026
"""
OUTAGE = """incident,uprn,postcode,off_since,hours_expected,status,as_at
I7,101,NR1 1AA,24/11/2026 06:10,{hours},{said},{at}
I7,102,NR1 1AA,24/11/2026 06:10,{hours},Off,{at}
I7,105,NR1 1AA,24/11/2026 06:10,{hours},Off,{at}
"""


def receive_and_link(store: Store, contract: str, content: str, name: str) -> None:
    file = store.path.parent / name
    file.write_text(content)
    found = queries.contract(name=contract)
    actions.receive(contract=found, files=[file], store=store, by="a", received_at=NOW, synthetic=True)
    link(store=store, by="a")


def found(store: Store, out: Path, engine: str = "duckdb") -> dict[str, tuple[str, tuple[str, ...]]]:
    """Run the shipped rules, and give birth year → category and tier, with the reasons' words."""
    stratify(files=files_of("power_cut"), store=store, as_of=NOW.date(), out=out, by="a", engine=engine)
    with connect() as connection:
        people = connection.execute(f"SELECT person_id, year(birth_date), place FROM ({store.source_sql('persons')})")
        known = {person: (year, place) for person, year, place in people.fetchall()}
    assert {place for _, place in known.values()} == {"norwich"}, "whoever no practice knows is on a place's list too"
    born = {person: year for person, (year, _) in known.items()}
    rows = placed_in(out=out)
    return {
        str(born[row.person_id]): (f"{row.category} {row.tier}", tuple(one.words for one in row.reasons))
        for row in rows
    }


def test_the_whole_path_from_an_outage_file_to_a_list_with_reasons(tmp_path: Path) -> None:
    store, out = Store(tmp_path / "store"), tmp_path / "list.parquet"
    receive_and_link(store, "priority_services", REGISTER, "register.csv")
    assert found(store, out) == {}, "nobody while the power is on"

    receive_and_link(store, "power_cut", OUTAGE.format(hours=4, said="Off", at="06:20"), "cut1.csv")
    at_once = found(store, out)
    assert {born: placed for born, (placed, _) in at_once.items()} == {
        "1968": "within_the_hour 1",
        "1941": "within_hours 2",
    }
    assert (
        at_once["1968"][1][0]
        == "The power is off at their address recorded on 24 November 2026 by the electricity network operator"
    )
    assert any("oxygen machine" in words and "Priority Services Register" in words for words in at_once["1968"][1])
    assert found(store, out, "reference") == at_once

    receive_and_link(store, "power_cut", OUTAGE.format(hours=14, said="Restored", at="09:00"), "cut2.csv")
    assert {born: placed for born, (placed, _) in found(store, out).items()} == {
        "1941": "within_hours 2",
        "1990": "within_hours 3",  # it will be long, and nobody knows her number: the postcode finds her
    }


def test_the_practice_files_of_the_guide_are_received_and_tell_of_off_and_back(tmp_path: Path) -> None:
    made = power_cut.operators_files(into=tmp_path, people=200)
    for name, file in (("priority_services", made.register), ("power_cut", made.first), ("power_cut", made.second)):
        found = queries.contract(name=name)
        told = actions.receive(contract=found, files=[file], store=made.store, by="a", received_at=NOW, synthetic=True)
        assert told.accepted > 0
    with connect() as connection:
        landed = parquet_sql(list(queries.landed_files(store=made.store, table="facts")))
        said = connection.execute(f"SELECT DISTINCT status FROM {landed} WHERE code = 'power_off' ORDER BY 1")
        assert said.fetchall() == [("active",), ("finished",)]
