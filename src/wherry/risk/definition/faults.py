"""What is wrong with a definition beyond its schema, each with its line and its mend."""

from __future__ import annotations

import datetime as dt
import difflib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from wherry.foundation.problems import Problem
from wherry.programmes.types import Codelist, Section
from wherry.risk.definition.parts import codes_in, codes_of, parts_of
from wherry.risk.definition.reading import NO_BAND
from wherry.risk.rules import assess
from wherry.risk.types import Criterion, Definition, Demographic, LatestValue, Person, ScoreAtLeast, Test, Window


def problems(definition: Definition, *, section: Section, codelists: Mapping[str, Codelist]) -> tuple[Problem, ...]:
    """Find what is wrong beyond the schema, in file order: every problem names its line and its mend."""
    found = [*_wrong_names(definition, section), *_wrong_codelists(definition, section, codelists)]
    found += [*_wrong_ranges(definition, section), *_wrong_tiers(definition, section)]
    if not found:
        found += _true_for_nobody(definition, section, codelists)
    return tuple(sorted(set(found)))


def unread(definition: Definition, *, codelists: Mapping[str, Codelist]) -> Iterator[Problem]:
    """Name each codelist that no criterion reads. Only a check says so: it stops no run."""
    read = {codes.list for each in definition.criteria for codes in codes_in(each.test)}
    for name, codelist in codelists.items():
        if name not in read:
            what = f"no criterion reads the codelist {name}"
            yield Problem(codelist.path, 1, what, "name it in risk.yaml, or remove the list and the file beside it")


def _where(section: Section, name: str) -> int:
    return section.line(_part(section, name), name)


def _part(section: Section, name: str) -> str:
    return "criteria" if name in section.data["criteria"] else "groups"


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
    yield from _wrong_bands(definition, section)
    if definition.rank_by and definition.rank_by not in scores:
        yield Problem(section.path, section.line("rank_by"), f"there is no score {definition.rank_by}", "define it")


def _wrong_bands(definition: Definition, section: Section) -> Iterator[Problem]:
    bands = {score.name: [name for _, name in score.bands] for score in definition.scores}
    for score in definition.scores:
        for kind in ([name for _, name in score.bands], [least for least, _ in score.bands]):
            if len(set(kind)) < len(kind):
                line = section.line("scores", score.name, "bands")
                what = f"two bands of {score.name} have one name or begin at one number"
                yield Problem(section.path, line, what, "keep one of them")
                break
    for each in definition.criteria:
        asked = _entry(section, each.name).get("score", {})
        there = bands.get(asked.get("name", ""))
        if "band" in asked and there is not None and asked["band"] not in there:
            what, known = f"the score {asked['name']} has no band {asked['band']}", ", ".join(there)
            yield Problem(section.path, _where(section, each.name), what, f"use one of {known}" if known else "add it")


def _references(definition: Definition, section: Section) -> Iterator[tuple[int, str]]:
    for each in definition.criteria:
        operator = next((key for key in ("all", "any", "not") if key in _entry(section, each.name)), "")
        for position, part in enumerate(parts_of(each.test, definition) if operator else ()):
            yield section.line(_part(section, each.name), each.name, operator, position), part
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
            elif isinstance(each.test, LatestValue) and known.units and each.test.unit not in known.units:
                what = f"codelist {codes.list} is measured in {', '.join(known.units)}, not in {each.test.unit}"
                yield Problem(section.path, line, what, "name the list's own unit, and the limit in it")
            elif not known.pairs:
                yield Problem(section.path, line, f"codelist {codes.list} is empty", "import the list's codes")


def _wrong_ranges(definition: Definition, section: Section) -> Iterator[Problem]:
    for each in definition.criteria:
        line, test = _where(section, each.name), each.test
        yield from _wrong_windows(each, section)
        for least, most in _ends(test):
            what = f"{each.name} can never be true: {least:g} is over {most:g}"
            yield Problem(section.path, line, what, "swap the two")
        ranged = isinstance(test, Demographic) and (test.at_least is not None or test.at_most is not None)
        if isinstance(test, Demographic) and ranged and test.field != "imd_decile":
            yield Problem(section.path, line, f"{test.field} is not a number", "list its values under among")
        if isinstance(test, Demographic) and any(type(each) is not _kind_of(test.field) for each in test.among):
            what = f"{test.field} never holds what {each.name} lists"
            yield Problem(
                section.path, line, what, "list text in quotes, a decile as a number, communal as true or false"
            )


def _wrong_windows(criterion: Criterion, section: Section) -> Iterator[Problem]:
    test, name, line = criterion.test, criterion.name, _where(section, criterion.name)
    windows = (*getattr(test, "windows", ()), *filter(None, (getattr(test, "window", None),)))
    if any(_is_backwards(window) for window in windows):
        yield Problem(section.path, line, f"the window of {name} ends before it begins", "swap its two ends")
    if any(window.months_to is not None and window.months_to == window.months_from for window in windows):
        yield Problem(section.path, line, f"the window of {name} holds no day", "let its far end be a month further")
    body = next((each for each in _entry(section, name).values() if isinstance(each, dict)), {})
    both = [key for key in ("days", "months", "since", "between") if key in body]
    if len(both) > 1:
        yield Problem(section.path, line, f"{name} names two windows, {' and '.join(both)}", "keep one of them")


def _entry(section: Section, name: str) -> Mapping[str, Any]:
    found = section.data["criteria"].get(name) or section.data.get("groups", {}).get(name)
    return found if isinstance(found, dict) else {}


def _ends(test: Test) -> Iterator[tuple[float, float]]:
    """Give each lower end of a test's range that lies over an upper one."""
    if isinstance(test, ScoreAtLeast) and test.at_least == NO_BAND:
        return  # a band that is not there: said as such
    for lower, upper in itertools.product(("at_least", "above"), ("at_most", "below")):
        least, most = getattr(test, lower, None), getattr(test, upper, None)
        touching = (lower, upper) == ("at_least", "at_most")  # the only two that share the number both name
        if least is not None and most is not None and (least > most or (least == most and not touching)):
            yield least, most


def _kind_of(field: str) -> type:
    return {"imd_decile": int, "communal": bool}.get(field, str)


def _is_backwards(window: Window) -> bool:
    if window.months_to is not None and window.months_from is not None:
        return window.months_from > window.months_to
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
