"""`messages/<language>.yaml`: the messages as they look, filled for somebody who does not exist."""

from __future__ import annotations

import re
from typing import Any

from wherry.journeys.show_programme.saying import first_up, language, listed, many, said, spaced, take
from wherry.journeys.show_programme.source import Source
from wherry.journeys.show_programme.types import Item, Part, Said, Shape, Words
from wherry.outreach.rules.messages import sms_parts

#: Nobody's. The link is as long as a real one.
_FILLED = {
    "name": "Maria",
    "link": "https://checkin.example.nhs.uk/c/Ab3dEf6hIj9lMn2pQr5tUv",
    "page": "https://checkin.example.nhs.uk/c",
    "code": "BDGH-KMPR",
    "one_time": "482 913",
    "service": "Food parcels",
}
_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def title(section: str) -> str:
    """Name the chapter of one language."""
    return f"What residents are sent: {language(section.partition('/')[2])}"


def parts(rest: Any, source: Source) -> tuple[Part, ...]:
    """Say every message as it looks with a made-up name, and what in it was filled."""
    lang = str(take(rest, "language"))
    items = [_message(str(name), one, lang, source) for name, one in take(rest, "messages").items()]
    about = [Item("language", "Language", (said("", f"{language(lang)} ({lang})"),))]
    if "stop_words" in rest:
        words = listed([f"“{one}”" for one in take(rest, "stop_words")], last="or")
        about.append(
            Item("stop_words", "What stops every message", (Said("A reply of", (Words(words, _not_en(lang)),)),))
        )
    if "reviewed_by" in rest:
        about.append(Item("reviewed_by", "Read by", (said("", take(rest, "reviewed_by")),)))
    return (Part("", tuple(about)), Part("Message by message", tuple(items), Shape.SAMPLES))


def _not_en(lang: str) -> str:
    return "" if lang == "en" else lang


def _message(name: str, one: Any, lang: str, source: Source) -> Item:
    told: list[Said] = []
    for channel in list(one):
        body = take(one, channel)
        if isinstance(body, str):
            text = _filled(body, source)
            told.append(Said("As a text" if channel == "sms" else channel, (Words(text, _not_en(lang)),), raw=body))
            told += [said("Sent as", many(sms_parts(text), "text"))] if channel == "sms" else []
        else:
            told += _letter(str(channel), body, lang, source)
    return Item(f"messages.{name}", first_up(spaced(name)), tuple(told), ("messages", name), code=name)


def _letter(channel: str, body: Any, lang: str, source: Source) -> list[Said]:
    heading, paragraphs = take(body, "heading"), take(body, "paragraphs")
    words = tuple(Words(_filled(one, source), _not_en(lang)) for one in paragraphs)
    return [
        Said(f"{first_up(channel)}, its heading", (Words(_filled(heading, source), _not_en(lang)),), raw=heading),
        Said(first_up(channel), words, raw="\n".join(paragraphs)),
    ]


def _filled(text: str, source: Source) -> str:
    cadence = source.data("cadence")
    slots = {**_FILLED, "sender": cadence.get("sender_name"), "helpline": cadence.get("helpline")}
    return _SLOT.sub(lambda found: str(slots.get(found.group(1)) or found.group(0)), text)
