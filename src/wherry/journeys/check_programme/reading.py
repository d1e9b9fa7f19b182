"""How hard residents' words are to read: told by every check, for each file that holds some."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from wherry.checkin import definition as checkin
from wherry.checkin.types import Questionnaire
from wherry.outreach.types import Messages
from wherry.programmes import definition as programmes
from wherry.programmes.reading_age import OLDEST, reading_age, words_a_sentence
from wherry.triage import definition as triage
from wherry.triage.types import TriageDefinition

_SLOT = re.compile(r"\{[a-z_]+\}")


def reading_told(parsed: Mapping[str, Any]) -> tuple[str, ...]:
    """Tell the reading age of each file's hardest English, and how long sentences are in the other languages."""
    programme, asked, table = (parsed.get(one) for one in (programmes.SECTION, checkin.SECTION, triage.SECTION))
    messages = parsed.get("messages")
    if not programme or not asked or not table or not messages:
        return ()
    told = []
    for file, texts in _by_file(asked, table, messages, "en").items():
        ages = {name: reading_age(text=text) for name, text in texts.items()}
        if ages:
            hardest = max(ages, key=lambda name: (ages[name], name))
            over = f", over {OLDEST:g}" if ages[hardest] > OLDEST else ""
            told.append(f"{file} {ages[hardest]:g} ({hardest}{over})")
    lengths = []
    for language in programme.languages:
        read = [text for of in _by_file(asked, table, messages, language).values() for text in of.values()]
        lengths.append(f"{language} {words_a_sentence(text=chr(10).join(read)):g}")
    ages_told = f"reading age of the hardest English, in years: {', '.join(told)}"
    return (f"{ages_told}; words a sentence, by language: {', '.join(lengths)}",)


def texts_residents_read(
    *, asked: Questionnaire, table: TriageDefinition, messages: Messages, language: str
) -> dict[str, str]:
    """Give the words of each page of questions, of what a red flag says and of each message, by name."""
    return {name: text for of in _by_file(asked, table, messages, language).values() for name, text in of.items()}


def _by_file(
    asked: Questionnaire, table: TriageDefinition, messages: Messages, language: str
) -> dict[str, dict[str, str]]:
    questions: dict[str, str] = {}
    for page in asked.pages:
        shown = [page.text.get(language, "")]
        for question in page.questions:
            displays = (option.display.get(language, "") for option in question.options)
            shown += [question.text.get(language, ""), *displays]
        questions[f"questions {page.link_id}"] = as_read(shown)
    said = [rule.say.get(language, "") for rule in table.rules if rule.say]
    return {
        "questionnaire.yaml": questions,
        "triage.yaml": {"red flags": as_read(said)} if said else {},
        f"messages/{language}.yaml": {
            f"{channel} {name}": as_read([message.heading, *message.paragraphs])
            for (name, channel, its), message in messages.by_key.items()
            if its == language
        },
    }


def as_read(several: Iterable[str]) -> str:
    """Join texts as somebody reads them: a name stands for what is filled in."""
    return "\n".join(_SLOT.sub("Ada", one) for one in several if one)
