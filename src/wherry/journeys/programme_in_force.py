"""The programme a process works by: read once from its files, for one place or for none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from wherry.checkin.types import Questionnaire
from wherry.evaluation import definition as evaluation
from wherry.evaluation.definition import Measures
from wherry.foundation.content import content_folder
from wherry.journeys.read_programme import fitting_section, triage_table
from wherry.journeys.read_programme import programme as read_programme
from wherry.outreach import definition as outreach
from wherry.outreach.types import Cadence, Messages
from wherry.programmes.definition import Programme
from wherry.programmes.files import load
from wherry.programmes.types import ProgrammeFiles
from wherry.referrals import definition as referrals
from wherry.referrals.types import Services
from wherry.triage.types import TriageDefinition
from wherry.worklist import definition as worklist
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
    measures: Measures


@lru_cache(maxsize=1)
def who_to_ring() -> tuple[tuple[str, str], ...]:
    """Give the sender's name and helpline of every programme, for a page that does not know whose it is."""
    cadences = [in_force(programme=code).cadence for code in programmes_that_reach_people()]
    return tuple(dict.fromkeys((one.sender_name, one.helpline) for one in cadences))


def programmes_that_reach_people() -> tuple[str, ...]:
    """Give the codes of the programmes with a cadence; a folder that only finds people has none."""
    folder = content_folder("programmes")
    return tuple(sorted(file.parent.name for file in folder.glob("*/cadence.yaml")))


@lru_cache(maxsize=64)
def in_force(*, programme: str, place: str = "") -> InForce:
    """
    Give a programme as a place has it.

    Raises ProgrammeUnreadable, naming file and line: nobody is reached, asked or triaged by a broken file.
    """
    files = load(content_folder("programmes") / programme, place=place or None)
    for name in files.sections:
        if name.startswith(f"{outreach.MESSAGES_SECTION}/"):
            fitting_section(files=files, name=name, schema=outreach.MESSAGES_SCHEMA)
    triage = triage_table(files=files)
    return InForce(
        files=files,
        programme=read_programme(files=files),
        cadence=outreach.parse(fitting_section(files=files, name=outreach.SECTION, schema=outreach.SCHEMA)),
        messages=outreach.parse_messages(files.sections),
        questionnaire=triage.questionnaire,
        triage=triage,
        services=referrals.parse(fitting_section(files=files, name=referrals.SECTION, schema=referrals.SCHEMA)),
        script=worklist.parse(fitting_section(files=files, name=worklist.SECTION, schema=worklist.SCHEMA)),
        measures=evaluation.parse(fitting_section(files=files, name=evaluation.SECTION, schema=evaluation.SCHEMA)),
    )
