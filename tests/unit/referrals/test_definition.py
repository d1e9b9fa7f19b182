from __future__ import annotations

import copy
from pathlib import Path

import pytest

from wherry.programmes.files import load
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import Section
from wherry.referrals.definition import SCHEMA, needs_without_service, parse, problems

FILES = load(Path(__file__).parents[3] / "programmes" / "covid_protect")
SECTION, TABLE = FILES.sections["services"], FILES.sections["triage"]


def changed(at, key, value):
    data = copy.deepcopy(SECTION.data)
    data["services"][at][key] = value
    return Section(path=SECTION.path, data=data, lines=SECTION.lines)


def test_the_shipped_services_have_no_problem_and_cover_every_need_in_both_places():
    assert schema_problems(section=SECTION, schema=SCHEMA) == ()
    services = parse(SECTION)
    assert problems(services, SECTION) == ()
    assert needs_without_service(services, needs=TABLE.data["needs"], places=["norwich", "waveney"]) == ()


def test_a_need_no_service_takes_is_named_with_its_place():
    found = needs_without_service(parse(SECTION), needs=["food", "housing"], places=["norwich", "lowland"])

    assert found == ("food in lowland", "housing in lowland", "housing in norwich")


def test_a_service_takes_exactly_the_needs_it_is_told_something_for():
    food = parse(SECTION).by_code("food_parcel")

    assert food
    assert food.needs == ("food", "essentials")
    assert food.days == frozenset(range(6))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("shares", {"food": ["diagnosis"]}),
        ("shares", {"food": ["birth_date"]}),
        ("shares", {}),
        ("how", "fax"),
        ("opens", "8"),
        ("clock_hours", {"today": 4}),
        ("surprise", 1),
    ],
)
def test_the_schema_refuses_what_may_not_be_shared_or_cannot_be_meant(key, value):
    assert schema_problems(section=changed(0, key, value), schema=SCHEMA)


@pytest.mark.parametrize(
    ("at", "key", "value", "what"),
    [
        (1, "code", "food_parcel", "the service food_parcel is there twice"),
        (0, "closes", "07:00", "the service food_parcel never opens"),
        (
            0,
            "clock_hours",
            {"emergency": 9, "today": 4, "soon": 24, "routine": 48},
            "food_parcel has more time for what is more urgent",
        ),
        (
            0,
            "clock_hours",
            {"emergency": 1, "today": 4, "soon": 24, "routine": 61},
            "the clock of food_parcel would run for more than a week of its open hours",
        ),
        (0, "fallback", "nobody", "the fallback nobody is no service here"),
        (5, "fallback", "food_parcel", "the fallbacks of food_parcel go round in a circle"),
    ],
)
def test_what_the_schema_cannot_see_is_found_with_its_line(at, key, value, what):
    section = changed(at, key, value)

    found = problems(parse(section), section)

    assert what in [problem.what for problem in found]
    assert all(problem.line > 1 for problem in found)
