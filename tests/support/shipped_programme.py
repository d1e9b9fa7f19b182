"""What any shipped programme must hold, asked of its folder: for the tests of each programme."""

from __future__ import annotations

from functools import cache

from wherry.checkin import definition as checkin
from wherry.foundation.content import content_folder
from wherry.governance.definition import hazards
from wherry.journeys.check_programme import Checked, check
from wherry.programmes.files import load
from wherry.programmes.types import ProgrammeFiles
from wherry.triage import definition as triage
from wherry.triage.types import TriageDefinition


def files_of(programme: str, place: str | None = None) -> ProgrammeFiles:
    return load(content_folder("programmes") / programme, place=place)


@cache
def checked(programme: str, place: str | None = None) -> Checked:
    return check(files=files_of(programme, place))


def table_of(programme: str) -> TriageDefinition:
    sections = files_of(programme).sections
    return triage.parse(sections["triage"], questionnaire=checkin.parse(sections["questionnaire"]))


def red_flags_lacking(programme: str) -> list[str]:
    """Name each red flag without a case that expects it, an open hazard, or words in every promised language."""
    files, found = files_of(programme), []
    languages = set(files.sections["programme"].data["languages"])
    covered = {flag for one in hazards.parse(files.sections["hazards"]) for flag in one.red_flags}
    expected = {
        flag
        for name, section in files.cases.items()
        if not name.startswith("cases/risk/")
        for case in section.data["cases"]
        for flag in case["expect"].get("red_flags", ())
    }
    for rule in table_of(programme).rules:
        if rule.red_flag and not (rule.red_flag in covered & expected and languages <= set(rule.say)):
            found.append(rule.red_flag)
    return found
