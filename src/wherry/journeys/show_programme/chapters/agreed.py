"""`agreements.yaml`: who takes part and who sends what, by what right and on which days."""

from __future__ import annotations

from typing import Any

from wherry.journeys.show_programme.saying import day, first_up, listed, said, spaced, take
from wherry.journeys.show_programme.source import Source
from wherry.journeys.show_programme.types import Item, Part

TITLE = "Who takes part, and by what agreement"


def parts(rest: Any, source: Source) -> tuple[Part, ...]:
    """Say every agreement."""
    seen: dict[str, int] = {}
    return (Part("", tuple(_agreement(at, one, seen) for at, one in enumerate(take(rest, "agreements")))),)


def _agreement(at: int, one: Any, seen: dict[str, int]) -> Item:
    who = str(take(one, "organisation"))
    seen[who] = seen.get(who, 0) + 1
    told = []
    if "takes_part" in one:
        told.append(said("Takes part in", first_up(listed(map(spaced, take(one, "takes_part"))))))
    if "feeds" in one:
        told.append(said("Sends", listed(map(spaced, take(one, "feeds")))))
    told.append(said("Where", listed(map(first_up, take(one, "places"))) if "places" in one else "In every place"))
    told += [
        said(title, take(one, key))
        for key, title in (("basis", "By what right"), ("signed_by", "Signed by"))
        if key in one
    ]
    told += [said(title, day(take(one, key))) for key, title in (("from", "From"), ("until", "Until")) if key in one]
    again = f" ({seen[who]})" if seen[who] > 1 else ""
    return Item(f"agreements.{who}{again}", f"{spaced(who)}{again}", tuple(told), ("agreements", at), code=who)
