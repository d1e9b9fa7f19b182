"""What we ship of who is found: each case on every engine; definitions with the small lists and the full ones."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import functools
import itertools
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.risk_populations import ENGINES, ask, given
from wherry.foundation.content import content_folder
from wherry.journeys.check_programme import check
from wherry.programmes.files import load
from wherry.programmes.marked_yaml import read_section
from wherry.programmes.types import ProgrammeFiles
from wherry.risk.codelists import take_in
from wherry.risk.codelists.shapes import why_not
from wherry.risk.definition import codes_of
from wherry.risk.examples import FOLDER, Case, cases_of
from wherry.risk.queries import usable_definition

PROGRAMMES = content_folder("programmes")
SHIPPED = PROGRAMMES / "definitions"
NAMES = sorted(file.parent.name for file in SHIPPED.glob("*/programme.yaml"))
REACHING = sorted(file.parent.name for file in PROGRAMMES.glob("*/programme.yaml"))
PUBLISHED = Path(__file__).parents[4] / "shared" / "data" / "codelists"


@functools.cache
def _files(name: str) -> ProgrammeFiles:
    return load(_folder(name))


def _folder(name: str) -> Path:
    return SHIPPED / name if name in NAMES else PROGRAMMES / name


def _cases(files: ProgrammeFiles) -> list[tuple[dt.date, list[Case]]]:
    of_people = [section for name, section in files.cases.items() if name.startswith(FOLDER)]
    cases = [case for section in of_people for case in cases_of(section=section, codelists=files.codelists)]
    ordered = sorted(cases, key=lambda case: case.as_of)
    return [(day, list(group)) for day, group in itertools.groupby(ordered, key=lambda case: case.as_of)]


def _placed_otherwise(files: ProgrammeFiles, engine: ModuleType) -> list[str]:
    """Ask an engine about everybody of one index date at once; name the cases it places otherwise than expected."""
    definition, wrong = usable_definition(files), list[str]()
    for as_of, cases in _cases(files):
        people = [dataclasses.asdict(case.person) for case in cases]
        facts = [
            {**dataclasses.asdict(fact), "person_id": case.id, "kind": "fact"} for case in cases for fact in case.facts
        ]
        with given(people=people, facts=facts) as connection:
            rows, _ = ask(engine, connection, definition=definition, codes=codes_of(files.codelists), as_of=as_of)
        found: dict[object, dict[object, object]] = {}
        for person, category, tier, *_ in rows:
            found.setdefault(person, {})[category] = tier
        wanted = {case.id: {key: str(tier) for key, tier in case.expect["placed"].items()} for case in cases}
        wrong += [name for name, placed in wanted.items() if found.get(name, {}) != placed]
    return wrong


def test_there_are_definitions_to_check() -> None:
    assert NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_definition_has_no_problems_and_runs_its_cases(name: str) -> None:
    checked = check(files=_files(name))
    assert [str(one) for one in checked.problems] == []
    assert "cases of who is found run" in checked.told[-1]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.NAME)
@pytest.mark.parametrize("name", [*NAMES, *REACHING])
def test_every_engine_places_each_case_as_expected(name: str, engine: ModuleType) -> None:
    assert _placed_otherwise(_files(name), engine) == []


@pytest.mark.parametrize("name", [*NAMES, *REACHING])
def test_every_shipped_list_is_small_well_formed_and_marked_as_a_sample(name: str) -> None:
    for file in sorted((_folder(name) / "codelists").glob("*.csv")):
        about = read_section(path=str(file), content=file.with_suffix(".yaml").read_bytes()).data
        codes = _codes(file)
        assert about["illustrative"] is True, file.name
        assert 1 <= len(codes) <= 15, file.name
        assert [code for code in codes if why_not(code=code, system=about["system"])] == [], file.name
        published = about.get("source_list") or about.get("taken_from")
        if published and PUBLISHED.is_dir():
            assert codes <= _codes(PUBLISHED / f"{published}.csv"), file.name


@pytest.mark.parametrize("name", NAMES)
def test_a_definition_runs_unchanged_on_the_full_published_lists(name: str, tmp_path: Path) -> None:
    if not PUBLISHED.is_dir():
        pytest.skip("the published codelists are not beside this project; nothing to import")
    folder = Path(shutil.copytree(SHIPPED / name, tmp_path / name))
    taken = [
        take_in(file=PUBLISHED / f"{about['source_list']}.csv", programme=folder, name=file.stem)
        for file in sorted((folder / "codelists").glob("*.yaml"))
        if "source_list" in (about := read_section(path=str(file), content=file.read_bytes()).data)
    ]
    files = load(folder)
    assert sum(one.codes for one in taken) > sum(one.before for one in taken)
    assert [str(one) for one in check(files=files).problems] == []
    assert {engine.NAME: _placed_otherwise(files, engine) for engine in ENGINES} == {e.NAME: [] for e in ENGINES}


def _codes(file: Path) -> set[str]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return {(row.get("code") or row.get("id") or "").strip() for row in csv.DictReader(text)}
