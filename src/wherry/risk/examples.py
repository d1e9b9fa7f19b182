"""
Clinicians' own examples under `cases/risk/`: a person, their facts, and what must come of it. Run by every check.

A fact names a list, not a code, so that the same cases hold for the small lists that are shipped and for the full
published ones: the code taken is one that is on as few other lists as can be.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wherry.foundation.problems import Problem
from wherry.programmes.types import Codelist, Section
from wherry.risk.definition import SYSTEMS, codes_of
from wherry.risk.rules import assess
from wherry.risk.types import Assessment, Definition, Fact, Person

FOLDER = "cases/risk/"
_NAME = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,59}$"}
_NAMES = {"type": "array", "items": _NAME, "uniqueItems": True}
_DAY = {"type": "string", "format": "date"}
_TEXT = {"type": "string", "minLength": 1}


def _object(required: str, /, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required.split(), "properties": properties, "additionalProperties": False}


_PERSON = _object(
    "",
    born=_DAY,
    died=_DAY,
    sex=_TEXT,
    ethnicity=_TEXT,
    language=_TEXT,
    imd_decile={"type": "integer", "minimum": 1, "maximum": 10},
    place=_TEXT,
    practice_code=_TEXT,
    communal={"type": "boolean"},
)
_FACT = {
    **_object(
        "",
        list={**_NAME, "description": "A list of the programme; one of its codes is taken."},
        which={"type": "integer", "minimum": 1, "description": "Another code of the list: the second, the third."},
        code=_TEXT,
        system={"enum": list(SYSTEMS)},
        on={**_DAY, "description": "The day of the fact."},
        days_ago={
            "type": "integer",
            "minimum": -45_000,
            "maximum": 45_000,
            "description": "Or how many days before the index date.",
        },
        ends=_DAY,
        status=_TEXT,
        value={"type": "number"},
        unit=_TEXT,
    ),
    "oneOf": [{"required": ["list"]}, {"required": ["code", "system"]}],
    "allOf": [{"oneOf": [{"required": ["on"]}, {"required": ["days_ago"]}]}],
}
_EXPECT = _object(
    "placed",
    placed={
        "type": "object",
        "additionalProperties": {"type": ["integer", "string"]},
        "description": "Every category the person is placed in, with its tier; {} for none.",
    },
    met={**_NAMES, "description": "Criteria and groups that must be true."},
    not_met={**_NAMES, "description": "Criteria and groups that must not be true."},
    missing={**_NAMES, "description": "Every criterion that must be shown as lacking its input."},
    scores={"type": "object", "additionalProperties": {"type": "integer"}},
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "cases/risk/*.yaml",
    **_object(
        "as_of cases",
        as_of={**_DAY, "description": "The index date of every case that names none itself."},
        cases={
            "type": "array",
            "minItems": 1,
            "items": _object(
                "id story expect",
                id=_NAME,
                story=_TEXT,
                as_of=_DAY,
                person=_PERSON,
                facts={"type": "array", "items": _FACT},
                expect=_EXPECT,
            ),
        },
    ),
}


@dataclass(frozen=True)
class Case:
    """One case ready to be asked of any engine. expect: as it is written."""

    id: str
    line: int
    person: Person
    facts: tuple[Fact, ...]
    as_of: dt.date
    expect: Mapping[str, Any]


@dataclass(frozen=True)
class Ran:
    """What running the cases of one file gave."""

    problems: tuple[Problem, ...]
    count: int


def run(*, definition: Definition, section: Section, codelists: Mapping[str, Codelist], at_least: bool = False) -> Ran:
    """
    Run every case of a file that fits SCHEMA. A category that is not expected must not come.

    at_least: for a case of the centre in a place, where more people may be found, and nobody is lost.
    """
    unknown = tuple(_unknown(definition, section, codelists))
    if unknown:
        return Ran(unknown, 0)
    found: list[Problem] = []
    cases = cases_of(section=section, codelists=codelists)
    for case in cases:
        assessed = assess(
            definition=definition, codes=codes_of(codelists), person=case.person, facts=case.facts, as_of=case.as_of
        )
        if at_least:
            lost = case.expect["placed"] and not assessed.placed
            wrong: tuple[str, ...] = ("somebody the centre finds is lost",) if lost else ()
        else:
            wrong = differences(definition=definition, expect=case.expect, assessed=assessed)
        for what in wrong:
            mend = "mend the rules, or what the case expects"
            found.append(Problem(section.path, case.line, f"the case {case.id}: {what}", mend))
    return Ran(tuple(found), len(cases))


def cases_of(*, section: Section, codelists: Mapping[str, Codelist]) -> tuple[Case, ...]:
    """Read the cases of a file that fits SCHEMA and names only lists that are there."""
    named = {fact.get("list") for case in section.data["cases"] for fact in case.get("facts", ())}
    lists = Counter((each.system, code) for each in codelists.values() for code in each.pairs)
    codes = {name: _alone_on(codelists[name], lists) for name in named if name}
    return tuple(
        Case(
            id=case["id"],
            line=section.line("cases", at, "expect"),
            person=_person(case),
            facts=tuple(_fact(fact, _as_of(section, case), codelists, codes) for fact in case.get("facts", ())),
            as_of=_as_of(section, case),
            expect=case["expect"],
        )
        for at, case in enumerate(section.data["cases"])
    )


def differences(*, definition: Definition, expect: Mapping[str, Any], assessed: Assessment) -> tuple[str, ...]:
    """Say what came out otherwise than a case expects."""
    placed = {one.category: one.tier for one in assessed.placed}
    wanted = {category: str(tier) for category, tier in expect["placed"].items()}
    told = [f"placed should be {_shown(wanted)}, came out as {_shown(placed)}"] if placed != wanted else []
    told += [f"{name} should be true" for name in expect.get("met", ()) if name not in assessed.fired]
    told += [f"{name} should not be true" for name in expect.get("not_met", ()) if name in assessed.fired]
    missing = sorted(expect.get("missing", assessed.missing))
    if missing != sorted(assessed.missing):
        told.append(f"missing should be {_listed(missing)}, came out as {_listed(sorted(assessed.missing))}")
    for score in definition.scores:
        points = sum(number for part, number in score.points if part in assessed.fired)
        if expect.get("scores", {}).get(score.name, points) != points:
            told.append(f"{score.name} should be {expect['scores'][score.name]}, came out as {points}")
    return tuple(told)


def _unknown(definition: Definition, section: Section, codelists: Mapping[str, Codelist]) -> Iterator[Problem]:
    names = {each.name for each in definition.criteria}
    scores, seen = {each.name for each in definition.scores}, set[str]()
    for at, case in enumerate(section.data["cases"]):
        if case["id"] in seen:
            yield Problem(section.path, section.line("cases", at), f"two cases are called {case['id']}", "rename one")
        seen.add(case["id"])
        for number, fact in enumerate(case.get("facts", ())):
            line = section.line("cases", at, "facts", number)
            if "list" in fact and fact["list"] not in codelists:
                yield Problem(section.path, line, f"there is no codelist {fact['list']}", "mend the name")
            elif len(codelists[fact["list"]].pairs) < fact.get("which", 1) if "list" in fact else False:
                yield Problem(section.path, line, f"{fact['list']} has no code number {fact['which']}", "mend which")
        expect, line = case["expect"], section.line("cases", at, "expect")
        for name in (*expect.get("met", ()), *expect.get("not_met", ()), *expect.get("missing", ())):
            if name not in names:
                yield Problem(section.path, line, f"there is no criterion or group {name}", "mend the name")
        for name in expect.get("scores", {}):
            if name not in scores:
                yield Problem(section.path, line, f"there is no score {name}", "mend the name")


def _as_of(section: Section, case: Mapping[str, Any]) -> dt.date:
    return dt.date.fromisoformat(case.get("as_of", section.data["as_of"]))


def _person(case: Mapping[str, Any]) -> Person:
    told = dict(case.get("person", {}))
    born, died = told.pop("born", None), told.pop("died", None)
    return Person(case["id"], _day(born), _day(died), **told)


def _fact(
    told: Mapping[str, Any], as_of: dt.date, codelists: Mapping[str, Codelist], codes: Mapping[str, list[str]]
) -> Fact:
    day = _day(told.get("on")) or as_of - dt.timedelta(days=told.get("days_ago", 0))
    named = codelists.get(told.get("list", ""))
    return Fact(
        code=codes[named.name][told.get("which", 1) - 1] if named else told["code"],
        date=day,
        system=named.system if named else told["system"],
        end_date=_day(told.get("ends")),
        status=told.get("status"),
        value=None if told.get("value") is None else float(told["value"]),
        unit=told.get("unit"),
    )


def _alone_on(named: Codelist, lists: Mapping[tuple[str, str], int]) -> list[str]:
    """Give a list's codes, those on the fewest lists first, otherwise in file order."""
    return sorted(named.pairs, key=lambda code: lists[named.system, code])


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _shown(placed: Mapping[str, str]) -> str:
    return ", ".join(f"{category} tier {tier}" for category, tier in sorted(placed.items())) or "nowhere"


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "nothing"
