"""A place speaks a language more than the centre, everywhere residents read, within what the programme lets it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from wherry.foundation.content import content_folder
from wherry.journeys.check_programme import check
from wherry.journeys.read_programme import questionnaire
from wherry.programmes.files import load
from wherry.programmes.rules.paths import name_of
from wherry.programmes.types import ProgrammeFiles

#: What a programme lists so that its places may add languages, and nothing else.
ALLOWED = """
  - {path: programme.languages, only: add}
  - {path: messages/*, only: add}
  - {path: questionnaire.title_*, only: add}
  - {path: questionnaire.item.*.text_*, only: add}
  - {path: questionnaire.item.*.about_them.*, only: add}
  - {path: questionnaire.item.*.item.*.text_*, only: add}
  - {path: questionnaire.item.*.item.*.about_them.*, only: add}
  - {path: questionnaire.item.*.item.*.answerOption.*.valueCoding.display_*, only: add}
  - {path: questionnaire.item.*.item.*.answerOption.*.valueCoding.about_them.*, only: add}
  - {path: triage.needs.*.*, only: add}
  - {path: triage.rules.*.say.*, only: add}
  - {path: services.services.*.name.*, only: add}
"""


def translations(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Give a path for each text that residents read, with the same text for the new language."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key == "en":
                yield f"{path}.ro", one
            elif key in ("text", "display", "title") and isinstance(one, str):
                yield f"{path}.{key}_ro", one
            else:
                yield from translations(one, f"{path}.{key}")
    elif isinstance(value, list):
        for one in value:
            if name_of(one):
                yield from translations(one, f"{path}.{name_of(one)}")


def in_romanian(files: ProgrammeFiles) -> dict[str, Any]:
    changes: dict[str, Any] = {"programme.languages": [*files.sections["programme"].data["languages"], "ro"]}
    changes["messages/ro"] = {**files.sections["messages/en"].data, "language": "ro"}
    for name in ("questionnaire", "triage", "services"):
        changes |= dict(translations(files.sections[name].data, name))
    return changes


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    folder = tmp_path / "covid_protect"
    shutil.copytree(content_folder("programmes") / "covid_protect", folder)
    text = (folder / "programme.yaml").read_text()
    (folder / "programme.yaml").write_text(text.replace("places_may_change:\n", f"places_may_change:{ALLOWED}", 1))
    return folder


def overlay(programme: Path, changes: dict[str, Any]) -> None:
    file = programme.parent / "places" / "norwich" / "covid_protect.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    told = {"agreed_by": "Norwich place board", "agreed_on": "2026-02-20", "changes": changes}
    file.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False))


def test_a_place_adds_a_language_everywhere_and_only_its_refused_words_are_asked_for(programme: Path) -> None:
    centre = load(programme)
    overlay(programme, in_romanian(centre))

    there = load(programme, place="norwich")

    wrong = [one.what for one in check(files=there, centre=centre).problems]
    assert wrong == ["nothing says which words are refused in ro"]
    assert "ro" in questionnaire(files=there).languages
    assert "ro" not in questionnaire(files=load(programme, place="waveney")).languages


def test_what_is_left_untranslated_is_named(programme: Path) -> None:
    centre = load(programme)
    changes = in_romanian(centre)
    del changes["triage.rules.chest_pain.say.ro"]
    overlay(programme, changes)

    said = [one.what for one in check(files=load(programme, place="norwich"), centre=centre).problems]

    assert "the red flag chest_pain has nothing to say in ro" in said
