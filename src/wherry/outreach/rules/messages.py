"""The words of a message: its slots filled, its length counted."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wherry.foundation.languages import RIGHT_TO_LEFT
from wherry.outreach.errors import MessageMissing, SlotMissing
from wherry.outreach.types import Channel, Message, Messages, Rendered

_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")

# GSM 03.38: what fits a seven-bit text. The second set costs two places each.
_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_7_TWICE = frozenset("^{}\\[~]|€")


def sms_parts(text: str) -> int:
    """
    Count the text messages a body is split into: 160 places alone and 153 each when joined, or 70 and 67.

    One letter outside the seven-bit alphabet (ł, ė, ž) makes the whole body sixteen-bit.
    """
    if all(letter in _GSM_7 or letter in _GSM_7_TWICE for letter in text):
        places, alone, joined = sum(2 if letter in _GSM_7_TWICE else 1 for letter in text), 160, 153
    else:
        places, alone, joined = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if places <= alone else -(-places // joined)


def slots_of(message: Message) -> frozenset[str]:
    """Name the placeholders of a message."""
    return frozenset(name for text in (message.heading, *message.paragraphs) for name in _SLOT.findall(text))


#: Among words written from right to left their groups would change places.
_READ_TO_ANOTHER = ("helpline", "code")


def _kept_in_order(slots: Mapping[str, str], language: str) -> Mapping[str, str]:
    """Mark a number or code of several groups to be read from left to right. A link has none, and stays as it is."""
    if language not in RIGHT_TO_LEFT:
        return slots
    return {
        name: f"\u2066{value}\u2069" if name in _READ_TO_ANOTHER and value else value for name, value in slots.items()
    }


def _filled(text: str, slots: Mapping[str, str]) -> str:
    # One pass: a value that itself looks like a placeholder stays as it is.
    return _SLOT.sub(lambda match: slots[match.group(1)], text)


def render(
    *, messages: Messages, message_id: str, channel: Channel, language: str, slots: Mapping[str, str]
) -> Rendered:
    """
    Fill a message's placeholders, in the person's language or else the programme's first.

    slots: more than the message uses may be given. Paragraphs are joined by a blank line.
    Raises MessageMissing, and SlotMissing naming the placeholders (never their values).
    """
    message = messages.find(message_id=message_id, channel=channel, language=language)
    if message is None:
        raise MessageMissing(f"There is no message {message_id!r} for {channel.value}; add it to messages/en.yaml.")
    missing = sorted(name for name in slots_of(message) if not slots.get(name))
    if missing:
        raise SlotMissing(f"The message {message_id!r} ({message.language}) needs a value for {', '.join(missing)}.")
    slots = _kept_in_order(slots, message.language)
    body = "\n\n".join(_filled(paragraph, slots) for paragraph in message.paragraphs)
    parts = sms_parts(body) if channel is Channel.SMS else 1
    return Rendered(language=message.language, heading=_filled(message.heading, slots), body=body, parts=parts)
