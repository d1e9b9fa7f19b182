"""Questions that rules of either table join, and what every combination of their answers comes to in both."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wherry.triage.comparing.ladders import Both, Ladder, as_taken, ladder_of
from wherry.triage.comparing.types import Aspect, Kind, Marks, Value
from wherry.triage.rules import fires
from wherry.triage.types import ContextAtLeast, ContextIn, Rule, TriageDefinition, Urgency

MOST_ENUMERATED = 300_000
_SAMPLE = 30_000
Cell = tuple[int, ...]
"""One combination: for each ladder of a group the class of its value, by number."""


@dataclass(frozen=True)
class Group:
    """
    Ladders that rules join, those of questions first.

    cells: every combination, or a sample, with what it comes to before and after.
    """

    ladders: tuple[Ladder, ...]
    asked: int
    cells: Mapping[Cell, tuple[Marks, Marks]]
    is_sampled: bool

    @property
    def context(self) -> tuple[str, ...]:
        """Name what is known of a person that its rules look at."""
        return tuple(one.name for one in self.ladders[self.asked :])

    def weight(self, cell: Cell) -> int:
        """Count the combinations of values a cell stands for."""
        return math.prod(len(one.classes[at]) for one, at in zip(self.ladders, cell, strict=True))


def groups_of(both: Both) -> tuple[Group, ...]:
    """Give the groups in the order the newer table asks, one of them perhaps without any question."""
    return tuple(_group(both, questions) for questions in _joined(both))


def _joined(both: Both) -> list[tuple[str, ...]]:
    joined: list[set[str]] = []
    for rule in (rule for definition in both for rule in _rules(definition)):
        together = set(rule.questions)
        apart = [one for one in joined if not one & together and one != together]
        together.update(*(one for one in joined if one & together))
        joined = [*apart, together]
    order = list(dict.fromkeys(itertools.chain.from_iterable(one.questionnaire.questions for one in reversed(both))))
    known = [sorted((name for name in one if name in order), key=order.index) for one in joined]
    return [tuple(one) for one in sorted(known, key=lambda one: [order.index(name) for name in one])]


def _group(both: Both, questions: tuple[str, ...]) -> Group:
    rules = tuple(tuple(rule for rule in _rules(one) if _belongs(rule, questions)) for one in both)
    conditions = (one for several in rules for rule in several for one in rule.conditions)
    used = {one.name for one in conditions if isinstance(one, ContextIn | ContextAtLeast)}
    names = (*questions, *sorted(used))
    ladders = tuple(ladder_of(name=name, both=both) for name in names)
    size = math.prod(len(one.classes) for one in ladders)
    cells = {
        cell: (_marks(both[0], rules[0], ladders, cell, questions), _marks(both[1], rules[1], ladders, cell, questions))
        for cell in _cells(ladders, size)
    }
    return Group(ladders, len(questions), cells, size > MOST_ENUMERATED)


def _rules(definition: TriageDefinition) -> tuple[Rule, ...]:
    """Give the rows of a table, and what means "no, thank you" as rows without any urgency."""
    return definition.rules + tuple(Rule("", when, (), Urgency.NONE, "") for when in definition.declines)


def _belongs(rule: Rule, questions: tuple[str, ...]) -> bool:
    return bool(rule.questions & set(questions)) if rule.questions else not questions


def _cells(ladders: tuple[Ladder, ...], size: int) -> Iterator[Cell]:
    ranges = [range(len(one.classes)) for one in ladders]
    if size <= MOST_ENUMERATED:
        yield from itertools.product(*ranges)
        return
    chance = random.Random(1)  # noqa: S311  a repeatable sample, not a secret
    for _ in range(_SAMPLE):
        yield tuple(chance.choice(one) for one in ranges)


def _marks(
    definition: TriageDefinition,
    rules: tuple[Rule, ...],
    ladders: tuple[Ladder, ...],
    cell: Cell,
    questions: tuple[str, ...],
) -> Marks:
    given: dict[str, Value] = {}
    for ladder, at in zip(ladders, cell, strict=True):
        taken = as_taken(definition=definition, name=ladder.name, value=ladder.classes[at][0])
        if taken is not None:
            given[ladder.name] = taken
    told: dict[Aspect, int] = {}
    for rule in rules:
        # What is known of a person stands among the answers here: no rule looks for it there.
        if fires(rule=rule, answers=given, context=given):  # type: ignore[arg-type]
            _tell(told, rule.need, rule.urgency.rank)
            if rule.urgency is Urgency.NONE:
                told[Kind.DECLINED, ""] = 1
            if rule.red_flag:
                told[Kind.RED_FLAG, rule.red_flag] = 1
    for name in definition.red_flag_questions:
        if name in questions and name not in given:
            _tell(told, definition.incomplete.need, definition.incomplete.urgency.rank)
            told[Kind.INCOMPLETE, name] = 1
    if told.get((Kind.URGENCY, "")):
        told[Kind.DECLINED, ""] = told[Kind.URGENCY, ""] + 1
    return told


def _tell(told: dict[Aspect, int], need: str | None, rank: int) -> None:
    for aspect in ((Kind.URGENCY, ""), (Kind.NEED, need)):
        if aspect[1] is not None and rank:
            told[aspect] = max(rank, told.get(aspect, 0))  # type: ignore[index,arg-type]
