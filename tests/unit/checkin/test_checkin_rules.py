"""Answers are taken as given or refused; unanswered stays unanswered."""

from __future__ import annotations

import pytest

from wherry.checkin.rules import page_problems, pages_to_show, read_form, validate_answers, words_in
from wherry.checkin.types import EnableWhen, Option, Page, Question, QuestionKind, Questionnaire

BREATH = Question(
    "breathless",
    QuestionKind.CHOICE,
    {"en": "Breathless?"},
    required=True,
    options=(Option("at_rest", {"en": "Yes"}, 2), Option("no", {"en": "No"}, 0), Option("not_sure", {"en": "?"}, 1)),
)
WORDS = Question("anything_else", QuestionKind.TEXT, {"en": "More?"}, max_length=5)
TALK = Question("rather_say", QuestionKind.BOOLEAN, {"en": "Talk?"})
WHEN = Question("when", QuestionKind.TEXT, {"en": "When?"}, enable_when=EnableWhen("rather_say", True))
FIRST, SECOND = Page("one", {"en": "One"}, (BREATH, WORDS, TALK)), Page("two", {"en": "Two"}, (WHEN,))
ASKED = Questionnaire("urn:x", "1", {"en": "T"}, (FIRST, SECOND))


def test_the_scale_runs_from_best_to_worst_whatever_the_order_shown() -> None:
    assert BREATH.scale == ("no", "not_sure", "at_rest")


def test_options_without_an_order_have_no_scale() -> None:
    either = Question("who", QuestionKind.CHOICE, {"en": "?"}, options=(Option("a", {}), Option("b", {}, 1)))

    assert either.scale == ()


@pytest.mark.parametrize("nothing", [None, "", "   "])
def test_what_is_not_answered_is_neither_taken_nor_wrong(nothing: object) -> None:
    checked = validate_answers(questionnaire=ASKED, answers={"breathless": nothing, "anything_else": nothing})

    assert checked.accepted == {}
    assert checked.problems == ()


@pytest.mark.parametrize(
    ("link_id", "answer"),
    [
        ("breathless", "no"),
        ("anything_else", "hello"),
        ("rather_say", False),
        ("rather_say", True),
    ],
)
def test_an_answer_the_questionnaire_offers_is_taken(link_id: str, answer: object) -> None:
    checked = validate_answers(questionnaire=ASKED, answers={link_id: answer})

    assert checked.accepted == {link_id: answer}


@pytest.mark.parametrize(
    ("link_id", "answer"),
    [
        ("breathless", "NO"),
        ("breathless", False),
        ("breathless", 0),
        ("breathless", ["no"]),
        ("anything_else", "secret words"),
        ("rather_say", "true"),
        ("rather_say", 1),
        ("breath", "no"),
    ],
)
def test_an_answer_it_does_not_offer_is_refused_without_repeating_it(link_id: str, answer: object) -> None:
    checked = validate_answers(questionnaire=ASKED, answers={link_id: answer})

    assert checked.accepted == {}
    assert [problem.link_id for problem in checked.problems] == [link_id]
    assert "secret" not in checked.problems[0].what


def test_a_name_that_is_no_link_id_is_not_repeated() -> None:
    checked = validate_answers(questionnaire=ASKED, answers={"Mrs Smith, 84": "no"})

    assert "Smith" not in checked.problems[0].what


def test_a_page_asks_again_for_what_is_required() -> None:
    assert [one.link_id for one in page_problems(page=FIRST, answers={})] == ["breathless"]
    assert page_problems(page=FIRST, answers={"breathless": "no"}) == ()
    assert [one.link_id for one in page_problems(page=FIRST, answers={"breathless": "x"})] == ["breathless"]


def test_a_page_with_nothing_to_ask_is_not_shown() -> None:
    assert [page.link_id for page in pages_to_show(questionnaire=ASKED, answers={})] == ["one"]
    assert [page.link_id for page in pages_to_show(questionnaire=ASKED, answers={"rather_say": True})] == ["one", "two"]


def test_a_form_becomes_answers_of_the_right_kind() -> None:
    fields = {"breathless": "no", "anything_else": " hi ", "rather_say": "true", "csrf": "x"}

    assert read_form(page=FIRST, fields=fields) == {"breathless": "no", "anything_else": "hi", "rather_say": True}
    assert read_form(page=FIRST, fields={"rather_say": "false", "anything_else": " "}) == {"rather_say": False}
    assert read_form(page=FIRST, fields={"rather_say": "maybe"}) == {"rather_say": "maybe"}


def test_words_fall_back_to_english_and_say_so() -> None:
    assert words_in(texts={"en": "Yes", "pl": "Tak"}, language="pl") == ("Tak", "pl")
    assert words_in(texts={"en": "Yes"}, language="lt") == ("Yes", "en")
