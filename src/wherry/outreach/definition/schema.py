"""The shapes of `cadence.yaml`, of `messages/<language>.yaml` and of the words that tell a stranger too much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wherry.outreach.types import Channel

SECTION = "cadence"
MESSAGES_SECTION = "messages"

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
        after_days={**_AMOUNT, "maximum": 90},
        after_hours={**_AMOUNT, "maximum": 2160},
        not_before=_CLOCK,
        not_after=_CLOCK,
        patience_hours={**_COUNT, "maximum": 720, "description": "How long an answer is waited for; a month at most."},
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
            "most_text_parts",
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
        most_text_parts={
            "type": "integer",
            "minimum": 1,
            "maximum": 10,
            "description": "The most parts one text may be sent in, with the longest name and link in it.",
        },
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
_WORDS = {"type": "array", "items": _TEXT, "uniqueItems": True}
TELLING_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "words/telling.yaml",
    **_object(
        ("everywhere", "languages", "harmless"),
        everywhere={**_WORDS, "description": "In every language; a star stands for any letters."},
        languages={"type": "object", "additionalProperties": _WORDS},
        harmless={**_WORDS, "description": "Words of programmes' names that tell nobody anything."},
    ),
}
