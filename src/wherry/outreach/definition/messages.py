"""
What is wrong with messages beyond their schema: one missing, a placeholder nothing fills, no way to answer, too long,
or a word that tells a stranger what somebody is ill with. Hazards: H-15 (a message tells others), H-18 (a wish not
followed).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from wherry.foundation.problems import Problem
from wherry.outreach.definition.reading import message_sections
from wherry.outreach.definition.schema import MESSAGES_SECTION, SECTION
from wherry.outreach.definition.telling import Telling
from wherry.outreach.rules.messages import slots_of, sms_parts
from wherry.outreach.types import ONE_TIME_CODE, Cadence, Channel, Message, Messages
from wherry.programmes.types import Section

# Messages every programme needs on every channel that carries them, whatever its steps send.
NEEDED = (("did_it_help", Channel.SMS), ("goodbye", Channel.SMS), (ONE_TIME_CODE, Channel.SMS))
_FILLED_IN_ALL = frozenset({"name", "sender", "helpline", "page"})
# The one they asked for a moment ago, and those that say we stop.
_WITHOUT_STOP = frozenset({"goodbye", ONE_TIME_CODE})
_FIRST = "en"
# Names this long are rare and real; one letter of theirs (ł, ė, ã) makes a whole text sixteen-bit.
_LONGEST = {
    "name": "ł" * 40,
    "link": f"https://{'d' * 33}/c/{'t' * 22}",
    "page": f"https://{'d' * 33}/c",
    "code": "AAAA-AAAA-AAAA",
    "one_time": "000000",
}
_PLACEHOLDER = re.compile(r"\{[a-z][a-z0-9_]*\}")
_ADDRESS = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d(?:[ -]?\d){7,}")


def message_problems(
    messages: Messages,
    sections: Mapping[str, Section],
    *,
    cadence: Cadence,
    languages: Sequence[str],
    telling: Telling,
    last_message: str = "",
) -> tuple[Problem, ...]:
    """
    Find what the messages' schema cannot see, in every language promised and on every channel a message is used on.

    sections: `cadence` and every `messages/…`; languages: those the programme promises; telling: the words no message
    may hold; last_message: the one that says a programme is over.
    """
    used = {(step.message, step.channel) for step in cadence.steps if step.message} | set(NEEDED)
    if last_message:
        used |= {(last_message, Channel.SMS), (last_message, Channel.LETTER)}
    last_words = _WITHOUT_STOP | {last_message}
    linked = {(name, channel) for name, channel in used if name not in last_words}
    by_language = {name.rpartition("/")[2]: section for name, section in message_sections(sections)}
    found = [*_wrong_files(by_language, languages, sections), *_telling_sender(sections, telling, cadence)]
    if any(section.data["language"] != language for language, section in by_language.items()):
        return tuple(found)  # whose words are whose is not known
    for language, section in sorted(by_language.items()):
        found += _missing(messages, section, language, used)
    for (name, channel, language), message in sorted(messages.by_key.items()):
        section = by_language[language]
        line = section.line("messages", name, channel.value)
        english = messages.by_key.get((name, channel, _FIRST))
        is_last = name in last_words
        faults = [*_wrong_slots(message, english, is_last=is_last)]
        faults += _no_way_out(message, is_linked=(name, channel) in linked, is_last=is_last)
        faults += [*_too_long(message, cadence), *_telling_words(message, telling)]
        if (name, channel) not in used:
            faults.append(("nothing sends it", "name it in a step of cadence.yaml, or remove it"))
        found += (Problem(section.path, line, f"{name} ({channel.value}): {what}", mend) for what, mend in faults)
    return tuple(found)


def _wrong_files(
    by_language: Mapping[str, Section], languages: Sequence[str], sections: Mapping[str, Section]
) -> Iterator[Problem]:
    folder = sections[SECTION].path.rpartition("/")[0]
    for language in languages:
        if language not in by_language:
            path = f"{folder}/{MESSAGES_SECTION}/{language}.yaml"
            yield Problem(path, 0, f"there are no messages in {language}", "write the file")
    for language, section in sorted(by_language.items()):
        says, words = section.data["language"], {word.casefold() for word in section.data["stop_words"]}
        if says != language:
            what = f"the file is called {language} and says that its language is {says}"
            yield Problem(section.path, section.line("language"), what, "let the two be the same")
        if language not in languages:
            what = f"the programme does not promise {language}"
            mend = "add it to languages in programme.yaml, or remove the file"
            yield Problem(section.path, section.line("language"), what, mend)
        if "stop" not in words:
            what = "stop is not among the stop words, and every message says to reply STOP"
            yield Problem(section.path, section.line("stop_words"), what, "add stop")
        if language != _FIRST and words <= {"stop"}:
            what = f"there is no word for stop in {language}"
            yield Problem(section.path, section.line("stop_words"), what, "add what somebody would write")


def _missing(messages: Messages, section: Section, language: str, used: set[tuple[str, Channel]]) -> Iterator[Problem]:
    for name, channel in sorted(used):
        if (name, channel, language) not in messages.by_key:
            what = f"the message {name} has no {channel.value} in {language}"
            yield Problem(section.path, section.line("messages", name), what, "write it")


def _text(message: Message) -> str:
    return "\n".join(filter(None, (message.heading, *message.paragraphs)))


def _fillable(message: Message, *, is_last: bool) -> frozenset[str]:
    if message.id == ONE_TIME_CODE:
        return _FILLED_IN_ALL | {"one_time"}
    return _FILLED_IN_ALL if is_last else _FILLED_IN_ALL | {"link", "code"}


def _wrong_slots(message: Message, english: Message | None, *, is_last: bool) -> Iterator[tuple[str, str]]:
    slots, known = slots_of(message), _fillable(message, is_last=is_last)
    for slot in sorted(slots - known):
        yield f"nothing fills the placeholder {{{slot}}}", f"use one of {', '.join(sorted(known))}"
    if english is not None:
        for slot in sorted(slots_of(english) - slots):
            yield f"the placeholder {{{slot}}} of the English is missing", "put it in"
        for slot in sorted((slots - slots_of(english)) & known):
            yield f"the English has no placeholder {{{slot}}}", "take it out, or put it into every language"
    if re.search("[{}]", _PLACEHOLDER.sub("", _text(message))):
        yield "a curly bracket belongs to no placeholder and would be sent as it is", "write {name} in small letters"


def _no_way_out(message: Message, *, is_linked: bool, is_last: bool) -> Iterator[tuple[str, str]]:
    slots, text = slots_of(message), _text(message)
    if "sender" not in slots:
        yield "it does not say who sends it", "put in {sender}"
    if "helpline" not in slots:
        yield "there is no way to answer without a link", "put in {helpline}"
    for slot in _wanted(message) if is_linked else ():
        if slot not in slots:
            yield f"there is no {{{slot}}}, by which it is answered", f"put in {{{slot}}}"
    if message.id == ONE_TIME_CODE and "one_time" not in slots:
        yield "the code itself is not in it", "put in {one_time}"
    if "STOP" not in text and not is_last:
        yield "it does not say how to stop", "say: reply STOP, or how to stop by telephone"
    if _ADDRESS.search(text):
        yield "it holds an address of its own, which nobody can verify or withdraw", "use {link} or {page}"
    if _NUMBER.search(text):
        yield "it holds a telephone number of its own", "use {helpline}, so that one change changes it everywhere"


def _wanted(message: Message) -> tuple[str, ...]:
    # Nobody can tap on paper: a letter says where to type which code.
    return ("page", "code") if message.channel is Channel.LETTER else ("link",)


def _too_long(message: Message, cadence: Cadence) -> Iterator[tuple[str, str]]:
    if message.channel is not Channel.SMS:
        return
    values = {**_LONGEST, "sender": cadence.sender_name, "helpline": cadence.helpline}
    text = _PLACEHOLDER.sub(lambda slot: values.get(slot.group(0)[1:-1], ""), _text(message))
    parts = sms_parts(text)
    if parts > cadence.most_text_parts:
        what = f"it is sent in {parts} parts, with a name of 40 letters and a link of {len(_LONGEST['link'])}"
        yield what, f"shorten it: {cadence.most_text_parts} is the most, as cadence.yaml says in most_text_parts"


def _telling_words(message: Message, telling: Telling) -> Iterator[tuple[str, str]]:
    word = telling.found(_PLACEHOLDER.sub(" ", _text(message)), language=message.language)
    if word is not None:
        yield f"the word “{word}” tells a stranger too much", "say it in neutral words"


def _telling_sender(sections: Mapping[str, Section], telling: Telling, cadence: Cadence) -> Iterator[Problem]:
    word = telling.found(cadence.sender_name, language=_FIRST)
    if word is not None:
        what = f"every message begins with the sender's name, and the word “{word}” in it tells a stranger too much"
        section = sections[SECTION]
        yield Problem(section.path, section.line("sender_name"), what, "name a neutral team")
