"""Two versions beside each other: nothing that differs is passed over, and what matters most is read first. H-10."""

from __future__ import annotations

import dataclasses
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wherry.foundation.content import content_folder
from wherry.journeys.compare_programmes import as_plain, compare, lines_of
from wherry.journeys.compare_programmes.changes import groups_of
from wherry.journeys.compare_programmes.types import Kind
from wherry.journeys.show_programme import in_words
from wherry.journeys.show_programme.saying import copied
from wherry.programmes.files import load
from wherry.programmes.types import Codelist, KeyPath, ProgrammeFiles, Section

# As if nothing lay beside it: reading every place's file again for each of these would take a second.
FILED = load(content_folder("programmes") / "covid_protect")
FILES = dataclasses.replace(FILED, directory="nowhere/covid_protect")
TOLD = in_words(files=FILES)


def _changed(section: str, change: Callable[[Any], object], files: ProgrammeFiles = FILES) -> ProgrammeFiles:
    data = copied(files.sections[section].data)
    change(data)
    sections = {**files.sections, section: Section(files.sections[section].path, data)}
    return dataclasses.replace(files, sections=sections, hash="sha256:another")


def _row(data: Any, name: str) -> Any:
    return next(one for one in data["rules"] if one["id"] == name)


def _text(after: ProgrammeFiles) -> str:
    return "\n".join(lines_of(compare(before=FILES, after=after)))


def _leaves(value: Any, where: KeyPath = ()) -> Iterator[KeyPath]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        yield from _leaves(one, (*where, key)) if isinstance(one, dict | list) and one else [(*where, key)]


def _put(data: Any, where: KeyPath) -> None:
    for step in where[:-1]:
        data = data[step]
    old = data[where[-1]]
    data[where[-1]] = not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old} changed"


@pytest.mark.parametrize("section", sorted(FILES.sections))
def test_a_value_that_differs_is_told_in_its_own_chapter(section: str) -> None:
    every = list(_leaves(FILES.sections[section].data))

    for where in random.Random(section).sample(every, min(4, len(every))):
        after = _changed(section, lambda data, where=where: _put(data, where))
        groups = groups_of(before=TOLD, after=in_words(files=after))
        assert {one.key for one in groups} & {section, "places"}, (section, where)
        assert all(change.lines or change.kind is Kind.REORDERED for one in groups for change in one.changes)


def test_a_version_beside_itself_has_no_changes() -> None:
    assert list(lines_of(compare(before=FILES, after=FILES))) == [f"no changes; {FILES.hash}"]


def test_where_only_a_remark_differs_that_is_said() -> None:
    other = dataclasses.replace(FILES, hash="sha256:another")

    assert list(lines_of(compare(before=FILES, after=other)))[-1].startswith("no changes in any value, only in files")


def test_a_threshold_is_told_as_one() -> None:
    def younger(data: Any) -> None:
        data["criteria"]["aged_70_or_over"] = {"words": "Aged 65 or over", "age": {"at_least": 65}}

    told = _text(_changed("risk", younger))

    assert "Called: Aged 70 or over → Aged 65 or over" in told
    assert "Age in whole years: at least 70 → at least 65" in told
    assert "still say" not in told


def test_words_left_behind_by_their_threshold_are_pointed_out() -> None:
    told = _text(_changed("risk", lambda data: data["criteria"]["aged_70_or_over"]["age"].update(at_least=65)))

    assert "! Its words still say “Aged 70 or over”" in told


def test_a_code_added_to_a_list_is_told_with_its_term() -> None:
    old = FILES.codelists["diabetes"]
    more = dataclasses.replace(old, pairs={**old.pairs, "111552007": "Diabetes mellitus without complication"})
    lists: dict[str, Codelist] = {**FILES.codelists, "diabetes": more}

    told = _text(dataclasses.replace(FILES, codelists=lists, hash="sha256:another"))

    assert "Added: 111552007: Diabetes mellitus without complication" in told


def test_a_red_flag_row_that_differs_is_read_before_anything_else() -> None:
    told = _text(_changed("triage", lambda data: _row(data, "chest_pain")["when"].update(chest_pain="is yes")))

    assert told.startswith("Look at these first\n")
    assert "RED FLAG changed: chest pain" in told


def test_a_red_flag_row_taken_out_is_said_to_be_lost() -> None:
    def without(data: Any) -> None:
        data["rules"] = [one for one in data["rules"] if one["id"] != "not_safe_at_home"]

    first = _text(_changed("triage", without)).partition("\n\n")[0]

    assert "RED FLAG LOST: some answers no longer raise not safe at home" in first
    assert "RED FLAG taken out: not safe at home" in first


def test_answers_that_come_to_something_else_are_told_in_the_fewest_words() -> None:
    def sooner(data: Any) -> None:
        _row(data, "feeling_worse_at_more_risk")["when"]["any"][1]["age"] = "at least 70"

    told = _text(_changed("triage", sooner))

    asked = "“How do you feel, compared with yesterday?” is “Worse”"
    assert f"If {asked}, age is 70 to 74 and tier is 3: soon → today (A call about your health)" in told
    assert "LESS URGENT" not in told


def test_a_message_reworded_is_told_in_its_language() -> None:
    def shorter(data: Any) -> None:
        data["messages"]["goodbye"]["sms"] = "{sender}: koniec. {helpline}"

    told = _text(_changed("messages/pl", shorter))

    assert "What residents are sent: Polish" in told
    assert "As a text, in Polish: " in told


def test_what_keeps_its_id_and_is_named_anew_is_told_as_renamed() -> None:
    told = _text(_changed("risk", lambda data: data["groups"]["lung_disease"].update(words="Disease of the lungs")))

    assert "Renamed: Disease of the lungs (lung_disease)" in told
    assert told.count("lung") == 3


def test_what_keeps_its_meaning_under_another_id_is_told_as_renamed() -> None:
    told = _text(_changed("triage", lambda data: _row(data, "rather_talks").update(id="would_rather_talk")))

    assert "Its name in the files: rather_talks → would_rather_talk" in told
    assert "Taken out" not in told


def test_services_asked_in_another_order_are_told() -> None:
    told = _text(_changed("services", lambda data: data["services"].reverse()))

    assert "In another order: The services, in the order they are asked" in told


def test_a_language_dropped_is_one_line_and_not_a_hundred() -> None:
    sections = {name: one for name, one in FILES.sections.items() if name != "messages/lt"}

    told = _text(dataclasses.replace(FILES, sections=sections, hash="sha256:another"))

    assert "Taken out: The whole of it (messages/lt)" in told


def test_a_broken_table_is_named_and_the_rest_still_told() -> None:
    broken = _changed("triage", lambda data: _row(data, "food_none").update(when={"food": "at least nothing"}))

    told = _text(broken)

    assert "could not be compared" in told and "food none" in told


def test_json_holds_the_words_and_the_outcomes() -> None:
    after = _changed("triage", lambda data: _row(data, "food_none").update(urgency="soon"))

    told = as_plain(compare(before=FILES, after=after))

    assert told["outcomes"]["less_urgent"] is True
    assert [one["chapter"] for one in told["words"]] == ["triage"]


def test_what_a_place_changes_otherwise_is_told_with_the_place(tmp_path: Path) -> None:
    shutil.copytree(content_folder("programmes") / "covid_protect", tmp_path / "covid_protect")
    shutil.copytree(content_folder("programmes") / "places", tmp_path / "places")
    file = tmp_path / "places" / "norwich" / "covid_protect.yaml"
    file.write_text(file.read_text().replace("after_hours: 5", "after_hours: 4"))

    told = list(lines_of(compare(before=FILED, after=load(tmp_path / "covid_protect"))))

    assert "  Changed: Norwich: Cadence › steps › second text › after hours" in told[2]
    assert told[3] == "      Is: 5 → 4"
    assert told[-1].startswith("1 change, in the places' own files; sha256:")


def test_another_version_of_a_published_list_is_told() -> None:
    newer = dataclasses.replace(FILES.codelists["asthma"], about={"version": "2026-05"})

    told = _text(dataclasses.replace(FILES, codelists={**FILES.codelists, "asthma": newer}, hash="sha256:another"))

    assert "Added: Version: 2026-05" in told
