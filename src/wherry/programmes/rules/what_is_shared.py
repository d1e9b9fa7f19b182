"""
Nobody sees more of a person because of a place: what services are told, and who takes part.

For a need, a service of the place is told no more than some one service of the centre is told for it; of a need no
service of the centre takes, only how to reach the person and what they need.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wherry.programmes.rules.broken import Broken
from wherry.programmes.rules.directions import ordered
from wherry.programmes.rules.paths import MISSING, name_of, value_at

OF_A_NEW_NEED = frozenset(["name", "telephone", "language", "need_words"])
URGENT = ("emergency", "today")


def broken(*, central: Any, resolved: Any) -> Iterator[Broken]:
    """Find what a service is told beyond the centre's measure, and a new service with more time for what is urgent."""
    before, after = _listed(central, "services"), _listed(resolved, "services")
    told = _told(before)
    names = {name_of(service) for service in before}
    for service in after:
        path = ("services", "services", name_of(service) or "?")
        for need, fields in _pairs(service.get("shares")):
            yield from _told_too_much(need, fields, told.get(need, [OF_A_NEW_NEED]), (*path, "shares", need))
        if path[-1] not in names:
            yield from _too_slow(service, before, path)


def _told(services: list[dict[str, Any]]) -> dict[str, list[frozenset[str]]]:
    told: dict[str, list[frozenset[str]]] = {}
    for service in services:
        for need, fields in _pairs(service.get("shares")):
            told.setdefault(need, []).append(_texts(fields))
    return told


def _told_too_much(need: str, fields: Any, measures: list[frozenset[str]], path: tuple[str, ...]) -> Iterator[Broken]:
    shared = _texts(fields)
    if any(shared <= measure for measure in measures):
        return
    nearest = max(measures, key=lambda measure: len(shared & measure))
    more = ", ".join(sorted(shared - nearest))
    what = f"{more} would be shared for {need}, which no service of the centre is told with the rest"
    yield Broken(path, what, f"share no more than {', '.join(sorted(nearest))}")


def _too_slow(service: dict[str, Any], before: list[dict[str, Any]], path: tuple[str, ...]) -> Iterator[Broken]:
    for urgency in URGENT:
        hours = ordered(value_at(data=service, keys=("clock_hours", urgency)))
        longest = max((ordered(value_at(data=one, keys=("clock_hours", urgency))) or 0 for one in before), default=None)
        if hours is not None and longest is not None and hours > longest:
            what = f"what is {urgency} may wait {hours:g} hours, longer than at any service of the centre"
            yield Broken((*path, "clock_hours", urgency), what, f"write {longest:g} or less")


def new_agreements(*, central: Any, resolved: Any, place: str) -> Iterator[Broken]:
    """An agreement of the place's own is for its own delivery partners: it opens nothing anywhere else."""
    before = _listed(central, "agreements")
    for at, one in enumerate(_listed(resolved, "agreements")):
        if one in before:
            continue
        path = ("agreements", "agreements", name_of(one) or str(at))
        if one.get("places") != [place]:
            yield Broken(path, "an agreement of a place's own holds elsewhere as well", f"write places: [{place}]")
        if one.get("takes_part") != ["delivery"]:
            what = "an agreement of a place's own is for more than delivery"
            yield Broken(path, what, "write takes_part: [delivery]")


def _listed(section: Any, key: str) -> list[dict[str, Any]]:
    found = value_at(data=section, keys=(key,)) if isinstance(section, dict) else MISSING
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _pairs(shares: Any) -> list[tuple[str, Any]]:
    return list(shares.items()) if isinstance(shares, dict) else []


def _texts(fields: Any) -> frozenset[str]:
    return frozenset(map(str, fields)) if isinstance(fields, list) else frozenset()
