"""The programme a process works by: as it was signed and is in force, for one place or for none."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from wherry.cases.models import Case, Occurrence
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
from wherry.programmes.whole import unpack
from wherry.referrals import definition as referrals
from wherry.referrals.types import Services
from wherry.sign_off.errors import NothingInForce
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.queries import files_of, last_in_force, programmes_once_in_force, standing_of, versions_in_force
from wherry.sign_off.rules import leading, version_for
from wherry.sign_off.types import Standing
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


#: For so long a process goes by what it last read of which versions are in force. A stop is asked for at each hand-off.
_READ_AGAIN_SECONDS = 5.0
_kept: list[tuple[float, tuple[Standing, ...]]] = []


def standings() -> tuple[Standing, ...]:
    """List the versions in force, as they stood some seconds ago at most."""
    now = time.monotonic()
    if not _kept or now - _kept[0][0] > _READ_AGAIN_SECONDS:
        _kept[:] = [(now, versions_in_force())]
    return _kept[0][1]


def look_again() -> None:
    """Forget which versions were in force, since that has just been changed."""
    _kept.clear()


_last_known: list[tuple[tuple[str, str], ...]] = [()]


def who_to_ring() -> tuple[tuple[str, str], ...]:
    """
    Give the sender's name and helpline of every programme, for a page that does not know whose it is.

    A page that says that something is wrong stands even where it is the database: it says what was true last.
    """
    try:
        cadences = [worked_by(programme=code).cadence for code in programmes_once_in_force()]
    except DatabaseError:
        return _last_known[0]
    _last_known[0] = tuple(dict.fromkeys((one.sender_name, one.helpline) for one in cadences))
    return _last_known[0]


def version_opened_under(*, programme: str, rank: int) -> UUID | None:
    """Choose the version somebody's next check-in is opened under; None: none is released to them yet."""
    chosen = version_for(rank=rank, in_force=[one for one in standings() if one.programme == programme])
    return chosen.id if chosen else None


def in_force(*, programme: str, place: str = "", version: UUID | None = None) -> InForce:
    """
    Give a programme as a place has it: in the version a check-in was opened under, else the one that leads.

    Raises NothingInForce; ProgrammeUnreadable, naming file and line: nobody is reached, asked or triaged by a broken
    file, nor by one that nobody signed.
    """
    standing = _standing(version) if version else leading(in_force=[o for o in standings() if o.programme == programme])
    if standing is None:
        raise NothingInForce(f"no version of {programme} is in force; put one forward and have it signed")
    return _as_signed(standing.id, standing.programme, standing.hash, place)


def of_check_in(*, occurrence: Occurrence) -> InForce:
    """Give the programme a check-in is asked, sent and decided by, from its beginning to its end."""
    case = occurrence.case
    return in_force(programme=case.programme, place=case.place, version=occurrence.programme_version_id)


def of_case(*, case: Case) -> InForce:
    """
    Give the programme a case is worked by: the version that leads, else the last that did.

    What was begun is finished, and a red flag has its owner, though the programme was stopped or stood down meanwhile.
    Raises NothingInForce where none ever was in force.
    """
    return worked_by(programme=case.programme, place=case.place)


def worked_by(*, programme: str, place: str = "") -> InForce:
    """Give the version that leads a programme, else the last that did: to finish by, never to begin anything by."""
    try:
        return in_force(programme=programme, place=place)
    except NothingInForce:
        last = last_in_force(programme=programme)
        if last is None:
            raise
        return in_force(programme=programme, place=place, version=last.id)


def of_version(*, version: ProgrammeVersion) -> InForce:
    """Give one version as it was put forward, in force or not: for those who sign, release or end it."""
    return _as_signed(version.pk, version.programme, version.hash, "")


def files_of_version(*, version: ProgrammeVersion) -> ProgrammeFiles:
    """Give the files of one version as it was put forward, its places beside it; of one that only finds people too."""
    return _files_as_signed(version.pk, version.programme, version.hash)


@lru_cache(maxsize=16)
def _files_as_signed(version: UUID, programme: str, hash: str) -> ProgrammeFiles:  # noqa: A002
    into = Path(settings.HOME) / "programmes"
    return load(unpack(files=files_of(version_id=version), code=programme, hash=hash, into=into))


@lru_cache(maxsize=64)
def as_written(*, programme: str, place: str = "") -> InForce:
    """Give a programme as it lies in the content folder, signed or not: for those who write and check it."""
    return _read(content_folder("programmes") / programme, place)


@lru_cache(maxsize=64)
def _standing(version: UUID) -> Standing:
    # What a version holds never changes; whether it is in force is asked elsewhere.
    return standing_of(version_id=version)


@lru_cache(maxsize=64)
def _as_signed(version: UUID, programme: str, hash: str, place: str) -> InForce:  # noqa: A002
    into = Path(settings.HOME) / "programmes"
    return _read(unpack(files=files_of(version_id=version), code=programme, hash=hash, into=into), place)


def _read(folder: Path, place: str) -> InForce:
    files = load(folder, place=place or None)
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
