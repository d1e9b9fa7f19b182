"""
Nobody the centre finds at risk is lost in a place.

A place may add criteria, groups, scores and categories of its own, and add alternatives to a group written `any`. That
finds more people only where nothing turns it round: not under a `not`, nor in a score that is read as a band or counts
downwards. And where a person takes the first category that matches, only the last category may grow: somebody of a
later category could else move to an earlier one, and into a lower tier there.
Hazard: H-10 (a place's change weakens a safety rule).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wherry.programmes.rules.broken import Broken
from wherry.programmes.rules.directions import grows

_WORDS = ("words", "why")
Named = Mapping[str, Mapping[str, Any]]


def broken(*, central: Any, resolved: Any) -> Iterator[Broken]:
    """Find each criterion or group of the centre that is changed in a way that could lose somebody."""
    before = {name: (part, each) for part in ("criteria", "groups") for name, each in _of(central, part).items()}
    after = {name: each for part in ("criteria", "groups") for name, each in _of(resolved, part).items()}
    turned = _turned_round(central)
    for name, (part, each) in before.items():
        there = after.get(name, each)
        path = ("risk", part, name)
        old, new = _test(each), _test(there)
        if old == new:
            continue
        if list(old) != ["any"] or list(new) != ["any"] or not grows(old["any"], new["any"]):
            mend = "add alternatives to a group written `any`, or a category at the end"
            yield Broken(path, "who is found at risk is changed", mend)
        elif name in turned:
            what = "more people in this group means fewer elsewhere: it stands under a `not` or in a score's band"
            yield Broken((*path, "any"), what, "add a category of the place's own at the end")
        else:
            yield from _moved(central, name, (*path, "any"))


def _of(section: Any, part: str) -> Named:
    found = section.get(part) if isinstance(section, dict) else None
    return {name: each for name, each in found.items() if isinstance(each, dict)} if isinstance(found, dict) else {}


def _test(each: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in each.items() if key not in _WORDS}


def _parts(section: Any) -> dict[str, set[str]]:
    """Give, for each name, the names it is made of; a score's criterion is made of what carries the points."""
    scores = _of(section, "scores")
    made: dict[str, set[str]] = {}
    for name, each in {**_of(section, "criteria"), **_of(section, "groups")}.items():
        parts = [*_texts(each.get("all")), *_texts(each.get("any")), *_texts([each.get("not")])]
        made[name] = {*parts, *_points(scores, each)}
    return made


def _points(scores: Named, each: Mapping[str, Any]) -> dict[str, Any]:
    read = each.get("score")
    score = scores.get(str(read.get("name"))) if isinstance(read, dict) else None
    points = score.get("points") if score else None
    return points if isinstance(points, dict) else {}


def _turned_round(section: Any) -> set[str]:
    """Give the names whose truth, once true, may make something else untrue."""
    roots: set[str] = set()
    scores = _of(section, "scores")
    for each in {**_of(section, "criteria"), **_of(section, "groups")}.values():
        roots.update(_texts([each.get("not")]))
        points, read = _points(scores, each), each.get("score")
        is_a_range = isinstance(read, dict) and ("band" in read or "at_most" in read)
        roots.update(name for name, number in points.items() if is_a_range or not _upwards(number))
    return _reached(_parts(section), roots)


def _upwards(number: Any) -> bool:
    return isinstance(number, int | float) and number >= 0


def _reached(made: Mapping[str, set[str]], roots: set[str]) -> set[str]:
    waiting, seen = list(roots), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += made.get(name, ())
    return seen


def _moved(section: Any, name: str, path: tuple[str, ...]) -> Iterator[Broken]:
    categories = section.get("categories")
    if section.get("take", "first") != "first" or not isinstance(categories, list):
        return
    made = _parts(section)
    for category in categories[:-1]:
        if isinstance(category, dict) and name in _reached(made, {str(category.get("when"))}):
            what = f"somebody of a later category could move to {category.get('category')}, and into a lower tier there"
            yield Broken(path, what, "add a category of the place's own at the end")
            return


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
