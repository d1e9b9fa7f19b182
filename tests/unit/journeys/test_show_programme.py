"""A programme told in words: nothing of it is left out, however it is spelt, and strangers to us are told plainly."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wherry.foundation.content import content_folder
from wherry.journeys.show_programme import as_html, as_text, chapter_of, in_words
from wherry.journeys.show_programme.as_text import chapter_lines
from wherry.journeys.show_programme.saying import copied
from wherry.programmes.files import load
from wherry.programmes.types import KeyPath, ProgrammeFiles, Section

FOLDER = content_folder("programmes")
SHIPPED = sorted(one.parent for one in FOLDER.glob("**/programme.yaml"))
FILES = load(FOLDER / "covid_protect")
#: Where it holds and what places may change is told beside what they did.
ELSEWHERE = {"programme.places", "programme.places_may_change"}
WORD = "somethingelse"
#: Every value of these is changed, of one programme; of the rest one of each kind, so that it takes two seconds.
DECIDING = {"programme", "risk", "triage", "cadence", "review", "agreements"}


@functools.cache
def _shipped(folder: Path) -> ProgrammeFiles:
    return load(folder)


def _leaves(value: Any, where: KeyPath = ()) -> Iterator[KeyPath]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        if isinstance(one, dict | list) and one:
            yield from _leaves(one, (*where, key))
        else:
            yield (*where, key)


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return f"{value} {WORD}" if isinstance(value, str) else WORD


def _with(files: ProgrammeFiles, section: str, where: KeyPath) -> ProgrammeFiles:
    """Give the files with one value of a section changed."""
    data = copied(files.sections[section].data)
    here = data
    for step in where[:-1]:
        here = here[step]
    here[where[-1]] = _other(here[where[-1]])
    changed = {**files.sections, section: Section(files.sections[section].path, data)}
    return dataclasses.replace(files, sections=changed)


def _told(files: ProgrammeFiles, section: str) -> str:
    return "\n".join(chapter_lines(chapter_of(files=files, section=section)))


def test_no_value_can_change_without_the_words_changing() -> None:
    unsaid, seen = [], set[KeyPath]()
    for folder in sorted(SHIPPED, key=lambda one: one.name != FILES.name):
        files = _shipped(folder)
        for section in files.sections:
            before = _told(files, section)
            for where in _leaves(files.sections[section].data):
                shape = (section, *("*" if isinstance(step, int) else step for step in _nameless(section, where)))
                is_whole = section in DECIDING and folder.name == FILES.name
                if f"{section}.{where[0]}" in ELSEWHERE or (shape in seen and not is_whole):
                    continue
                seen.add(shape)
                if _told(_with(files, section, where), section) == before:
                    unsaid.append((folder.name, section, *where))

    assert len(seen) > 300
    assert unsaid == []


def _nameless(section: str, where: KeyPath) -> KeyPath:
    """Leave out the names criteria and the like have: what they hold is of the same kind."""
    return where[:1] + where[2:] if section == "risk" else where


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda one: one.name)
def test_what_we_ship_is_told_as_it_is_meant_to_be(folder: Any) -> None:
    told = in_words(files=_shipped(folder))

    assert [one.key for one in told.chapters if one.notes] == []


def test_a_key_nobody_knows_yet_is_told_plainly() -> None:
    data = copied(FILES.sections["services"].data)
    data["services"][1]["parking"] = {"bays": 3}
    files = dataclasses.replace(FILES, sections={**FILES.sections, "services": Section("services.yaml", data)})

    told = _told(files, "services")

    assert "medicines delivery" in told
    assert "parking · bays: 3" in told


def test_a_file_nobody_knows_yet_is_told_plainly() -> None:
    files = dataclasses.replace(FILES, sections={**FILES.sections, "weather": Section("weather.yaml", {"below": -3})})

    told = as_text(in_words(files=files))

    assert "\nWeather\n" in told
    assert "Below" in told and "-3" in told


@pytest.mark.parametrize("data", [[], None, "x", {"rules": 3}, {"steps": [{}]}, {"services": [{"code": "a"}]}])
def test_a_file_of_the_wrong_shape_is_shown_as_it_is_written(data: Any) -> None:
    for section in FILES.sections:
        files = dataclasses.replace(FILES, sections={**FILES.sections, section: Section("x.yaml", data)})

        told = chapter_of(files=files, section=section)

        assert chapter_lines(told)
        assert data in ([], None) or told.items


def test_what_a_place_changed_is_marked_where_it_stands_and_in_a_chapter_of_its_own() -> None:
    norwich = load(FOLDER / "covid_protect", place="norwich")

    told = in_words(files=norwich)

    [step] = [item for one in told.chapters for item in one.items if item.key == "steps.second_text"]
    assert step.title.startswith("5 hours after")
    assert step.marks == ("after hours: norwich: agreed by Norwich place board on 2026-02-20; centrally 6",)
    assert "What is different in Norwich" in as_text(told)


def test_messages_are_filled_for_nobody_and_their_texts_counted() -> None:
    told = as_text(in_words(files=FILES))

    assert "Hello Maria. This is Norwich and Waveney Check-in Team." in told
    assert "Sent as: 2 texts" in told
    assert "{name}" not in told.partition("What people are asked")[0]


def test_words_in_another_language_are_marked_with_it_and_its_direction() -> None:
    page = as_html(in_words(files=FILES))

    assert '<span class="lang">Arabic</span><span lang="ar" dir="rtl">' in page
    assert '<span lang="pl" dir="ltr">' in page
    assert "<script" not in page and 'href="http' not in page
