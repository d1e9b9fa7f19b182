"""Count who differs between two versions: by where they stand, by which rule, and by who they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wherry.population.store import sql_text
from wherry.risk.difference.types import KINDS, MOVED
from wherry.risk.engines.truth_sql import quoted
from wherry.risk.evidence.reading import age_sql
from wherry.risk.versions.types import GAINED, LOST, Balance, Cause, InGroup, Version

if TYPE_CHECKING:
    import duckdb

#: Tables: everybody; who differs, with the kind; the categories in which they do.
PEOPLE, DIFFER, WHERE = "versions_people", "versions_differ", "versions_where"


def count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    """Give the one number a query gives."""
    return int(connection.execute(sql).fetchall()[0][0])


def balances(connection: duckdb.DuckDBPyConnection, was: Version, now: Version) -> Iterator[Balance]:
    """Give the whole list, then each category and its tiers, those of the newer version first."""
    yield _balance(connection, "", "")
    tiers: dict[str, dict[str, None]] = {}
    for category in (each for one in (now, was) for each in one.definition.categories):
        tiers.setdefault(category.name, {}).update(dict.fromkeys(tier.tier for tier in category.tiers))
    for name, several in tiers.items():
        yield _balance(connection, name, "")
        for tier in several:
            yield _balance(connection, name, tier)


def _balance(connection: duckdb.DuckDBPyConnection, category: str, tier: str) -> Balance:
    """Count each side by a query of its own, so that somebody lost on the way would show."""
    wanted = [f"{name} = {sql_text(value)}" for name, value in (("category", category), ("tier", tier)) if value]
    only = f" WHERE {' AND '.join(wanted)}" if wanted else ""
    before, after = (f"SELECT DISTINCT person_id FROM placed_{name}{only}" for name in ("before", "after"))
    counted = (before, f"{after} EXCEPT {before}", f"{before} EXCEPT {after}", after)
    return Balance(category, tier, *(count(connection, f"SELECT count(*) FROM ({sql})") for sql in counted))


def causes(connection: duckdb.DuckDBPyConnection, was: Version, now: Version) -> Iterator[Cause]:
    """Count who entered, left or moved by the changed rules that came or ceased to be true of them, most first."""
    parts = [sql for name in sorted(was.changed | now.changed) for sql in _flips(name, was, now)]
    shape = "person_id VARCHAR, category VARCHAR, inside VARCHAR, overall VARCHAR, name VARCHAR, way VARCHAR"
    connection.execute(f"CREATE TEMP TABLE versions_flips ({shape})")
    for sql in parts:
        connection.execute(f"INSERT INTO versions_flips {sql}")
    counted = (
        ("''", "overall", f"SELECT '' AS category, kind FROM {DIFFER} ANTI JOIN versions_flips USING (person_id)"),
        (
            "category",
            "inside",
            f"SELECT category, kind FROM {WHERE} ANTI JOIN versions_flips USING (person_id, category)",
        ),
    )
    for category, kind, unexplained in counted:
        told = f"SELECT {category} AS category, {kind} AS kind, name, way, count(DISTINCT person_id) AS people"
        rows = connection.execute(
            f"SELECT * FROM ({told} FROM versions_flips GROUP BY ALL UNION ALL"
            f" SELECT category, kind, '', '', count(*) FROM ({unexplained}) GROUP BY ALL) ORDER BY 1, people DESC, 3, 4"
        ).fetchall()
        for of in KINDS:
            yield from (
                Cause(where, of, name, _words(name, was, now), way, int(number))
                for where, kinds, name, way, number in rows
                if kinds == of
            )


def _words(name: str, was: Version, now: Version) -> str:
    side = now if name in now.names else was
    return side.definition.criterion(name).words if name else ""


def _flips(name: str, was: Version, now: Version) -> Iterator[str]:
    """Give who differs in a category that stands on a rule, and of whom the rule came or ceased to be true."""
    categories = sorted({each.name for one in (was, now) for each in one.definition.categories})
    standing = [where for one in categories if (where := _standing(name, one, was, now))]
    if not standing:
        return
    true_before, true_after = (
        f"coalesce({alias}.{quoted(name)}, false)" if name in one.changed else "false"
        for alias, one in (("b", was), ("a", now))
    )
    source = (
        f"FROM {WHERE} w JOIN {DIFFER} d USING (person_id) JOIN truth_before b USING (person_id)"
        f" JOIN truth_after a USING (person_id) WHERE ({' OR '.join(standing)})"
    )
    for way, one, other in ((GAINED, true_before, true_after), (LOST, true_after, true_before)):
        told = f"SELECT person_id, w.category, w.kind, d.kind, {sql_text(name)}, {sql_text(way)}"
        yield f"{told} {source} AND NOT {one} AND {other}"


def _standing(name: str, category: str, was: Version, now: Version) -> str:
    """Say in SQL in which way somebody must differ in a category for a rule to be a cause; nothing where it is none."""
    here = f"w.category = {sql_text(category)}"
    if name in was.reached(category, tiers=False) | now.reached(category, tiers=False):
        return f"({here})"
    # Who came or went did so whatever the tier: a rule that only tiers ask for is no cause of it.
    of_its_tiers = name in was.reached(category, tiers=True) | now.reached(category, tiers=True)
    return f"({here} AND w.kind = '{MOVED}')" if of_its_tiers else ""


def groups_of(connection: duckdb.DuckDBPyConnection, as_of: dt.date) -> dict[str, tuple[InGroup, ...]]:
    """Count everybody living by who they are, with those on the list before and after."""
    groups = {
        "place": "coalesce(place, 'not known')",
        "deprivation": "coalesce('tenth ' || lpad(CAST(imd_decile AS VARCHAR), 2, ' '), 'not known')",
        "ethnicity": "coalesce(ethnicity, 'not known')",
        "age": "coalesce(lpad(CAST(age // 10 * 10 AS VARCHAR), 3, ' ') || ' to ' || (age // 10 * 10 + 9), 'not known')",
        "sex": "coalesce(sex, 'not known')",
    }
    connection.execute(
        f"CREATE TEMP TABLE versions_on AS SELECT p.place, p.imd_decile, p.ethnicity, p.sex, {age_sql(as_of)} AS age,"
        " p.person_id IN (SELECT person_id FROM placed_before) AS was,"
        f" p.person_id IN (SELECT person_id FROM placed_after) AS now FROM {PEOPLE} p WHERE death_date IS NULL"
    )
    counted = (
        "count(*), count(*) FILTER (WHERE was), count(*) FILTER (WHERE now AND NOT was),"
        " count(*) FILTER (WHERE was AND NOT now), count(*) FILTER (WHERE now)"
    )
    return {
        by: tuple(
            InGroup(" ".join(str(name).split()), *map(int, counts))
            for name, *counts in connection.execute(
                f"SELECT {sql} AS part, {counted} FROM versions_on GROUP BY 1 ORDER BY part = 'not known', part"
            ).fetchall()
        )
        for by, sql in groups.items()
    }
