"""
What the cases under `cases/risk/` leave untried: a criterion no case needs, an age or a window no case stands beside.

A case counts only where it would notice. Each criterion is taken away, each window moved by a day, and some case must
come out otherwise than it says: a case that happens to be true and tells nothing of it proves nothing.
Hazard: H-10 (a limit is moved and nobody sees it).
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from wherry.foundation.problems import Problem
from wherry.programmes.types import Codelist, Section
from wherry.risk.definition.parts import codes_of
from wherry.risk.examples import FOLDER, Case, differences
from wherry.risk.rules import FACT_TESTS, assess, bounds
from wherry.risk.types import Age, AllOf, AnyOf, Assessment, Criterion, Definition, FactTest, OneInEach, Test, Window

_NEVER, _ALWAYS = AnyOf(()), AllOf(())
_DAY = dt.timedelta(days=1)


def untried(
    *, definition: Definition, section: Section, cases: Sequence[Case], codelists: Mapping[str, Codelist]
) -> tuple[Problem, ...]:
    """
    Name each criterion, group, age limit and window that no case tries, at its line of `risk.yaml`.

    cases: of every file, each coming out as it says. O(criteria × cases).
    """
    tried = _Tried(definition, codes_of(codelists), tuple(cases))
    found = []
    for each in definition.criteria:
        line = section.line("criteria" if each.name in section.data["criteria"] else "groups", each.name)
        for what, mend in tried.faults_of(each):
            found.append(Problem(section.path, line, what, mend))
    return tuple(found)


def reached_on(*, birth_date: dt.date, age: int) -> dt.date:
    """Give the day on which somebody is first so old; born on 29 February, 1 March of a common year."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return dt.date(birth_date.year + age, 3, 1)


@dataclass(frozen=True, eq=False)
class _Tried:
    """A definition with its cases, asked what would be noticed."""

    definition: Definition
    codes: Mapping[str, frozenset[str]]
    cases: tuple[Case, ...]

    @functools.cached_property
    def fired(self) -> tuple[tuple[Case, frozenset[str]], ...]:
        return tuple((case, self._assessed(self.definition, case).fired) for case in self.cases)

    def _assessed(self, definition: Definition, case: Case) -> Assessment:
        return assess(definition=definition, codes=self.codes, person=case.person, facts=case.facts, as_of=case.as_of)

    def faults_of(self, criterion: Criterion) -> Iterator[tuple[str, str]]:
        name = criterion.name
        true_in = [case for case, fired in self.fired if name in fired]
        if not true_in:
            yield f"no case makes {name} true", f"add one under {FOLDER}"
        elif not any(self._notices(case, criterion, _NEVER) for case in true_in):
            what = f"no case would notice if {name} were never true"
            yield what, f"name {name} under `met` of a case in {FOLDER} that makes it true"
        if isinstance(criterion.test, Age):
            yield from self._faults_of_age(criterion, criterion.test)
        if isinstance(criterion.test, FACT_TESTS):
            yield from self._faults_of_windows(criterion, criterion.test)

    def _notices(self, case: Case, criterion: Criterion, test: Test) -> bool:
        """Say whether a case comes out otherwise than it says when a criterion is tested by something else."""
        other = replace(criterion, test=test)
        criteria = tuple(other if each is criterion else each for each in self.definition.criteria)
        changed = replace(self.definition, criteria=criteria)
        return bool(differences(definition=changed, expect=case.expect, assessed=self._assessed(changed, case)))

    def _faults_of_age(self, criterion: Criterion, test: Age) -> Iterator[tuple[str, str]]:
        for age in _ages_at_which_it_changes(test):
            missing = [side for side in _SIDES if not any(self._tells(side, criterion, age))]
            if missing and self.cases:
                beside = [side.person(age, self.cases[0].as_of) for side in missing]
                untold = " nor ".join(side.words.format(age=age) for side in missing)
                said = ", and ".join(f"born {born} as of {day}" for born, day in beside)
                what = f"no case tries {criterion.name} {untold}"
                yield what, f"under {FOLDER} add somebody {said}, with {criterion.name} under `met` or `not_met`"

    def _tells(self, side: _Side, criterion: Criterion, age: int) -> Iterator[bool]:
        for case, fired in self.fired:
            if side.holds(case, age):
                yield self._notices(case, criterion, _NEVER if criterion.name in fired else _ALWAYS)

    def _faults_of_windows(self, criterion: Criterion, test: FactTest) -> Iterator[tuple[str, str]]:
        missing = [
            move for move in _moves(test) if not any(self._notices_move(case, criterion, move) for case in self.cases)
        ]
        if missing and self.cases:
            expected = " and ".join(sorted({f"`{move.expected}`" for move in missing}))
            yield (
                f"no case tries {criterion.name} on {' nor on '.join(move.words for move in missing)}",
                f"under {FOLDER} add cases with a fact on such a day, and {criterion.name} under {expected}",
            )

    def _notices_move(self, case: Case, criterion: Criterion, move: _Move) -> bool:
        window, day = move.window_and_day(case.as_of)
        if not any(fact.date == day for fact in case.facts):
            return False
        return self._notices(case, criterion, _with_window(criterion.test, move.at, window))


@dataclass(frozen=True)
class _Side:
    """Where a case stands beside a birthday. days: from the birthday to the index date, either way for `None`."""

    words: str
    days: int | None

    def holds(self, case: Case, age: int) -> bool:
        born = case.person.birth_date
        if born is None or case.person.death_date is not None:
            return False
        days = (case.as_of - reached_on(birth_date=born, age=age)).days
        return days == self.days if self.days is not None else abs(days) <= 1 and (born.month, born.day) == (2, 29)

    def person(self, age: int, as_of: dt.date) -> tuple[dt.date, dt.date]:
        """Give a birth date and an index date that would do."""
        if self.days is None:
            year = next(year for year in range(as_of.year, as_of.year + 9) if calendar.isleap(year - age))
            born = dt.date(year - age, 2, 29)
            return born, reached_on(birth_date=born, age=age)
        birthday = as_of - dt.timedelta(days=self.days)
        if (birthday.month, birthday.day) == (2, 29):
            birthday, as_of = birthday + _DAY, as_of + _DAY
        return birthday.replace(year=birthday.year - age), as_of


_SIDES = (
    _Side("the day before the birthday of {age}", -1),
    _Side("on the birthday of {age}", 0),
    _Side("the day after the birthday of {age}", 1),
    _Side("for somebody born on 29 February who comes to be {age} that day or the next", None),
)


def _ages_at_which_it_changes(test: Age) -> Iterator[int]:
    for age in (test.at_least, None if test.at_most is None else test.at_most + 1):
        if age is not None and 0 < age < 150:
            yield age


class _Move(NamedTuple):
    """
    One end of a window moved by a day. at: which of several windows; far: the end in the past, not the nearer one;
    in_by: 1 leaves a day out that counts, -1 takes one in that does not.
    """

    at: int
    window: Window
    far: bool
    in_by: int

    @property
    def words(self) -> str:
        window, side = self.window, "first" if self.far else "last"
        ago = window.days_to if self.far else window.days_from
        where = f" ({ago + (0 if self.in_by == 1 else 1 if self.far else -1)} days ago)" if ago is not None else ""
        if self.in_by == 1:
            return f"the {side} day its window counts{where}"
        return f"the day {'before' if self.far else 'after'} its window{where}"

    @property
    def expected(self) -> str:
        return "met" if self.in_by == 1 else "not_met"

    def window_and_day(self, as_of: dt.date) -> tuple[Window, dt.date]:
        """Give the window with its end moved, and the day whose facts count otherwise then."""
        first, last = bounds(window=self.window, as_of=as_of)
        if self.far:
            first = first + self.in_by * _DAY
            return Window(since=first, until=last), first - _DAY if self.in_by == 1 else first
        last = last - self.in_by * _DAY
        return Window(since=first, until=last), last + _DAY if self.in_by == 1 else last


def _moves(test: FactTest) -> Iterator[_Move]:
    """Give the moves a case must notice. Of windows side by side, only the one furthest back is made longer."""
    windows = test.windows if isinstance(test, OneInEach) else (getattr(test, "window", Window()),)
    reaches = [bounds(window=window, as_of=dt.date(2024, 2, 29))[0] for window in windows]
    for at, window in enumerate(windows):
        if (window.days_to, window.months_to, window.since) != (None, None, None):
            yield _Move(at, window, True, 1)
            if reaches[at] == min(reaches):
                yield _Move(at, window, True, -1)
        if window.days_from or window.months_from or window.until:
            yield _Move(at, window, False, 1)
            if len(windows) == 1:
                yield _Move(at, window, False, -1)


def _with_window(test: Test, at: int, window: Window) -> Test:
    if isinstance(test, OneInEach):
        return replace(test, windows=(*test.windows[:at], window, *test.windows[at + 1 :]))
    return replace(test, window=window)  # type: ignore[arg-type]  # only tests that have one come here
