"""The caller's form: the same questions as online, in English, with what is said at the end of the call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from wherry.checkin.rules import is_shown, pages_to_show, read_form, validate_answers
from wherry.checkin.types import Answers, AnswersChecked, Page, Question, QuestionKind, Questionnaire
from wherry.foundation.periods import age_on
from wherry.journeys.programme_in_force import InForce
from wherry.triage.rules import decide
from wherry.triage.types import RedFlagFound
from wherry.web.components.forms import BoundField, Choice, Field, FieldKind, Value, bound_fields
from wherry.worklist.models import Task

STOP = "stop"
KEY = Field("key", FieldKind.HIDDEN)
VERSION = Field("version", FieldKind.HIDDEN)
KEEP_IN_TOUCH = Field(
    "keep_in_touch",
    FieldKind.RADIOS,
    "Would they like us to keep in touch?",
    choices=(Choice("yes", "Yes"), Choice(STOP, "No, they want us to stop")),
)


@dataclass(frozen=True)
class Group:
    """
    One group of questions as it stands on the page. then: the group a save goes on to; empty for the last.

    when: the question and answer all of it depends on, written "question=answer"; is_shown: whether that was given.
    """

    id: str
    heading: str
    fields: tuple[BoundField, ...]
    then: str
    when: str
    is_shown: bool


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
    checked = validate_answers(questionnaire=questionnaire, answers=read)
    # What was said of a helper before it turned out that they answer for themselves is not part of the check-in.
    asked = pages_to_show(questionnaire=questionnaire, answers=checked.accepted)
    shown = {question.link_id for page in asked for question in page.questions}
    return replace(checked, accepted={one: said for one, said in checked.accepted.items() if one in shown})


def bound(
    *, fields: tuple[Field, ...], values: Mapping[str, Value], errors: Mapping[str, str] | None = None
) -> tuple[BoundField, ...]:
    """Bind fields for the page: small, since a caller reads twelve questions on one screen."""
    found = bound_fields(fields=fields, values=values, errors=errors)
    for each in found:
        if each.kind is FieldKind.TEXTAREA:
            each.params["value"] = each.params["value"] or ""  # the toolkit's macro writes None out as a word
        if each.kind in (FieldKind.RADIOS, FieldKind.CHECKBOXES):
            each.params["fieldset"]["legend"]["size"] = "s"
            each.params["classes"] = f"nhsuk-{each.kind.value}--small"
    return found


def groups(
    *, questionnaire: Questionnaire, values: Mapping[str, Value], errors: Mapping[str, str] | None = None
) -> tuple[Group, ...]:
    """Give the check-in's questions by group, each with what was answered so far."""
    pages = questionnaire.pages
    following = [page.link_id for page in pages[1:]] + [""]
    return tuple(
        Group(
            page.link_id,
            page.text["en"],
            bound(fields=tuple(question_field(question=one) for one in page.questions), values=values, errors=errors),
            then,
            _when(page),
            any(is_shown(question=one, answers=_as_given(values)) for one in page.questions),
        )
        for page, then in zip(pages, following, strict=True)
    )


def _when(page: Page) -> str:
    conditions = {one.enable_when for one in page.questions}
    one = next(iter(conditions))
    return f"{one.question}={one.answer}" if len(conditions) == 1 and one is not None else ""


def _as_given(values: Mapping[str, Value]) -> dict[str, str]:
    return {name: value for name, value in values.items() if isinstance(value, str)}


def shown_answers(answers: Answers) -> dict[str, Value]:
    """Turn kept answers back into what the form shows."""
    return {
        link_id: ("true",) if answer is True else str(answer)
        for link_id, answer in answers.items()
        if answer is not False
    }


def what_needs_help_now(*, task: Task, force: InForce, answers: Answers, now: dt.datetime) -> tuple[str, ...]:
    """Give what of the answers so far cannot wait, in the table's words; nothing while nothing was answered."""
    if not answers:
        return ()
    context = {"tier": task.case.tier, "age": age_on(birth_date=task.case.person.birth_date, day=now.date())}
    return cannot_wait(flags=decide(definition=force.triage, answers=answers, context=context).red_flags, force=force)


def cannot_wait(*, flags: Sequence[RedFlagFound], force: InForce) -> tuple[str, ...]:
    """
    Name red flags to whoever is on the line with the person.

    Not by the words of the page: "do not wait for us to ring you" is for somebody nobody is speaking to.
    """
    words = {rule.id: rule.words for rule in force.triage.rules}
    return tuple(dict.fromkeys(words.get(flag.rule, flag.flag) for flag in flags))
