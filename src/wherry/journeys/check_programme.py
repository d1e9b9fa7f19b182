"""
Every check on a definition: each file against its schema and its room's rules, then the rooms against each other.

Proved here, over every combination of answers: each reaches an outcome, and no worse answer lowers the urgency or
drops a red flag. Hazards: H-02 (a red flag is not seen), H-10 (weakened rules), H-12 (worse made less urgent).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from wherry.checkin import definition as checkin
from wherry.evaluation import definition as evaluation
from wherry.foundation.problems import Problem
from wherry.governance import definition as governance
from wherry.outreach import definition as outreach
from wherry.programmes import definition as programmes
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import ProgrammeFiles, Section
from wherry.referrals import definition as referrals
from wherry.review import definition as review
from wherry.risk import definition as risk
from wherry.risk import examples as risk_examples
from wherry.triage import definition as triage
from wherry.triage import examples, proof
from wherry.triage.types import TriageDefinition
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
    reaching = (governance, review, outreach, checkin, worklist, referrals, evaluation)
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
    return risk.problems(definition, section=section, codelists=files.codelists)


def check(*, files: ProgrammeFiles) -> Checked:
    """
    Run every check on a programme, as it holds in the place it was loaded for.

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
    if triage.SECTION in parsed and not any(problem.file in _paths(files) for problem in found):
        more, told = _triage(files, parsed[triage.SECTION])
        found += more
    if risk.SECTION in parsed and not any(one.file == files.sections[risk.SECTION].path for one in found):
        more, said = _risk_cases(files, parsed[risk.SECTION])
        found, told = [*found, *more], (*told, *said)
    found += _across(files, parsed)
    return Checked(tuple(sorted(set(found))), told, parsed)


def _paths(files: ProgrammeFiles) -> set[str]:
    return {files.sections[name].path for name in (triage.SECTION, checkin.SECTION)}


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
    if not found and programme and cadence:
        parsed["messages"] = outreach.parse_messages(sections)
        found += outreach.message_problems(parsed["messages"], sections, cadence=cadence, languages=programme.languages)
    return found


def _unknown_files(files: ProgrammeFiles) -> list[Problem]:
    known = {room.section for room in _rooms(files)} | {triage.SECTION}
    return [
        Problem(section.path, 0, "no part of Wherry reads this file", "correct its name or remove it")
        for name, section in files.sections.items()
        if name not in known and not name.startswith("messages/")
    ]


def _triage(files: ProgrammeFiles, table: TriageDefinition) -> tuple[list[Problem], tuple[str, ...]]:
    proved = proof.prove(definition=table, section=files.sections[triage.SECTION])
    found, run = list(proved.problems), list[examples.Ran]()
    for section in (one for name, one in files.cases.items() if not name.startswith(risk_examples.FOLDER)):
        misfits = schema_problems(section=section, schema=examples.SCHEMA)
        found += misfits
        if not misfits:
            run.append(examples.run(definition=table, section=section))
    found += (problem for ran in run for problem in ran.problems)
    found += _without_case(files, table, run)
    return found, (proved.told, f"{sum(ran.count for ran in run)} cases run")


def _risk_cases(files: ProgrammeFiles, definition: Any) -> tuple[list[Problem], tuple[str, ...]]:
    """Run the cases of who is found; where there are any, every criterion and group must be true in one of them."""
    found, run = list[Problem](), list[risk_examples.Ran]()
    for section in (one for name, one in files.cases.items() if name.startswith(risk_examples.FOLDER)):
        misfits = schema_problems(section=section, schema=risk_examples.SCHEMA)
        found += misfits
        if not misfits:
            ran = risk_examples.run(definition=definition, section=section, codelists=files.codelists)
            run.append(ran)
            found += ran.problems
    if not run or found:
        return found, ()
    section = files.sections[risk.SECTION]
    for name in (each.name for each in definition.criteria):
        if not any(name in ran.met for ran in run):
            line = section.line("criteria", name) if name in section.data["criteria"] else section.line("groups", name)
            found.append(Problem(section.path, line, f"no case makes {name} true", "add one under cases/risk/"))
    return found, (f"{sum(ran.count for ran in run)} cases of who is found run",)


def _without_case(files: ProgrammeFiles, table: TriageDefinition, run: Sequence[examples.Ran]) -> Iterator[Problem]:
    section = files.sections[triage.SECTION]
    exercised = {rule for ran in run for rule in ran.rules}
    flagged = {flag for ran in run for flag in ran.red_flags}
    for at, rule in enumerate(table.rules):
        line = section.line("rules", at)
        if rule.id not in exercised:
            what = f"no case makes the rule {rule.id} fire"
            yield Problem(section.path, line, what, "add one under cases/")
        if rule.red_flag and rule.red_flag not in flagged:
            what = f"no case expects the red flag {rule.red_flag}"
            yield Problem(section.path, line, what, "add one under cases/")


def _across(files: ProgrammeFiles, parsed: Mapping[str, Any]) -> list[Problem]:
    return [
        *_languages(files, parsed),
        *_red_flags_have_hazards(files, parsed),
        *_red_flags_not_to_be_told(files, parsed),
        *_needs_have_services(files, parsed),
    ]


def _languages(files: ProgrammeFiles, parsed: Mapping[str, Any]) -> list[Problem]:
    programme, asked = parsed.get(programmes.SECTION), parsed.get(checkin.SECTION)
    if not programme or not asked:
        return []
    missing = [language for language in programme.languages if language not in asked.languages]
    section = files.sections[checkin.SECTION]
    what = f"the questionnaire is not in {', '.join(missing)}, which the programme promises"
    return [Problem(section.path, section.line("title"), what, "add the words, from title_… on")] if missing else []


def _red_flags_have_hazards(files: ProgrammeFiles, parsed: Mapping[str, Any]) -> list[Problem]:
    table, log = parsed.get(triage.SECTION), parsed.get(governance.SECTION)
    if not table or log is None:
        return []
    covered = {flag for hazard in log if hazard.status == "open" for flag in hazard.red_flags}
    section = files.sections[triage.SECTION]
    found = []
    for at, rule in enumerate(table.rules):
        if rule.red_flag and rule.red_flag not in covered:
            what = f"no open hazard covers the red flag {rule.red_flag}"
            mend = "name it under red_flags of a hazard"
            found.append(Problem(section.path, section.line("rules", at, "red_flag"), what, mend))
    where = files.sections[governance.SECTION]
    for at, hazard in enumerate(log):
        for flag in hazard.red_flags:
            if flag not in table.red_flags:
                what = f"{hazard.id} covers the red flag {flag}, which no rule raises"
                found.append(Problem(where.path, where.line("hazards", at, "red_flags"), what, "correct the name"))
    return found


def _red_flags_not_to_be_told(files: ProgrammeFiles, parsed: Mapping[str, Any]) -> list[Problem]:
    table, script = parsed.get(triage.SECTION), parsed.get(worklist.SECTION)
    if not table or not script:
        return []
    section = files.sections[worklist.SECTION]
    return [
        Problem(
            section.path, section.line("red_flag"), f"no rule raises the red flag {flag}", "correct no_message_about"
        )
        for flag in sorted(script.red_flag.no_message_about)
        if flag not in table.red_flags
    ]


def _needs_have_services(files: ProgrammeFiles, parsed: Mapping[str, Any]) -> list[Problem]:
    programme, table, services = (parsed.get(name) for name in (programmes.SECTION, triage.SECTION, referrals.SECTION))
    if not programme or not table or not services:
        return []
    section = files.sections[referrals.SECTION]
    places = [files.place] if files.place else programme.places
    lacking = referrals.needs_without_service(services, needs=tuple(table.needs), places=places)
    found = [Problem(section.path, section.line("services"), what, "add a service for it") for what in lacking]
    unnamed = referrals.names_missing(services, languages=programme.languages)
    found += [
        Problem(section.path, section.line("services", at, "name"), what, "add the words") for at, what in unnamed
    ]
    codes = {service.code for service in services.listed}
    where = files.sections[triage.SECTION]
    for at, rule in enumerate(table.rules):
        if rule.service and rule.service not in codes:
            what = f"there is no service {rule.service}"
            found.append(Problem(where.path, where.line("rules", at, "service"), what, "correct the code"))
    return found
