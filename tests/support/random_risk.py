"""Draws definitions, populations and everything about them that has ever told one engine from another."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace

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

AS_OF = dt.date(2024, 2, 29)
# Texts that end a string, a word, a line or a template too early in one place or another.
HOSTILE = (
    "it's",
    '"quoted"',
    "back\\slash\\",
    "${spark.master}",
    "{:g} {0}",
    "line\nand line",
    "наталья",
    "—; --",
    "%s %d",
)
HOSTILE_CODE = "it's\\"
LISTS = {
    f"list_{n}": frozenset({str(n), str(n + 1), "shared" if n % 3 == 0 else f"only{n}", *([HOSTILE_CODE] * (n == 1))})
    for n in range(70)
}
SYSTEMS = ("snomed", "snomed", "dmd", "icd10", "local")
UNITS = ("kg/m2", "%", "it's")


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
    return Codes(f"list_{chance.randrange(lists)}", chance.choice(SYSTEMS))


def _fact_test(chance: random.Random, lists: int) -> Test:
    codes, kind = _codes(chance, lists), chance.randrange(6)
    if kind == 0:
        return Ever(codes, _window(chance))
    if kind == 1:
        return LatestAfterLatest(codes, _codes(chance, lists), chance.random() < 0.5)
    if kind == 2:
        return Count(codes, chance.randrange(1, 4), _window(chance), chance.random() < 0.3)
    if kind == 3:
        far = chance.choice([60, 200])
        days = (Window(days_from=0, days_to=30), Window(days_from=31, days_to=far))
        months = (Window(months_from=0, months_to=1), Window(months_from=1, months_to=far // 30))
        return OneInEach(codes, chance.choice([days, months]))
    if kind == 4:
        limits = {
            chance.choice(["at_least", "at_most", "above", "below"]): chance.choice([40.0, 41.25, 6.0, 0.0, -1e-7])
        }
        return LatestValue(codes, chance.choice(UNITS), window=_window(chance), **limits)
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
                Demographic("imd_decile", at_least=3, at_most=chance.randrange(3, 11)),
                Demographic("imd_decile", among=(1, 2)),
                Demographic("language", among=("pl", "it's")),
                Demographic("place", among=(chance.choice(HOSTILE),)),
                Demographic("communal", among=(chance.random() < 0.5,)),
            ]
        )
    return _fact_test(chance, lists)


def a_definition(chance: random.Random) -> Definition:
    """Draw leaves, then groups over what came before (deep, shared, negated), scores and categories."""
    lists = chance.choice([3, 3, 70])
    criteria = [
        Criterion(f"leaf_{n}", f"Leaf {n}: {chance.choice(HOSTILE)}", _leaf(chance, lists))
        for n in range(chance.randrange(2, 9))
    ]
    names = [each.name for each in criteria]
    points = tuple(
        (name, chance.randrange(-1, 4)) for name in chance.sample(names, chance.randrange(1, len(names) + 1))
    )
    for number in range(chance.randrange(1, 7)):
        criteria.append(Criterion(f"group_{number}", f"Group {number}", _group(chance, names)))
        names.append(f"group_{number}")
    return Definition(
        tuple(criteria),
        (Score("total", "Total", points),),
        tuple(_category(chance, number, names) for number in range(chance.randrange(1, 4))),
        chance.random() < 0.5,
        chance.choice(["total", None]),
        {"gp": "the GP's practice", "it's": chance.choice(["", "${x}\\"])},
    )


def _group(chance: random.Random, names: Sequence[str]) -> Test:
    parts = tuple(chance.sample(names, min(len(names), chance.randrange(1, 4))))
    made = [AllOf(parts), AnyOf(parts), AnyOf(parts), AnyOf(parts), Not(parts[0])]
    return chance.choice([*made, ScoreAtLeast("total", chance.randrange(-1, 5), chance.choice([None, None, 5]))])


def _category(chance: random.Random, number: int, names: Sequence[str]) -> Category:
    tiers = (Tier(chance.choice(["1", "it's"]), chance.choice(names)), Tier("1", chance.choice(names)), Tier("2"))
    return Category(f"category_{number}", f"Category {number}", chance.choice(names), tiers)


def together(definitions: Sequence[Definition]) -> Definition:
    """Make one definition of several, each under names of its own: a person takes every category of each."""
    renamed = [_renamed(each, f"d{number}_") for number, each in enumerate(definitions)]
    return Definition(
        tuple(criterion for each in renamed for criterion in each.criteria),
        tuple(score for each in renamed for score in each.scores),
        tuple(category for each in renamed for category in each.categories),
        take_first=False,
        rank_by=renamed[0].rank_by,
        sources={source: words for each in definitions for source, words in each.sources.items()},
    )


def _renamed(definition: Definition, own: str) -> Definition:
    def test(each: Test) -> Test:
        match each:
            case AllOf(parts=parts) | AnyOf(parts=parts):
                return replace(each, parts=tuple(own + part for part in parts))
            case Not(part=part):
                return Not(own + part)
            case ScoreAtLeast(score=score):
                return replace(each, score=own + score)
        return each

    return replace(
        definition,
        criteria=tuple(Criterion(own + each.name, each.words, test(each.test)) for each in definition.criteria),
        scores=tuple(
            Score(own + each.name, each.words, tuple((own + part, points) for part, points in each.points))
            for each in definition.scores
        ),
        categories=tuple(
            replace(each, name=own + each.name, when=own + each.when, tiers=_tiers(each.tiers, own))
            for each in definition.categories
        ),
        rank_by=definition.rank_by and own + definition.rank_by,
    )


def _tiers(tiers: Sequence[Tier], own: str) -> tuple[Tier, ...]:
    return tuple(Tier(each.tier, each.when and own + each.when) for each in tiers)


def a_population(
    chance: random.Random, *, most_people: int = 20, most_facts: int = 24
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Draw people and facts thick with ties, nulls, NaN, wrong units, unnamed systems and days at the edges."""
    people = [_a_person(chance, number) for number in range(chance.randrange(0, most_people))]
    facts: list[dict[str, object]] = []
    for person in people:
        for _ in range(chance.randrange(0, most_facts)):
            # Told twice, and told twice with one thing else: what two feeds do.
            again = [{**facts[-1]}, _once_changed(chance, facts[-1])] if facts and chance.random() < 0.1 else []
            facts += [{**each, "person_id": person["person_id"]} for each in again] or [_a_fact(chance, person)]
    facts += [_a_fact(chance, {"person_id": "nobody we know"})]
    return people, facts


def _a_person(chance: random.Random, number: int) -> dict[str, object]:
    hostile = chance.choice(HOSTILE) if chance.random() < 0.1 else ""
    births = [None, dt.date(1954, 2, 28), dt.date(1954, 3, 1), dt.date(2004, 2, 29), AS_OF, dt.date(9999, 12, 31)]
    return {
        "person_id": f"p{number}{hostile}",
        "birth_date": chance.choice([*births, "0044-03-15 (BC)"]),
        "death_date": chance.choice([None] * 9 + [AS_OF + dt.timedelta(days=3)]),
        "imd_decile": chance.choice([None, 1, 2, 5, 10]),
        "language": chance.choice([None, "en", "pl", "it's"]),
        "place": chance.choice([None, *HOSTILE]),
        "communal": chance.choice([None, True, False]),
    }


def _once_changed(chance: random.Random, fact: dict[str, object]) -> dict[str, object]:
    other = _a_fact(chance, {"person_id": fact["person_id"]})
    name = chance.choice(["source", "value", "recorded_on", "code", "status", "end_date", "unit"])
    return {**fact, name: other[name]}


def _a_fact(chance: random.Random, person: dict[str, object]) -> dict[str, object]:
    rare = chance.choice(["0044-03-15 (BC)", dt.date(9999, 12, 31), dt.date(12, 1, 2), "infinity", "-infinity", None])
    values = [None, 40.0, 41.25, 5.9, 0.0, -0.0, -1e-7, 1234567.5, 2.000005]
    return {
        "person_id": person["person_id"],
        "kind": "diagnosis",
        "system": chance.choice(["snomed", "snomed", None, "", "dmd", "icd10", "local"]),
        "code": chance.choice(["0", "1", "2", "3", "shared", "only1", "65", HOSTILE_CODE]),
        "date": rare if chance.random() < 0.06 else _day(chance),
        "end_date": chance.choice([None, None, AS_OF, AS_OF - dt.timedelta(days=1), rare]),
        "status": chance.choice([None, None, "active", "", "resolved", "stopped", "refuted", "entered-in-error"]),
        "value": chance.choice([*values, float("nan"), float("inf"), float("-inf")]),
        "unit": chance.choice([None, "kg/m2", "kg/m2", "%", "it's", ""]),
        "source": chance.choice([None, "gp", "ambulance_calls", "", "it's"]),
        "recorded_on": chance.choice([None, AS_OF, AS_OF, rare]),
    }
