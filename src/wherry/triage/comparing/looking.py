"""
Find every combination that comes to something else, and say it in as few statements as it takes.

An outcome is the highest of what its groups come to. So a group's change shows exactly where the others can stay below
it: each thing an outcome says is looked at by itself, against the least all other groups leave of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wherry.triage.comparing.boxes import Box, boxes
from wherry.triage.comparing.groups import Cell, Group, groups_of
from wherry.triage.comparing.ladders import Both, ladder_of
from wherry.triage.comparing.types import Aspect, Compared, Effect, Held, Kind, Marks, Statement
from wherry.triage.types import TriageDefinition

_MOST_STATEMENTS = 200
Known = tuple[int, ...]
"""One combination of what is known of a person, by the class of each."""


def compare(*, before: TriageDefinition, after: TriageDefinition) -> Compared:
    """
    Say which answers come to something else, worse first. Pure.

    A question or an answer only one table has counts in the other as not answered. Some seconds at most.
    Hazard: H-12 (a worse answer made less urgent), by a change nobody saw.
    """
    both = (before, after)
    groups = groups_of(both)
    floors = _Floors.over(both, groups)
    statements: list[Statement] = []
    changed = untold = 0
    for at, group in enumerate(groups):
        found = _changes(group, floors, at)
        changed += sum(group.weight(cell) for cell in {cell for cells in found.values() for cell in cells})
        told, left = _statements(group, found)
        statements += told
        untold += left
    statements.sort(key=lambda one: (not one.is_worse, -max(abs(e.after - e.before) for e in one.effects)))
    return Compared(
        statements=tuple(statements[:_MOST_STATEMENTS]),
        changed=changed,
        looked_at=sum(group.weight(cell) for group in groups for cell in group.cells),
        sampled=tuple(one.name for group in groups if group.is_sampled for one in group.ladders[: group.asked]),
        untold=untold + max(0, len(statements) - _MOST_STATEMENTS),
    )


@dataclass(frozen=True)
class _Floors:
    """
    The least each group comes to. least: group → (before, after) → what is known → marks.

    contexts: every combination of all that is known, by name.
    """

    groups: tuple[Group, ...]
    least: tuple[tuple[Mapping[Known, Marks], ...], ...]
    contexts: tuple[Mapping[str, int], ...]

    @classmethod
    def over(cls, both: Both, groups: tuple[Group, ...]) -> _Floors:
        names = sorted({name for group in groups for name in group.context})
        ranges = [range(len(ladder_of(name=name, both=both).classes)) for name in names]
        contexts = tuple(dict(zip(names, one, strict=True)) for one in itertools.product(*ranges))
        return cls(groups, tuple(tuple(_least(group, side) for side in (0, 1)) for group in groups), contexts)

    def of_the_others(self, at: int, side: int, known: Known) -> Marks:
        """Give the least all groups but one leave, where that is most favourable."""
        others = [number for number in range(len(self.groups)) if number != at]
        if not any(marks for number in others for marks in self.least[number][side].values()):
            return {}
        told = dict(zip(self.groups[at].context, known, strict=True))
        fitting = (one for one in self.contexts if all(one[name] == value for name, value in told.items()))
        return _lowest([self._together(others, side, one) for one in fitting])

    def _together(self, others: Sequence[int], side: int, context: Mapping[str, int]) -> Marks:
        highest: dict[Aspect, int] = {}
        for number in others:
            here = tuple(context[name] for name in self.groups[number].context)
            for aspect, rank in self.least[number][side].get(here, {}).items():
                highest[aspect] = max(rank, highest.get(aspect, 0))
        return highest


def _least(group: Group, side: int) -> dict[Known, Marks]:
    found: dict[Known, Marks] = {}
    for cell, both in group.cells.items():
        known, marks = cell[group.asked :], both[side]
        found[known] = _lowest([found[known], marks]) if known in found else marks
    return found


def _lowest(several: Sequence[Marks]) -> Marks:
    first, *rest = several
    return {
        aspect: min(rank, *(one[aspect] for one in rest)) if rest else rank
        for aspect, rank in first.items()
        if all(aspect in one for one in rest)
    }


Changes = dict[tuple[Aspect, bool, int], dict[Cell, tuple[int, int]]]
"""By what is said, whether it fell, and the rank it fell from or rose to: the cells, each with both ranks."""


def _changes(group: Group, floors: _Floors, at: int) -> Changes:
    """Give, for each thing said and each change of it, the cells where it shows."""
    found: Changes = {}
    rest: dict[tuple[Known, int], Marks] = {}
    for cell, (before, after) in group.cells.items():
        if before == after:
            continue
        known = cell[group.asked :]
        for side in (0, 1):
            if (known, side) not in rest:
                rest[known, side] = floors.of_the_others(at, side, known)
        for aspect, was, now in _shown(before, after, (rest[known, 0], rest[known, 1])):
            fell = now < was
            found.setdefault((aspect, fell, was if fell else now), {})[cell] = (was, now)
    return found


def _shown(before: Marks, after: Marks, rest: tuple[Marks, Marks]) -> Iterator[tuple[Aspect, int, int]]:
    for aspect in dict.fromkeys((*before, *after)):
        was, now = before.get(aspect, 0), after.get(aspect, 0)
        if was > now:
            now = max(now, rest[1].get(aspect, 0))
        elif now > was:
            was = max(was, rest[0].get(aspect, 0))
        # Where the others alone come to as much, nobody sees a difference.
        shows = (was > now) == (before.get(aspect, 0) > after.get(aspect, 0)) and was != now
        if shows and (aspect[0] is not Kind.DECLINED or (was == 1) != (now == 1)):
            yield aspect, was, now


def _statements(group: Group, found: Changes) -> tuple[list[Statement], int]:
    """Put together what holds of the same combinations; of a sampled group give one example each."""
    if group.is_sampled:
        return [_example(group, aspect, cells) for (aspect, _, _), cells in found.items()], 0
    effects: dict[Box, list[Effect]] = {}
    untold = 0
    for (aspect, fell, _), cells in found.items():
        told, left = boxes(cells=cells, sizes=[len(one.classes) for one in group.ladders])
        untold += left
        for box in told:
            effects.setdefault(box, []).append(_effect(aspect, fell, [cells[one] for one in itertools.product(*box)]))
    return [_statement(group, box, several) for box, several in effects.items()], untold


def _effect(aspect: Aspect, fell: bool, pairs: Sequence[tuple[int, int]]) -> Effect:
    befores, afters = (sorted({pair[side] for pair in pairs}) for side in (0, 1))
    also = afters[1:] if fell else befores[1:]
    return Effect(aspect[0], aspect[1], befores[0], afters[0], tuple(also))


def _statement(group: Group, box: Box, effects: Sequence[Effect]) -> Statement:
    cells = itertools.product(*box)
    return Statement(
        when=tuple(
            _held(group, at, classes) for at, classes in enumerate(box) if len(classes) < len(group.ladders[at].classes)
        ),
        effects=tuple(effects),
        combinations=sum(group.weight(cell) for cell in cells),
    )


def _held(group: Group, at: int, classes: Sequence[int]) -> Held:
    ladder = group.ladders[at]
    meant = tuple(value for number in classes for value in ladder.classes[number])
    return Held(ladder.name, meant, tuple(one for one in ladder.values if not _is_among(one, meant)))


def _is_among(value: object, values: Sequence[object]) -> bool:
    # True is 1 to Python, and an answer of its own to us.
    return any(value == one and type(value) is type(one) for one in values)


def _example(group: Group, aspect: Aspect, cells: Mapping[Cell, tuple[int, int]]) -> Statement:
    cell, (was, now) = next(iter(cells.items()))
    when = tuple(_held(group, at, (number,)) for at, number in enumerate(cell))
    return Statement(when, (Effect(aspect[0], aspect[1], was, now),), len(cells), is_example=True)
