"""
How old somebody must be to read each resident's page and message: `python -m wherry.nonprod.reading_age`.

Flesch-Kincaid grade (Kincaid and others, 1975), with syllables counted by groups of vowels, plus five: the age of an
English schoolchild in that grade. It is a measure of long words and sentences and of nothing else; it is for English
only. Short texts swing widely, so each page is measured as a whole.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping

from wherry.journeys.programme_in_force import InForce, in_force
from wherry.web.components.words import catalogues

#: Years. The average reading age of adults in England is put at 9 to 11; no page may ask for more.
OLDEST = 11.0
_SLOT = re.compile(r"\{[a-z_]+\}")
_VOWELS = re.compile(r"[aeiouy]+")


def reading_age(*, text: str) -> float:
    """Give the age in years (to one place, never under 5) at which a text is read easily. O(letters)."""
    sentences = [one for one in re.split(r"[.!?:]+(?:\s|$)|\n", text) if re.search(r"[a-z]", one.lower())]
    words = re.findall(r"[a-z']+", text.lower())
    if not words:
        return 5.0
    syllables = sum(_syllables(word) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    return round(max(grade + 5, 5.0), 1)


def _syllables(word: str) -> int:
    # A silent e at the end is no syllable of its own: "phone" has one, "table" and "the" keep theirs.
    trimmed = word[:-1] if re.search(r"[^aeiouyl]e$", word) and len(word) > 3 else word
    return max(len(_VOWELS.findall(trimmed)), 1)


def pages_and_messages(*, force: InForce) -> dict[str, str]:
    """Give the English words of each page of the person site and of each message, by name."""
    groups: dict[str, list[str]] = {}
    for key, words in catalogues()["en"].items():
        parts = key.split(".")
        if parts[0] == "person":
            groups.setdefault(f"page {parts[1]}", []).append(words)
        elif parts[0] in ("emergency", "failure", "contact"):
            groups.setdefault(parts[0], []).append(words)
    for page in force.questionnaire.pages:
        asked = [page.text["en"]]
        for question in page.questions:
            asked += [question.text["en"], *(option.display["en"] for option in question.options)]
        groups[f"questions {page.link_id}"] = asked
    groups["red flags"] = [rule.say["en"] for rule in force.triage.rules if rule.say]
    for (name, channel, language), message in force.messages.by_key.items():
        if language == "en":
            groups[f"{channel} {name}"] = [message.heading, *message.paragraphs]
    return {name: _as_read(several) for name, several in groups.items()}


def _as_read(several: Iterable[str]) -> str:
    return "\n".join(_SLOT.sub("Ada", one) for one in several if one)


def table(*, ages: Mapping[str, float]) -> str:
    """Write the ages as a page of the reference, hardest first."""
    head = (
        "# Reading age of what residents read\n\n"
        "Years, by the Flesch-Kincaid grade plus five; English only. "
        f"The limit is {OLDEST:g}; a test holds every line to it.\n\n"
        "| What | Age |\n|---|---|\n"
    )
    hardest_first = sorted(ages.items(), key=lambda one: (-one[1], one[0]))
    return head + "".join(f"| {name} | {age} |\n" for name, age in hardest_first)


def ages_of(*, programme: str) -> dict[str, float]:
    """Measure every page and message of a programme."""
    texts = pages_and_messages(force=in_force(programme=programme))
    return {name: reading_age(text=text) for name, text in texts.items()}


if __name__ == "__main__":
    sys.stdout.write(table(ages=ages_of(programme="covid_protect")))
