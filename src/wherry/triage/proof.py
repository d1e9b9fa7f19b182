"""
Prove a triage table over every combination of answers: each has an outcome, and worse never means less.

Rules that share no question cannot change each other's outcome: a decision is the union of what fires, its urgency
the highest. So each group of questions that some rule joins is enumerated whole, with everything known of a person,
and that covers every combination of all of them. A group too large to enumerate is sampled, and the words say so.
That the parting loses nothing is held against the whole product on small tables made at random: tests/generative.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wherry.checkin.types import Answer, QuestionKind
from wherry.foundation.problems import Problem
from wherry.programmes.types import Section
from wherry.triage.rules import decide, fires, highest
from wherry.triage.types import ContextAtLeast, Rule, TriageDefinition, Urgency

MOST_ENUMERATED = 300_000
_SAMPLE = 30_000
Value = Answer | float | None
Outcome = tuple[Urgency, frozenset[str], tuple[str, ...]]


@dataclass(frozen=True)
class Proved:
    """What the proof found. told: how much was looked at, in words; combinations: the same as a number."""

    problems: tuple[Problem, ...]
    told: str
    combinations: int


@dataclass(frozen=True)
class _Group:
    """Questions joined by rules. ladders: name → what it may be, best first, and not answered or not known."""

    questions: tuple[str, ...]
    rules: tuple[Rule, ...]
    ladders: Mapping[str, tuple[Value, ...]]
    steps: Mapping[str, tuple[tuple[Value, Value], ...]]

    @property
    def size(self) -> int:
        return math.prod(len(values) for values in self.ladders.values())


@dataclass
class _Work:
    """The proof of one group under way. seen: outcomes worked out; found: one problem for each step and kind."""

    definition: TriageDefinition
    section: Section
    group: _Group
    seen: dict[tuple[Value, ...], Outcome] = field(default_factory=dict)
    found: dict[tuple[str, str, str], Problem] = field(default_factory=dict)


def prove(*, definition: TriageDefinition, section: Section) -> Proved:
    """Look at every combination, group by group. Some seconds at most: groups above MOST_ENUMERATED are sampled."""
    groups = _groups(definition)
    problems: list[Problem] = []
    fired: set[str] = set()
    looked_at = 0
    for group in groups:
        work = _Work(definition, section, group)
        for values in _combinations(group):
            looked_at += 1
            fired.update(_outcome(work, values)[2])
            for worse, name in _one_step_worse(group, values):
                _compare(work, values, worse, name)
        problems += work.found.values()
    problems += [*_never_fired(definition, section, fired), *_left_out(definition, section)]
    return Proved(tuple(problems), _told(definition, groups, looked_at), looked_at)


def _left_out(definition: TriageDefinition, section: Section) -> Iterator[Problem]:
    """
    Leave out what can find danger, all else at its best: that is never `none`.

    A worse answer adds rules and takes none away, and one question left out more adds to what is asked again, so that
    each left out alone stands for every other way of leaving it out.
    """
    best = {name: _best(definition, name) for name in definition.questionnaire.questions}
    for name in definition.red_flag_questions:
        answers = {other: value for other, value in best.items() if other != name and value is not None}
        decision = decide(definition=definition, answers=answers, context={})
        if decision.urgency is Urgency.NONE or name not in decision.incomplete:
            what = f"leaving out {name}, which can find danger, comes to nothing"
            yield Problem(section.path, section.line("incomplete"), what, "let `incomplete` ask for it again")


def _best(definition: TriageDefinition, name: str) -> Value:
    question = definition.questionnaire.questions[name]
    # A question that is not always asked, or has no order, says nothing good.
    return question.scale[0] if question.scale and not question.enable_when else None


def _told(definition: TriageDefinition, groups: Sequence[_Group], looked_at: int) -> str:
    whole = math.prod(len(_answers(definition, name)) for name in definition.questionnaire.questions)
    whole *= math.prod(len(_known(definition, name)) for name in definition.context)
    sampled = [group for group in groups if group.size > MOST_ENUMERATED]
    how = f"{len(sampled)} of them sampled" if sampled else "every one enumerated whole"
    return (
        f"triage: {looked_at:,} combinations looked at in {len(groups)} groups of questions that rules join, {how}, "
        f"standing for {whole:,} combinations of all answers; leaving out any of the "
        f"{len(definition.red_flag_questions)} questions that can find danger is never taken for no danger"
    )


def _groups(definition: TriageDefinition) -> tuple[_Group, ...]:
    joined: list[set[str]] = []
    for rule in definition.rules:
        together = set(rule.questions)
        apart = [one for one in joined if not one & together]
        together.update(*(one for one in joined if one & together))
        joined = [*apart, together]
    order = list(definition.questionnaire.questions)
    return tuple(_group(definition, tuple(sorted(one, key=order.index))) for one in joined)


def _group(definition: TriageDefinition, questions: tuple[str, ...]) -> _Group:
    rules = tuple(rule for rule in definition.rules if rule.questions <= set(questions))
    ladders: dict[str, tuple[Value, ...]] = {name: _answers(definition, name) for name in questions}
    steps = {name: _steps(definition, name) for name in questions}
    used = {one.name for rule in rules for one in rule.conditions if hasattr(one, "name")}
    for name in definition.context:
        if name in used:
            known = _known(definition, name)
            ladders[name] = known
            # What is not known must count for at least as much as anything known.
            steps[name] = (*itertools.pairwise(known[1:]), (known[-1], None))
    return _Group(questions, rules, ladders, steps)


def _answers(definition: TriageDefinition, name: str) -> tuple[Value, ...]:
    question = definition.questionnaire.questions[name]
    if question.kind is QuestionKind.TEXT:
        return (None, "words")
    if question.kind is QuestionKind.BOOLEAN:
        return (None, False, True)
    return (None, *(question.scale or question.codes))


def _steps(definition: TriageDefinition, name: str) -> tuple[tuple[Value, Value], ...]:
    question = definition.questionnaire.questions[name]
    if question.kind is QuestionKind.BOOLEAN:
        return ((False, True),)
    return tuple(itertools.pairwise(question.scale))


def _known(definition: TriageDefinition, name: str) -> tuple[Value, ...]:
    kind = definition.context[name]
    if kind.scale:
        return (None, *kind.scale)
    conditions = itertools.chain.from_iterable(rule.conditions for rule in definition.rules)
    limits = {one.number for one in conditions if isinstance(one, ContextAtLeast) and one.name == name}
    return (None, *sorted({max(0.0, limit - 1) for limit in limits} | limits | {0.0}))


def _combinations(group: _Group) -> Iterator[tuple[Value, ...]]:
    if group.size <= MOST_ENUMERATED:
        yield from itertools.product(*group.ladders.values())
        return
    chance = random.Random(1)  # noqa: S311  a repeatable sample, not a secret
    for _ in range(_SAMPLE):
        yield tuple(chance.choice(values) for values in group.ladders.values())


def _outcome(work: _Work, values: tuple[Value, ...]) -> Outcome:
    if values not in work.seen:
        group = work.group
        given = {name: value for name, value in zip(group.ladders, values, strict=True) if value is not None}
        # What is known of a person stands among the answers here: no rule looks for it there.
        fired = [rule for rule in group.rules if fires(rule=rule, answers=given, context=given)]  # type: ignore[arg-type]
        flags = frozenset(rule.red_flag for rule in fired if rule.red_flag)
        work.seen[values] = (highest(rule.urgency for rule in fired), flags, tuple(rule.id for rule in fired))
    return work.seen[values]


def _one_step_worse(group: _Group, values: tuple[Value, ...]) -> Iterator[tuple[tuple[Value, ...], str]]:
    for at, name in enumerate(group.ladders):
        for better, worse in group.steps[name]:
            if values[at] == better and type(values[at]) is type(better):
                yield (*values[:at], worse, *values[at + 1 :]), name


def _compare(work: _Work, better: tuple[Value, ...], worse: tuple[Value, ...], name: str) -> None:
    first, then = _outcome(work, better), _outcome(work, worse)
    dropped = first[1] - then[1]
    if then[0].rank >= first[0].rank and not dropped:
        return
    step = worse[list(work.group.ladders).index(name)]
    shown = "not known" if step is None else str(step)
    # The row to mend is the first that fired for the better answer alone.
    rules = enumerate(work.definition.rules)
    lost = next(at for at, rule in rules if rule.id in first[2] and rule.id not in then[2])
    place, line = work.section.path, work.section.line("rules", lost)
    if then[0].rank < first[0].rank:
        what = f"a worse answer is less urgent: with {name} {shown}, {first[0].value} falls to {then[0].value}"
        mend = "write `at least`, or add a row as urgent for the worse answer"
        work.found.setdefault(("urgency", name, shown), Problem(place, line, what, mend))
    if dropped:
        what = f"a worse answer drops the red flag {', '.join(sorted(dropped))}: with {name} {shown}"
        mend = "write `at least` in the row of the red flag"
        work.found.setdefault(("flag", name, shown), Problem(place, line, what, mend))


def _never_fired(definition: TriageDefinition, section: Section, fired: set[str]) -> list[Problem]:
    return [
        Problem(
            section.path, section.line("rules", at), f"no answers make the rule {rule.id} fire", "mend or remove it"
        )
        for at, rule in enumerate(definition.rules)
        if rule.id not in fired
    ]
