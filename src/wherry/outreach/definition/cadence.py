"""What is wrong with a cadence beyond its schema, each with its line and its mend."""

from __future__ import annotations

from wherry.foundation.problems import Problem
from wherry.outreach.rules.hours import narrowed
from wherry.outreach.types import Cadence
from wherry.programmes.types import Section


def problems(cadence: Cadence, section: Section) -> tuple[Problem, ...]:
    """Find what the schema cannot: repeated ids, hours that never open, steps out of order, a quarantine too short."""
    found: list[Problem] = []

    def report(what: str, mend: str, *path: str | int) -> None:
        found.append(Problem(section.path, section.line(*path), what, mend))

    if cadence.contact_hours.opens >= cadence.contact_hours.closes:
        report("the contact hours never open", "let opens come before closes", "contact_hours")
    ids = [step.id for step in cadence.steps]
    for at, step in enumerate(cadence.steps):
        if step.id in ids[:at]:
            report(f"the step {step.id} is there twice", "give each step its own id", "steps", at, "id")
        hours = narrowed(contact_hours=cadence.contact_hours, step_hours=step.hours)
        if step.hours and hours.opens >= hours.closes:
            report(
                f"the step {step.id} never opens", "let its hours lie within contact_hours", "steps", at, "not_before"
            )
        if at and step.after < cadence.steps[at - 1].after:
            report(f"the step {step.id} comes before the one above it", "put the steps in order of time", "steps", at)
        if step.stale_after is not None and step.stale_after <= step.after:
            what = f"the step {step.id} is stale before it is due"
            report(what, "raise stale_after_hours", "steps", at, "stale_after_hours")
    if cadence.steps[0].fallback:
        report("the first step is a fallback", "a fallback stands after what it falls back from", "steps", 0)
    return tuple(found)
