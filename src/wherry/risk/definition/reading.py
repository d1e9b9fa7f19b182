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


def _test(entry: Mapping[str, Any]) -> Test:
    operator = next(key for key in entry if key in OPERATORS)
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


def _window(body: Mapping[str, Any]) -> Window:
    if "days" in body:
        return _days(body["days"])
    if "between" in body:
        return Window(since=_date(body["between"][0]), until=_date(body["between"][1]))
    return Window(since=_date(body["since"])) if "since" in body else Window()


def _days(pair: list[int]) -> Window:
    return Window(days_from=pair[0], days_to=pair[1])


def _date(value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


def _score(name: str, body: Mapping[str, Any]) -> Score:
    bands = tuple((each["at_least"], each["band"]) for each in body.get("bands", ()))
    return Score(name, body["words"], tuple(body["points"].items()), tuple(sorted(bands)))


def _category(body: Mapping[str, Any]) -> Category:
    tiers = tuple(Tier(str(each["tier"]), each.get("when")) for each in body["tiers"])
    return Category(body["category"], body["words"], body["when"], tiers)
