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
    stop_words,
)
from wherry.outreach.types import Channel, Hours
from wherry.programmes.files import load
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import Section

FILES = load(Path(__file__).parents[3] / "programmes" / "covid_protect")
LANGUAGES = ("en", "pl", "lt")


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


def complaints(sections):
    return [
        problem.what
        for problem in message_problems(
            parse_messages(sections), sections, cadence=parse(FILES.sections["cadence"]), languages=LANGUAGES
        )
    ]


def with_messages(language, *changes):
    name = f"messages/{language}"
    return {**FILES.sections, name: changed(FILES.sections[name], *[("messages", *change) for change in changes])}


def test_a_language_or_a_message_left_out_is_found():
    without = {name: section for name, section in FILES.sections.items() if name != "messages/lt"}
    assert "there are no messages in lt" in complaints(without)
    assert complaints(with_messages("pl", ("goodbye", DELETE))) == ["the message goodbye has no sms in pl"]


@pytest.mark.parametrize(
    ("language", "words", "what"),
    [
        ("en", "{sender} {helpline} {name} {link} STOP {birth_date}", "nothing fills the placeholder {birth_date}"),
        ("pl", "{sender} {helpline} {name} STOP", "the placeholder {link} of the English is missing"),
        ("en", "{helpline} {name} {link} STOP", "it does not say who sends it"),
        ("en", "{sender} {name} {link} STOP", "there is no way to answer without a link"),
        ("en", "{sender} {helpline} {name} {link}", "it does not say how to stop"),
        ("en", "{sender} {helpline} {name} {link} STOP shielding", "the word “shielding” tells a stranger too much"),
        ("lt", "{sender} {helpline} {name} {link} STOP ligoninė", "the word “ligoninė” tells a stranger too much"),
        ("pl", "{sender} {helpline} {name} {link} STOP " + "ł" * 300, "it is 6 texts long before"),
    ],
)
def test_a_message_that_tells_too_much_or_too_little_is_found(language, words, what):
    found = complaints(with_messages(language, ("invitation", "sms", words)))

    assert any(f"invitation (sms): {what}" in complaint for complaint in found)


def test_the_words_that_stop_come_from_every_language():
    assert {"stop", "koniec", "gana"} <= stop_words(FILES.sections)
