"""The words and rows the person site shows, from answers and decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from wherry.checkin.rules import words_in
from wherry.checkin.types import Answers, Page, Question, QuestionKind
from wherry.foundation.periods import local_time
from wherry.journeys.own_red_flags import Raised
from wherry.journeys.programme_in_force import InForce
from wherry.triage.types import Decision, RedFlagFound, TriageDefinition, Urgency
from wherry.web.components.words import catalogues, say, written_date
from wherry.web.person.frame import words


@dataclass(frozen=True)
class Follows:
    """
    What a resident is told at the end, in their own language or marked as in another.

    do_now: fixed words of red flags, to be read first and large; quiet: those better not read over a shoulder.
    """

    do_now: tuple[tuple[str, str], ...]
    quiet: tuple[tuple[str, str], ...]
    needs: tuple[tuple[str, str], ...]

    @property
    def is_rung(self) -> bool:
        """Whether somebody rings about what cannot wait."""
        return bool(self.do_now or self.quiet)


def what_follows(
    *, decided: Decision, definition: TriageDefinition, language: str, over: Collection[str] = ()
) -> Follows:
    """
    Say what a decision means for the resident; each pair is the words and the language they are in.

    over: the red flags somebody has seen to; nothing is said of these any more.
    """
    flags = [flag for flag in decided.red_flags if flag.flag not in over]
    do_now = said_now(flags=flags, definition=definition, language=language)
    quiet = tuple(_spoken(flag, language) for flag in flags if not _is_emergency(flag, definition))
    needs = tuple(words_in(texts=definition.needs[found.need], language=language) for found in decided.needs)
    return Follows(do_now=do_now, quiet=tuple(dict.fromkeys(quiet)), needs=tuple(dict.fromkeys(needs)))


def listed(items: Iterable[str], *, language: str) -> str:
    """Write a list in a line, with the comma of its language."""
    return say(words=catalogues(), language=language, key="list_comma").join(items)


def named_pages(*, pages: Sequence[Page], raised: Iterable[Raised], definition: TriageDefinition, language: str) -> str:
    """Name the pages on which something was said that has been passed on already; empty where nothing was."""
    rules = {rule.id: rule.questions for rule in definition.rules}
    asked = {question for one in raised for question in rules.get(one.rule, ())}
    said = (page for page in pages if any(question.link_id in asked for question in page.questions))
    return listed((words_in(texts=page.text, language=language)[0] for page in said), language=language)


def said_now(
    *, flags: Iterable[RedFlagFound], definition: TriageDefinition, language: str
) -> tuple[tuple[str, str], ...]:
    """
    Give the words of the red flags that ask somebody to act this minute; each with the language it is in.

    Others (not safe at home) are said quietly at the end: whoever looks over a shoulder must not read them large.
    """
    return tuple(dict.fromkeys(_spoken(flag, language) for flag in flags if _is_emergency(flag, definition)))


def is_news(*, flags: Iterable[RedFlagFound], questions: Iterable[Question], force: InForce) -> bool:
    """Say whether a page just answered is what a red flag that asks to act this minute looks at."""
    asked = {question.link_id for question in questions}
    rules = {rule.id: rule for rule in force.triage.rules}
    return any(_is_emergency(flag, force.triage) and rules[flag.rule].questions & asked for flag in flags)


def when_rung(moment: dt.datetime, *, now: dt.datetime, language: str) -> str:
    """Say until when somebody is rung: "by 10:15 today", or by which day and hour; the middle of a sentence."""
    here, time = local_time(moment), f"{local_time(moment):%H:%M}"
    if here.date() == local_time(now).date():
        return words(language, "done.by.hour", time=time)
    day = written_date(words=catalogues(), language=language, day=here.date())
    at = say(words=catalogues(), language=language, key="date.at", date=day, time=time)
    return words(language, "done.by.day", at=at)


def day_promised(moment: dt.datetime, *, now: dt.datetime, language: str) -> str:
    """Say on which day a promise falls due: "today", or "by 3 March 2026"; the middle of a sentence."""
    day = local_time(moment).date()
    if day == local_time(now).date():
        return words(language, "done.by.today")
    return words(language, "done.by.date", date=written_date(words=catalogues(), language=language, day=day))


def _is_emergency(flag: RedFlagFound, definition: TriageDefinition) -> bool:
    return next(rule.urgency for rule in definition.rules if rule.id == flag.rule) is Urgency.EMERGENCY


def _spoken(flag: RedFlagFound, language: str) -> tuple[str, str]:
    return words_in(texts=flag.says, language=language) if flag.says else (flag.say, "en")


def summary_rows(*, pages: Sequence[Page], answers: Answers, language: str) -> list[dict[str, object]]:
    """Give the rows of the look at the answers: the question, what was said, and a link to change it."""
    return [
        {
            "question": words_in(texts=question.text, language=language),
            "answer": _said(question, answers, language),
            "href": f"{reverse('person_page', args=[page.link_id])}?from=send#{question.link_id}",
        }
        for page in pages
        for question in page.questions
    ]


def _said(question: Question, answers: Answers, language: str) -> tuple[str, str]:
    answer = answers.get(question.link_id)
    if answer is None:
        return words(language, "send.not_answered"), language
    if question.kind is QuestionKind.BOOLEAN:
        return words(language, "send.yes" if answer else "send.no"), language
    option = next((one for one in question.options if one.code == answer), None)
    return words_in(texts=option.display, language=language) if option else (str(answer), language)
