"""`cadence.yaml` and `messages/<language>.yaml`: their schemas, their reading, and what a schema cannot check."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wherry.foundation.problems import Problem
from wherry.outreach.rules.hours import narrowed
from wherry.outreach.rules.messages import slots_of, sms_parts
from wherry.outreach.types import Cadence, Caps, Channel, Hours, Message, Messages, Owner, Step
from wherry.programmes.types import Section

SECTION = "cadence"
MESSAGES_SECTION = "messages"
MOST_SMS_PARTS = 4
# What a message may ask to be filled; whoever renders gives all of them that apply.
SLOTS = frozenset({"name", "sender", "helpline", "link", "code", "page", "service", "one_time"})
# Messages every programme needs on every channel that carries them.
NEEDED = (("did_it_help", Channel.SMS), ("goodbye", Channel.SMS), ("one_time_code", Channel.SMS))
# The one they asked for a moment ago, and the one that says we stop.
_WITHOUT_STOP = frozenset({"goodbye", "one_time_code"})

_TEXT = {"type": "string", "minLength": 1}
_CODE = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
_CLOCK = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
_COUNT = {"type": "integer", "minimum": 1}
_AMOUNT = {"type": "integer", "minimum": 0}


def _object(required: Sequence[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
    }


_STEP = {
    **_object(
        ("id", "channel", "patience_hours"),
        id=_CODE,
        channel={"enum": [channel.value for channel in Channel]},
        message=_CODE,
        after_days=_AMOUNT,
        after_hours=_AMOUNT,
        not_before=_CLOCK,
        not_after=_CLOCK,
        patience_hours=_COUNT,
        stale_after_hours=_COUNT,
        fallback={"type": "boolean"},
    ),
    "dependentRequired": {"not_before": ["not_after"], "not_after": ["not_before"]},
    "if": {"properties": {"channel": {"const": "call"}}},
    "then": {"properties": {"message": False}},
    "else": {"required": ["message"]},
}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "cadence.yaml",
    **_object(
        (
            "sender_name",
            "helpline",
            "contact_hours",
            "caps",
            "quarantine_seconds",
            "steps",
            "exhausted",
        ),
        sender_name=_TEXT,
        helpline={"type": "string", "pattern": "^0[0-9 ]{9,13}$"},
        contact_hours=_object(("opens", "closes"), opens=_CLOCK, closes=_CLOCK),
        caps=_object(
            ("per_person", "per_number", "per_household"), per_person=_COUNT, per_number=_COUNT, per_household=_COUNT
        ),
        quarantine_seconds={"type": "integer", "minimum": 1, "maximum": 86400},
        steps={"type": "array", "minItems": 1, "items": _STEP},
        exhausted=_object(("team", "role"), team=_TEXT, role=_TEXT),
    ),
}

_PARAGRAPHS = {"type": "array", "minItems": 1, "items": _TEXT}
_ONE_MESSAGE = {
    "type": "object",
    "minProperties": 1,
    "properties": {
        "sms": _TEXT,
        "email": _object(("heading", "paragraphs"), heading=_TEXT, paragraphs=_PARAGRAPHS),
        "letter": _object(("heading", "paragraphs"), heading=_TEXT, paragraphs=_PARAGRAPHS),
    },
    "additionalProperties": False,
}
MESSAGES_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "messages/<language>.yaml",
    **_object(
        ("language", "stop_words", "messages"),
        language={"type": "string", "pattern": "^[a-z]{2,3}$"},
        reviewed_by=_TEXT,
        stop_words={"type": "array", "minItems": 1, "items": _TEXT},
        messages={
            "type": "object",
            "minProperties": 1,
            "propertyNames": _CODE,
            "additionalProperties": _ONE_MESSAGE,
        },
    ),
}


def _hours(opens: str, closes: str) -> Hours:
    return Hours(dt.time.fromisoformat(opens), dt.time.fromisoformat(closes))


def _step(data: Mapping[str, Any]) -> Step:
    stale = data.get("stale_after_hours")
    return Step(
        id=data["id"],
        channel=Channel(data["channel"]),
        message=data.get("message", ""),
        after=dt.timedelta(days=data.get("after_days", 0), hours=data.get("after_hours", 0)),
        patience=dt.timedelta(hours=data["patience_hours"]),
        hours=_hours(data["not_before"], data["not_after"]) if "not_before" in data else None,
        stale_after=dt.timedelta(hours=stale) if stale else None,
        fallback=data.get("fallback", False),
    )


def parse(section: Section) -> Cadence:
    """Read a `cadence` section that fits SCHEMA."""
    data = section.data
    return Cadence(
        steps=tuple(_step(step) for step in data["steps"]),
        exhausted_owner=Owner(**data["exhausted"]),
        caps=Caps(**data["caps"]),
        contact_hours=_hours(**data["contact_hours"]),
        quarantine_seconds=data["quarantine_seconds"],
        sender_name=data["sender_name"],
        helpline=data["helpline"],
    )


def parse_messages(sections: Mapping[str, Section]) -> Messages:
    """
    Read every `messages/<language>` section (each fits MESSAGES_SCHEMA) among a programme's sections.

    sections: as `ProgrammeFiles.sections`; other sections are left alone.
    """
    found = (_one_language(section) for _, section in _message_sections(sections))
    return Messages(by_key={(m.id, m.channel, m.language): m for messages in found for m in messages})


def stop_words(sections: Mapping[str, Section]) -> frozenset[str]:
    """Give the words that mean STOP in a programme's languages, in lower case."""
    return frozenset(word.lower() for _, section in _message_sections(sections) for word in section.data["stop_words"])


def _message_sections(sections: Mapping[str, Section]) -> list[tuple[str, Section]]:
    return sorted(item for item in sections.items() if item[0].startswith(f"{MESSAGES_SECTION}/"))


def _one_language(section: Section) -> Iterator[Message]:
    language = section.data["language"]
    for message_id, by_channel in section.data["messages"].items():
        for channel, words in by_channel.items():
            text = isinstance(words, str)
            yield Message(
                id=message_id,
                channel=Channel(channel),
                language=language,
                heading="" if text else words["heading"],
                paragraphs=(words,) if text else tuple(words["paragraphs"]),
            )


def problems(cadence: Cadence, section: Section) -> tuple[Problem, ...]:
    """Find what the schema cannot: repeated ids, hours that never open, steps out of order, a quarantine too short."""
    found: list[Problem] = []

    def report(what: str, mend: str, *path: str | int) -> None:
        found.append(Problem(section.path, section.line(*path), what, mend))

    if cadence.contact_hours.opens >= cadence.contact_hours.closes:
        report("the contact hours never open", "let opens come before closes", "contact_hours")
    ids = [step.id for step in cadence.steps]
    for at, step in enumerate(cadence.steps):
        if step.id in ids[:at]:
            report(f"the step {step.id} is there twice", "give each step its own id", "steps", at, "id")
        hours = narrowed(contact_hours=cadence.contact_hours, step_hours=step.hours)
        if step.hours and hours.opens >= hours.closes:
            report(
                f"the step {step.id} never opens", "let its hours lie within contact_hours", "steps", at, "not_before"
            )
        if at and step.after < cadence.steps[at - 1].after:
            report(f"the step {step.id} comes before the one above it", "put the steps in order of time", "steps", at)
        if step.stale_after is not None and step.stale_after <= step.after:
            what = f"the step {step.id} is stale before it is due"
            report(what, "raise stale_after_hours", "steps", at, "stale_after_hours")
    if cadence.steps[0].fallback:
        report("the first step is a fallback", "a fallback stands after what it falls back from", "steps", 0)
    return tuple(found)


# A text, an e-mail's subject and a letter's heading may be read by whoever picks it up: no condition, no programme.
_TELLING = re.compile(
    r"\b(covid|shield\w*|clinic\w*|cancer|diabet\w*|asthma|hospital|vulnerable|patient|risk|diagnos\w*|disease|illness)\b"
    r"|\bszpital\w*|\bpacjent\w*|\bchorob\w*|\bryzyk\w*|\bligonin\w*|\bpacient\w*|\blig[aą]\b|\brizik\w*",
    re.IGNORECASE,
)


def message_problems(
    messages: Messages, sections: Mapping[str, Section], *, cadence: Cadence, languages: Sequence[str]
) -> tuple[Problem, ...]:
    """
    Find what the messages' schema cannot: one missing in a language, unknown or lost placeholders, telling words,
    no way without a link, no way to stop, too many parts.
    """
    by_language = {section.data["language"]: section for _, section in _message_sections(sections)}
    found: list[Problem] = []
    wanted = {(step.message, step.channel) for step in cadence.steps if step.message} | set(NEEDED)
    wanted |= {(message_id, channel) for message_id, channel, language in messages.by_key if language == "en"}
    for language in languages:
        section = by_language.get(language)
        if section is None:
            path = f"{MESSAGES_SECTION}/{language}.yaml"
            found.append(Problem(path, 0, f"there are no messages in {language}", "write the file"))
            continue
        for message_id, channel in sorted(wanted):
            if (message_id, channel, language) not in messages.by_key:
                what = f"the message {message_id} has no {channel.value} in {language}"
                found.append(Problem(section.path, section.line("messages"), what, "write it"))
    for (message_id, channel, language), message in sorted(messages.by_key.items()):
        section = by_language[language]
        line = section.line("messages", message_id, channel.value)
        english = messages.by_key.get((message_id, channel, "en"))
        for what, mend in _faults_of(message, english):
            found.append(Problem(section.path, line, f"{message_id} ({channel.value}): {what}", mend))
    return tuple(found)


def _faults_of(message: Message, english: Message | None) -> Iterator[tuple[str, str]]:
    slots, text = slots_of(message), " ".join((message.heading, *message.paragraphs))
    for slot in sorted(slots - SLOTS):
        yield f"nothing fills the placeholder {{{slot}}}", f"use one of {', '.join(sorted(SLOTS))}"
    for slot in sorted(slots_of(english) - slots if english else ()):
        yield f"the placeholder {{{slot}}} of the English is missing", "put it in"
    if "sender" not in slots:
        yield "it does not say who sends it", "put in {sender}"
    if "helpline" not in slots:
        yield "there is no way to answer without a link", "put in {helpline}"
    if "STOP" not in text and message.id not in _WITHOUT_STOP:
        yield "it does not say how to stop", "say: reply STOP, or how to stop by telephone"
    telling = _TELLING.search(text)
    if telling:
        yield f"the word “{telling.group(0)}” tells a stranger too much", "say it in neutral words"
    if message.channel is Channel.SMS and sms_parts(text) > MOST_SMS_PARTS:
        yield f"it is {sms_parts(text)} texts long before its placeholders are filled", "shorten it"
