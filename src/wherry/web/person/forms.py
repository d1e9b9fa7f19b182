"""The person site's fields: a code, a date of birth, and a questionnaire's questions as form fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wherry.checkin.rules import words_in
from wherry.checkin.types import AnswerProblem, Question, QuestionKind
from wherry.web.components.forms import Choice, Field, FieldKind, Value
from wherry.web.components.words import catalogues, say
from wherry.web.person.frame import words


def code_field(*, language: str) -> Field:
    """Give the field for a code typed from a letter."""
    return Field(
        "code",
        FieldKind.TEXT,
        words(language, "code.label"),
        hint=words(language, "code.hint"),
        width=20,
        autocomplete="off",
    )


def born_field(*, language: str) -> Field:
    """Give the field for a date of birth."""
    return Field(
        "born",
        FieldKind.DATE,
        words(language, "landing.born"),
        hint=words(language, "landing.born_hint"),
        autocomplete="bday",
    )


def one_time_field(*, language: str) -> Field:
    """Give the field for the one-time code of a text."""
    return Field(
        "code",
        FieldKind.TEXT,
        words(language, "progress.code"),
        hint=words(language, "progress.code_hint"),
        width=10,
        input_mode="numeric",
        autocomplete="one-time-code",
    )


def first_name_field(*, language: str) -> Field:
    """Give the field for a first name, where two people share a mobile number."""
    return Field(
        "first",
        FieldKind.TEXT,
        words(language, "progress.first"),
        hint=words(language, "progress.first_hint"),
        width=20,
        autocomplete="given-name",
    )


def help_field(*, language: str, about: str = "") -> Field:
    """Give the one question about help that was to come; it is the page's heading. about: which help, read with it."""
    return Field(
        "helped",
        FieldKind.RADIOS,
        words(language, "help.heading"),
        hint=about,
        heading=True,
        choices=tuple(Choice(code, words(language, f"help.{code}")) for code in ("yes", "no", "not_yet")),
    )


#: How long a pause may last, in days: longer than that, somebody should hear how they are.
DAYS = ("3", "7", "14", "28")
FORMATS = ("large_print", "easy_read", "braille")


def fields_of(*, what: str, language: str) -> tuple[Field, ...]:
    """Give the fields of a way out: most have none."""
    if what == "pause":
        days = tuple(Choice(one, words(language, "pause.for_days", days=one)) for one in DAYS)
        return (Field("days", FieldKind.RADIOS, words(language, "pause.days"), choices=days),)
    if what == "way":
        spoken = tuple(Choice(one, say(words=catalogues(), language=one, key="language_name")) for one in catalogues())
        forms = tuple(Choice(one, words(language, f"way.{one}")) for one in FORMATS)
        return (
            Field("language", FieldKind.RADIOS, words(language, "way.language"), choices=spoken),
            Field("format", FieldKind.CHECKBOXES, words(language, "way.format"), choices=forms),
        )
    return ()


def door_problems(*, what: str, chosen: Mapping[str, Value], language: str) -> dict[str, str]:
    """Say what must still be chosen before a way out can be taken."""
    if what == "pause" and chosen.get("days") not in DAYS:
        return {"days": words(language, "pause.choose")}
    spoken, forms = chosen.get("language", ""), chosen.get("format", ())
    if what == "way" and (spoken not in ("", *catalogues()) or not set(forms) <= set(FORMATS)):
        return {"language": words(language, "help.choose")}
    if what == "way" and not spoken and not forms:
        return {"language": words(language, "way.choose")}
    return {}


def question_field(*, question: Question, language: str) -> Field:
    """Draw a question as a field, in the language or, marked, in English. A yes/no question is one box to tick."""
    label, spoken = words_in(texts=question.text, language=language)
    other = spoken if spoken != language else ""
    if question.kind is QuestionKind.TEXT:
        return Field(question.link_id, FieldKind.TEXTAREA, label, language=other)
    if question.kind is QuestionKind.BOOLEAN:
        yes = Choice("true", words(language, "send.yes"))
        return Field(question.link_id, FieldKind.CHECKBOXES, label, choices=(yes,), language=other)
    choices = tuple(Choice(o.code, words_in(texts=o.display, language=language)[0]) for o in question.options)
    return Field(question.link_id, FieldKind.RADIOS, label, choices=choices, language=other)


def shown_values(*, questions: Iterable[Question], answers: Mapping[str, object]) -> dict[str, Value]:
    """Turn answers into what their fields show."""
    shown: dict[str, Value] = {}
    for question in questions:
        answer = answers.get(question.link_id)
        if question.kind is QuestionKind.BOOLEAN:
            shown[question.link_id] = ("true",) if answer is True else ()
        elif isinstance(answer, str) and answer:
            shown[question.link_id] = answer
    return shown


def problem_words(
    *, problems: Iterable[AnswerProblem], questions: Mapping[str, Question], language: str
) -> dict[str, str]:
    """Say what is wrong with each answer, in the resident's language."""
    is_text = {link_id: question.kind is QuestionKind.TEXT for link_id, question in questions.items()}
    return {
        one.link_id: words(language, "check_in.too_long" if is_text[one.link_id] else "check_in.choose")
        for one in problems
    }
