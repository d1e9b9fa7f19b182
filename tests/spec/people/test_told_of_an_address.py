"""Facts told of an address, drawn as deliveries: who has them, who no longer does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from wherry.feeds import actions, queries
from wherry.feeds.actions import withdraw
from wherry.feeds.types import Receipt
from wherry.people.linkage.actions import link
from wherry.population import Store, connect

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
CLIENTS = "Client ID,First Name,Last Name,DOB,Address,Postcode,UPRN,Assessment Date,Care Package\n"
#: Of each street: number, name, address, postcode, property number.
HOMES = (
    ("Kett", "1 Quay", "NR{street} 1AA", "{street}101"),
    ("Rix", "2 Quay", "NR{street} 1AA", "{street}102"),
    ("Woodrow", "3 Quay", "NR{street} 1AA", ""),
    ("Larter", "9 Hill", "NR{street} 2BB", "{street}204"),
    ("Gooch", "", "", ""),
)
CARE = "adult_social_care"
Rows = list[tuple[str, str, str]]
HEADER = "incident,uprn,postcode,off_since,hours_expected,status,as_at\n"
#: Each delivery's rows (property number, postcode, status and, after a slash, incident); then who is without power.
TABLE = [
    ("a property number", [[("101", "", "Off")]], {"Kett"}),
    ("its leading zeros are no part of it", [[("000101", "", "Off")]], {"Kett"}),
    ("a postcode means all in it", [[("", "nr11aa", "Off")]], {"Kett", "Rix", "Woodrow"}),
    ("both: also whose own number nobody knows", [[("101", "NR1 1AA", "Off")]], {"Kett", "Woodrow"}),
    ("nobody lives there", [[("999", "NR9 9ZZ", "Off")]], set()),
    ("restored by number", [[("101", "", "Off"), ("102", "", "Off")], [("101", "", "Restored")]], {"Rix"}),
    ("restored by postcode", [[("101", "", "Off")], [("", "NR1 1AA", "Restored")]], set()),
    ("left out of a later file is still off", [[("101", "", "Off")], [("102", "", "Off")]], {"Kett", "Rix"}),
    (
        "a neighbour's power is no news of theirs",
        [[("101", "NR1 1AA", "Off")], [("101", "NR1 1AA", "Restored")]],
        {"Woodrow"},
    ),
    (
        "in one file the number counts before the postcode",
        [[("102", "", "Off"), ("", "NR1 1AA", "Restored")]],
        {"Rix"},
    ),
    (
        "said back in error, then off again",
        [[("101", "", "Off")], [("101", "", "Restored")], [("101", "", "Off")]],
        {"Kett"},
    ),
    ("two rows that disagree", [[("101", "", "Off"), ("101", "", "Restored")]], {"Kett"}),
    (
        "the end of one cut does not end the next",
        [[("101", "", "Off/A")], [("101", "", "Off/B")], [("101", "", "Restored/A")]],
        {"Kett"},
    ),
    (
        "both are over",
        [[("101", "", "Off/A"), ("101", "", "Off/B")], [("101", "", "Restored/A"), ("", "NR1 1AA", "Restored/B")]],
        set(),
    ),
]


def people(street: int) -> str:
    """Five people of one street; nobody in another street has their name."""
    rows = [
        (f"{street}-{at}", f"{name}{chr(96 + street)}", *(one.format(street=street) for one in where))
        for at, (name, *where) in enumerate(HOMES)
    ]
    return "".join(
        f"{client},Ann,{name},{street:02}-Jan-194{at},{line},{code},{uprn},01-Nov-2026,N\n"
        for at, (client, name, line, code, uprn) in enumerate(rows)
    )


def receive(store: Store, content: str, name: str, contract: str) -> Receipt:
    file = store.path.parent / name
    file.write_text(content)
    found = queries.contract(name=contract)
    return actions.receive(contract=found, files=[file], store=store, by="a", received_at=NOW, synthetic=True)


def told(rows: Rows, *, street: int) -> str:
    said = ""
    for uprn, code, what in rows:
        status, _, incident = what.partition("/")
        here = uprn.replace("101", f"{street}101").replace("102", f"{street}102").replace("204", f"{street}204")
        where = code.replace("NR1 ", f"NR{street} ").replace("nr1", f"nr{street}")
        said += f"{incident or 'I1'},{here},{where},24/11/2026 06:10,5,{status},one time\n"
    return said


def tell(store: Store, number: int, rows: Rows, *, street: int = 1) -> Receipt:
    return receive(store, HEADER + told(rows, street=street), f"cut{number}.csv", "power_cut")


def without_power(store: Store) -> set[str]:
    facts, persons = store.source_sql("facts"), store.source_sql("persons")
    with connect() as connection:
        rows = connection.execute(
            f"SELECT family_name FROM ({facts}) JOIN ({persons}) USING (person_id)"
            " WHERE code = 'power_off' AND status = 'active'"
        ).fetchall()
    return {name for (name,) in rows}


@pytest.fixture(scope="module")
def in_each_street(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Play every row of the table at once, each in a street of its own: linking takes the time here."""
    store = Store(tmp_path_factory.mktemp("told") / "store")
    receive(store, CLIENTS + "".join(people(street) for street in range(1, len(TABLE) + 1)), "people.csv", CARE)
    for number in range(max(len(deliveries) for _, deliveries, _ in TABLE)):
        said = [
            told(deliveries[number], street=street)
            for street, (_, deliveries, _) in enumerate(TABLE, start=1)
            if number < len(deliveries)
        ]
        receive(store, HEADER + "".join(said), f"cut{number}.csv", "power_cut")
    link(store=store, by="a")
    return without_power(store)


@pytest.mark.parametrize("street", range(1, len(TABLE) + 1), ids=[row[0].replace(" ", "_") for row in TABLE])
def test_who_has_a_fact_of_an_address(in_each_street: set[str], street: int) -> None:
    about, _, expected = TABLE[street - 1]
    ours = chr(96 + street)
    assert {name[:-1] for name in in_each_street if name[-1] == ours} == expected, about


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "store")
    receive(made, CLIENTS + people(1), "people.csv", CARE)
    return made


def test_a_row_without_an_address_is_set_aside_and_is_about_nobody(store: Store) -> None:
    told = tell(store, 1, [("", "", "Off"), ("", "not a postcode", "Off"), ("101", "", "Off")])
    assert (told.accepted, told.quarantined, told.records) == (1, 2, 0)
    linked = link(store=store, by="a")
    assert without_power(store) == {"Ketta"}
    assert linked.orphan_facts == 0, "no person was meant, so none is missing"


def test_a_delivery_taken_out_says_nothing_more(store: Store) -> None:
    wrong = tell(store, 1, [("101", "", "Off")])
    tell(store, 2, [("204", "", "Off")])
    withdraw(store=store, batch_id=wrong.batch_id, by="a", why="test file", at=NOW)
    link(store=store, by="a")
    assert without_power(store) == {"Lartera"}


def test_whoever_moved_has_it_at_the_new_door_only(store: Store) -> None:
    moved = CLIENTS + "1-0,Ann,Ketta,01-Jan-1940,9 Hill,NR1 2BB,1204,20-Nov-2026,N\n"
    receive(store, moved, "moved.csv", CARE)
    tell(store, 1, [("101", "", "Off/A"), ("204", "", "Off/B")])
    link(store=store, by="a")
    assert without_power(store) == {"Ketta", "Lartera"}
    with connect() as connection:
        rows = connection.execute(f"SELECT count(*) FROM ({store.source_sql('facts')}) WHERE code = 'power_off'")
        assert rows.fetchall() == [(2,)], "one each, of the cut at the new door"
