"""What a chapter may look up in the other files of the programme, so that codes are said in words."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wherry.programmes.types import ProgrammeFiles


@dataclass(frozen=True, eq=False)
class Source:
    """The programme's files, asked for words by code. What is not there is said by its code."""

    files: ProgrammeFiles

    def data(self, section: str) -> Mapping[str, Any]:
        """Give a section as it is, or nothing where it is missing or no mapping."""
        found = self.files.section(section)
        return found.data if found and isinstance(found.data, dict) else {}

    @functools.cached_property
    def questions(self) -> Mapping[str, Mapping[str, Any]]:
        """Give every question by its linkId, as written."""
        pages = self.data("questionnaire").get("item") or ()
        return {one["linkId"]: one for page in pages for one in page.get("item") or () if "linkId" in one}

    def question(self, link_id: str) -> str:
        """Give a question as it is asked, in English."""
        return str(self.questions.get(link_id, {}).get("text", link_id))

    def options(self, link_id: str) -> dict[str, tuple[str, Any]]:
        """Give a question's answers by code: the words in English, and how bad each is."""
        codings = [one["valueCoding"] for one in self.questions.get(link_id, {}).get("answerOption") or ()]
        return {str(one["code"]): (str(one.get("display", one["code"])), one.get("badness")) for one in codings}

    def need(self, code: str) -> str:
        """Give a need's name in English."""
        texts = self.data("triage").get("needs") or {}
        return str((texts.get(code) or {}).get("en", code))

    @functools.cached_property
    def takers(self) -> Mapping[str, tuple[str, ...]]:
        """Give for each need the names of the services that take it, in the order of preference."""
        found: dict[str, tuple[str, ...]] = {}
        for one in self.data("services").get("services") or ():
            for need in one.get("shares") or {}:
                found[need] = (*found.get(need, ()), self.service(one["code"]))
        return found

    def service(self, code: str) -> str:
        """Give a service's name in English."""
        listed = self.data("services").get("services") or ()
        found: Mapping[str, Any] = next((one for one in listed if one.get("code") == code), {})
        return str((found.get("name") or {}).get("en", code))

    @functools.cached_property
    def entries(self) -> Mapping[str, Mapping[str, Any]]:
        """Give criteria and groups by name, as written."""
        risk = self.data("risk")
        return {**(risk.get("criteria") or {}), **(risk.get("groups") or {})}

    @functools.cached_property
    def criteria(self) -> Mapping[str, str]:
        """Give criteria and groups in words, the code with it where two share their words."""
        words = {name: str((each or {}).get("words", name)) for name, each in self.entries.items()}
        several = list(words.values())
        return {name: text if several.count(text) == 1 else f"{text} ({name})" for name, text in words.items()}
