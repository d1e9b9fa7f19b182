"""Who enters and who leaves, as text and as plain values."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from wherry.journeys.compare_programmes.population import Population, ShownCause, ShownGroup
from wherry.journeys.show_programme.saying import first_up, listed, spaced
from wherry.risk.versions import Balance

_KINDS = {"entered": "Who enters", "left": "Who leaves", "moved": "Who is in another category or tier"}
_INSIDE = {"entered": "enter", "left": "leave", "moved": "are in another tier"}
_HEADS = ("people", "before", "entered", "left", "after", "share before", "share after")


def population_lines(found: Population) -> Iterator[str]:
    """Write it line by line; every sum is written out."""
    title = f"Who enters and who leaves on {found.as_of}"
    yield from (title, "-" * len(title))
    if found.late:
        yield f"  Older than they may be, and so perhaps not what is so today: {listed(found.late)}"
    yield f"  {found.living:,} living people looked at by both versions"
    for one in found.balances:
        yield _balance(one)
        if one.category and not one.tier:
            yield from _causes_of(found, one.category)
    yield f"  On the list in both, in another category or tier: {found.moved:,}"
    for kind, head in _KINDS.items():
        causes = [one for one in found.causes if (one.cause.category, one.cause.kind) == ("", kind)]
        if causes:
            yield from (f"  {head}, and why:", *(f"    {_people(one.people):>9}  {_cause(one)}" for one in causes))
    for by, several in found.groups.items():
        yield from _group(by, several)
    yield "  Somebody of whom several changed rules came or ceased to be true is counted under each of them."
    yield (
        f"  A group is hidden whole where one of its numbers is under {found.hidden_below}, or would give such a"
        " number away."
    )


def _balance(one: Balance) -> str:
    named = f"    {one.category}, tier {one.tier}" if one.tier else f"  {one.category}" if one.category else "The list"
    sums = f"{one.before:,} before + {one.entered:,} entered - {one.left:,} left = {one.after:,} after"
    return f"  {named}: {sums}"


def _causes_of(found: Population, category: str) -> Iterator[str]:
    for kind, verb in _INSIDE.items():
        for one in found.causes:
            if (one.cause.category, one.cause.kind) == (category, kind):
                yield f"      {_people(one.people):>9} {verb}: {_cause(one)}"


def _people(number: int | None) -> str:
    return "a few" if number is None else f"{number:,}"


def _cause(one: ShownCause) -> str:
    cause = one.cause
    return f"{cause.words} ({cause.criterion}): {cause.way}" if cause.criterion else "tiers or categories changed"


def _group(by: str, several: tuple[ShownGroup, ...]) -> Iterator[str]:
    names = [_named(by, one.name) for one in several]
    wide = max((len(name) for name in names), default=0) + 2
    yield f"  By {by}:"
    yield f"    {'':<{wide}}" + "".join(f"{head:>13}" for head in _HEADS)
    for name, one in zip(names, several, strict=True):
        if one.population is None:
            yield f"    {name:<{wide}}{'hidden':>13}"
            continue
        numbers = (one.population, one.before, one.entered, one.left, one.after)
        shares = (one.share_before, one.share_after)
        cells = [f"{number:,}" for number in numbers] + [_percent(each) for each in shares]
        yield f"    {name:<{wide}}" + "".join(f"{cell:>13}" for cell in cells) + _remark(one)


def _named(by: str, name: str) -> str:
    said = first_up(spaced(name))
    return f"{said}, the most deprived" if (by, name) == ("deprivation", "tenth 1") else said


def _remark(one: ShownGroup) -> str:
    return f"  ! {one.remark}" if one.remark else ""


def _percent(part: float | None) -> str:
    return "" if part is None else f"{part * 100:.2f} %"


def population_plain(found: Population) -> dict[str, Any]:
    """Write it in plain values for JSON: null for what is hidden."""
    return {
        "as_of": found.as_of.isoformat(),
        "living": found.living,
        "balances": [dataclasses.asdict(one) for one in found.balances],
        "moved": found.moved,
        "causes": [{**dataclasses.asdict(one.cause), "people": one.people} for one in found.causes],
        "groups": {by: [dataclasses.asdict(one) for one in several] for by, several in found.groups.items()},
        "hidden_below": found.hidden_below,
        "late": list(found.late),
    }
