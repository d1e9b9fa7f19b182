"""Run what clinicians wrote under `cases/`, and prove the triage table over every combination of answers."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from wherry.foundation.problems import LineElsewhere, Problem
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import ProgrammeFiles, Section
from wherry.risk import definition as risk
from wherry.risk import examples as risk_examples
from wherry.risk import limits
from wherry.triage import definition as triage
from wherry.triage import examples, proof
from wherry.triage.types import TriageDefinition


def triage_problems(files: ProgrammeFiles, table: TriageDefinition) -> tuple[list[Problem], tuple[str, ...]]:
    """Prove the table and run its cases; each rule and red flag needs one. In a place the centre's hold at least."""
    began = time.perf_counter()
    proved = proof.prove(definition=table, section=files.sections[triage.SECTION])
    seconds = time.perf_counter() - began
    found, run = list(proved.problems), list[examples.Ran]()
    for section in (one for name, one in files.cases.items() if not name.startswith(risk_examples.FOLDER)):
        misfits = schema_problems(section=section, schema=examples.SCHEMA)
        found += misfits
        if not misfits:
            run.append(examples.run(definition=table, section=section, at_least=_is_the_centres(section, files)))
    found += (problem for ran in run for problem in ran.problems)
    found += _without_case(files, table, run)
    return found, (f"{proved.told}; proved in {seconds:.2f} seconds", f"{sum(ran.count for ran in run)} cases run")


def _is_the_centres(section: Section, files: ProgrammeFiles) -> bool:
    return files.overlay_path is not None and section.path != files.overlay_path


def risk_case_problems(files: ProgrammeFiles, definition: Any) -> tuple[list[Problem], tuple[str, ...]]:
    """
    Run the cases of who is found; they must make every criterion true, and stand beside every age and window.

    In a place the centre's cases hold at least, and the place's own must try what the place wrote.
    """
    found, cases = list[Problem](), list[risk_examples.Case]()
    section = files.sections[risk.SECTION]
    written = [one for name, one in files.cases.items() if name.startswith(risk_examples.FOLDER)]
    if not written:
        what = "no case says who is found and who is not"
        mend = f"add {risk_examples.FOLDER}*.yaml: people, and the category each comes to"
        return [Problem(section.path, section.line("criteria"), what, mend)], ()
    many = 0
    for one in written:
        found += schema_problems(section=one, schema=risk_examples.SCHEMA)
        if not found:
            is_the_centres = _is_the_centres(one, files)
            ran = risk_examples.run(
                definition=definition, section=one, codelists=files.codelists, at_least=is_the_centres
            )
            found += ran.problems
            many += ran.count
        if not found and not is_the_centres:
            cases += risk_examples.cases_of(section=one, codelists=files.codelists)
    if found:
        return found, ()
    untried = limits.untried(definition=definition, section=section, cases=cases, codelists=files.codelists)
    found += (one for one in untried if files.overlay_path in (None, one.file))
    return found, (f"{many} cases of who is found run",)


def _without_case(files: ProgrammeFiles, table: TriageDefinition, run: Sequence[examples.Ran]) -> Iterator[Problem]:
    section = files.sections[triage.SECTION]
    exercised = {rule for ran in run for rule in ran.rules}
    flagged = {flag for ran in run for flag in ran.red_flags}
    for at, rule in enumerate(table.rules):
        line = section.line("rules", at)
        mend = "add one under `cases:` of this file" if isinstance(line, LineElsewhere) else "add one under cases/"
        if rule.id not in exercised:
            yield Problem(section.path, line, f"no case makes the rule {rule.id} fire", mend)
        if rule.red_flag and rule.red_flag not in flagged:
            yield Problem(section.path, line, f"no case expects the red flag {rule.red_flag}", mend)
