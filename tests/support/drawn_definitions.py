"""Puts the tables of tests/spec/risk into few questions, since asking Spark takes seconds, and reads the answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import yaml

from tests.spec.risk.tables import CODELISTS, Drawing
from tests.support.risk_populations import FACTS, PEOPLE, ask, given, rows_of
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import Section
from wherry.risk.definition import SCHEMA, parse
from wherry.risk.engines import Question, reference
from wherry.risk.types import Definition

PERSON = ("birth_date", "death_date", "imd_decile", "language", "communal")
EXPECTED = ("taken", "placed", "score", "reasons", "evidence")
Row = Mapping[str, str | None]
Found = dict[str, str | None]


@dataclass(frozen=True)
class Asked:
    """Several drawings as one question. Names, lists and codes of each end or begin with its number."""

    drawings: tuple[Drawing, ...]
    as_of: dt.date
    definition: Definition
    codes: Mapping[str, frozenset[str]]
    people: tuple[dict[str, object], ...]
    facts: tuple[dict[str, object], ...]


def questions(drawings: Sequence[Drawing]) -> list[Asked]:
    """Put drawings together that can be one definition: the same index date, and no choice among its categories."""
    groups: dict[object, list[Drawing]] = {}
    for each in drawings:
        rule = yaml.safe_load(each.rule)
        one_alone = (rule.get("take", "first") == "first" and len(rule.get("categories", ())) > 1) or "rank_by" in rule
        groups.setdefault(each.title if one_alone else each.as_of, []).append(each)
    return [_asked(tuple(group)) for group in groups.values()]


def _asked(drawings: tuple[Drawing, ...]) -> Asked:
    data: dict[str, Any] = {
        "take": "every",
        "criteria": {},
        "groups": {},
        "scores": {},
        "sources": {},
        "categories": [],
    }
    for number, drawing in enumerate(drawings):
        rule = _whole(yaml.safe_load(drawing.rule), number)
        data["categories"] += rule.pop("categories")
        for part in ("criteria", "groups", "scores", "sources"):
            data[part] |= rule.pop(part, {})
        data |= rule if len(drawings) == 1 else {}
    section = Section("drawn.yaml", {key: value for key, value in data.items() if value})
    wrong = schema_problems(section=section, schema=SCHEMA)
    assert wrong == (), wrong
    rows = [(f"{number}-{at}", number, row) for number, at, row in _numbered(drawings)]
    return Asked(
        drawings,
        drawings[0].as_of,
        parse(section),
        {
            _list(name, n): frozenset(f"{c}-{n}" for c in codes)
            for n, _ in enumerate(drawings)
            for name, codes in CODELISTS.items()
        },
        tuple({"person_id": who} | {key: row.get(key) for key in PERSON} for who, _, row in rows),
        tuple(fact for who, number, row in rows for fact in _facts(row.get("facts"), who, number)),
    )


def _numbered(drawings: Sequence[Drawing]) -> Iterator[tuple[int, int, Row]]:
    for number, drawing in enumerate(drawings):
        for at, row in enumerate(rows_of(drawing.rows)):
            yield number, at, row


def _whole(rule: dict[str, Any], number: int) -> dict[str, Any]:
    """Make a whole definition of a rule, of names nobody else has."""
    if "criteria" not in rule:
        rule = {"criteria": {"it": rule}}
    rule.setdefault("categories", [{"category": "taken", "words": "Taken", "when": "it", "tiers": [{"tier": 1}]}])
    renamed = {part: {} for part in ("criteria", "groups", "scores")}
    for part, entries in renamed.items():
        for name, entry in rule.get(part, {}).items():
            entries[_own(name, number)] = {"words": "Drawn", **_renamed(entry, number)}
    categories = [
        {**each, "category": _own(each["category"], number), "when": _own(each["when"], number)}
        | {"tiers": [tier | ({"when": _own(tier["when"], number)} if "when" in tier else {}) for tier in each["tiers"]]}
        for each in rule["categories"]
    ]
    rank = {"rank_by": _own(rule["rank_by"], number)} if "rank_by" in rule else {}
    return {**rule, **renamed, **rank, "categories": categories}


def _renamed(entry: dict[str, Any], number: int) -> dict[str, Any]:
    renamed: dict[str, Any] = {}
    for key, value in entry.items():
        match key, value:
            case "all" | "any", _:
                renamed[key] = [_own(name, number) for name in value]
            case "not", _:
                renamed[key] = _own(value, number)
            case "points", _:
                renamed[key] = {_own(name, number): points for name, points in value.items()}
            case "score", _:
                renamed[key] = {**value, "name": _own(value["name"], number)}
            case _, dict():
                renamed[key] = value | {at: _list(value[at], number) for at in ("list", "than") if at in value}
            case _:
                renamed[key] = value
    return renamed


def _own(name: str, number: int) -> str:
    return f"t{number}_{name}"


def _list(name: str, number: int) -> str:
    return f"{name}_{number}"


def _facts(cell: str | None, person_id: str, number: int) -> Iterator[dict[str, object]]:
    for each in filter(None, (cell or "").split(",")):
        code, day, *options = each.split()
        said = {"system": "snomed", **dict(option.split("=") for option in options)}
        yield {
            "person_id": person_id,
            "kind": "diagnosis",
            "code": f"{code}-{number}",
            "date": {"none": None, "BC": "0044-03-15 (BC)"}.get(day, day),
            "system": None if said["system"] == "none" else said["system"],
            "end_date": said.get("end"),
            "recorded_on": said.get("recorded"),
            **{name: said.get(name) for name in ("status", "value", "unit", "source")},
        }


def answers(engine: ModuleType, asked: Asked) -> tuple[dict[str, list[Found]], dict[str, object]]:
    """Ask an engine; give for every drawing, by title, what it found row by row, and the engine's own counts."""
    with given(people=asked.people, facts=asked.facts) as connection:
        placed, counts = ask(engine, connection, definition=asked.definition, codes=asked.codes, as_of=asked.as_of)
    rows: dict[object, list[tuple[Any, ...]]] = {}
    for row in placed:
        rows.setdefault(row[0], []).append(row)
    found: dict[str, list[Found]] = {drawing.title: [] for drawing in asked.drawings}
    for number, at, _ in _numbered(asked.drawings):
        own = [row for row in rows.get(f"{number}-{at}", []) if row[1].startswith(_own("", number))]
        found[asked.drawings[number].title].append(_found(own, number))
    return found, counts


def _found(rows: list[tuple[Any, ...]], number: int) -> Found:
    reasons = [reason for row in rows for reason in row[4]]
    return {
        "taken": "yes" if rows else "no",
        "placed": "; ".join(f"{row[1].removeprefix(_own('', number))} {row[2]}" for row in rows) or None,
        "score": "; ".join(str(row[3]) for row in rows if row[3] is not None) or None,
        "reasons": "; ".join(each["words"] for each in reasons) or None,
        "evidence": "; ".join(_evidence(each, number) for each in reasons) or None,
    }


def _evidence(reason: Mapping[str, Any], number: int) -> str:
    value = None if reason["value"] is None else f"{reason['value']:g}"
    code, day = (reason["code"] or "").removesuffix(f"-{number}"), reason["date"] and str(reason["date"])
    told = [code, day, value, reason["source"]]
    as_of = f"as of {reason['data_as_of']}" if reason["data_as_of"] else None
    return " ".join(filter(None, [*told, as_of]))


def lacking(asked: Asked) -> tuple[dict[str, list[bool]], dict[str, int]]:
    """Ask the plain rules whose input each drawing's `it` lacked, row by row; and count it for every criterion."""
    with given(people=asked.people, facts=asked.facts) as connection:
        question = Question(
            asked.definition, asked.codes, asked.as_of, f"SELECT * FROM {PEOPLE}", f"SELECT * FROM {FACTS}"
        )
        assessed = reference.assess_people(connection=connection, question=question)
    missing = dict(
        zip(sorted(str(each["person_id"]) for each in asked.people), (a.missing for a in assessed), strict=True)
    )
    by_title: dict[str, list[bool]] = {drawing.title: [] for drawing in asked.drawings}
    for number, at, _ in _numbered(asked.drawings):
        by_title[asked.drawings[number].title].append(_own("it", number) in missing[f"{number}-{at}"])
    counts = {each.name: sum(each.name in one for one in missing.values()) for each in asked.definition.criteria}
    return by_title, counts
