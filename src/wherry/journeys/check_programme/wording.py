"""
What residents read and callers say, word by word: none that would make this a medical device, none that promises what
nobody can know. In every language the programme is in. Hazards: H-02 (false comfort), H-14 (a condition is named).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wherry.checkin import definition as checkin
from wherry.foundation.problems import Problem
from wherry.journeys.check_programme.words import shared_words
from wherry.outreach import definition as outreach
from wherry.programmes import definition as programmes
from wherry.programmes import refused_words
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.refused_words import Refusal
from wherry.programmes.types import KeyPath, ProgrammeFiles
from wherry.referrals import definition as referrals
from wherry.triage import definition as triage
from wherry.worklist import definition as worklist

_IN_A_LANGUAGE = re.compile(r"(text|display|title)(?:_([a-z]{2}))?")


@dataclass(frozen=True)
class Shown:
    """Words somebody is shown or told: in which file they stand, where in it, and in which language they are."""

    section: str
    path: KeyPath
    language: str
    text: str


def wording_problems(files: ProgrammeFiles, parsed: Mapping[str, Any]) -> list[Problem]:
    """Find refused words, at their file and line, and languages that have no list of them."""
    try:
        words = shared_words(name=refused_words.NAME, directory=files.directory, schema=refused_words.SCHEMA)
    except ProgrammeUnreadable as error:
        return list(error.problems)
    refusals = refused_words.parse(words)
    found = list(_without_list(files, parsed, refusals))
    for shown in words_shown(files):
        for word, refusal in refused_words.found_in(text=shown.text, language=shown.language, refusals=refusals):
            origin = files.origin(shown.section, *shown.path)
            found.append(Problem(origin.file, origin.line, f"“{word}” is said: {refusal.why}", refusal.instead))
    return found


def _without_list(files: ProgrammeFiles, parsed: Mapping[str, Any], refusals: tuple[Refusal, ...]) -> Iterator[Problem]:
    programme = parsed.get(programmes.SECTION)
    section = files.sections[programmes.SECTION]
    for language in programme.languages if programme else ():
        if any(language not in one.patterns for one in refusals):
            what = f"nothing says which words are refused in {language}"
            mend = f"have them added to programmes/words/{refused_words.NAME}.yaml"
            yield Problem(section.path, section.line("languages"), what, mend)


def words_shown(files: ProgrammeFiles) -> Iterator[Shown]:
    """Give all that residents are shown and callers say or read, in file order. Files need not fit their schemas."""
    for name, section in files.sections.items():
        if name.startswith(f"{outreach.MESSAGES_SECTION}/") and isinstance(section.data, dict):
            language = str(section.data.get("language", "en"))
            yield from _all_of(name, section.data.get("messages"), ("messages",), language)
        elif name == worklist.SECTION:
            yield from _all_of(name, section.data, (), "en")
        elif name in (checkin.SECTION, triage.SECTION, referrals.SECTION):
            yield from _by_language(name, section.data, ())


def _all_of(name: str, value: Any, path: KeyPath, language: str) -> Iterator[Shown]:
    if isinstance(value, str):
        yield Shown(name, path, language, value)
    for key, one in _inside(value):
        yield from _all_of(name, one, (*path, key), language)


def _by_language(name: str, value: Any, path: KeyPath) -> Iterator[Shown]:
    """Find `text_pl: …`, `name: {pl: …}` and, among what staff read, `words: …`."""
    for key, one in _inside(value):
        here, spelt = (*path, key), _IN_A_LANGUAGE.fullmatch(str(key))
        if isinstance(one, str) and spelt:
            yield Shown(name, here, spelt.group(2) or "en", one)
        elif isinstance(one, str) and key in ("words", "answered_by"):
            yield Shown(name, here, "en", one)
        elif isinstance(one, dict) and _is_by_language(one):
            for language, text in one.items():
                yield Shown(name, (*here, language), language, text)
        else:
            yield from _by_language(name, one, here)


def _is_by_language(value: dict[str, Any]) -> bool:
    return "en" in value and all(isinstance(one, str) for one in value.values())


def _inside(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)
