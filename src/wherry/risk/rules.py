"""
What every operator means, for one person: slow, plain and right. The other engines must agree with this file.

Sources: the operators and their nulls follow the published shielding and at-risk group specifications as told in
docs/explanation; each has a spec table in tests/spec/risk.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wherry.foundation.periods import age_on, months_before
from wherry.risk.types import (
    Active,
    Age,
    AllOf,
    AnyOf,
    Assessment,
    Category,
    Codes,
    Count,
    Definition,
    Demographic,
    Ever,
    Fact,
    FactTest,
    LatestAfterLatest,
    LatestValue,
    Not,
    OneInEach,
    Person,
    Placed,
    Reason,
    ScoreAtLeast,
    Tier,
    Window,
)

NEVER_TRUE_STATUSES = frozenset({"entered-in-error", "entered_in_error", "refuted"})
OVER_STATUSES = frozenset({"resolved", "stopped", "inactive", "remission", "completed", "cancelled", "finished"})
SYSTEMS_WHEN_UNNAMED = frozenset({"snomed", "dmd"})
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
FACT_TESTS = (Ever, LatestAfterLatest, Count, OneInEach, LatestValue, Active)
LONG_AGO = dt.date.min


def bounds(*, window: Window, as_of: dt.date) -> tuple[dt.date, dt.date]:
    """Give the first and last day of a window; the last is never after the index date. First after last: empty."""
    if window.days_to is not None:
        return _days_before(as_of, window.days_to), _days_before(as_of, window.days_from or 0)
    if window.months_to is not None:
        far = months_before(day=as_of, months=window.months_to)
        return far + dt.timedelta(days=1), months_before(day=as_of, months=window.months_from or 0)
    return window.since or LONG_AGO, min(window.until or as_of, as_of)


def _days_before(day: dt.date, days: int) -> dt.date:
    return dt.date.fromordinal(max(day.toordinal() - days, LONG_AGO.toordinal()))


def evidence_window(*, test: FactTest) -> Window:
    """Give the window a reason's evidence is taken from; of several, the one that ends nearest the index date."""
    if isinstance(test, OneInEach):
        return min(
            test.windows,
            key=lambda each: (each.days_from or each.months_from or 0, each.days_to or each.months_to or 0),
        )
    return getattr(test, "window", Window())


def assess(
    *,
    definition: Definition,
    codes: Mapping[str, frozenset[str]],
    person: Person,
    facts: Sequence[Fact],
    as_of: dt.date,
) -> Assessment:
    """
    Place one person. codes: codelist name → its codes; facts: all of the person's, any order, any date.

    A person with a death date is placed nowhere, whatever the index date: nobody is contacted for an old list.
    """
    if person.death_date is not None:
        return Assessment((), frozenset(), frozenset(), dead=True)
    known = tuple(_usable(fact) for fact in facts if _is_known(fact, as_of))
    looked = _Look(definition, codes, person, known, as_of)
    fired = frozenset(each.name for each in definition.criteria if looked.true(each.name))
    missing = frozenset(each.name for each in definition.criteria if looked.lacks_input(each.name))
    placed = [looked.place(category) for category in definition.categories if category.when in fired]
    return Assessment(tuple(placed[:1] if definition.take_first else placed), fired, missing)


def said(*, words: str, day: dt.date | None, source: str | None) -> str:
    """Say evidence in plain words: "Diabetes recorded on 3 March 2019 by the GP practice"."""
    when = f" recorded on {day.day} {MONTHS[day.month - 1]} {day.year:04}" if day else ""
    return f"{words}{when}{f' by {source}' if source else ''}"


def source_words(*, definition: Definition, source: str | None) -> str | None:
    """Say a source's name: as the definition says it, otherwise the name with spaces."""
    return None if source is None else definition.sources.get(source, source.replace("_", " "))


def _is_known(fact: Fact, as_of: dt.date) -> bool:
    return fact.date is not None and fact.date <= as_of and (fact.status or "") not in NEVER_TRUE_STATUSES


def _usable(fact: Fact) -> Fact:
    # NaN compares false with everything, so left in place it would silently read as "below" or "not above". Adding
    # nothing turns a negative zero into zero, which prints the same everywhere.
    if fact.value is None:
        return fact
    return Fact(**{**fact.__dict__, "value": fact.value + 0.0 if math.isfinite(fact.value) else None})


def _newest_first(fact: Fact) -> tuple[object, ...]:
    # The order is total in all a reason tells, so that no engine and no order of rows chooses another fact.
    newest = (-_ordinal(fact.date), fact.code, fact.source or "", -_number(fact.value), -_ordinal(fact.recorded_on))
    return (*newest, fact.source is None)


def _highest_of_newest(fact: Fact) -> tuple[object, ...]:
    return (-_ordinal(fact.date), -_number(fact.value), *_newest_first(fact))


def _ordinal(day: dt.date | None) -> int:
    return day.toordinal() if day else 0


def _number(value: float | None) -> float:
    return -math.inf if value is None else value


@dataclass(frozen=True, eq=False)
class _Look:
    """One person looked at under one definition; truths are remembered, so a shared part is decided once."""

    definition: Definition
    codes: Mapping[str, frozenset[str]]
    person: Person
    facts: tuple[Fact, ...]
    as_of: dt.date

    @functools.cached_property
    def _truths(self) -> dict[str, bool]:
        return {}

    def true(self, name: str) -> bool:
        if name not in self._truths:
            self._truths[name] = self._decide(name)
        return self._truths[name]

    def _decide(self, name: str) -> bool:
        match self.definition.criterion(name).test:
            case AllOf(parts=parts):
                return all(self.true(part) for part in parts)
            case AnyOf(parts=parts):
                return any(self.true(part) for part in parts)
            case Not(part=part):
                return not self.true(part)
            case ScoreAtLeast(score=score, at_least=least, at_most=most):
                return _within(self.points(score), least, most)
            case Age() as test:
                return self.age is not None and _within(self.age, test.at_least, test.at_most)
            case Demographic() as test:
                return self._demographic(test)
            case fact_test:
                return self._fact_test(fact_test)

    def _fact_test(self, test: FactTest) -> bool:
        match test:
            case Ever(codes=codes, window=window):
                return bool(self.events(codes, window))
            case Count(codes=codes, at_least=least, window=window, different_codes=different):
                events = self.events(codes, window)
                return len({(each.code, None if different else each.date) for each in events}) >= least
            case OneInEach(codes=codes, windows=windows):
                return all(self.events(codes, window) for window in windows)
            case Active(codes=codes):
                return bool(self._running(codes))
            case LatestAfterLatest(codes=codes, than=than, same_day_counts=same_day_counts):
                return self._is_later(codes, than, same_day_counts)
            case LatestValue() as latest:
                values = self._values(latest)
                return bool(values) and in_range(latest, values[0].value or 0.0)

    @property
    def age(self) -> int | None:
        born = self.person.birth_date
        return None if born is None or born > self.as_of else age_on(birth_date=born, day=self.as_of)

    def points(self, name: str) -> int:
        score = next(each for each in self.definition.scores if each.name == name)
        return sum(points for part, points in score.points if self.true(part))

    def events(self, codes: Codes, window: Window) -> tuple[Fact, ...]:
        first, last = bounds(window=window, as_of=self.as_of)
        return tuple(
            fact
            for fact in self.facts
            if fact.code in self.codes[codes.list]
            and (fact.system == codes.system or (not fact.system and codes.system in SYSTEMS_WHEN_UNNAMED))
            and first <= (fact.date or LONG_AGO) <= last
        )

    def _running(self, codes: Codes) -> tuple[Fact, ...]:
        return tuple(
            each
            for each in self.events(codes, Window())
            if (each.end_date is None or each.end_date >= self.as_of) and (each.status or "") not in OVER_STATUSES
        )

    def _is_later(self, codes: Codes, than: Codes, same_day_counts: bool) -> bool:
        newest = max((_ordinal(each.date) for each in self.events(codes, Window())), default=None)
        other = max((_ordinal(each.date) for each in self.events(than, Window())), default=None)
        if newest is None or other is None:
            return newest is not None
        return newest >= other if same_day_counts else newest > other

    def _values(self, test: LatestValue) -> list[Fact]:
        found = self.events(test.codes, test.window)
        return sorted((f for f in found if f.value is not None and f.unit == test.unit), key=_highest_of_newest)

    def _demographic(self, test: Demographic) -> bool:
        value = getattr(self.person, test.field)
        if value is None:
            return False
        return value in test.among if test.among else _within(value, test.at_least, test.at_most)

    def lacks_input(self, name: str) -> bool:
        match self.definition.criterion(name).test:
            case Age():
                return self.age is None
            case Demographic(field=field):
                return getattr(self.person, field) is None
            case LatestValue() as test:
                return not self._values(test)
        return False

    def place(self, category: Category) -> Placed:
        tier = self._tier(category)
        reached: set[str] = set()
        for root in (category.when, tier.when):
            if root:
                self._reach(root, reached)
        reasons = tuple(self.reason(each.name) for each in self.definition.criteria if each.name in reached)
        rank = self.definition.rank_by
        return Placed(self.person.person_id, category.name, tier.tier, self.points(rank) if rank else None, reasons)

    def _tier(self, category: Category) -> Tier:
        return next(tier for tier in category.tiers if tier.when is None or self.true(tier.when))

    def _reach(self, name: str, reached: set[str]) -> None:
        """Gather the criteria that give reasons: true ones reached through true ones, never through a `not`."""
        if not self.true(name):
            return
        match self.definition.criterion(name).test:
            case AllOf(parts=parts) | AnyOf(parts=parts):
                for part in parts:
                    self._reach(part, reached)
            case ScoreAtLeast(score=score):
                reached.add(name)
                for part, _ in next(each for each in self.definition.scores if each.name == score).points:
                    self._reach(part, reached)
            case Not():
                pass
            case _:
                reached.add(name)

    def reason(self, name: str) -> Reason:
        criterion = self.definition.criterion(name)
        match criterion.test:
            case Age():
                return Reason(name, f"{criterion.words} (aged {self.age})", value=float(self.age or 0))
            case Demographic(field=field):
                value = getattr(self.person, field)
                return Reason(name, criterion.words, value=float(value) if field == "imd_decile" else None)
            case ScoreAtLeast(score=score):
                return Reason(name, f"{criterion.words} ({self.points(score)} points)", value=float(self.points(score)))
        return self._fact_reason(name)

    def _fact_reason(self, name: str) -> Reason:
        criterion = self.definition.criterion(name)
        test, words = criterion.test, criterion.words
        fact = self._evidence(test)  # type: ignore[arg-type]  # only leaves that read facts come here
        if isinstance(test, LatestValue):
            words = f"{words}: {fact.value:g} {test.unit}"
        by = source_words(definition=self.definition, source=fact.source)
        told = said(words=words, day=fact.date, source=by)
        return Reason(name, told, fact.code, fact.date, fact.value, fact.source, fact.recorded_on)

    def _evidence(self, test: FactTest) -> Fact:
        if isinstance(test, LatestValue):
            return self._values(test)[0]
        if isinstance(test, Active):
            return min(self._running(test.codes), key=_newest_first)
        return min(self.events(test.codes, evidence_window(test=test)), key=_newest_first)


def in_range(test: LatestValue, value: float) -> bool:
    """Say whether a value meets every limit the test names."""
    return (
        (test.at_least is None or value >= test.at_least)
        and (test.at_most is None or value <= test.at_most)
        and (test.above is None or value > test.above)
        and (test.below is None or value < test.below)
    )


def _within(value: int, least: int | None, most: int | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)
