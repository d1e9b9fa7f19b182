"""From sections that fit their schemas to the values the rules take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from wherry.outreach.definition.schema import MESSAGES_SECTION
from wherry.outreach.types import Cadence, Caps, Channel, Hours, Message, Messages, Owner, Step
from wherry.programmes.types import Section


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
        most_text_parts=data["most_text_parts"],
        sender_name=data["sender_name"],
        helpline=data["helpline"],
    )


def parse_messages(sections: Mapping[str, Section]) -> Messages:
    """
    Read every `messages/<language>` section (each fits MESSAGES_SCHEMA) among a programme's sections.

    sections: as `ProgrammeFiles.sections`; other sections are left alone.
    """
    found = (_one_language(section) for _, section in message_sections(sections))
    return Messages(by_key={(m.id, m.channel, m.language): m for messages in found for m in messages})


def stop_words(sections: Mapping[str, Section]) -> frozenset[str]:
    """Give the words that mean STOP in a programme's languages, in lower case."""
    return frozenset(word.lower() for _, section in message_sections(sections) for word in section.data["stop_words"])


def message_sections(sections: Mapping[str, Section]) -> list[tuple[str, Section]]:
    """Give the sections that hold messages, by name."""
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
