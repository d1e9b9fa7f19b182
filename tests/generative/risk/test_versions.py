"""Two versions over one population, against both decided person by person by the plain rules."""

from __future__ import annotations

import functools
import os
import random

from tests.support.random_risk import AS_OF, LISTS, a_definition, a_population
from tests.support.risk_populations import FACTS, PEOPLE, ask, given
from wherry.risk.engines import reference
from wherry.risk.types import Definition
from wherry.risk.versions import Balance, Between, Version, between_definitions

CASES = int(os.environ.get("WHERRY_VERSION_CASES", "4"))
Placed = set[tuple[str, str, str]]


@functools.cache
def _both(case: int) -> tuple[Between, Placed, Placed]:
    definitions = [a_definition(random.Random(f"version {case} {number}")) for number in range(2)]
    people, facts = a_population(random.Random(f"people {case}"), most_people=60)
    with given(people=people, facts=facts) as connection:
        connection.execute("SET threads = 1")
        was, now = (_placed(connection, one) for one in definitions)
        found = between_definitions(
            connection=connection,
            before=Version("before", definitions[0], LISTS),
            after=Version("after", definitions[1], LISTS),
            as_of=AS_OF,
            persons_sql=f"SELECT * FROM {PEOPLE}",
            facts_sql=f"SELECT * FROM {FACTS}",
        )
    return found, was, now


def _placed(connection: object, definition: Definition) -> Placed:
    rows, _ = ask(reference, connection, definition=definition, codes=LISTS, as_of=AS_OF)  # type: ignore[arg-type]
    return {(str(row[0]), str(row[1]), str(row[2])) for row in rows}


def _expected(balance: Balance, was: Placed, now: Placed) -> tuple[int, int, int, int]:
    before, after = (
        {who for who, category, tier in side if balance.category in ("", category) and balance.tier in ("", tier)}
        for side in (was, now)
    )
    return len(before), len(after - before), len(before - after), len(after)


def test_who_enters_and_leaves_is_what_the_plain_rules_say() -> None:
    for case in range(CASES):
        found, was, now = _both(case)

        for one in found.balances:
            assert (one.before, one.entered, one.left, one.after) == _expected(one, was, now), (case, one)
            assert one.before + one.entered - one.left == one.after
        whole = found.balances[0]
        for several in found.groups.values():
            assert sum(one.entered for one in several) == whole.entered
            assert sum(one.left for one in several) == whole.left
            assert sum(one.population for one in several) == found.living


def test_everybody_who_differs_has_a_cause() -> None:
    for case in range(CASES):
        found, was, now = _both(case)

        listed = {who for who, _, _ in was}, {who for who, _, _ in now}
        kinds = {"entered": len(listed[1] - listed[0]), "left": len(listed[0] - listed[1]), "moved": found.moved}
        for kind, number in kinds.items():
            causes = [one.people for one in found.causes if (one.category, one.kind) == ("", kind)]
            assert sum(causes) >= number and max(causes, default=0) <= number, (case, kind)
        for balance in found.balances[1:]:
            if not balance.tier:
                inside = [one for one in found.causes if one.category == balance.category]
                assert sum(one.people for one in inside if one.kind == "entered") >= balance.entered
                assert sum(one.people for one in inside if one.kind == "left") >= balance.left


def test_a_version_beside_itself_moves_nobody() -> None:
    definition = a_definition(random.Random("version 3 0"))
    people, facts = a_population(random.Random("people 3"), most_people=60)
    with given(people=people, facts=facts) as connection:
        sides = (Version(name, definition, LISTS) for name in ("before", "after"))
        before, after = sides
        found = between_definitions(
            connection=connection,
            before=before,
            after=after,
            as_of=AS_OF,
            persons_sql=f"SELECT * FROM {PEOPLE}",
            facts_sql=f"SELECT * FROM {FACTS}",
        )

    assert all(one.entered == one.left == 0 for one in found.balances)
    assert found.causes == () and found.moved == 0
