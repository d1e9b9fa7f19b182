"""The words and rows the person site shows, from answers and decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from wherry.checkin.rules import words_in
from wherry.checkin.types import Answers, Page, Question, QuestionKind
from wherry.triage.types import Decision, TriageDefinition
from wherry.web.person.frame import words


@dataclass(frozen=True)
class Follows:
    """What a resident is told at the end. do_now: fixed words of red flags; needs: in their own language."""

    do_now: tuple[tuple[str, str], ...]
    needs: tuple[tuple[str, str], ...]


def what_follows(*, decided: Decision, definition: TriageDefinition, language: str) -> Follows:
    """Say what a decision means for the resident; each pair is the words and the language they are in."""
    do_now = tuple(
        words_in(texts=flag.says, language=language) if flag.says else (flag.say, "en") for flag in decided.red_flags
    )
    needs = tuple(words_in(texts=definition.needs[found.need], language=language) for found in decided.needs)
    return Follows(do_now=tuple(dict.fromkeys(do_now)), needs=tuple(dict.fromkeys(needs)))


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
