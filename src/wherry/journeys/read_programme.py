"""From a programme's files to what the rooms decide by. A file that does not fit its schema is refused at its line."""

from __future__ import annotations

from typing import Any

from wherry.checkin import definition as checkin
from wherry.checkin.types import Questionnaire
from wherry.foundation.problems import Problem
from wherry.governance.definition import agreements as governance
from wherry.programmes import definition as programmes
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.files import load
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import ProgrammeFiles, Section
from wherry.triage import definition as triage
from wherry.triage.types import TriageDefinition


def as_places_have_it(*, files: ProgrammeFiles) -> dict[str, ProgrammeFiles]:
    """
    Give the same programme as each of its places has it, by place.

    Raises ProgrammeUnreadable for an overlay that cannot be laid over it.
    """
    section = files.section(programmes.SECTION)
    places = section.data.get("places") if section and isinstance(section.data, dict) else None
    named = [one for one in places if isinstance(one, str)] if isinstance(places, list) else []
    return {place: load(files.directory, place=place) for place in named}


def fitting_section(*, files: ProgrammeFiles, name: str, schema: dict[str, Any]) -> Section:
    """Give a section that fits its schema. Raises ProgrammeUnreadable: it is not there, or where it does not fit."""
    section = files.section(name)
    if section is None:
        missing = Problem(f"{files.directory}/{name}.yaml", 0, "the file is missing", "write it")
        raise ProgrammeUnreadable([missing])
    found = schema_problems(section=section, schema=schema)
    if found:
        raise ProgrammeUnreadable(found)
    return section


def programme(*, files: ProgrammeFiles) -> programmes.Programme:
    """Give the programme's own facts. Raises ProgrammeUnreadable."""
    return programmes.parse(fitting_section(files=files, name=programmes.SECTION, schema=programmes.SCHEMA))


def agreements(*, files: ProgrammeFiles) -> tuple[governance.Agreement, ...]:
    """Give who takes part in the programme and who sends for it, by what right. Raises ProgrammeUnreadable."""
    return governance.parse(fitting_section(files=files, name=governance.SECTION, schema=governance.SCHEMA))


def questionnaire(*, files: ProgrammeFiles) -> Questionnaire:
    """Give the questionnaire. Raises ProgrammeUnreadable, also for mistakes the schema cannot see."""
    section = fitting_section(files=files, name=checkin.SECTION, schema=checkin.SCHEMA)
    parsed = checkin.parse(section)
    found = checkin.problems(parsed, section)
    if found:
        raise ProgrammeUnreadable(found)
    return parsed


def triage_table(*, files: ProgrammeFiles) -> TriageDefinition:
    """
    Give the triage table with its questionnaire.

    Raises ProgrammeUnreadable, also for a condition that can never hold: nobody is triaged by a broken table.
    Hazard: H-02 (a red flag is not seen).
    """
    section = fitting_section(files=files, name=triage.SECTION, schema=triage.SCHEMA)
    table = triage.parse(section, questionnaire=questionnaire(files=files), hash=files.hash)
    found = triage.problems(table, section)
    if found:
        raise ProgrammeUnreadable(found)
    return table
