"""Random definitions over random populations: the columnar engine says exactly what the plain rules say."""

from __future__ import annotations

import datetime as dt
import os
import random

import pytest

from tests.support.risk_populations import ask, given
from wherry.risk.engines import duckdb as columnar
from wherry.risk.engines import reference
from wherry.risk.types import (
    EVERYTHING,
    Active,
    Age,
    AllOf,
    AnyOf,
    Category,
    Codes,
    Count,
    Criterion,
    Definition,
    Demographic,
    Ever,
    LatestAfterLatest,
    LatestValue,
    Not,
    OneInEach,
    Score,
    ScoreAtLeast,
    Test,
    Tier,
    Window,
)

CASES = int(os.environ.get("WHERRY_GENERATED_CASES", "200"))
AS_OF = dt.date(2024, 2, 29)
LISTS = {f"list_{n}": frozenset({str(n), str(n + 1), "shared" if n % 3 == 0 else f"only{n}"}) for n in range(70)}


def _day(chance: random.Random) -> dt.date:
    near = [AS_OF, AS_OF - dt.timedelta(days=1), AS_OF + dt.timedelta(days=1), AS_OF - dt.timedelta(days=30)]
    return chance.choice(near) if chance.random() < 0.4 else AS_OF - dt.timedelta(days=chance.randrange(-5, 400))


def _window(chance: random.Random) -> Window:
    kind = chance.randrange(5)
    if kind == 4:
        near = chance.choice([0, 1, 3])
        return Window(months_from=near, months_to=near + chance.choice([1, 6]))
    if kind == 0:
        near = chance.choice([0, 1, 30, 31])
        return Window(days_from=near, days_to=near + chance.choice([0, 1, 30, 365]))
    if kind == 1:
        return Window(since=_day(chance))
    if kind == 2:
        first, last = sorted([_day(chance), _day(chance)])
        return Window(since=first, until=last)
    return EVERYTHING


def _codes(chance: random.Random, lists: int) -> Codes:
    return Codes(f"list_{chance.randrange(lists)}", chance.choice(["snomed", "snomed", "dmd", "icd10", "local"]))


def _fact_test(chance: random.Random, lists: int) -> Test:
    codes, kind = _codes(chance, lists), chance.randrange(6)
    if kind == 0:
        return Ever(codes, _window(chance))
    if kind == 1:
        return LatestAfterLatest(codes, _codes(chance, lists), chance.random() < 0.5)
    if kind == 2:
        return Count(codes, chance.randrange(1, 4), _window(chance), chance.random() < 0.3)
    if kind == 3:
        return OneInEach(
            codes, (Window(days_from=0, days_to=30), Window(days_from=31, days_to=chance.choice([60, 200])))
        )
    if kind == 4:
        limits = {chance.choice(["at_least", "at_most", "above", "below"]): chance.choice([40.0, 41.25, 6.0])}
        return LatestValue(codes, chance.choice(["kg/m2", "%"]), window=_window(chance), **limits)
    return Active(codes)


def _leaf(chance: random.Random, lists: int) -> Test:
    kind = chance.randrange(8)
    if kind == 0:
        least = chance.choice([0, 18, 70])
        return chance.choice([Age(at_least=least), Age(at_most=least), Age(at_least=least, at_most=least + 5)])
    if kind == 1:
        return chance.choice(
            [
                Demographic("imd_decile", at_most=chance.randrange(1, 11)),
                Demographic("imd_decile", among=(1, 2)),
                Demographic("language", among=("pl", "lt")),
                Demographic("communal", among=(True,)),
            ]
        )
    return _fact_test(chance, lists)


def a_definition(chance: random.Random) -> Definition:
    """Draw leaves, then groups over what came before (deep, shared, negated), scores and categories."""
    lists = chance.choice([3, 3, 70])
    criteria = [
        Criterion(f"leaf_{n}", f"Leaf {n}'s {{words}}", _leaf(chance, lists)) for n in range(chance.randrange(2, 9))
    ]
    names = [each.name for each in criteria]
    points = tuple(
        (name, chance.randrange(-1, 4)) for name in chance.sample(names, chance.randrange(1, len(names) + 1))
    )
    scores = (Score("total", "Total", points),)
    for number in range(chance.randrange(1, 7)):
        parts = tuple(chance.sample(names, min(len(names), chance.randrange(1, 4))))
        made = [
            AllOf(parts),
            AnyOf(parts),
            AnyOf(parts),
            AnyOf(parts),
            Not(parts[0]),
            ScoreAtLeast("total", chance.randrange(1, 5), chance.choice([None, None, 5])),
        ]
        criteria.append(Criterion(f"group_{number}", f"Group {number}", chance.choice(made)))
        names.append(f"group_{number}")
    categories = tuple(
        Category(f"category_{n}", f"Category {n}", chance.choice(names), (Tier("1", chance.choice(names)), Tier("2")))
        for n in range(chance.randrange(1, 4))
    )
    sources = {"gp": "the GP's practice"}
    return Definition(
        tuple(criteria), scores, categories, chance.random() < 0.5, chance.choice(["total", None]), sources
    )


def a_population(chance: random.Random) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Draw people and facts thick with ties, nulls, NaN, wrong units, unnamed systems and days at the edges."""
    people = [
        {
            "person_id": f"p{number}",
            "birth_date": chance.choice([None, dt.date(1954, 2, 28), dt.date(1954, 3, 1), dt.date(2004, 2, 29), AS_OF]),
            "death_date": chance.choice([None] * 9 + [AS_OF + dt.timedelta(days=3)]),
            "imd_decile": chance.choice([None, 1, 2, 5, 10]),
            "language": chance.choice([None, "en", "pl"]),
            "communal": chance.choice([None, True, False]),
        }
        for number in range(chance.randrange(0, 20))
    ]
    facts = [_a_fact(chance, person["person_id"]) for person in people for _ in range(chance.randrange(0, 24))]
    return people, facts


def _a_fact(chance: random.Random, person_id: object) -> dict[str, object]:
    return {
        "person_id": person_id,
        "kind": "diagnosis",
        "system": chance.choice(["snomed", "snomed", None, "", "dmd", "icd10", "local"]),
        "code": chance.choice(["0", "1", "2", "3", "shared", "only1", "65"]),
        "date": None if chance.random() < 0.03 else _day(chance),
        "end_date": chance.choice([None, None, AS_OF, AS_OF - dt.timedelta(days=1)]),
        "status": chance.choice([None, "active", "resolved", "entered-in-error"]),
        "value": chance.choice([None, 40.0, 41.25, 5.9, float("nan"), float("inf"), 1234567.5]),
        "unit": chance.choice([None, "kg/m2", "kg/m2", "%"]),
        "source": chance.choice([None, "gp", "ambulance_calls", ""]),
        "recorded_on": chance.choice([None, AS_OF]),
    }


@pytest.mark.parametrize("block", range(10))
def test_engines_agree_on_random_definitions_and_populations(block: int) -> None:
    placed = 0
    for case in range(block, CASES, 10):
        chance = random.Random(f"engines {case}")
        definition, (people, facts) = a_definition(chance), a_population(chance)
        with given(people=people, facts=facts) as connection:
            asked = {"definition": definition, "codes": LISTS, "as_of": AS_OF}
            expected = ask(reference, connection, **asked)
            found = ask(columnar, connection, **asked)
        assert found == expected, f"case {case}"
        placed += len(found[0])
    assert placed > CASES // 10, "the cases drawn place too few people to prove anything"
