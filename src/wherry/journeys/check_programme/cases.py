"""Run what clinicians wrote under `cases/`, and prove the triage table over every combination of answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wherry.foundation.problems import Problem
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import ProgrammeFiles
from wherry.risk import definition as risk
from wherry.risk import examples as risk_examples
from wherry.risk import limits
from wherry.triage import definition as triage
from wherry.triage import examples, proof
from wherry.triage.types import TriageDefinition


def triage_problems(files: ProgrammeFiles, table: TriageDefinition) -> tuple[list[Problem], tuple[str, ...]]:
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


def risk_case_problems(files: ProgrammeFiles, definition: Any) -> tuple[list[Problem], tuple[str, ...]]:
    """Run the cases of who is found; they must make every criterion true, and stand beside every age and window."""
    found, cases = list[Problem](), list[risk_examples.Case]()
    section = files.sections[risk.SECTION]
    written = [one for name, one in files.cases.items() if name.startswith(risk_examples.FOLDER)]
    if not written:
        what = "no case says who is found and who is not"
        mend = f"add {risk_examples.FOLDER}*.yaml: people, and the category each comes to"
        return [Problem(section.path, section.line("criteria"), what, mend)], ()
    for one in written:
        misfits = schema_problems(section=one, schema=risk_examples.SCHEMA)
        found += misfits or risk_examples.run(definition=definition, section=one, codelists=files.codelists).problems
        if not found:
            cases += risk_examples.cases_of(section=one, codelists=files.codelists)
    if found:
        return found, ()
    found += limits.untried(definition=definition, section=section, cases=cases, codelists=files.codelists)
    return found, (f"{len(cases)} cases of who is found run",)


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
