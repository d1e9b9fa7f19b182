"""Lay two runs beside each other. Reads both lists, and for the people who differ what the store knew of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wherry.population import Store, connect
from wherry.population.store import parquet_sql, sql_text
from wherry.risk.difference.sides import Side, side_of
from wherry.risk.difference.types import ENTERED, KINDS, LEFT, MOVED, Changed, Difference, RuleChange
from wherry.risk.difference.whys import Known, whys_of
from wherry.risk.engines import Question
from wherry.risk.engines.reference import assess_people
from wherry.risk.evidence.kept import Evidence
from wherry.risk.evidence.reading import FACT, PERSON, age_sql
from wherry.risk.types import AllOf, AnyOf, Assessment, Not, Reason, ScoreAtLeast

if TYPE_CHECKING:
    import duckdb

#: Of more people than this, causes are taken from the two lists alone: looking everybody up would take minutes.
MOST_SEARCHED = 5_000
_DIFFER = "difference_people"


def compare(*, before: Path, after: Path, store: Store | None = None) -> Difference:
    """
    Say who entered, left or moved between two runs, and why.

    before, after: a run's output or sidecar; store: where their evidence is kept, for causes no list tells and for
    counts by group. Raises InputWrong for a run that is not there. Time: grows with the people who differ.
    """
    return compare_sides(one=side_of(run=before, store=store), other=side_of(run=after, store=store))


def compare_sides(*, one: Side, other: Side, place: str | None = None) -> Difference:
    """Compare two runs already found; see `compare`. place: only people who live there, where evidence is kept."""
    rules = tuple(_rule_changes(one, other))
    with connect() as connection:
        people, same = _differing(connection, one, other, place)
        known = one.evidence is not None and other.evidence is not None
        searched = known and len(people) <= MOST_SEARCHED
        told = [_known(connection, side, searched=searched) for side in (one, other)]
        groups = (
            _groups(connection, one, other, (one.evidence, other.evidence)) if one.evidence and other.evidence else {}
        )
    changed = frozenset(each.name for each in rules)
    nothing = Known(there=not searched)
    return Difference(
        before=one.told["run"],
        after=other.told["run"],
        before_on=one.told["as_of"],
        after_on=other.told["as_of"],
        people=tuple(
            replace(
                each,
                whys=whys_of(
                    before=one,
                    after=other,
                    was=told[0].get(each.person_id, nothing),
                    now=told[1].get(each.person_id, nothing),
                    changed_rules=changed,
                ),
            )
            for each in people
        ),
        same=same,
        rules=rules,
        groups=groups,
        searched=searched,
    )


def _differing(
    connection: duckdb.DuckDBPyConnection, one: Side, other: Side, place: str | None
) -> tuple[list[Changed], int]:
    places = "list(category || ', tier ' || tier ORDER BY category) AS places"
    was, now = (f"(SELECT person_id, {places} FROM {_list_sql(side, one, other)} GROUP BY 1)" for side in (one, other))
    connection.execute(
        f"CREATE TEMP TABLE {_DIFFER} AS SELECT coalesce(a.person_id, b.person_id) AS person_id,"
        f" coalesce(a.places, []) AS before, coalesce(b.places, []) AS after,"
        f" CASE WHEN a.person_id IS NULL THEN '{ENTERED}' WHEN b.person_id IS NULL THEN '{LEFT}' ELSE '{MOVED}' END"
        " AS kind"
        f" FROM {was} a FULL JOIN {now} b ON a.person_id = b.person_id WHERE a.places IS DISTINCT FROM b.places"
    )
    listed = f"SELECT person_id FROM {_list_sql(other, one, other)}"
    if place is not None and one.evidence and other.evidence:
        now, was = (
            f"SELECT person_id FROM ({side.people_sql()}) WHERE place = {sql_text(place)}"
            for side in (other.evidence, one.evidence)
        )
        living = f"(kind <> '{LEFT}' AND person_id IN ({now})) OR (kind = '{LEFT}' AND person_id IN ({was}))"
        connection.execute(f"DELETE FROM {_DIFFER} WHERE NOT ({living})")
        listed += f" WHERE person_id IN ({now})"
    rows = connection.execute(f"SELECT person_id, kind, before, after FROM {_DIFFER} ORDER BY 1").fetchall()
    everybody = connection.execute(f"SELECT count(DISTINCT person_id) FROM ({listed})").fetchall()[0][0]
    same = int(everybody) - sum(kind != LEFT for _, kind, _, _ in rows)
    return [Changed(who, kind, tuple(was_at), tuple(is_at)) for who, kind, was_at, is_at in rows], same


def _list_sql(side: Side, one: Side, other: Side) -> str:
    # Who is a canary in either run is nobody in both: a feed that gets one has not found a person.
    invented = ", ".join(map(sql_text, sorted(one.canaries | other.canaries)))
    real = f" WHERE person_id NOT IN ({invented})" if invented else ""
    return f"(SELECT * FROM {parquet_sql([side.out])}{real})"


def _known(connection: duckdb.DuckDBPyConnection, side: Side, *, searched: bool) -> dict[str, Known]:
    """Gather what a run knew of each person who differs: from its list, and from its evidence where searched."""
    told: dict[str, dict[str, Reason]] = {}
    sql = f"SELECT person_id, reasons FROM {parquet_sql([side.out])} SEMI JOIN {_DIFFER} USING (person_id)"
    for who, reasons in connection.execute(sql).fetchall():
        told.setdefault(who, {}).update({each["criterion"]: Reason(**each) for each in reasons})
    if not searched or side.evidence is None:
        return {who: Known(_leaves(side, reasons), reasons) for who, reasons in told.items()}
    recorded = _recorded(connection, side.evidence)
    return {
        who: Known(
            _leaves(side, assessed.fired), told.get(who, {}), frozenset(recorded.get(who, ())), dead=assessed.dead
        )
        for who, assessed in _assessed(connection, side, side.evidence)
    }


def _leaves(side: Side, names: Any) -> frozenset[str]:
    made_of_others = AllOf | AnyOf | Not | ScoreAtLeast
    return frozenset(
        name for name in names if name in side.criteria and not isinstance(side.criteria[name].test, made_of_others)
    )


def _assessed(
    connection: duckdb.DuckDBPyConnection, side: Side, evidence: Evidence
) -> Iterator[tuple[str, Assessment]]:
    only = f"SEMI JOIN {_DIFFER} USING (person_id)"
    persons = f"SELECT {', '.join(PERSON)} FROM ({evidence.people_sql()}) {only} WHERE there"
    facts = f"SELECT {', '.join(FACT)} FROM ({evidence.facts_sql()}) {only}"
    ids = [row[0] for row in connection.execute(f"SELECT person_id FROM ({persons}) ORDER BY 1").fetchall()]
    question = Question(side.definition, evidence.codes(connection), side.as_of, persons, facts)
    yield from zip(ids, assess_people(connection=connection, question=question), strict=True)


def _recorded(connection: duckdb.DuckDBPyConnection, evidence: Evidence) -> dict[str, list[tuple[object, ...]]]:
    found: dict[str, list[tuple[object, ...]]] = {}
    sql = f"SELECT person_id, code, date, source FROM ({evidence.facts_sql()}) SEMI JOIN {_DIFFER} USING (person_id)"
    for who, *mark in connection.execute(sql).fetchall():
        found.setdefault(who, []).append(tuple(mark))
    return found


def _groups(
    connection: duckdb.DuckDBPyConnection, one: Side, other: Side, known: tuple[Evidence, Evidence]
) -> dict[str, dict[str, tuple[int, int, int]]]:
    """Count who differs by where they live, how deprived it is there, and age; of who left, as they were."""
    groups = {
        "place": "coalesce(place, 'not known')",
        "deprivation": "coalesce('tenth ' || imd_decile, 'not known')",
        "age": "coalesce((age // 10 * 10) || ' to ' || (age // 10 * 10 + 9), 'not known')",
    }
    counted = ", ".join(f"count(*) FILTER (WHERE kind = {sql_text(kind)})" for kind in KINDS)
    rows = " UNION ALL ".join(
        f"SELECT d.kind, p.place, p.imd_decile, {age_sql(side.as_of)} AS age FROM {_DIFFER} d"
        f" JOIN ({evidence.people_sql()}) p ON p.person_id = d.person_id WHERE (d.kind = '{LEFT}') = {left}"
        for side, evidence, left in ((one, known[0], "true"), (other, known[1], "false"))
    )
    found: dict[str, dict[str, tuple[int, int, int]]] = {}
    for name, sql in groups.items():
        got = connection.execute(f"SELECT {sql} AS part, {counted} FROM ({rows}) GROUP BY 1 ORDER BY 1").fetchall()
        found[name] = {part: (entered, left, moved) for part, entered, left, moved in got}
    return found


def _rule_changes(one: Side, other: Side) -> Iterator[RuleChange]:
    for name in dict.fromkeys((*one.criteria, *other.criteria)):
        words = (other.criteria.get(name) or one.criteria[name]).words
        if name not in one.criteria:
            yield RuleChange(name, words, ("new",))
        elif name not in other.criteria:
            yield RuleChange(name, words, ("taken out",))
        elif differs := tuple(_unlike(one.entry(name), other.entry(name))):
            yield RuleChange(name, words, differs)
    for part in ("categories", "scores", "take", "rank_by"):
        was, now = (side.told["rules"]["section"].get(part) for side in (one, other))
        if differs := tuple(_unlike(was, now)):
            yield RuleChange(part, part.replace("_", " "), differs)


def _unlike(was: Any, now: Any, at: str = "") -> Iterator[str]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys((*was, *now)):
            yield from _unlike(was.get(key), now.get(key), f"{at}.{key}" if at else str(key))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for number, (left, right) in enumerate(zip(was, now, strict=True), start=1):
            yield from _unlike(left, right, f"{at} {number}".strip())
    elif was != now:
        short = "lists" in at
        yield f"{at}: its codes changed" if short else f"{at}: {_said(was)} → {_said(now)}"


def _said(value: Any) -> str:
    return "nothing" if value is None else str(value)
