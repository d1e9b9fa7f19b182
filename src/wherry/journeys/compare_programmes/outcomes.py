"""Which answers come to something else, in the words they are asked in; what became less urgent comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wherry.checkin.types import Question, QuestionKind
from wherry.journeys.compare_programmes.types import Outcome, Outcomes
from wherry.journeys.read_programme import triage_table
from wherry.journeys.show_programme.saying import listed, spaced
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.types import ProgrammeFiles
from wherry.triage.comparing import Compared, Effect, Held, Kind, Statement, compare
from wherry.triage.types import TriageDefinition, Urgency

LESS_URGENT, FLAG_LOST = "LESS URGENT", "RED FLAG LOST"


def outcomes(*, before: ProgrammeFiles, after: ProgrammeFiles) -> Outcomes | None:
    """Compare the two triage tables over every combination of answers; None where neither has one."""
    if before.section("triage") is None and after.section("triage") is None:
        return None
    try:
        was, now = triage_table(files=before), triage_table(files=after)
    except ProgrammeUnreadable as error:
        return Outcomes(why_not=f"{error.problems[0]}; run wherry programme check")
    found = compare(before=was, after=now)
    return Outcomes(
        listed=tuple(_outcome(one, was, now) for one in found.statements),
        less_urgent=found.is_less_urgent,
        red_flags_lost=tuple(map(spaced, found.red_flags_lost)),
        changed=found.changed,
        told=_told(found),
    )


def _told(found: Compared) -> str:
    how = (
        f"{listed(map(spaced, found.sampled))} are joined by too many rules and were sampled"
        if found.sampled
        else "every one looked at"
    )
    untold = f"; {found.untold:,} more are not listed" if found.untold else ""
    changed = f"{found.changed:,} of {found.looked_at:,} combinations of joined answers"
    return f"{changed} come to something else ({how}){untold}"


def _outcome(one: Statement, was: TriageDefinition, now: TriageDefinition) -> Outcome:
    held = [words for each in one.when for words in _held(each, was, now)]
    marks = tuple(mark for mark, kinds in _MARKS.items() if any(e.is_worse and e.kind in kinds for e in one.effects))
    begin = "For example, if" if one.is_example else "If"
    return Outcome(
        f"{begin} {listed(held)}" if held else "Always", tuple(_effects(one.effects, was, now)), one.combinations, marks
    )


_MARKS = {FLAG_LOST: (Kind.RED_FLAG,), LESS_URGENT: (Kind.URGENCY, Kind.NEED)}


def _held(one: Held, was: TriageDefinition, now: TriageDefinition) -> Iterator[str]:
    question = now.questionnaire.questions.get(one.name) or was.questionnaire.questions.get(one.name)
    if question is not None:
        old = was.questionnaire.questions.get(one.name)
        yield f"“{question.text.get('en', one.name)}” {_answers(one, question, old)}"
        return
    known = [value for value in one.values if value is not None]
    told = _numbers(one) if any(isinstance(value, float) for value in (*one.values, *one.others)) else map(str, known)
    parts = [*told, *(["not known"] if None in one.values else [])]
    yield f"{spaced(one.name)} is {listed(parts, last='or')}"


def _answers(one: Held, question: Question, old: Question | None) -> str:
    given = [value for value in one.values if value is not None]
    unanswered = len(given) < len(one.values)
    left = [value for value in one.others if value is not None]
    if not given:
        return "is not answered"
    if not left:
        return "is answered"
    or_not = " or not answered" if unanswered else ""
    if question.kind is QuestionKind.BOOLEAN:
        return f"is {'ticked' if given == [True] else 'not ticked'}{or_not}"
    if question.kind is QuestionKind.TEXT:
        return f"has words of their own{or_not}"
    scale = list(question.scale)
    first = min((scale.index(str(value)) for value in given if value in scale), default=-1)
    if len(given) > 1 and first >= 0 and sorted(map(str, given)) == sorted(scale[first:]):
        return f"is “{_display(question, old, scale[first])}” or worse{or_not}"
    return f"is {listed([f'“{_display(question, old, str(value))}”' for value in given], last='or')}{or_not}"


def _display(question: Question, old: Question | None, code: str) -> str:
    options = [*question.options, *(old.options if old else ())]
    return next((str(one.display.get("en", code)) for one in options if one.code == code), code)


def _numbers(one: Held) -> list[str]:
    """Say numbers that each stand for all up to the next, those side by side together."""
    every = sorted(value for value in (*one.values, *one.others) if isinstance(value, float))
    meant = [value in one.values for value in every]
    told, at = [], 0
    while at < len(every):
        end = at
        while meant[at] and end + 1 < len(every) and meant[end + 1]:
            end += 1
        if meant[at]:
            told.append(_run(every, at, end))
        at = end + 1
    return told


def _run(every: Sequence[float], first: int, last: int) -> str:
    least = f"{every[first]:g}"
    if last + 1 == len(every):
        return f"{least} or over" if first else "any number"
    below = every[last + 1]
    if first == 0:
        return f"under {below:g}"
    return f"{least} to {below - 1:g}" if below - 1 > every[first] else least


def _effects(effects: Sequence[Effect], was: TriageDefinition, now: TriageDefinition) -> Iterator[str]:
    overall = next((one for one in effects if one.kind is Kind.URGENCY), None)
    needs = [one for one in effects if one.kind is Kind.NEED]
    if overall:
        # One sentence where the need and the whole move together.
        alike = [
            one for one in needs if (one.before, one.after, one.also) == (overall.before, overall.after, overall.also)
        ]
        named = f" ({listed(_need(one.name, was, now) for one in alike)})" if alike else ""
        yield f"{_move(overall)}{named}"
        needs = [one for one in needs if one not in alike]
    yield from (f"{_need(one.name, was, now)}: {_move(one)}" for one in needs)
    for one in effects:
        if one.kind is Kind.RED_FLAG:
            yield f"the red flag “{spaced(one.name)}” is {'raised' if one.after else 'no longer raised'}"
        if one.kind is Kind.DECLINED:
            yield "it counts as “no, thank you”" if one.after == 1 else "it no longer counts as “no, thank you”"
        if one.kind is Kind.INCOMPLETE:
            yield f"{'somebody asks it again' if one.after else 'nobody asks it again'} ({spaced(one.name)})"


def _move(one: Effect) -> str:
    before, after = (urgency.value for urgency in one.urgencies)
    if not one.also:
        return f"{before} → {after}"
    others = [tuple(Urgency)[rank].value for rank in one.also]
    if one.is_worse:
        return f"{before} → {after}, or {listed(others, last='or')} where other answers ask for it"
    return f"{listed([before, *others], last='or')} → {after}"


def _need(code: str, was: TriageDefinition, now: TriageDefinition) -> str:
    return str((now.needs.get(code) or was.needs.get(code) or {}).get("en", code))
