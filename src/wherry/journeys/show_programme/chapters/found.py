"""`risk.yaml`: who is found at risk, in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from wherry.journeys.show_programme.saying import (
    SYSTEMS,
    day,
    first_up,
    listed,
    many,
    plain,
    said,
    spaced,
    take,
    take_all,
)
from wherry.journeys.show_programme.source import Source
from wherry.journeys.show_programme.types import Item, Part, Said, Words

TITLE = "Who is found at risk"
_OPERATORS = (
    *("ever", "within", "latest_after_latest", "count", "one_in_each", "latest_value", "active", "age"),
    *("demographic", "score", "all", "any", "not"),
)
_FIELDS = {
    "imd_decile": "tenth of neighbourhoods by deprivation (1 is the most deprived)",
    "communal": "lives in a home",
}
_LIMITS = {"at_least": "at least {}", "above": "more than {}", "below": "less than {}", "at_most": "at most {}"}


def parts(rest: Any, source: Source) -> tuple[Part, ...]:
    """Say who is placed in which category, then what each group and criterion means."""
    first = [Item("words", "In short", (said("", take(rest, "words")),))] if "words" in rest else []
    return (
        Part("", (*first, *_rules_of_placing(rest, source))),
        Part(
            "The categories, and the tiers in each",
            tuple(_category(*each, source) for each in enumerate(take(rest, "categories"))),
        ),
        Part("What the groups mean", tuple(_criteria(take(rest, "groups", {}), source, "groups"))),
        Part("What is looked for in the records", tuple(_criteria(take(rest, "criteria"), source, "criteria"))),
        Part("Scores", tuple(_score(name, one, source) for name, one in take(rest, "scores", {}).items())),
        Part("How a source is named in a reason", tuple(_sources(take(rest, "sources", {})))),
    )


def _rules_of_placing(rest: Any, source: Source) -> Iterator[Item]:
    taken = take(rest, "take", "first")
    ways = {"first": "Only in the first that matches, in the order below", "every": "In every one that matches"}
    yield Item("take", "Somebody who matches several categories", (said("", ways.get(taken, taken)),))
    if "rank_by" in rest:
        name = take(rest, "rank_by")
        yield Item("rank_by", "What is shown beside the tier", (said("", f"The score “{spaced(name)}”"),))


def _category(at: int, one: Any, source: Source) -> Item:
    name, words = take(one, "category"), take(one, "words")
    when = take(one, "when")
    told = [Said("", tuple(Words(line) for line in _who(str(words), when, source)), raw=str(when))]
    for number, tier in enumerate(take(one, "tiers")):
        to_be = take(tier, "when")
        condition = (
            f"everybody{' else' if number else ''}" if to_be is None else f"if: {source.criteria.get(to_be, to_be)}"
        )
        told.append(Said(f"Tier {take(tier, 'tier')}", (Words(condition),), raw=str(to_be)))
    return Item(f"categories.{name}", words, tuple(told), ("categories", at), code=str(name))


def _who(words: str, when: str, source: Source) -> Iterator[str]:
    """Say who is in a category, and what that means one step down, so that nobody need leaf back and forth."""
    yield f"Somebody is in the list “{words}” if: {source.criteria.get(when, when)}."
    meant = source.entries.get(when, {})
    for operator, before in (("all", "That is, all of:"), ("any", "That is, any one of:")):
        if isinstance(meant.get(operator), list):
            yield before
            yield from (f"• {source.criteria.get(name, name)}" for name in meant[operator])


def _criteria(entries: Mapping[str, Any], source: Source, section: str) -> Iterator[Item]:
    for name, one in entries.items():
        raws = raw({key: each for key, each in one.items() if key in _OPERATORS})
        told = [Said("", tuple(Words(line) for line in _tests(one, source)), raw=raws)]
        if "why" in one:
            told.append(said("Why", take(one, "why")))
        yield Item(f"criteria.{name}", take(one, "words", name), tuple(told), (section, name), code=name)


def _tests(one: Any, source: Source) -> Iterator[str]:
    for operator in _OPERATORS:
        if operator in one:
            yield from _test(operator, take(one, operator), source)


def _test(operator: str, body: Any, source: Source) -> Iterator[str]:
    if operator in ("all", "any"):
        yield "All of:" if operator == "all" else "Any one of:"
        yield from (f"• {source.criteria.get(name, name)}" for name in body)
    elif operator == "not":
        yield f"Not: {source.criteria.get(body, body)}"
    elif operator == "age":
        yield f"Age in whole years: {_range(body)}"
    elif operator == "demographic":
        field = take(body, "field")
        among = f"one of {listed(take(body, 'among'), last='or')}" if "among" in body else _range(body)
        yield f"{first_up(_FIELDS.get(field, spaced(field)))}: {among}"
    elif operator == "score":
        name = take(body, "name")
        band = f"in the band “{take(body, 'band')}”" if "band" in body else f"{_range(body)} points"
        yield f"The score “{spaced(name)}”: {band}"
    else:
        yield _facts(operator, body)
    if operator not in ("all", "any", "not") and body:
        yield f"Also: {plain(body)}"
        body.clear()


def _facts(operator: str, body: Any) -> str:
    codes = f"the list “{spaced(take(body, 'list'))}” ({_system(take(body, 'system'))})"
    if operator == "latest_after_latest":
        system = f" ({_system(take(body, 'than_system'))})" if "than_system" in body else ""
        same = " or on the same day" if take(body, "same_day_counts", False) else ""
        than = f"the newest code of the list “{spaced(take(body, 'than'))}”{system}"
        return f"The newest code of {codes} is later than {than}{same}; or there is none of the second list at all"
    if operator == "count":
        least = take(body, "at_least")
        what = "different codes" if take(body, "different_codes", False) else "records (a code on a day is one)"
        return f"At least {least} {what} of {codes}, {_window(body)}"
    if operator == "one_in_each":
        unit = "days" if "days" in body else "months"
        windows = [f"{pair[0]} to {pair[1]}" for pair in take(body, unit)]
        return f"A code of {codes} in each of these: {listed(windows)} {unit} before"
    if operator == "latest_value":
        unit, window = take(body, "unit"), _window(body)
        return f"The newest value of {codes}, {window}, is {_range(body)} {unit}; no value counts as missing"
    if operator == "active":
        return f"A code of {codes} that has begun and has not ended"
    return f"A code of {codes}, {_window(body)}"


def _system(name: Any) -> str:
    return SYSTEMS.get(name, str(name))


def _range(body: Any) -> str:
    told = [words.format(take(body, limit)) for limit, words in _LIMITS.items() if limit in body]
    return listed(told) if told else "known"


def _window(body: Any) -> str:
    if "days" in body:
        near, far = take(body, "days")
        return f"in the last {many(far, 'day')}" if near == 0 else f"from {near} to {far} days before"
    if "months" in body:
        near, far = take(body, "months")
        return f"in the last {many(far, 'month')}" if near == 0 else f"from {near} to {far} months before"
    if "between" in body:
        first, last = take(body, "between")
        return f"from {day(first)} to {day(last)}"
    return f"since {day(take(body, 'since'))}" if "since" in body else "at any time until the day of the list"


def _score(name: str, one: Any, source: Source) -> Item:
    told = [
        Said(f"Points ({part})", (Words(f"{source.criteria.get(part, part)}: {number}"),), raw=str(number))
        for part, number in take_all(take(one, "points"))
    ]
    bands = [f"from {take(band, 'at_least')}: {take(band, 'band')}" for band in take(one, "bands", ())]
    if bands:
        told.append(Said("Bands", tuple(map(Words, bands))))
    return Item(f"scores.{name}", take(one, "words"), tuple(told), ("scores", name), code=name)


def _sources(named: Any) -> Iterator[Item]:
    for name, words in take_all(named):
        yield Item(f"sources.{name}", spaced(name), (said("", words),), ("sources", name))


def raw(value: Any) -> str:
    """Write a value so that two of them can be held against each other."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
