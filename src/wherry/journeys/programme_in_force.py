"""The programme a process works by: read once from its files, for one place or for none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from wherry.checkin import definition as checkin_definition
from wherry.checkin.types import Questionnaire
from wherry.foundation.content import content_folder
from wherry.outreach import definition as outreach_definition
from wherry.outreach.types import Cadence, Messages
from wherry.programmes import definition as programme_definition
from wherry.programmes.definition import Programme
from wherry.programmes.files import load
from wherry.programmes.types import ProgrammeFiles, Section
from wherry.referrals import definition as referrals_definition
from wherry.referrals.types import Services
from wherry.triage import definition as triage_definition
from wherry.triage.types import TriageDefinition
from wherry.worklist import definition as worklist_definition
from wherry.worklist.types import CallScript


@dataclass(frozen=True)
class InForce:
    """Everything a programme says, as the rooms speak it."""

    files: ProgrammeFiles
    programme: Programme
    cadence: Cadence
    messages: Messages
    questionnaire: Questionnaire
    triage: TriageDefinition
    services: Services
    script: CallScript


@lru_cache(maxsize=64)
def in_force(*, programme: str, place: str = "") -> InForce:
    """Give a programme as a place has it. Raises InputWrong, naming file and line, for one that cannot be read."""
    files = load(content_folder("programmes") / programme, place=place or None)
    questionnaire = checkin_definition.parse(_section(files, checkin_definition.SECTION))
    return InForce(
        files=files,
        programme=programme_definition.parse(_section(files, programme_definition.SECTION)),
        cadence=outreach_definition.parse(_section(files, outreach_definition.SECTION)),
        messages=outreach_definition.parse_messages(files.sections),
        questionnaire=questionnaire,
        triage=triage_definition.parse(
            _section(files, triage_definition.SECTION), questionnaire=questionnaire, hash=files.hash
        ),
        services=referrals_definition.parse(_section(files, referrals_definition.SECTION)),
        script=worklist_definition.parse(_section(files, worklist_definition.SECTION)),
    )


def _section(files: ProgrammeFiles, name: str) -> Section:
    found = files.section(name)
    if found is None:
        raise FileNotFoundError(f"{files.directory}/{name}.yaml")
    return found
