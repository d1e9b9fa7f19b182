"""The risk section of a programme: its schema, how it is read, and what is wrong with it beyond the schema."""

from __future__ import annotations

import datetime as dt
import difflib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from wherry.foundation.problems import Problem
from wherry.programmes.types import Codelist, Section
from wherry.risk.rules import assess
from wherry.risk.types import (
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
    Person,
    Score,
    ScoreAtLeast,
    Test,
    Tier,
    Window,
)

SECTION = "risk"
SYSTEMS = ("snomed", "dmd", "icd10", "opcs4", "bnf", "rxnorm", "read", "local")
FIELDS = ("sex", "ethnicity", "language", "imd_decile", "place", "communal", "practice_code")

_NAME = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,59}$"}
_WORDS = {"type": "string", "minLength": 3, "maxLength": 200}
_DAYS = {
    "type": "array",
    "prefixItems": [{"type": "integer", "minimum": 0, "maximum": 45000}] * 2,
    "minItems": 2,
    "maxItems": 2,
}
_DATE = {"pattern": r"^\d{4}-\d{2}-\d{2}$"}
_WINDOW = {
    "days": _DAYS,
    "since": _DATE,
    "between": {"type": "array", "items": _DATE, "minItems": 2, "maxItems": 2},
}
_CODES = {"list": _NAME, "system": {"enum": list(SYSTEMS)}}
_WHOLE = {"type": "integer"}


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "additionalProperties": False,
    }


_OPERATORS: dict[str, Any] = {
    "ever": _object("list system", **_CODES),
    "within": {
        **_object("list system", **_CODES, **_WINDOW),
        "oneOf": [{"required": [key]} for key in _WINDOW],
    },
    "latest_after_latest": _object("list than system", **_CODES, than=_NAME, same_day_counts={"type": "boolean"}),
    "count": _object("list system at_least", **_CODES, **_WINDOW, at_least={"type": "integer", "minimum": 1}),
    "one_in_each": _object("list system days", **_CODES, days={"type": "array", "items": _DAYS, "minItems": 2}),
    "latest_value": {
        **_object(
            "list system unit",
            **_CODES,
            **_WINDOW,
            unit={"type": "string", "minLength": 1},
            **{limit: {"type": "number"} for limit in ("at_least", "at_most", "above", "below")},
        ),
        "anyOf": [{"required": [limit]} for limit in ("at_least", "at_most", "above", "below")],
    },
    "active": _object("list system", **_CODES),
    "age": {**_object("", at_least=_WHOLE, at_most=_WHOLE), "minProperties": 1},
    "demographic": {
        **_object(
            "field",
            field={"enum": list(FIELDS)},
            among={"type": "array", "items": {"type": ["string", "integer", "boolean"]}, "minItems": 1},
            at_least=_WHOLE,
            at_most=_WHOLE,
        ),
        "minProperties": 2,
    },
    "score": _object("name at_least", name=_NAME, at_least=_WHOLE),
    "all": {"type": "array", "items": _NAME, "minItems": 1},
    "any": {"type": "array", "items": _NAME, "minItems": 1},
    "not": _NAME,
}
_CRITERION = {
    **_object("words", words=_WORDS, why={"type": "string"}, **_OPERATORS),
    "oneOf": [{"required": [operator]} for operator in _OPERATORS],
}
_NAMED = {"type": "object", "propertyNames": _NAME, "minProperties": 1, "additionalProperties": _CRITERION}
_TIER = _object("tier", tier={"type": ["integer", "string"]}, when=_NAME)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Who is at risk",
    **_object(
        "criteria categories",
        words={"type": "string"},
        take={"enum": ["first", "every"]},
        rank_by=_NAME,
        sources={"type": "object", "additionalProperties": {"type": "string"}},
        criteria=_NAMED,
        groups=_NAMED,
        scores={
            "type": "object",
            "propertyNames": _NAME,
            "additionalProperties": _object(
                "words points",
                words=_WORDS,
                points={"type": "object", "minProperties": 1, "additionalProperties": _WHOLE},
                bands={"type": "array", "items": _object("band at_least", band={"type": "string"}, at_least=_WHOLE)},
            ),
        },
        categories={
            "type": "array",
            "minItems": 1,
            "items": _object(
                "category words when tiers",
                category=_NAME,
                words=_WORDS,
                when=_NAME,
                tiers={"type": "array", "items": _TIER, "minItems": 1},
            ),
        },
    ),
}


def parse(section: Section) -> Definition:
    """Read a schema-valid section. Names that point nowhere are kept: `problems` says where they are."""
    data = section.data
    named = {**data["criteria"], **data.get("groups", {})}
    return Definition(
        criteria=tuple(Criterion(name, each["words"], _test(each)) for name, each in named.items()),
        scores=tuple(_score(name, each) for name, each in data.get("scores", {}).items()),
        categories=tuple(_category(each) for each in data["categories"]),
        take_first=data.get("take", "first") == "first",
        rank_by=data.get("rank_by"),
        sources=dict(data.get("sources", {})),
    )


def problems(definition: Definition, *, section: Section, codelists: Mapping[str, Codelist]) -> tuple[Problem, ...]:
    """Find what is wrong beyond the schema, in file order: every problem names its line and its mend."""
    found = [*_wrong_names(definition, section), *_wrong_codelists(definition, section, codelists)]
    found += [*_wrong_ranges(definition, section), *_wrong_tiers(definition, section)]
    if not found:
        found += _true_for_nobody(definition, section, codelists)
    return tuple(sorted(set(found)))


def codes_of(codelists: Mapping[str, Codelist]) -> dict[str, frozenset[str]]:
    """Give codelist name → its codes, as `rules.assess` and the engines want them."""
    return {name: each.codes for name, each in codelists.items()}


def codes_in(test: Test) -> tuple[Codes, ...]:
    """Give the codelists a test reads, none for a test that reads no facts."""
    return tuple(each for each in (getattr(test, "codes", None), getattr(test, "than", None)) if each)


def parts_of(test: Test, definition: Definition) -> tuple[str, ...]:
    """Give the names of the criteria a test is made of; for a score, those that carry its points."""
    match test:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return parts
        case Not(part=part):
            return (part,)
        case ScoreAtLeast(score=name):
            return tuple(part for each in definition.scores if each.name == name for part, _ in each.points)
    return ()


def _date(value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


def _days(pair: list[int]) -> Window:
    return Window(days_from=pair[0], days_to=pair[1])


def _window(body: Mapping[str, Any]) -> Window:
    if "days" in body:
        return _days(body["days"])
    if "between" in body:
        return Window(since=_date(body["between"][0]), until=_date(body["between"][1]))
    return Window(since=_date(body["since"])) if "since" in body else Window()


def _test(entry: Mapping[str, Any]) -> Test:
    operator = next(key for key in entry if key in _OPERATORS)
    body = entry[operator]
    if operator in ("all", "any"):
        return (AllOf if operator == "all" else AnyOf)(tuple(body))
    if operator == "not":
        return Not(body)
    if operator == "score":
        return ScoreAtLeast(body["name"], body["at_least"])
    if operator == "age":
        return Age(**body)
    if operator == "demographic":
        return Demographic(**{**body, "among": tuple(body.get("among", ()))})
    return _fact_test(operator, body)


def _fact_test(operator: str, body: Mapping[str, Any]) -> Test:
    codes = Codes(body["list"], body["system"])
    limits = {limit: body[limit] for limit in ("at_least", "at_most", "above", "below") if limit in body}
    match operator:
        case "ever" | "within":
            return Ever(codes, _window(body))
        case "latest_after_latest":
            return LatestAfterLatest(codes, Codes(body["than"], body["system"]), body.get("same_day_counts", False))
        case "count":
            return Count(codes, body["at_least"], _window(body))
        case "one_in_each":
            return OneInEach(codes, tuple(_days(pair) for pair in body["days"]))
        case "latest_value":
            numbers = {limit: float(value) for limit, value in limits.items()}
            return LatestValue(codes, body["unit"], window=_window(body), **numbers)
        case _:
            return Active(codes)


def _score(name: str, body: Mapping[str, Any]) -> Score:
    bands = tuple((each["at_least"], each["band"]) for each in body.get("bands", ()))
    return Score(name, body["words"], tuple(body["points"].items()), tuple(sorted(bands)))


def _category(body: Mapping[str, Any]) -> Category:
    tiers = tuple(Tier(str(each["tier"]), each.get("when")) for each in body["tiers"])
    return Category(body["category"], body["words"], body["when"], tiers)


def _where(section: Section, name: str) -> int:
    part = "criteria" if name in section.data["criteria"] else "groups"
    return section.line(part, name)


def _wrong_names(definition: Definition, section: Section) -> Iterator[Problem]:
    names = [each.name for each in definition.criteria]
    scores = {each.name for each in definition.scores}
    for twice in set(section.data["criteria"]) & set(section.data.get("groups", {})):
        yield Problem(
            section.path, section.line("groups", twice), f"{twice} is also a criterion", "give the group its own name"
        )
    for line, name in _references(definition, section):
        if name not in names:
            alike = difflib.get_close_matches(name, names, n=1)
            mend = f"did you mean {alike[0]}? Mend the name, or define it" if alike else "define it or mend the name"
            yield Problem(section.path, line, f"there is no criterion or group {name}", mend)
    for each in definition.criteria:
        if isinstance(each.test, ScoreAtLeast) and each.test.score not in scores:
            line = _where(section, each.name)
            yield Problem(section.path, line, f"there is no score {each.test.score}", "define it under scores")
        if each.name in _reached(definition, each.name):
            line = _where(section, each.name)
            yield Problem(section.path, line, f"{each.name} depends on itself", "break the circle")
    if definition.rank_by and definition.rank_by not in scores:
        yield Problem(section.path, section.line("rank_by"), f"there is no score {definition.rank_by}", "define it")


def _references(definition: Definition, section: Section) -> Iterator[tuple[int, str]]:
    for each in definition.criteria:
        for part in () if isinstance(each.test, ScoreAtLeast) else parts_of(each.test, definition):
            yield _where(section, each.name), part
    for score in definition.scores:
        for part, _ in score.points:
            yield section.line("scores", score.name, "points", part), part
    for number, category in enumerate(definition.categories):
        yield section.line("categories", number, "when"), category.when
        for position, tier in enumerate(category.tiers):
            if tier.when:
                yield section.line("categories", number, "tiers", position, "when"), tier.when


def _reached(definition: Definition, name: str) -> set[str]:
    tests = {each.name: each.test for each in definition.criteria}
    waiting, seen = list(parts_of(tests[name], definition)), set[str]()
    while waiting:
        part = waiting.pop()
        if part not in seen and part in tests:
            seen.add(part)
            waiting += parts_of(tests[part], definition)
    return seen


def _wrong_codelists(definition: Definition, section: Section, codelists: Mapping[str, Codelist]) -> Iterator[Problem]:
    for each in definition.criteria:
        for codes in codes_in(each.test):
            line, known = _where(section, each.name), codelists.get(codes.list)
            if known is None:
                mend = f"add codelists/{codes.list}.csv or mend the name"
                yield Problem(section.path, line, f"there is no codelist {codes.list}", mend)
            elif known.system and known.system != codes.system:
                what = f"codelist {codes.list} is {known.system}, but {each.name} reads it as {codes.system}"
                yield Problem(section.path, line, what, "name the list's own code system")
            elif not known.pairs:
                yield Problem(section.path, line, f"codelist {codes.list} is empty", "import the list's codes")


def _wrong_ranges(definition: Definition, section: Section) -> Iterator[Problem]:
    for each in definition.criteria:
        line, test = _where(section, each.name), each.test
        windows = (*getattr(test, "windows", ()), *filter(None, (getattr(test, "window", None),)))
        if any(_is_backwards(window) for window in windows):
            yield Problem(section.path, line, f"the window of {each.name} ends before it begins", "swap its two ends")
        least, most = getattr(test, "at_least", None), getattr(test, "at_most", None)
        if least is not None and most is not None and least > most:
            yield Problem(section.path, line, f"{each.name} can never be true: {least} is over {most}", "swap the two")
        if isinstance(test, Demographic) and (least is not None or most is not None) and test.field != "imd_decile":
            yield Problem(section.path, line, f"{test.field} is not a number", "list its values under among")
        if isinstance(test, Demographic) and any(type(each) is not _kind_of(test.field) for each in test.among):
            what = f"{test.field} never holds what {each.name} lists"
            yield Problem(
                section.path, line, what, "list text in quotes, a decile as a number, communal as true or false"
            )


def _kind_of(field: str) -> type:
    return {"imd_decile": int, "communal": bool}.get(field, str)


def _is_backwards(window: Window) -> bool:
    if window.days_to is not None and window.days_from is not None:
        return window.days_from > window.days_to
    return window.since is not None and window.until is not None and window.since > window.until


def _wrong_tiers(definition: Definition, section: Section) -> Iterator[Problem]:
    for number, category in enumerate(definition.categories):
        line = section.line("categories", number, "tiers")
        if category.tiers[-1].when is not None:
            what = f"someone in {category.name} may match no tier"
            yield Problem(section.path, line, what, "let the last tier have no when")
        if any(tier.when is None for tier in category.tiers[:-1]):
            what = f"a tier of {category.name} after one without when is never reached"
            yield Problem(section.path, line, what, "move the tier without when to the end")
    names = [category.name for category in definition.categories]
    for name, group in itertools.groupby(sorted(names)):
        if len(list(group)) > 1:
            yield Problem(section.path, section.line("categories"), f"category {name} is written twice", "keep one")


def _true_for_nobody(definition: Definition, section: Section, codelists: Mapping[str, Codelist]) -> Iterator[Problem]:
    """Refuse a category that is true of somebody about whom nothing is known: it would take in everybody unseen."""
    each_tried = replace(definition, take_first=False)
    nobody = assess(
        definition=each_tried, codes=codes_of(codelists), person=Person("nobody"), facts=(), as_of=dt.date(2020, 1, 1)
    )
    for number, category in enumerate(definition.categories):
        if category.when in nobody.fired:
            what = f"{category.name} is true of a person about whom nothing is known"
            mend = "ask for something recorded, beside what is not recorded"
            yield Problem(section.path, section.line("categories", number), what, mend)
