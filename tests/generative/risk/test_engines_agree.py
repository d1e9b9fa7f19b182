"""Random definitions over random populations: every engine says exactly what the plain rules say, reasons and all."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from types import ModuleType
from typing import get_args

import pytest

from tests.support.random_risk import AS_OF, LISTS, a_definition, a_population, together
from tests.support.risk_populations import ask, given
from tests.support.small_spark import asks_spark
from wherry.risk.engines import duckdb as columnar
from wherry.risk.engines import reference, spark
from wherry.risk.types import Definition, Test

EVERY_KIND = set(get_args(Test))
# One case is one definition over one population.
CASES = int(os.environ.get("WHERRY_GENERATED_CASES", "2000"))
AT_ONCE = 8  # definitions asked together: a question costs much the same however many there are
ALONE = 10  # one definition in so many is asked by itself as well, as a person takes only its first category
BLOCKS = 10
SPARKS_QUESTIONS = 2


def _definitions(case: int) -> list[Definition]:
    return [a_definition(random.Random(f"definition {case} {number}")) for number in range(AT_ONCE)]


def _differences(engine: ModuleType, definition: Definition, case: int, **size: int) -> Iterator[str]:
    """Say where an engine differs from the plain rules; end with nothing where it does not."""
    people, facts = a_population(random.Random(f"population {case}"), **size)
    with given(people=people, facts=facts) as connection:
        connection.execute("SET threads = 1")  # so few rows are never shared out; asking for more only costs
        asked = {"definition": definition, "codes": LISTS, "as_of": AS_OF}
        (expected, counts), (found, counted) = (ask(each, connection, **asked) for each in (reference, engine))
    yield from (f"case {case}: {name} is {counted[name]}" for name in counts if counted[name] != counts[name])
    yield from (f"case {case}: {row} is left out" for row in expected if row not in found)
    yield from (f"case {case}: {row} is not so" for row in found if row not in expected)
    if found != expected:
        yield f"case {case}: a row is told twice, or the order differs"


@pytest.mark.parametrize("block", range(BLOCKS))
def test_engines_agree_on_random_definitions_and_populations(block: int) -> None:
    for case in range(block, CASES // AT_ONCE, BLOCKS):
        definitions = _definitions(case)
        assert list(_differences(columnar, together(definitions), case)) == []
        if case % ALONE == 0:
            assert list(_differences(columnar, definitions[0], case)) == []


@pytest.mark.parametrize("share", [1, 2, 7])
def test_people_told_a_few_at_a_time_are_told_the_same(share: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "_A_SHARE", share)
    for case in range(4):
        definitions = _definitions(case)
        assert list(_differences(columnar, together(definitions), case)) == []
        assert list(_differences(columnar, definitions[0], case)) == []


@asks_spark
@pytest.mark.parametrize("case", range(SPARKS_QUESTIONS))
def test_spark_agrees_on_a_fixed_set_asked_together(case: int) -> None:
    definitions = [*_definitions(case), *_definitions(case + SPARKS_QUESTIONS)]
    assert list(_differences(spark, together(definitions), case, most_people=60)) == []


@asks_spark
def test_spark_agrees_where_a_person_takes_the_first_category() -> None:
    definition = next(each for each in _definitions(0) if each.take_first and len(each.categories) > 2)
    assert list(_differences(spark, definition, 0, most_people=60)) == []


def test_what_is_drawn_holds_every_operator_and_places_people() -> None:
    drawn = [each for case in range(2 * SPARKS_QUESTIONS) for each in _definitions(case)]
    assert {type(criterion.test) for each in drawn for criterion in each.criteria} == EVERY_KIND
    people, facts = a_population(random.Random("population 0"), most_people=60)
    with given(people=people, facts=facts) as connection:
        placed, _ = ask(reference, connection, definition=together(drawn), codes=LISTS, as_of=AS_OF)
    assert len(placed) > len(people)
    assert sum(len(row[4]) for row in placed) > len(placed)
