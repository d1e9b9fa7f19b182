"""A place changes what it may, within the bounds, and every change knows who agreed it."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from wherry.programmes.errors import ProgrammeNotFound, ProgrammeUnreadable
from wherry.programmes.files import load
from wherry.programmes.types import Layer

PROGRAMME = """
places: [norwich, waveney]
languages: [en, pl]
places_may_change: [cadence.wait, services.listed.*, triage.rules.*, triage.rules.*.urgency, triage.rules.*.when,
  triage.rules.*.red_flag, programme.languages]
"""
TRIAGE = """
rules:
  - id: breath
    when: {breathless: at least at_rest}
    red_flag: breath
    urgency: emergency
  - id: food
    when: {food: at least none}
    urgency: soon
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "programmes" / "small"
    made.mkdir(parents=True)
    (made / "programme.yaml").write_text(PROGRAMME)
    (made / "triage.yaml").write_text(TRIAGE)
    (made / "cadence.yaml").write_text("wait: 6\nlock: 1\n")
    (made / "services.yaml").write_text("listed:\n  - code: hub\n    name: Hub\n")
    return made


def overlay(folder: Path, changes: str, head: str = "agreed_by: Board\nagreed_on: 2026-02-20\n") -> None:
    place = folder.parent / "places" / "norwich"
    place.mkdir(parents=True, exist_ok=True)
    (place / "small.yaml").write_text(f"{head}changes:\n{changes}")


def test_a_change_is_applied_and_knows_its_origin(folder: Path) -> None:
    overlay(folder, "  cadence.wait: 4\n")

    files = load(folder, place="norwich")

    assert files.sections["cadence"].data == {"wait": 4, "lock": 1}
    origin = files.origin("cadence", "wait")
    assert (origin.layer, origin.place, origin.agreed_by) == (Layer.PLACE, "norwich", "Board")
    assert (origin.agreed_on, origin.central_value, origin.line) == (dt.date(2026, 2, 20), 6, 4)
    assert files.origin("cadence", "lock").layer is Layer.CENTRAL


def test_a_named_item_is_added_or_replaced_by_its_name(folder: Path) -> None:
    overlay(
        folder,
        "  services.listed.fridge: {code: fridge, name: Fridge}\n  services.listed.hub: {code: hub, name: New}\n",
    )

    files = load(folder, place="norwich")

    assert [one["name"] for one in files.sections["services"].data["listed"]] == ["New", "Fridge"]
    assert files.origin("services", "listed", 1, "name").layer is Layer.PLACE


def test_without_a_place_nothing_of_a_place_holds(folder: Path) -> None:
    overlay(folder, "  cadence.wait: 4\n")

    files = load(folder)

    assert files.sections["cadence"].data["wait"] == 6
    assert files.overlay_hash is None


def test_the_hash_moves_with_the_content_the_place_and_the_overlay(folder: Path) -> None:
    overlay(folder, "  cadence.wait: 4\n")
    hashes = {load(folder).hash, load(folder, place="norwich").hash, load(folder, place="waveney").hash}
    overlay(folder, "  cadence.wait: 5\n")
    hashes.add(load(folder, place="norwich").hash)
    (folder / "notes.md").write_text("a word")
    hashes.add(load(folder).hash)

    assert len(hashes) == 5


def test_the_hash_does_not_depend_on_where_the_folder_lies(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "elsewhere" / "small")

    assert load(folder).hash == load(tmp_path / "elsewhere" / "small").hash


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("cadence.lock: 2", 'a place may not change "cadence.lock"'),
        ("cadence.wait.more: 2", 'a place may not change "cadence.wait.more"'),
        ("triage.rules.breath.urgency: today", "the urgency falls from emergency"),
        ("triage.rules.food.urgency: routine", "the urgency falls from soon"),
        ("triage.rules.breath.red_flag: null", "the red flag breath is taken away"),
        (
            "triage.rules.breath: {id: breath, urgency: emergency, when: {breathless: at least at_rest}}",
            "is taken away",
        ),
        (
            "triage.rules.breath.when: {breathless: at least at_rest, tier: at least 1}",
            "what makes the rule fire",
        ),
        ("programme.languages: [en]", "the language pl is dropped"),
        ("services.listed: []", 'a place may not change "services.listed"'),
    ],
)
def test_a_change_that_is_not_allowed_or_weakens_safety_is_refused(folder: Path, change: str, said: str) -> None:
    overlay(folder, f"  {change}\n")

    with pytest.raises(ProgrammeUnreadable) as refused:
        load(folder, place="norwich")

    assert said in str(refused.value)
    assert refused.value.problems[0].file.endswith("places/norwich/small.yaml")
    assert refused.value.problems[0].line == 4


def test_a_place_may_add_a_rule_and_raise_an_urgency(folder: Path) -> None:
    overlay(
        folder,
        "  triage.rules.food.urgency: today\n"
        "  triage.rules.cold: {id: cold, when: {heating: at least off}, urgency: soon}\n"
        "  programme.languages: [en, pl, pt]\n",
    )

    rules = load(folder, place="norwich").sections["triage"].data["rules"]

    assert [(rule["id"], rule["urgency"]) for rule in rules] == [
        ("breath", "emergency"),
        ("food", "today"),
        ("cold", "soon"),
    ]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("agreed_on: 2026-02-20\n", "nobody has agreed this"),
        ("agreed_by: Board\n", "there is no day"),
        ("agreed_by: Board\nagreed_on: 2026-02-30\n", "there is no day"),
        ("agreed_by: Board\nagreed_on: 2026-02-20\nby: me\n", '"by" is not a key'),
    ],
)
def test_an_overlay_nobody_agreed_is_refused(folder: Path, head: str, said: str) -> None:
    overlay(folder, "  cadence.wait: 4\n", head)

    with pytest.raises(ProgrammeUnreadable) as refused:
        load(folder, place="norwich")

    assert any(said in str(problem) for problem in refused.value.problems)


@pytest.mark.parametrize("place", ["ipswich", "../norwich", ""])
def test_a_place_the_programme_does_not_have_is_refused(folder: Path, place: str) -> None:
    with pytest.raises(ProgrammeNotFound):
        load(folder, place=place)


def test_a_folder_without_a_programme_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeNotFound):
        load(tmp_path)
    with pytest.raises(ProgrammeNotFound):
        load(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("csv", "said"),
    [
        ("term\nAsthma\n", "list.csv:1: there is no column `code`"),
        ("code,term\n1,A\n1,B\n", "list.csv:3: the code 1 is listed twice"),
        ("code,term\n,A\n", "list.csv:2: this row has no code"),
        ("code,term\n", "list.csv:1: the list is empty"),
    ],
)
def test_a_damaged_codelist_is_refused_with_its_line(folder: Path, csv: str, said: str) -> None:
    (folder / "codelists").mkdir()
    (folder / "codelists" / "list.csv").write_text(csv)
    (folder / "codelists" / "list.yaml").write_text("system: snomed\n")

    with pytest.raises(ProgrammeUnreadable) as refused:
        load(folder)

    assert said in str(refused.value)


def test_a_codelist_needs_a_file_beside_it_that_says_its_source(folder: Path) -> None:
    (folder / "codelists").mkdir()
    (folder / "codelists" / "list.csv").write_text("code,term\n0012,A\n")

    with pytest.raises(ProgrammeUnreadable, match="nothing beside this list"):
        load(folder)

    (folder / "codelists" / "list.yaml").write_text("system: read\nsource: a\nillustrative: true\n")
    read = load(folder).codelists["list"]
    assert (read.codes, read.system, read.illustrative) == (frozenset({"0012"}), "read", True)
