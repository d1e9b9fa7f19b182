from __future__ import annotations

import copy
import datetime as dt
from pathlib import Path

import pytest

from wherry.outreach.definition import (
    MESSAGES_SCHEMA,
    SCHEMA,
    message_problems,
    parse,
    parse_messages,
    problems,
    read_telling,
    stop_words,
)
from wherry.outreach.types import Channel, Hours
from wherry.programmes.files import load
from wherry.programmes.marked_yaml import read_section
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import Section

FILES = load(Path(__file__).parents[3] / "programmes" / "covid_protect")
LANGUAGES = ("en", "pl", "lt", "pt", "ar")
WORDS = Path(__file__).parents[3] / "programmes" / "words" / "telling.yaml"
TELLING = read_telling(read_section(path=str(WORDS), content=WORDS.read_bytes()), names=("COVID Protect",))


def cadence_section(*changes):
    """Give the shipped cadence with values set at key paths; DELETE takes a key out."""
    return changed(FILES.sections["cadence"], *changes)


DELETE = object()


def changed(section, *changes):
    data = copy.deepcopy(section.data)
    for *path, last, value in changes:
        here = data
        for key in path:
            here = here[key]
        if value is DELETE:
            del here[last]
        else:
            here[last] = value
    return Section(path=section.path, data=data, lines=section.lines)


def found_in(section):
    return [problem.what for problem in problems(parse(section), section)]


def test_the_shipped_cadence_and_messages_have_no_problem():
    section = FILES.sections["cadence"]
    assert schema_problems(section=section, schema=SCHEMA) == ()
    assert found_in(section) == []
    for language in LANGUAGES:
        assert schema_problems(section=FILES.sections[f"messages/{language}"], schema=MESSAGES_SCHEMA) == ()
    assert complaints(FILES.sections) == []


def test_a_cadence_is_read_whole():
    cadence = parse(FILES.sections["cadence"])

    first, _, call, letter = cadence.steps
    assert (first.channel, first.hours) == (Channel.SMS, Hours(dt.time(9), dt.time(18)))
    assert (call.message, call.hours, call.stale_after) == ("", Hours(dt.time(9), dt.time(19)), None)
    assert letter.fallback
    assert letter.after == dt.timedelta(days=1)
    assert cadence.exhausted_owner.role == "supervisor"


@pytest.mark.parametrize(
    "change",
    [
        ("steps", 0, "message", DELETE),
        ("steps", 2, "message", "invitation"),
        ("steps", 0, "not_after", DELETE),
        ("steps", 0, "channel", "pigeon"),
        ("caps", "per_person", 0),
        ("quarantine_seconds", 0),
        ("helpline", "ring us"),
        ("exhausted", DELETE),
        ("surprise", 1),
    ],
)
def test_the_schema_refuses_what_cannot_be_meant(change):
    assert schema_problems(section=cadence_section(change), schema=SCHEMA)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("contact_hours", "closes", "07:00"), "the contact hours never open"),
        (("steps", 1, "id", "first_text"), "the step first_text is there twice"),
        (("steps", 0, "not_before", "19:00"), "the step first_text never opens"),
        (("steps", 2, "after_days", 0), "the step call comes before the one above it"),
        (("steps", 1, "stale_after_hours", 6), "the step second_text is stale before it is due"),
        (("steps", 0, "fallback", True), "the first step is a fallback"),
    ],
)
def test_what_the_schema_cannot_see_is_found_with_its_line(change, what):
    section = cadence_section(change)

    assert what in found_in(section)
    assert all(problem.line > 1 and problem.mend for problem in problems(parse(section), section))


def complaints(sections, languages=LANGUAGES):
    found = message_problems(
        parse_messages(sections),
        sections,
        cadence=parse(sections["cadence"]),
        languages=languages,
        telling=TELLING,
        last_message="ended",
    )
    assert all(problem.mend and problem.file.endswith(".yaml") for problem in found)
    return [problem.what for problem in found]


def with_messages(language, *changes):
    name = f"messages/{language}"
    return {**FILES.sections, name: changed(FILES.sections[name], *[("messages", *change) for change in changes])}


def test_a_language_or_a_message_left_out_is_found():
    without = {name: section for name, section in FILES.sections.items() if name != "messages/lt"}
    assert "there are no messages in lt" in complaints(without)
    assert complaints(with_messages("pl", ("goodbye", DELETE))) == ["the message goodbye has no sms in pl"]


WHOLE = "{sender} {helpline} {name} {link} STOP"


@pytest.mark.parametrize(
    ("language", "words", "what"),
    [
        ("en", WHOLE + " {birth_date}", "nothing fills the placeholder {birth_date}"),
        ("en", WHOLE + " {service}", "nothing fills the placeholder {service}"),
        ("en", WHOLE + " {one_time}", "nothing fills the placeholder {one_time}"),
        ("pl", WHOLE.replace("{link}", ""), "the placeholder {link} of the English is missing"),
        ("pl", WHOLE + " {page}", "the English has no placeholder {page}"),
        ("en", WHOLE.replace("{link}", "{page}"), "there is no {link}, by which it is answered"),
        ("en", WHOLE + " {Name}", "a curly bracket belongs to no placeholder"),
        ("en", WHOLE.replace("{name}", "{name"), "a curly bracket belongs to no placeholder"),
        ("en", WHOLE.replace("{sender}", ""), "it does not say who sends it"),
        ("en", WHOLE.replace("{helpline}", ""), "there is no way to answer without a link"),
        ("en", WHOLE.replace("STOP", "stop it"), "it does not say how to stop"),
        ("en", WHOLE + " https://bit.ly/x", "it holds an address of its own"),
        ("en", WHOLE + " 01632 960 001", "it holds a telephone number of its own"),
        ("en", WHOLE + " shielding", "the word “shielding” tells a stranger too much"),
        ("en", WHOLE + " At  Risk", "the word “At  Risk” tells"),
        ("pt", WHOLE + " To Protect you", "the word “Protect” tells a stranger too much"),
        ("lt", WHOLE + " ligoninė", "the word “ligoninė” tells a stranger too much"),
        ("ar", WHOLE + " بالمستشفى", "the word “بالمستشفى” tells a stranger too much"),
        ("pt", WHOLE + " doença", "the word “doença” tells a stranger too much"),
        # 160 plain letters are one part; each bracket of the extension table costs two places.
        ("en", WHOLE + " " + "n" * 161, "it is sent in 5 parts, with a name of 40 letters and a link of 66"),
    ],
)
def test_a_message_that_tells_too_much_or_too_little_is_found(language, words, what):
    found = complaints(with_messages(language, ("invitation", "sms", words)))

    assert any(f"invitation (sms): {what}" in complaint for complaint in found), found


@pytest.mark.parametrize(
    ("words", "most", "parts"),
    [
        ("{sender} {helpline} " + "n" * 300, 2, 3),
        ("{sender} {helpline} " + "[" * 60, 1, 2),
        ("{sender} {helpline} " + "n" * 50, 1, None),
        ("{sender} {helpline} " + "ł" * 25, 1, 2),
    ],
)
def test_parts_are_counted_with_the_placeholders_filled_by_the_letters_there_are(words, most, parts):
    english = with_messages("en", ("goodbye", "sms", words))["messages/en"]
    sections = {"messages/en": english, "cadence": cadence_section(("most_text_parts", most))}

    found = [one for one in complaints(sections, ("en",)) if one.startswith("goodbye (sms): it is sent in")]

    assert found == ([] if parts is None else [one for one in found if f"in {parts} parts" in one])
    assert bool(found) is (parts is not None)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("letter_invitation", "letter", "heading", "From the hospital"), "(letter): the word “hospital” tells"),
        (
            ("letter_invitation", "letter", "paragraphs", ["{sender} {helpline} {name} {link} STOP"]),
            "there is no {page}",
        ),
        (
            ("letter_invitation", "letter", "paragraphs", ["{sender} {helpline} {name} {page} STOP"]),
            "there is no {code}",
        ),
        (("goodbye", "sms", "{sender} {helpline} {link}"), "goodbye (sms): nothing fills the placeholder {link}"),
        (("one_time_code", "sms", "{sender} {helpline}"), "one_time_code (sms): the code itself is not in it"),
        (("did_it_help", "sms", "{sender} {helpline} {name} STOP"), "did_it_help (sms): there is no {link}"),
        (("leftover", {"sms": "{sender} {helpline} STOP"}), "leftover (sms): nothing sends it"),
        (("reminder", "letter", {"heading": "x", "paragraphs": ["y"]}), "reminder (letter): nothing sends it"),
    ],
)
def test_what_a_message_is_for_says_what_it_must_hold(change, what):
    assert any(what in one for one in complaints(with_messages("en", change))), complaints(with_messages("en", change))


@pytest.mark.parametrize(
    ("language", "change", "what"),
    [
        ("pl", ("language", "lt"), "the file is called pl and says that its language is lt"),
        ("pl", ("stop_words", ["stop"]), "there is no word for stop in pl"),
        ("en", ("stop_words", ["quit"]), "stop is not among the stop words"),
    ],
)
def test_a_file_that_says_another_language_or_cannot_be_stopped_is_found(language, change, what):
    name = f"messages/{language}"

    assert any(what in one for one in complaints({**FILES.sections, name: changed(FILES.sections[name], change)}))


def test_a_file_in_a_language_nobody_promised_is_found():
    german = changed(FILES.sections["messages/en"], ("language", "de"), ("stop_words", ["stop", "halt"]))

    assert complaints({**FILES.sections, "messages/de": german}) == ["the programme does not promise de"]


def test_a_sender_whose_name_tells_is_named_once_at_its_line():
    sections = {**FILES.sections, "cadence": cadence_section(("sender_name", "The Shielding Team"))}

    assert [one for one in complaints(sections) if "tells a stranger" in one] == [
        "every message begins with the sender's name, and the word “Shielding” in it tells a stranger too much"
    ]


def test_the_words_that_stop_come_from_every_language():
    assert {"stop", "koniec", "gana"} <= stop_words(FILES.sections)
