"""
Every check on a definition: each file against its schema and its room's rules, then the rooms against each other.

Proved here, over every combination of answers: each reaches an outcome, and no worse answer lowers the urgency or
drops a red flag. Hazards: H-02 (a red flag is not seen), H-10 (weakened rules), H-12 (worse made less urgent).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from wherry.checkin import definition as checkin
from wherry.evaluation import definition as evaluation
from wherry.foundation.problems import Problem
from wherry.governance.definition import agreements, hazards
from wherry.journeys.check_programme.across import across
from wherry.journeys.check_programme.cases import risk_case_problems, triage_problems
from wherry.journeys.check_programme.flows import flow_problems
from wherry.journeys.check_programme.reaching import reaching_problems
from wherry.journeys.check_programme.reading import reading_told
from wherry.journeys.check_programme.roles import role_problems
from wherry.journeys.check_programme.routing import routing_problems
from wherry.journeys.check_programme.wording import wording_problems
from wherry.journeys.check_programme.words import shared_words
from wherry.outreach import definition as outreach
from wherry.programmes import definition as programmes
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import ProgrammeFiles, Section
from wherry.referrals import definition as referrals
from wherry.review import definition as review
from wherry.risk import definition as risk
from wherry.triage import definition as triage
from wherry.worklist import definition as worklist


@dataclass(frozen=True)
class Checked:
    """What a check found. told: what was proved and how much of it, in words; parsed: section → what its room reads."""

    problems: tuple[Problem, ...]
    told: tuple[str, ...] = ()
    parsed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Room:
    """How one room reads its file and what it checks beyond the schema."""

    section: str
    schema: Mapping[str, Any]
    parse: Callable[[Section], Any]
    problems: Callable[[Any, Section], tuple[Problem, ...]]


def _rooms(files: ProgrammeFiles) -> tuple[_Room, ...]:
    """Give every room but triage, which needs what one of these has read."""
    reaching = (agreements, hazards, review, outreach, checkin, worklist, referrals, evaluation)
    plain = (programmes, *(() if _finds_only(files) else reaching))
    risk_problems = partial(_risk_problems, files=files)
    return (
        *(_Room(one.SECTION, one.SCHEMA, one.parse, one.problems) for one in plain),
        _Room(risk.SECTION, risk.SCHEMA, risk.parse, risk_problems),
    )


def _finds_only(files: ProgrammeFiles) -> bool:
    programme = files.section(programmes.SECTION)
    return isinstance(programme.data, dict) and programme.data.get("finds_only") is True if programme else False


def _risk_problems(definition: Any, section: Section, *, files: ProgrammeFiles) -> tuple[Problem, ...]:
    found = risk.problems(definition, section=section, codelists=files.codelists)
    return (*found, *risk.unread(definition, codelists=files.codelists))


def check(*, files: ProgrammeFiles, centre: ProgrammeFiles | None = None) -> Checked:
    """
    Run every check on a programme, as it holds in the place it was loaded for.

    centre: the same programme as the centre has it, checked before; what a place left as it is, is not proved again.
    A file that does not fit its schema is not looked into further, and what depends on it is left out: mend it and
    check again. Pure but for the time it takes: some seconds at most.
    """
    found: list[Problem] = []
    parsed: dict[str, Any] = {}
    for room in _rooms(files):
        found += _one_room(files, room, parsed)
    if checkin.SECTION in parsed:
        read_table = partial(triage.parse, questionnaire=parsed[checkin.SECTION], hash=files.hash)
        found += _one_room(files, _Room(triage.SECTION, triage.SCHEMA, read_table, triage.problems), parsed)
    found += _messages(files, parsed)
    found += _unknown_files(files)
    told: tuple[str, ...] = ()
    if outreach.SECTION in parsed and not _leave(files, centre, found, outreach.SECTION):
        more, told = reaching_problems(files, parsed)
        found += more
    if triage.SECTION in parsed and not _leave(files, centre, found, triage.SECTION, checkin.SECTION):
        more, said = triage_problems(files, parsed[triage.SECTION])
        found, told = [*found, *more], (*told, *said)
    if risk.SECTION in parsed and not _leave(files, centre, found, risk.SECTION):
        more, said = risk_case_problems(files, parsed[risk.SECTION])
        found, told = [*found, *more], (*told, *said)
    found += across(files, parsed)
    found += flow_problems(files, parsed, is_known=centre is not None)
    found += role_problems(files, parsed)
    found += wording_problems(files, parsed)
    if centre is None or not _same(files, centre, referrals.SECTION):
        more, said = routing_problems(files, parsed)
        found, told = [*found, *more], (*told, *said)
    told = (*told, *reading_told(parsed))
    return Checked(tuple(sorted(set(found))), told, parsed)


def _leave(files: ProgrammeFiles, centre: ProgrammeFiles | None, found: list[Problem], *names: str) -> bool:
    """Say whether sections are not to be proved: there is something to mend first, or the centre's proof holds here."""
    paths = {files.overlay_path, *(files.sections[name].path for name in names)}
    if any(one.file in paths for one in found):
        return True
    return centre is not None and files.cases.keys() == centre.cases.keys() and _same(files, centre, *names)


def _same(files: ProgrammeFiles, centre: ProgrammeFiles, *names: str) -> bool:
    pairs = ((files.section(name), centre.section(name)) for name in names)
    return all(one is not None and other is not None and one.data == other.data for one, other in pairs)


def _one_room(files: ProgrammeFiles, room: _Room, parsed: dict[str, Any]) -> tuple[Problem, ...]:
    section = files.section(room.section)
    if section is None:
        return (Problem(f"{files.directory}/{room.section}.yaml", 0, "the file is missing", "write it"),)
    misfits = schema_problems(section=section, schema=room.schema)
    if misfits:
        return misfits
    parsed[room.section] = room.parse(section)
    return room.problems(parsed[room.section], section)


def _messages(files: ProgrammeFiles, parsed: dict[str, Any]) -> list[Problem]:
    found: list[Problem] = []
    sections = {name: section for name, section in files.sections.items() if name.startswith("messages/")}
    for section in sections.values():
        found += schema_problems(section=section, schema=outreach.MESSAGES_SCHEMA)
    programme, cadence = parsed.get(programmes.SECTION), parsed.get(outreach.SECTION)
    if found or not programme or not cadence:
        return found
    parsed["messages"] = outreach.parse_messages(sections)
    try:
        words = shared_words(name="telling", directory=files.directory, schema=outreach.TELLING_SCHEMA)
    except ProgrammeUnreadable as error:
        return list(error.problems)
    telling = outreach.read_telling(words, names=(programme.name, programme.code))
    found += outreach.message_problems(
        parsed["messages"],
        files.sections,
        cadence=cadence,
        languages=programme.languages,
        telling=telling,
        last_message=programme.ending.last_message if programme.ending else "",
    )
    return found


def _unknown_files(files: ProgrammeFiles) -> list[Problem]:
    known = {room.section for room in _rooms(files)} | {triage.SECTION}
    return [
        Problem(section.path, 0, "no part of Wherry reads this file", "correct its name or remove it")
        for name, section in files.sections.items()
        if name not in known and not name.startswith("messages/")
    ]
