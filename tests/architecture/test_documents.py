"""The documents name only what exists, and all of it. Each check is seen to fail on a planted line."""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from wherry.commands.main import COMMANDS
from wherry.nonprod.reference import PAGES

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "wherry"
HAZARDS = ROOT / "programmes" / "covid_protect" / "hazards.yaml"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "decisions").glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))]
# What is said of commands here is so today: not what was weighed, nor what is still to come.
OF_TODAY = [path for path in DOCUMENTS if path.parent.name != "decisions" and path.name != "CHANGELOG.md"]
TUTORIAL = ROOT / "docs" / "tutorial.md"
PARTS_OF_A_DOOR = ("In:", "Out:", "Never:", "Hazards:")
# Made by a run, so not there in a fresh checkout.
_MADE_LATER = ("var", ".venv", "build")
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
_ENDINGS = (".py", ".yaml", ".md", ".sql", ".toml", ".txt", ".in", "/")


def _names_of_files(text: str) -> set[str]:
    linked = {target.split("#")[0] for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target}
    quoted = {code.split("::")[0] for code in _CODE.findall(text)}
    paths = {name for name in quoted if _PATH.fullmatch(name) and name.endswith(_ENDINGS)}
    return {name for name in linked | paths if name and name.split("/")[0] not in _MADE_LATER}


def _exists(name: str, folder: Path) -> bool:
    # From where the document is, the root, the code, or the name a file has in whichever room or programme has one.
    if name.startswith(".."):
        return (folder / name).exists()
    places = (folder, ROOT, SOURCE)
    return any((place / name).exists() for place in places) or any(
        found for rooms in (SOURCE, ROOT / "programmes") for found in rooms.glob(f"*/{name.rstrip('/')}")
    )


def _lost(text: str, folder: Path = ROOT) -> list[str]:
    # A tutorial makes files: those of a programme it begins, and those it has its reader write.
    made = tuple(re.findall(r"wherry programme new (\S+)", text) + re.findall(r"Write `([^`]+)`:", text))
    return sorted(
        name for name in _names_of_files(text) if not _exists(name, folder) and not (made and name.startswith(made))
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_a_document_names_exists(document: Path) -> None:
    assert _lost(document.read_text(), document.parent) == []


@pytest.mark.parametrize(
    "line",
    [
        "[a](GONE.md)",
        "[a](../GONE.md)",
        "![a](pictures/gone-390.png)",
        "`src/wherry/gone.py`",
        "see `programmes/gone/` there",
        "`gone.sql`",
    ],
)
def test_a_planted_file_that_is_not_there_is_found(line: str) -> None:
    assert _lost(line) != []


def test_the_front_page_is_one_page() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) < 120


def _pictures_named(text: str) -> set[str]:
    return set(re.findall(r"\]\((pictures/[^)]+)\)", text))


def test_the_tutorial_shows_every_picture_and_the_pictures_stay_small() -> None:
    pictures = sorted((TUTORIAL.parent / "pictures").iterdir())

    assert _pictures_named(TUTORIAL.read_text()) == {f"pictures/{one.name}" for one in pictures}
    assert sum(one.stat().st_size for one in pictures) < 3_000_000


def _pressed(walk: str) -> set[str]:
    calls = [one for one in ast.walk(ast.parse(walk)) if isinstance(one, ast.Call)]
    presses = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id == "press"]
    return {str(one.args[1].value) for one in presses if isinstance(one.args[1], ast.Constant)}


def test_what_the_walk_presses_the_tutorial_names() -> None:
    walk = (TUTORIAL.parent / "pictures.py").read_text()
    told = TUTORIAL.read_text().replace("\n", " ")

    # The call to action has a number of its own each time, so the tutorial says: open it.
    untold = {words for words in _pressed(walk) if f"**{words}**" not in told} - {"Food: ref"}

    assert len(_pressed(walk)) > 8
    assert untold == set()


def test_whom_the_tutorial_signs_in_as_is_invented_by_the_demonstration() -> None:
    content = yaml.safe_load((SOURCE / "nonprod" / "demo" / "personas.yaml").read_text())
    known = {one["email"] for one in content["staff"]}

    named = set(re.findall(r"`(\S+@\S+)`", TUTORIAL.read_text()))

    assert len(named) == 5
    assert named <= known


@pytest.mark.parametrize("page", PAGES)
def test_the_reference_says_what_the_source_says(page: str) -> None:
    assert (ROOT / "docs" / "reference" / f"{page}.md").read_text() == PAGES[page](), "run make docs"


def _commands_named(text: str) -> set[tuple[str, ...]]:
    """Read `wherry feeds check`, and in the same cell of a table the bare `receive` after it."""
    found: set[tuple[str, ...]] = set()
    for cell in re.split(r"[|\n]", text):
        group = ""
        for code in _CODE.findall(cell) or [cell.strip()]:
            words = code.removeprefix(".venv/bin/").split()
            if words[:1] == ["wherry"] and len(words) > 1 and words[1].isalpha():
                group = words[1]
                found.add((group, *(word for word in words[2:3] if re.fullmatch("[a-z]+", word))))
            elif group and re.fullmatch("[a-z]+", code):
                found.add((group, code))
    return found


def _is_a_command(words: tuple[str, ...]) -> bool:
    entry = COMMANDS.get(words[0])
    if entry is None or not entry.is_installed():
        return False
    command = entry.load()
    return len(words) == 1 or not isinstance(command, click.Group) or words[1] in command.commands


@pytest.mark.parametrize("document", OF_TODAY, ids=lambda path: path.name)
def test_every_command_a_document_names_is_behind_the_door(document: Path) -> None:
    named = _commands_named(document.read_text())

    assert [words for words in sorted(named) if not _is_a_command(words)] == []


def test_the_front_page_names_every_command() -> None:
    named = {words[0] for words in _commands_named((ROOT / "README.md").read_text())}

    assert named == set(COMMANDS)


@pytest.mark.parametrize("line", ["| `wherry fly` |", "| `wherry feeds check`, `swallow` |", "wherry programme burn x"])
def test_a_planted_command_is_found(line: str) -> None:
    assert [words for words in _commands_named(line) if not _is_a_command(words)] != []


@functools.cache
def _log() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(HAZARDS.read_text())["hazards"])


def _not_in_the_log(text: str) -> set[str]:
    return set(re.findall(r"\bH-\d\d\b", text)) - {hazard["id"] for hazard in _log()}


def test_every_hazard_that_code_tests_and_documents_name_is_in_the_log() -> None:
    kinds = ("*.py", "*.jinja", "*.sql", "*.md")
    here = Path(__file__)
    files = [path for folder in (SOURCE, ROOT / "tests") for kind in kinds for path in folder.rglob(kind)]

    unknown = {str(path): _not_in_the_log(path.read_text()) for path in [*files, *DOCUMENTS] if path != here}

    assert {path: ids for path, ids in unknown.items() if ids} == {}


def test_a_planted_hazard_is_found() -> None:
    assert _not_in_the_log("Hazards: H-01 (known), H-99 (nobody logged it)") == {"H-99"}


def _left_out_of(page: str) -> list[str]:
    """List what the log has and the safety page has not: ids with descriptions, controls, tests."""
    wanted = []
    for hazard in _log():
        wanted.append(f"## {hazard['id']} {hazard['description']}")
        for control in hazard["added_controls"]:
            wanted += [
                f"- *{control['kind']}*: {control['words']}",
                *(f"`{test}`" for test in control.get("tests", ())),
            ]
    return [words for words in wanted if words not in page]


def test_the_safety_page_says_what_the_log_says() -> None:
    page = (ROOT / "SAFETY.md").read_text()

    assert _left_out_of(page) == []
    assert _left_out_of(page.replace("## H-02 ", "## ")) != []


def _rooms() -> list[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "chain")
    return [layer for layer in reversed(layers) if not layer.startswith("(")]


def _rooms_listed(page: str) -> list[str]:
    section = page.split("## The rooms, in order")[1].split("##")[0]
    return re.findall(r"^\| `(\w+)` \|", section.split("Inside a room")[0], re.MULTILINE)


def test_the_architecture_lists_every_room_in_order() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text()

    assert _rooms_listed(page) == _rooms()
    assert _rooms_listed(page.replace("| `triage` |", "| |")) != _rooms()


def _missing_from_door(text: str) -> list[str]:
    door = ast.get_docstring(ast.parse(text)) or ""
    return [part for part in PARTS_OF_A_DOOR if not re.search(rf"^{part} +\S", door, re.MULTILINE)]


def _doors() -> list[Path]:
    rooms = [SOURCE / room for room in _rooms()]
    sites = [path.parent for path in sorted((SOURCE / "web").glob("*/__init__.py"))]
    return [folder / "__init__.py" for folder in [*rooms, *sites]]


@pytest.mark.parametrize("door", _doors(), ids=lambda path: str(path.parent.relative_to(SOURCE)))
def test_every_room_and_site_has_a_door(door: Path) -> None:
    assert _missing_from_door(door.read_text()) == []


@pytest.mark.parametrize("part", PARTS_OF_A_DOOR)
def test_a_planted_gap_in_a_door_is_found(part: str) -> None:
    door = (SOURCE / "triage" / "__init__.py").read_text()

    assert _missing_from_door(door.replace(part, "")) == [part]


def test_the_glossary_says_each_word_once() -> None:
    words = re.findall(r"^\| \*\*(.+?)\*\* \|", (ROOT / "GLOSSARY.md").read_text(), re.MULTILINE)

    assert len(words) > 50
    assert sorted({word for word in words if words.count(word) > 1}) == []
    assert words == sorted(words, key=str.casefold)


def test_every_decision_is_numbered_and_says_how_we_would_know_it_was_wrong() -> None:
    records = sorted((ROOT / "decisions").glob("*.md"))
    parts = ("**Context.**", "**Options", "**Outcome", "**We would know it was wrong if**")

    assert [record.name[:4] for record in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    assert {f"{record.name}: {part}" for record in records for part in parts if part not in record.read_text()} == set()
