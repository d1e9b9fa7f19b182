"""Hold the rooms' files against each other: what one names, another must hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wherry.checkin import definition as checkin
from wherry.foundation.problems import Problem
from wherry.governance.definition import hazards
from wherry.programmes import definition as programmes
from wherry.programmes.rules.bounds import is_for_the_centre
from wherry.programmes.rules.directions import never_less
from wherry.programmes.rules.paths import leads_somewhere
from wherry.programmes.types import ProgrammeFiles, Section
from wherry.referrals import definition as referrals
from wherry.referrals.types import Services
from wherry.triage import definition as triage
from wherry.triage.types import TriageDefinition
from wherry.worklist import definition as worklist


def across(files: ProgrammeFiles, parsed: Mapping[str, Any]) -> list[Problem]:
    """Find what no file shows by itself. parsed: section → what its room read; a section that misfits is absent."""
    return [
        *_languages(files, parsed),
        *_places_may_change(files, parsed),
        *_red_flags_have_hazards(files, parsed),
        *_red_flags_not_to_be_told(files, parsed),
        *_needs_have_services(files, parsed),
    ]


def _places_may_change(files: ProgrammeFiles, parsed: Mapping[str, Any]) -> list[Problem]:
    programme, found = parsed.get(programmes.SECTION), list[Problem]()
    section = files.sections[programmes.SECTION]
    data = {name: one.data for name, one in files.sections.items()}
    for at, one in enumerate(programme.places_may_change if programme else ()):
        line = section.line("places_may_change", at)
        if not leads_somewhere(pattern=one.path, sections=data):
            what = f'"{one.path}" leads nowhere, so no place can change anything by it'
            found.append(Problem(section.path, line, what, "correct the path"))
        elif is_for_the_centre(path=one.path):
            what = f'"{one.path}": no place may change this, whatever is listed here'
            found.append(Problem(section.path, line, what, "take it out"))
        if None not in (one.at_least, one.at_most) and not never_less(one.at_least, one.at_most):
            what = f'"{one.path}": no value is at least {one.at_least} and at most {one.at_most}'
            found.append(Problem(section.path, line, what, "correct the limits"))
    return found


def _languages(files: ProgrammeFiles, parsed: Mapping[str, Any]) -> list[Problem]:
    programme, asked = parsed.get(programmes.SECTION), parsed.get(checkin.SECTION)
    if not programme or not asked:
        return []
    missing = [language for language in programme.languages if language not in asked.languages]
    section = files.sections[checkin.SECTION]
    what = f"the questionnaire is not in {', '.join(missing)}, which the programme promises"
    return [Problem(section.path, section.line("title"), what, "add the words, from title_… on")] if missing else []


def _red_flags_have_hazards(files: ProgrammeFiles, parsed: Mapping[str, Any]) -> list[Problem]:
    table, log = parsed.get(triage.SECTION), parsed.get(hazards.SECTION)
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
    where = files.sections[hazards.SECTION]
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
    found = [
        Problem(
            section.path, section.line("services"), f"no service takes {what}", "add one, or add it to one's shares"
        )
        for what in lacking
    ]
    unnamed = referrals.names_missing(services, languages=programme.languages)
    found += [
        Problem(section.path, section.line("services", at, "name"), what, "add the words") for at, what in unnamed
    ]
    found += _needs_nobody_has(section, services, table)
    codes = {service.code for service in services.listed}
    where = files.sections[triage.SECTION]
    for at, rule in enumerate(table.rules):
        if rule.service and rule.service not in codes:
            what = f"there is no service {rule.service}"
            found.append(Problem(where.path, where.line("rules", at, "service"), what, "correct the code"))
    return found


def _needs_nobody_has(section: Section, services: Services, table: TriageDefinition) -> list[Problem]:
    return [
        Problem(
            section.path,
            section.line("services", at, "shares", need),
            f'{service.code} takes "{need}", which is not among the needs of triage.yaml',
            f"use one of {', '.join(table.needs)}",
        )
        for at, service in enumerate(services.listed)
        for need in service.needs
        if need not in table.needs
    ]
