"""Run what clinicians wrote under `cases/`, and prove the triage table over every combination of answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wherry.foundation.problems import Problem
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import ProgrammeFiles
from wherry.risk import definition as risk
from wherry.risk import examples as risk_examples
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
