"""The schemas editors read are those the source holds files against, and every file that names one fits it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from wherry.nonprod.schemas import SCHEMAS, written
from wherry.programmes.marked_yaml import read_section
from wherry.programmes.schema import schema_problems

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "schemas"
NAMES_A_SCHEMA = re.compile(r"^# yaml-language-server: \$schema=(\S+)$", re.MULTILINE)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_says_what_the_source_says(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert (FOLDER / f"{name}.schema.json").read_text() == written(name), "run make docs"


def test_no_schema_is_left_that_nothing_writes() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {f"{name}.schema.json" for name in SCHEMAS}


def test_every_file_that_names_a_schema_fits_it() -> None:
    found = 0
    for file in sorted((ROOT / "programmes").rglob("*.yaml")):
        named = NAMES_A_SCHEMA.search(file.read_text())
        if named:
            schema = (file.parent / named.group(1)).resolve()
            assert schema.parent == FOLDER, f"{file} names a schema that is not there"
            section = read_section(path=str(file), content=file.read_bytes())
            problems = schema_problems(section=section, schema=SCHEMAS[schema.name.removesuffix(".schema.json")])
            assert [str(one) for one in problems] == []
            found += 1
    assert found >= 1


def test_every_shipped_list_says_where_it_comes_from_as_the_schema_asks() -> None:
    for file in sorted((ROOT / "programmes").rglob("codelists/*.yaml")):
        section = read_section(path=str(file), content=file.read_bytes())
        assert schema_problems(section=section, schema=SCHEMAS["codelist"]) == (), file


def test_every_risk_definition_names_the_schema() -> None:
    files = [*(ROOT / "programmes").rglob("risk.yaml"), *(ROOT / "programmes").rglob("cases/risk/*.yaml")]
    # A template is copied to where its way to the schemas would be another.
    here = [file for file in files if "templates" not in file.parts]
    assert [str(file) for file in here if not NAMES_A_SCHEMA.search(file.read_text())] == []
