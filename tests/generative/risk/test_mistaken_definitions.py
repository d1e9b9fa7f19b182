"""Random mistakes in our own definitions and cases: each is told as a problem, or there is none; nothing crashes."""

from __future__ import annotations

import copy
import dataclasses
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest

from wherry.foundation.content import content_folder
from wherry.programmes.files import load
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import ProgrammeFiles, Section
from wherry.risk import examples
from wherry.risk.definition import SCHEMA, parse, problems

CASES = int(os.environ.get("WHERRY_GENERATED_MISTAKES", "120"))
DEFINITIONS = content_folder("programmes") / "definitions"
NAMES = ("at_risk_groups", "frailty_index", "shielded_patients")
STRANGE: tuple[Any, ...] = (
    *(None, True, 0, -1, 10**20, 1.5, float("nan"), "", "x", "2020-02-30", "2020-01-01", "not", "diabetes", "\0"),
    *([], {}, [1], [2, 1], [1.0, 2.0], [[0, 1]], [None], {"a": 1}, {"list": "x"}, ["shielding"], "2.0"),
)


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if above:
        yield above
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _places(inner, (*above, key))


def _mistaken(chance: random.Random, section: Section) -> Section:
    """Put strange values, values from elsewhere, or nothing in a few places."""
    data = copy.deepcopy(section.data)
    for _ in range(chance.choice([1, 1, 2, 4])):
        *way, last = chance.choice(list(_places(data)))
        here, kind = _at(data, way), chance.random()
        if kind < 0.2:
            del here[last]
        else:
            elsewhere = _at(data, chance.choice(list(_places(data))))
            here[last] = copy.deepcopy(elsewhere if kind < 0.4 else chance.choice(STRANGE))
    return dataclasses.replace(section, data=data)


def _at(data: Any, way: Any) -> Any:
    for key in way:
        data = data[key]
    return data


def _told(files: ProgrammeFiles, chance: random.Random) -> int:
    definition, cases = files.sections["risk"], next(iter(files.cases.values()))
    if chance.random() < 0.7:
        mistaken = _mistaken(chance, definition)
        found = schema_problems(section=mistaken, schema=SCHEMA)
        return len(found or problems(parse(mistaken), section=mistaken, codelists=files.codelists))
    mistaken = _mistaken(chance, cases)
    found = schema_problems(section=mistaken, schema=examples.SCHEMA)
    if found:
        return len(found)
    return len(examples.run(definition=parse(definition), section=mistaken, codelists=files.codelists).problems)


@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_is_told_or_there_is_none(name: str) -> None:
    files = load(DEFINITIONS / name)
    told = [_told(files, random.Random(f"{name} {case}")) for case in range(CASES // len(NAMES))]
    assert sum(map(bool, told)) > len(told) // 2
