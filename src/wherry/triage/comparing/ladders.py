"""What each question may be answered, and each thing known of a person may be, for two tables at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from wherry.checkin.types import Question, QuestionKind
from wherry.triage.comparing.types import Value
from wherry.triage.types import (
    Answered,
    AnswerIn,
    Condition,
    ContextAtLeast,
    ContextIn,
    TriageDefinition,
)

Both = tuple[TriageDefinition, TriageDefinition]
_WORDS = "words"


@dataclass(frozen=True)
class Ladder:
    """One name with its values, parted into those no condition of either table tells apart."""

    name: str
    classes: tuple[tuple[Value, ...], ...]

    @property
    def values(self) -> tuple[Value, ...]:
        """Give every value, in order of the classes."""
        return tuple(itertools.chain.from_iterable(self.classes))


def ladder_of(*, name: str, both: Both) -> Ladder:
    """Give the ladder of a question or of something known about a person."""
    found: dict[tuple[object, ...], list[Value]] = {}
    for value in dict.fromkeys(itertools.chain.from_iterable(_values(one, name, both) for one in reversed(both))):
        found.setdefault(tuple(itertools.chain.from_iterable(_told(one, name, value) for one in both)), []).append(
            value
        )
    return Ladder(name, tuple(map(tuple, found.values())))


def as_taken(*, definition: TriageDefinition, name: str, value: Value) -> Value:
    """Give a value as one table takes it: what its question does not offer is not answered there."""
    question = definition.questionnaire.questions.get(name)
    if question is not None:
        return value if value in _answers(question) else None
    kind = definition.context.get(name)
    if kind is None or not kind.scale:
        return value if kind is not None and not isinstance(value, str) else None
    return value if value in kind.scale else None


def _values(definition: TriageDefinition, name: str, both: Both) -> tuple[Value, ...]:
    question = definition.questionnaire.questions.get(name)
    if question is not None:
        return (None, *_answers(question))
    kind = definition.context.get(name)
    if kind is None:
        return (None,)
    return (None, *(kind.scale or _limits(name, both)))


def _limits(name: str, both: Both) -> tuple[float, ...]:
    numbers = {
        one.number
        for definition in both
        for one in _conditions(definition)
        if isinstance(one, ContextAtLeast) and one.name == name
    }
    return tuple(sorted({0.0, *(number for number in numbers if 0 <= number < 1e6)}))


def _answers(question: Question) -> tuple[Value, ...]:
    if question.kind is QuestionKind.TEXT:
        return (_WORDS,)
    if question.kind is QuestionKind.BOOLEAN:
        return (False, True)
    return question.scale or question.codes


def _conditions(definition: TriageDefinition) -> Iterator[Condition]:
    yield from itertools.chain.from_iterable(rule.conditions for rule in definition.rules)
    yield from itertools.chain.from_iterable(definition.declines)


def _told(definition: TriageDefinition, name: str, value: Value) -> Iterator[object]:
    """Say of every condition of one table on a name whether it holds of the value."""
    taken = as_taken(definition=definition, name=name, value=value)
    yield taken is None
    for one in _conditions(definition):
        if isinstance(one, AnswerIn) and one.question == name:
            yield taken in one.answers
        elif isinstance(one, Answered) and one.question == name:
            yield taken is not None
        elif isinstance(one, ContextIn) and one.name == name:
            yield taken is None or taken in one.values
        elif isinstance(one, ContextAtLeast) and one.name == name:
            yield taken is None or (isinstance(taken, int | float) and taken >= one.number)
