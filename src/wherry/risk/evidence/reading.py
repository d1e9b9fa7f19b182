"""SQL for the evidence of a definition: which facts it can read, what a person looked like, whom time alone changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

from wherry.population.store import make_table, sql_text
from wherry.risk.definition import codes_in
from wherry.risk.rules import SYSTEMS_WHEN_UNNAMED, bounds
from wherry.risk.types import EVERYTHING, Age, Codes, Definition, Fact, Person, Test, Window

if TYPE_CHECKING:
    import duckdb

PERSON = tuple(each.name for each in fields(Person))
FACT = ("person_id", *(each.name for each in fields(Fact)))
READABLE = "evidence_readable"
#: The table of (list, code): the codelists of the definition by name.
CODELISTS = "evidence_codelists"
_BITS = 62
_MODULUS = 2**64


def load_readable(
    *, connection: duckdb.DuckDBPyConnection, definition: Definition, codes: Mapping[str, frozenset[str]]
) -> None:
    """
    Make the tables of what the definition can read: (code, system, looked), and `CODELISTS`.

    system is empty for what also matches a fact that names none; looked: a bit for each window the code is looked for.
    """
    numbers = {window: number for number, window in enumerate(windows_of(definition))}
    found: dict[tuple[str, str], int] = {}
    for criterion in definition.criteria:
        bits = 0
        for window in _windows_in(criterion.test):
            # Of very many windows two share a bit: somebody is then looked at once too often, never once too seldom.
            bits |= 1 << (numbers[window] % _BITS)
        for read in codes_in(criterion.test):
            for system in _systems(read):
                for code in codes[read.list]:
                    found[code, system] = found.get((code, system), 0) | bits
    shape = {"code": "VARCHAR", "system": "VARCHAR", "looked": "BIGINT"}
    rows = [(code, system, looked) for (code, system), looked in sorted(found.items())]
    make_table(connection=connection, name=READABLE, columns=shape, rows=rows)
    names = sorted({each.list for criterion in definition.criteria for each in codes_in(criterion.test)})
    pairs = [(name, code) for name in names for code in sorted(codes[name])]
    make_table(connection=connection, name=CODELISTS, columns={"list": "VARCHAR", "code": "VARCHAR"}, rows=pairs)


def _systems(read: Codes) -> tuple[str, ...]:
    return (read.system, "") if read.system in SYSTEMS_WHEN_UNNAMED else (read.system,)


def windows_of(definition: Definition) -> tuple[Window, ...]:
    """Give every window facts are looked for in, once, in the definition's order."""
    return tuple(dict.fromkeys(window for each in definition.criteria for window in _windows_in(each.test)))


def _windows_in(test: Test) -> tuple[Window, ...]:
    if not codes_in(test):
        return ()
    return (*getattr(test, "windows", ()), getattr(test, "window", EVERYTHING))


def readable_sql(facts_sql: str) -> str:
    """Give the facts on any list of the definition, with the columns a definition may read, in the order they lie."""
    columns = ", ".join(f"f.{name}" for name in FACT)
    # By code alone, the system looked at afterwards: comparing both of every fact costs a tenth more of the whole pass.
    listed = f"SELECT code, list(system) AS systems FROM {READABLE} GROUP BY code"
    return (
        f"SELECT {columns} FROM ({facts_sql}) f JOIN ({listed}) c ON c.code = f.code"
        " WHERE f.person_id IS NOT NULL AND list_contains(c.systems, coalesce(f.system, ''))"
    )


def people_sql(*, persons_sql: str, facts_sql: str) -> str:
    """
    Give one row a person, and one for an id that only facts name.

    there: whether persons has them; seen: a sum over their readable facts, which any other facts would change.
    """
    columns = ", ".join(f"p.{name}" for name in PERSON if name != "person_id")
    return f"""
        WITH told AS (
            SELECT person_id, CAST(sum({_row_hash()}) % {_MODULUS} AS UBIGINT) AS seen FROM ({facts_sql}) GROUP BY 1
        )
        SELECT coalesce(p.person_id, told.person_id) AS person_id, p.person_id IS NOT NULL AS there, {columns},
            coalesce(told.seen, 0) AS seen
        FROM ({persons_sql}) p FULL JOIN told ON told.person_id = p.person_id
    """


def _row_hash() -> str:
    # Zero and minus zero are one value to a hash, and two in words.
    return f"hash({', '.join(name for name in FACT if name != 'person_id')}, signbit(value))"


def differing_sql(*, old_sql: str, new_sql: str, facts_too: bool) -> str:
    """Give the ids of people who came, went, or of whom a field (or, if facts_too, a readable fact) differs."""
    compared = ["there", *(name for name in PERSON if name != "person_id"), *(["seen"] if facts_too else [])]
    differs = " OR ".join(f"o.{name} IS DISTINCT FROM n.{name}" for name in compared)
    return (
        f"SELECT coalesce(o.person_id, n.person_id) AS person_id FROM ({old_sql}) o"
        f" FULL JOIN ({new_sql}) n ON n.person_id = o.person_id WHERE {differs}"
    )


def turned_sql(*, definition: Definition, facts_sql: str, people_sql: str, before: dt.date, now: dt.date) -> str:
    """
    Give the ids of people whose answer may differ between two index dates although nothing else about them does.

    A fact has become known or has ended, or has entered or left a window it is looked for in; or it was a birthday.
    """
    if before == now:
        return "SELECT CAST(NULL AS VARCHAR) AS person_id WHERE false"
    early, late = min(before, now), max(before, now)
    ended = f"f.end_date BETWEEN {_day(early)} AND {_day(late - dt.timedelta(days=1))}"
    moved = [(_moved(window, before, now), number) for number, window in enumerate(windows_of(definition))]
    anywhere = " OR ".join(dict.fromkeys([ended, *(sql for sql, _ in moved)]))
    looked = " OR ".join(
        [ended, *(f"((c.looked & {1 << (number % _BITS)}) <> 0 AND ({sql}))" for sql, number in moved)]
    )
    turned = (
        f"SELECT f.person_id FROM (SELECT * FROM ({facts_sql}) f WHERE {anywhere}) f"
        f" JOIN {READABLE} c ON c.code = f.code AND c.system = coalesce(f.system, '') WHERE {looked}"
    )
    if not any(isinstance(each.test, Age) for each in definition.criteria):
        return turned
    older = f"{age_sql(before)} IS DISTINCT FROM {age_sql(now)}"
    return f"{turned} UNION ALL SELECT person_id FROM ({people_sql}) WHERE {older}"


def _moved(window: Window, before: dt.date, now: dt.date) -> str:
    """Say in SQL that a fact's day lies in a window on one of two index dates and not on the other."""
    ends = [f"f.date BETWEEN {_day(first)} AND {_day(last)}" for first, last in map(_on(window), (before, now))]
    return f"coalesce(({ends[0]}) <> ({ends[1]}), false)"


def _on(window: Window):  # type: ignore[no-untyped-def]
    return lambda as_of: bounds(window=window, as_of=as_of)


def age_sql(day: dt.date) -> str:
    """Say in SQL how many whole years somebody has lived by the calendar, null before birth; as `rules` counts."""
    return (
        f"(CASE WHEN birth_date <= {_day(day)} THEN {day.year} - year(birth_date)"
        f" - CAST(month(birth_date) * 100 + day(birth_date) > {day.month * 100 + day.day} AS INTEGER) END)"
    )


def _day(day: dt.date) -> str:
    return f"DATE {sql_text(day.isoformat())}"
