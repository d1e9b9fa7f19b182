"""Try each mutant against what `wherry programme check` would say of it."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wherry.checkin import definition as checkin
from wherry.journeys.check_programme.across import across
from wherry.nonprod.triage_mutation.mutants import Mutant, mutants
from wherry.programmes.types import ProgrammeFiles, Section
from wherry.risk.examples import FOLDER as OF_RISK
from wherry.triage import definition as triage
from wherry.triage import examples, proof
from wherry.triage.comparing import compare
from wherry.triage.types import TriageDefinition

#: What comparing two tables does not look at: such a mutant is never called equivalent.
_NOT_COMPARED = frozenset({"service dropped", "declining treated otherwise"})


class Fate(enum.StrEnum):
    """What became of a mutant. Equivalent: no combination of answers comes to anything else, so nothing can see it."""

    CASE = "a case"
    PROPERTY = "a property"
    EQUIVALENT = "equivalent"
    SURVIVED = "survived"


@dataclass(frozen=True)
class Tried:
    """A mutant and its fate."""

    mutant: Mutant
    fate: Fate


def try_all(*, files: ProgrammeFiles, parsed: Mapping[str, Any]) -> tuple[Tried, ...]:
    """
    Try every mutant of a programme's table. parsed: as `check` gave it for the whole programme, without a problem.

    Nothing is read anew: only the table, for each mutant. Some seconds.
    """
    section, cases = files.sections[triage.SECTION], _one_by_one(files)
    found = mutants(data=section.data, questionnaire=parsed[checkin.SECTION])
    return tuple(Tried(mutant, _fate(mutant, files, parsed, cases)) for mutant in found)


def _one_by_one(files: ProgrammeFiles) -> list[Section]:
    """Give each case as a file of its own, so that the first that sees a mutant is enough."""
    whole = [section for name, section in files.cases.items() if not name.startswith(OF_RISK)]
    return [Section(one.path, {**one.data, "cases": [case]}) for one in whole for case in one.data["cases"]]


def _fate(mutant: Mutant, files: ProgrammeFiles, parsed: Mapping[str, Any], cases: Sequence[Section]) -> Fate:
    whole = files.sections[triage.SECTION]
    section = Section(whole.path, mutant.data, whole.lines)
    table = triage.parse(section, questionnaire=parsed[checkin.SECTION])
    if _a_case_sees_it(table, mutant, cases):
        return Fate.CASE
    if triage.problems(table, section) or proof.prove(definition=table, section=section).problems:
        return Fate.PROPERTY
    changed = replace(files, sections={**files.sections, triage.SECTION: section})
    if across(changed, {**parsed, triage.SECTION: table}):
        return Fate.PROPERTY
    original: TriageDefinition = parsed[triage.SECTION]
    compared = compare(before=original, after=table)
    same = not compared.changed and not compared.sampled and mutant.kind not in _NOT_COMPARED
    return Fate.EQUIVALENT if same else Fate.SURVIVED


def _a_case_sees_it(table: TriageDefinition, mutant: Mutant, cases: Sequence[Section]) -> bool:
    """Ask those first in which the damaged row fires."""
    likely = sorted(cases, key=lambda one: mutant.row not in one.data["cases"][0]["expect"].get("rules", ()))
    return any(examples.run(definition=table, section=section).problems for section in likely)
