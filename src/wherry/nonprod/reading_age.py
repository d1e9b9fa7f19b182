"""
How old somebody must be to read each resident's page and message: `python -m wherry.nonprod.reading_age`.

The measure is `wherry.programmes.reading_age`: Flesch-Kincaid grade plus five, for English only.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from wherry.foundation.content import content_folder
from wherry.journeys.check_programme.reading import as_read, texts_residents_read
from wherry.journeys.read_programme import questionnaire, triage_table
from wherry.outreach import definition as outreach
from wherry.programmes.files import load
from wherry.programmes.reading_age import OLDEST, reading_age
from wherry.programmes.types import ProgrammeFiles
from wherry.web.components.words import catalogues


def pages_and_messages(*, files: ProgrammeFiles) -> dict[str, str]:
    """Give the English words of each page of the person site and of each message, by name."""
    groups: dict[str, list[str]] = {}
    for key, words in catalogues()["en"].items():
        parts = key.split(".")
        if parts[0] == "person":
            groups.setdefault(f"page {parts[1]}", []).append(words)
        elif parts[0] in ("emergency", "failure", "contact"):
            groups.setdefault(parts[0], []).append(words)
    texts = {name: as_read(several) for name, several in groups.items()}
    asked, table = questionnaire(files=files), triage_table(files=files)
    messages = outreach.parse_messages(files.sections)
    return texts | texts_residents_read(asked=asked, table=table, messages=messages, language="en")


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
    texts = pages_and_messages(files=load(content_folder("programmes") / programme))
    return {name: reading_age(text=text) for name, text in texts.items()}


if __name__ == "__main__":
    sys.stdout.write(table(ages=ages_of(programme="covid_protect")))
