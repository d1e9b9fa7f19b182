"""The caller's form: the same questions as online, in English, with what is said at the end of the call."""

from __future__ import annotations

from collections.abc import Mapping

from wherry.checkin.rules import read_form, validate_answers
from wherry.checkin.types import AnswersChecked, Question, QuestionKind, Questionnaire
from wherry.web.components.forms import Choice, Field, FieldKind

STOP = "stop"
KEY = Field("key", FieldKind.HIDDEN)
VERSION = Field("version", FieldKind.HIDDEN)
KEEP_IN_TOUCH = Field(
    "keep_in_touch",
    FieldKind.RADIOS,
    "Would they like us to keep in touch?",
    choices=(Choice("yes", "Yes"), Choice(STOP, "No, they want us to stop")),
)


def question_field(*, question: Question) -> Field:
    """Draw a question as a field."""
    label = question.text["en"]
    if question.kind is QuestionKind.TEXT:
        return Field(question.link_id, FieldKind.TEXTAREA, label)
    if question.kind is QuestionKind.BOOLEAN:
        return Field(question.link_id, FieldKind.CHECKBOXES, label, choices=(Choice("true", "Yes"),))
    choices = tuple(Choice(option.code, option.display["en"]) for option in question.options)
    return Field(question.link_id, FieldKind.RADIOS, label, choices=choices)


def answer_fields(*, questionnaire: Questionnaire) -> tuple[Field, ...]:
    """Give every question of the check-in as fields, in the order asked."""
    return tuple(question_field(question=question) for question in questionnaire.questions.values())


def posted_answers(*, questionnaire: Questionnaire, posted: Mapping[str, str]) -> AnswersChecked:
    """Read and check what a caller wrote down: unanswered stays unanswered."""
    read: dict[str, object] = {}
    fields = {name: text.replace("\0", "") for name, text in posted.items()}  # the database holds no NUL in a text
    for page in questionnaire.pages:
        read |= read_form(page=page, fields=fields)
    return validate_answers(questionnaire=questionnaire, answers=read)
