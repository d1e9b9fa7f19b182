"""What each operator says, drawn as tables and asked of every engine. Index date: 29 February 2024."""

from __future__ import annotations

import datetime as dt
from types import ModuleType

import pytest

from tests.support.risk_populations import ENGINES, ask, given, rows_of
from wherry.risk.rules import bounds
from wherry.risk.types import (
    Active,
    Age,
    Category,
    Codes,
    Count,
    Criterion,
    Definition,
    Demographic,
    Ever,
    LatestAfterLatest,
    LatestValue,
    OneInEach,
    Test,
    Tier,
    Window,
)

AS_OF = dt.date(2024, 2, 29)
A, B = Codes("a", "snomed"), Codes("b", "snomed")
LISTS = {"a": frozenset({"A", "A2"}), "b": frozenset({"B"})}
MONTHS = tuple(Window(days_from=first, days_to=last) for first, last in ((0, 30), (31, 60), (61, 90)))

CALENDAR_MONTHS = tuple(Window(months_from=number, months_to=number + 1) for number in range(3))

# test | facts, as `code date` with options `system=` `value=` `unit=` `end=` `status=`, parted by commas | taken
TABLE: list[tuple[str, Test, str]] = [
    ("ever", Ever(A), """
        facts                                          | taken
                                                       | no
        A 1950-01-01                                   | yes
        A 2024-02-29                                   | yes
        A 2024-03-01                                   | no
        B 2020-01-01                                   | no
        A 2020-01-01 system=none                       | yes
        A 2020-01-01 system=icd10                      | no
        A 2020-01-01 status=entered-in-error           | no
        A 2020-01-01 status=resolved                   | yes
    """),
    ("within, both ends bound", Ever(A, Window(days_from=10, days_to=30)), """
        facts                                          | taken
        A 2024-02-19                                   | yes
        A 2024-02-20                                   | no
        A 2024-01-30                                   | yes
        A 2024-01-29                                   | no
    """),
    ("within never reaches past the index date", Ever(A, Window(since=dt.date(2024, 1, 1))), """
        facts                                          | taken
        A 2023-12-31                                   | no
        A 2024-01-01                                   | yes
        A 2024-03-01                                   | no
    """),
    ("within six calendar months, the far end not counted", Ever(A, Window(months_from=0, months_to=6)), """
        facts                                          | taken
        A 2024-03-01                                   | no
        A 2024-02-29                                   | yes
        A 2023-08-30                                   | yes
        A 2023-08-29                                   | no
    """),
    ("within the months before the last", Ever(A, Window(months_from=1, months_to=12)), """
        facts                                          | taken
        A 2024-01-30                                   | no
        A 2024-01-29                                   | yes
        A 2023-03-01                                   | yes
        A 2023-02-28                                   | no
    """),
    ("latest after latest, strictly", LatestAfterLatest(A, B), """
        facts                                          | taken
                                                       | no
        A 2020-01-01                                   | yes
        B 2020-01-01                                   | no
        A 2020-01-02, B 2020-01-01                     | yes
        A 2020-01-01, B 2020-01-01                     | no
        A 2020-01-01, B 2020-01-02                     | no
        A 2020-01-01, B 2020-01-02, A2 2020-01-03      | yes
        A 2020-01-01, B 2024-03-01                     | yes
    """),
    ("latest after latest, the same day counting", LatestAfterLatest(A, B, True), """
        facts                                          | taken
        A 2020-01-01, B 2020-01-01                     | yes
        A 2020-01-01, B 2020-01-02                     | no
        B 2020-01-01                                   | no
    """),
    ("count of two", Count(A, 2), """
        facts                                          | taken
        A 2020-01-01                                   | no
        A 2020-01-01, A 2020-01-01                     | no
        A 2020-01-01, A2 2020-01-01                    | yes
        A 2020-01-01, A 2020-01-02                     | yes
        A 2020-01-01, A 2024-03-01                     | no
    """),
    ("count of two different codes", Count(A, 2, Window(days_from=0, days_to=90), different_codes=True), """
        facts                                          | taken
        A 2024-01-01, A 2024-01-02                     | no
        A 2024-01-01, A2 2024-01-01                    | yes
        A 2024-01-01, A2 2023-11-30                    | no
        A 2024-01-01, B 2024-01-01                     | no
    """),
    ("one in each of three calendar months", OneInEach(A, CALENDAR_MONTHS), """
        facts                                          | taken
        A 2024-01-30, A 2024-01-29, A 2023-12-29       | yes
        A 2024-01-30, A 2024-01-29, A 2023-12-30       | no
        A 2024-01-29, A 2023-12-29, A 2023-12-20       | no
    """),
    ("one in each of three months", OneInEach(A, MONTHS), """
        facts                                          | taken
        A 2024-02-20, A 2024-01-20, A 2023-12-20       | yes
        A 2024-02-20, A 2024-01-20                     | no
        A 2024-02-20, A 2024-02-10, A 2024-02-01       | no
        A 2024-01-30, A 2024-01-29, A 2023-12-01       | yes
        A 2024-01-30, A 2024-01-29, A 2023-11-30       | no
    """),
    ("latest value of 40 or more", LatestValue(A, "kg/m2", at_least=40), """
        facts                                                                 | taken
                                                                              | missing
        A 2020-01-01                                                          | missing
        A 2020-01-01 value=40 unit=kg/m2                                      | yes
        A 2020-01-01 value=39.9 unit=kg/m2                                    | no
        A 2020-01-01 value=41 unit=kg/m2, A 2020-02-01 value=39 unit=kg/m2    | no
        A 2020-01-01 value=41 unit=kg/m2, A 2020-02-01                        | yes
        A 2020-01-01 value=41 unit=kg/m2, A 2020-01-01 value=39 unit=kg/m2    | yes
        A 2020-01-01 value=41 unit=%                                          | missing
        A 2020-01-01 value=41                                                 | missing
        A 2020-01-01 value=nan unit=kg/m2                                     | missing
        A 2020-01-01 value=41 unit=kg/m2, A 2020-02-01 value=nan unit=kg/m2   | yes
        A 2020-01-01 value=inf unit=kg/m2                                     | missing
    """),
    ("active, not ended", Active(A), """
        facts                                          | taken
        A 2020-01-01                                   | yes
        A 2020-01-01 end=2024-02-29                    | yes
        A 2020-01-01 end=2024-02-28                    | no
        A 2020-01-01 status=stopped                    | no
        A 2024-03-01                                   | no
        A 2020-01-01 end=2021-01-01, A 2022-01-01      | yes
    """),
]  # fmt: skip
AGES = """
    born        | taken
                | missing
    1954-02-28  | yes
    1954-03-01  | no
    1952-02-29  | yes
    2024-03-01  | missing
"""
DECILES = """
    decile | taken
           | missing
    1      | yes
    2      | no
"""


def _definition(test: Test) -> Definition:
    category = Category("taken", "Taken", "it", (Tier("1"),))
    return Definition((Criterion("it", "It", test),), (), (category,))


def _facts(cell: str | None) -> list[dict[str, object]]:
    facts = []
    for each in filter(None, (cell or "").split(",")):
        code, day, *options = each.split()
        said = dict(option.split("=") for option in options)
        fact = {
            "person_id": "p",
            "kind": "diagnosis",
            "code": code,
            "date": day,
            "system": said.get("system", "snomed"),
        }
        fact |= {"value": said.get("value"), "unit": said.get("unit"), "end_date": said.get("end")}
        facts.append(
            fact | {"status": said.get("status"), "system": None if fact["system"] == "none" else fact["system"]}
        )
    return facts


def _verdict(engine: ModuleType, test: Test, person: dict[str, object], facts: list[dict[str, object]]) -> str:
    with given(people=[{"person_id": "p", **person}], facts=facts) as connection:
        rows, counts = ask(engine, connection, definition=_definition(test), codes=LISTS, as_of=AS_OF)
    if counts["missing"] == {"it": 1}:
        assert not rows, "a person whose input is missing was taken"
        return "missing"
    return "yes" if rows else "no"


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.NAME)
@pytest.mark.parametrize(("test", "table"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_an_operator_says_what_its_table_says(engine: ModuleType, test: Test, table: str) -> None:
    rows = rows_of(table)
    found = [_verdict(engine, test, {}, _facts(row["facts"])) for row in rows]
    assert found == [row["taken"] for row in rows]


def test_a_window_that_reaches_before_the_calendar_begins_with_it() -> None:
    first_day = dt.date(1, 1, 1)
    assert bounds(window=Window(days_from=0, days_to=400), as_of=dt.date(2, 1, 1)) == (first_day, dt.date(2, 1, 1))
    assert bounds(window=Window(months_from=0, months_to=30), as_of=dt.date(2, 1, 1))[0] <= dt.date(1, 1, 2)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.NAME)
def test_an_age_is_counted_by_the_calendar(engine: ModuleType) -> None:
    rows = rows_of(AGES)
    assert [_verdict(engine, Age(at_least=70), {"birth_date": r["born"]}, []) for r in rows] == [
        r["taken"] for r in rows
    ]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.NAME)
def test_a_missing_decile_is_shown_as_missing_never_defaulted(engine: ModuleType) -> None:
    rows, test = rows_of(DECILES), Demographic("imd_decile", at_most=1)
    assert [_verdict(engine, test, {"imd_decile": r["decile"]}, []) for r in rows] == [r["taken"] for r in rows]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.NAME)
def test_the_dead_are_left_out_and_counted(engine: ModuleType) -> None:
    people = [{"person_id": "p", "death_date": "2024-01-01"}, {"person_id": "q"}]
    facts = [{**fact, "person_id": person} for person in "pq" for fact in _facts("A 2020-01-01")]
    with given(people=people, facts=facts) as connection:
        rows, counts = ask(engine, connection, definition=_definition(Ever(A)), codes=LISTS, as_of=AS_OF)
    assert [row[0] for row in rows] == ["q"]
    assert (counts["living"], counts["dead"]) == (1, 1)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.NAME)
def test_a_reason_is_said_in_plain_words_with_its_evidence(engine: ModuleType) -> None:
    fact = {**_facts("A 2019-03-03")[0], "source": "gp", "recorded_on": "2024-02-01"}
    category = Category("taken", "Taken", "it", (Tier("1"),))
    told = Definition((Criterion("it", "Diabetes", Ever(A)),), (), (category,), sources={"gp": "the GP practice"})
    with given(people=[{"person_id": "p"}], facts=[fact]) as connection:
        rows, _ = ask(engine, connection, definition=told, codes=LISTS, as_of=AS_OF)
    assert rows[0][4] == [
        {
            "criterion": "it",
            "words": "Diabetes recorded on 3 March 2019 by the GP practice",
            "code": "A",
            "date": dt.date(2019, 3, 3),
            "value": None,
            "source": "gp",
            "data_as_of": dt.date(2024, 2, 1),
        }
    ]
