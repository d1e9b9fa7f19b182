"""
Which pages to show, and which answers can be taken. Pure.

Unanswered means absent: a blank text or a missing choice is never turned into an answer.
Hazard: H-02 (a red flag is not seen, because an answer was lost or guessed).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace

from wherry.checkin.types import (
    Answer,
    AnswerProblem,
    Answers,
    AnswersChecked,
    Page,
    Question,
    QuestionKind,
    Questionnaire,
    Said,
    Texts,
)

_LINK_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_LONGEST_TEXT = 5_000
#: A link closes after so many wrong dates of birth, a one-time code after so many wrong tries.
TRIES = 5
#: The question whose answer changes how all the others are put.
ANSWERING_FOR, SELF, SOMEONE_ELSE = "answering_for", "self", "someone_else"
#: Asked of somebody else: who they are, and whether the person knows.
RELATION, THEY_AGREE = "relation", "they_agree"


def words_in(*, texts: Texts, language: str) -> tuple[str, str]:
    """Give the words in a language, or in English, and the language they are in (so that a page can mark it)."""
    return (texts[language], language) if language in texts else (texts["en"], "en")


def said_by(*, answers: Mapping[str, object], at: dt.datetime, channel: str, language: str) -> Said:
    """Give who answered, by what they said of themselves."""
    if answers.get(ANSWERING_FOR) != SOMEONE_ELSE:
        return Said(at, channel, language, SELF)
    agree, relation = (str(answers.get(name) or "") for name in (THEY_AGREE, RELATION))
    return Said(at, channel, language, SOMEONE_ELSE, agree, relation)


def is_shown(*, question: Question, answers: Answers) -> bool:
    """Say whether a question is asked, given the answers so far."""
    condition = question.enable_when
    return condition is None or answers.get(condition.question) == condition.answer


def pages_to_show(*, questionnaire: Questionnaire, answers: Answers) -> tuple[Page, ...]:
    """
    Give the pages that hold a question to ask, each with only its questions to ask.

    Where somebody else answers, the words are those about the person they answer for.
    """
    pages = (
        replace(page, questions=tuple(q for q in page.questions if is_shown(question=q, answers=answers)))
        for page in questionnaire.pages
    )
    is_for_another = answers.get(ANSWERING_FOR) == SOMEONE_ELSE
    return tuple(_about_them(page) if is_for_another else page for page in pages if page.questions)


def _about_them(page: Page) -> Page:
    questions = tuple(
        replace(
            question,
            text=question.about_them or question.text,
            options=tuple(replace(one, display=one.about_them or one.display) for one in question.options),
        )
        for question in page.questions
    )
    return replace(page, text=page.about_them or page.text, questions=questions)


def read_form(*, page: Page, fields: Mapping[str, str]) -> Mapping[str, Answer]:
    """Read a page's form fields (linkId → text): "true" and "false" for a boolean; blank fields are left out."""
    answers: dict[str, Answer] = {}
    for question in page.questions:
        text = fields.get(question.link_id, "").strip()
        if text:
            is_word = question.kind is QuestionKind.BOOLEAN and text in ("true", "false")
            answers[question.link_id] = text == "true" if is_word else text
    return answers


def validate_answers(*, questionnaire: Questionnaire, answers: Mapping[str, object]) -> AnswersChecked:
    """
    Take the answers that are in the questionnaire; name those that are not.

    None and blank text are unanswered: neither accepted nor a problem. A problem never repeats the answer.
    """
    accepted: dict[str, Answer] = {}
    problems = []
    questions = questionnaire.questions
    for link_id, given in answers.items():
        question = questions.get(link_id)
        if question is None:
            shown = link_id if _LINK_ID.fullmatch(str(link_id)) else "(not a linkId)"
            problems.append(AnswerProblem(shown, f"the questionnaire has no question {shown}"))
            continue
        answer = given.strip() if isinstance(given, str) else given
        if answer is None or answer == "":
            continue
        wrong = _what_is_wrong(question, answer)
        if wrong:
            problems.append(AnswerProblem(link_id, f"the answer to {link_id} {wrong}"))
        elif isinstance(answer, str | bool):
            accepted[link_id] = answer
    return AnswersChecked(accepted, tuple(problems))


def page_problems(*, page: Page, answers: Mapping[str, object]) -> tuple[AnswerProblem, ...]:
    """Name what is wrong on one page: answers that cannot be taken, and required questions left out."""
    found = []
    for question in page.questions:
        answer = answers.get(question.link_id)
        if answer is None or answer == "":
            if question.required:
                found.append(AnswerProblem(question.link_id, f"{question.link_id} has no answer yet"))
            continue
        wrong = _what_is_wrong(question, answer)
        if wrong:
            found.append(AnswerProblem(question.link_id, f"the answer to {question.link_id} {wrong}"))
    return tuple(found)


def _what_is_wrong(question: Question, answer: object) -> str | None:
    if question.kind is QuestionKind.BOOLEAN:
        return None if isinstance(answer, bool) else "is neither true nor false"
    if not isinstance(answer, str):
        return "is not text"
    if question.kind is QuestionKind.CHOICE:
        return None if answer in question.codes else f"is not one of {', '.join(question.codes)}"
    longest = question.max_length or _LONGEST_TEXT
    return None if len(answer) <= longest else f"is longer than {longest} characters"
