"""The questionnaire as everyone else holds it: pages of questions, options in order of badness, words by language."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

Texts = Mapping[str, str]
"""Language code → words."""

Answer = str | bool
"""An option's code, words of one's own, or yes/no for a boolean question."""

Answers = Mapping[str, Answer]
"""linkId → answer, answered questions only: what is absent is unanswered and is never read as "no"."""


class QuestionKind(enum.StrEnum):
    """FHIR R4 item types we ask."""

    CHOICE = "choice"
    TEXT = "text"
    BOOLEAN = "boolean"


@dataclass(frozen=True)
class Option:
    """
    One answer to choose.

    badness: 0 is best; None where the options of a question are in no order. about_them: the words when somebody else
    answers, empty where they are the same.
    """

    code: str
    display: Texts
    badness: int | None = None
    about_them: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class EnableWhen:
    """Shown only when another question has this answer."""

    question: str
    answer: Answer


@dataclass(frozen=True)
class Question:
    """One question. max_length: characters, for a text; required: a page asks again once when it is left out."""

    link_id: str
    kind: QuestionKind
    text: Texts
    required: bool = False
    options: tuple[Option, ...] = ()
    enable_when: EnableWhen | None = None
    max_length: int | None = None
    about_them: Texts = field(default_factory=dict)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Give the options' codes as written."""
        return tuple(option.code for option in self.options)

    @cached_property
    def scale(self) -> tuple[str, ...]:
        """Give the codes from best to worst; empty where they are in no order."""
        ranked = sorted((option.badness, option.code) for option in self.options if option.badness is not None)
        return tuple(code for _, code in ranked) if len(ranked) == len(self.options) else ()


@dataclass(frozen=True)
class Page:
    """A page of the check-in: a FHIR group."""

    link_id: str
    text: Texts
    questions: tuple[Question, ...]
    about_them: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Questionnaire:
    """A versioned questionnaire: the same on web, telephone, letter and text."""

    url: str
    version: str
    title: Texts
    pages: tuple[Page, ...]
    languages: tuple[str, ...] = ("en",)

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Give every question by linkId, in the order asked."""
        return {question.link_id: question for page in self.pages for question in page.questions}


@dataclass(frozen=True)
class AnswerProblem:
    """One answer that cannot be taken. what: a sentence that never repeats the answer."""

    link_id: str
    what: str


@dataclass(frozen=True)
class Said:
    """
    That something was said, and by whom: never what.

    channel: web or phone; language: the page's or the call's; answered_by: self or someone_else; relation, they_agree
    (yes, cannot_say, no): what somebody else said of themselves, empty where nothing.
    """

    at: dt.datetime
    channel: str
    language: str
    answered_by: str
    they_agree: str = ""
    relation: str = ""


@dataclass(frozen=True)
class AlarmRaised:
    """A red flag found in answers so far. say: the words the resident was shown, in English."""

    flag: str
    rule: str
    say: str


@dataclass(frozen=True)
class AnswersChecked:
    """What was taken, and what was not."""

    accepted: Answers = field(default_factory=dict)
    problems: tuple[AnswerProblem, ...] = ()
