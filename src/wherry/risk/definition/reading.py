"""From a section that fits its schema to the values the rules take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from wherry.programmes.types import Section
from wherry.risk.definition.schema import OPERATORS
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
    Score,
    ScoreAtLeast,
    Test,
    Tier,
    Window,
)

#: Where a score has no band of that name; `problems` says so, and nobody reaches it.
NO_BAND = 1_000_000_000


def parse(section: Section) -> Definition:
    """Read a schema-valid section. Names that point nowhere are kept: `problems` says where they are."""
    data = section.data
    named = {**data["criteria"], **data.get("groups", {})}
    return Definition(
        criteria=tuple(
            Criterion(name, each["words"], _test(each, data.get("scores", {}))) for name, each in named.items()
        ),
        scores=tuple(_score(name, each) for name, each in data.get("scores", {}).items()),
        categories=tuple(_category(each) for each in data["categories"]),
        take_first=data.get("take", "first") == "first",
        rank_by=data.get("rank_by"),
        sources=dict(data.get("sources", {})),
    )


def _test(entry: Mapping[str, Any], scores: Mapping[str, Any]) -> Test:
    operator = next(key for key in entry if key in OPERATORS)
    body = entry[operator]
    if operator in ("all", "any"):
        return (AllOf if operator == "all" else AnyOf)(tuple(body))
    if operator == "not":
        return Not(body)
    if operator == "score":
        return _score_test(body, scores)
    if operator == "age":
        return Age(**body)
    if operator == "demographic":
        return Demographic(**{**body, "among": tuple(body.get("among", ()))})
    return _fact_test(operator, body)


def _score_test(body: Mapping[str, Any], scores: Mapping[str, Any]) -> ScoreAtLeast:
    if "band" not in body:
        return ScoreAtLeast(body["name"], body["at_least"], body.get("at_most"))
    bands = sorted((one["at_least"], one["band"]) for one in scores.get(body["name"], {}).get("bands", ()))
    starts = [least for least, name in bands if name == body["band"]]
    least = starts[0] if starts else NO_BAND
    above = [start for start, _ in bands if start > least]
    return ScoreAtLeast(body["name"], least, above[0] - 1 if above else None)


def _fact_test(operator: str, body: Mapping[str, Any]) -> Test:
    codes = Codes(body["list"], body["system"])
    than = Codes(body.get("than", ""), body.get("than_system", body["system"]))
    limits = {limit: body[limit] for limit in ("at_least", "at_most", "above", "below") if limit in body}
    match operator:
        case "ever" | "within":
            return Ever(codes, _window(body))
        case "latest_after_latest":
            return LatestAfterLatest(codes, than, body.get("same_day_counts", False))
        case "count":
            return Count(codes, body["at_least"], _window(body), body.get("different_codes", False))
        case "one_in_each":
            return OneInEach(codes, _windows(body))
        case "latest_value":
            numbers = {limit: float(value) for limit, value in limits.items()}
            return LatestValue(codes, body["unit"], window=_window(body), **numbers)
        case _:
            return Active(codes)


def _windows(body: Mapping[str, Any]) -> tuple[Window, ...]:
    key = "days" if "days" in body else "months"
    return tuple(_window({key: pair}) for pair in body[key])


def _window(body: Mapping[str, Any]) -> Window:
    if "days" in body:
        return Window(days_from=int(body["days"][0]), days_to=int(body["days"][1]))
    if "months" in body:
        return Window(months_from=int(body["months"][0]), months_to=int(body["months"][1]))
    if "between" in body:
        first, last = map(dt.date.fromisoformat, body["between"])
        return Window(since=first, until=last)
    return Window(since=dt.date.fromisoformat(body["since"])) if "since" in body else Window()


def _score(name: str, body: Mapping[str, Any]) -> Score:
    bands = tuple((each["at_least"], each["band"]) for each in body.get("bands", ()))
    # A schema calls 2.0 a whole number too; as one it stays whole in every engine.
    points = tuple((part, int(number)) for part, number in body["points"].items())
    return Score(name, body["words"], points, tuple(sorted(bands)))


def _category(body: Mapping[str, Any]) -> Category:
    tiers = tuple(Tier(str(each["tier"]), each.get("when")) for each in body["tiers"])
    return Category(body["category"], body["words"], body["when"], tiers)
