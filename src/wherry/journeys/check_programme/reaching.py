"""Walk the cadence as it decides in earnest: it ends with an owner, keeps its hours and caps, and uses every step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from wherry.foundation.periods import local_time
from wherry.foundation.problems import Problem
from wherry.outreach import definition as outreach
from wherry.outreach.types import Cadence, RefusalReason
from wherry.outreach.walks import Refused, Walked, walk_all
from wherry.programmes import definition as programmes
from wherry.programmes.types import ProgrammeFiles, Section

_CAPS = {
    RefusalReason.CAP_PERSON: "per_person",
    RefusalReason.CAP_NUMBER: "per_number",
    RefusalReason.CAP_HOUSEHOLD: "per_household",
}


def reaching_problems(files: ProgrammeFiles, parsed: Mapping[str, Any]) -> tuple[list[Problem], tuple[str, ...]]:
    """Walk a cadence that has no other problem. Returns what is wrong, at the step's line, and what was walked."""
    cadence, section, programme = (
        parsed[outreach.SECTION],
        files.sections[outreach.SECTION],
        parsed.get(programmes.SECTION),
    )
    if programme is None or programme.in_force is None:
        return [], ()
    first, last = programme.in_force.starts_on, programme.in_force.ends_on or programme.in_force.starts_on
    walked = walk_all(cadence=cadence, starts_on=first, ends_on=last)
    found = [*_endless(section, walked), *_unused(cadence, section, walked)]
    found += (_refused(cadence, section, one) for one in walked.refused)
    return found, (_told(cadence, walked),) if not found else ()


def _endless(section: Section, walked: Walked) -> Iterator[Problem]:
    if walked.endless:
        what = "somebody who does not answer is left in silence: the steps do not come to an end"
        yield Problem(section.path, section.line("steps"), what, "lower after_days and patience_hours")


def _unused(cadence: Cadence, section: Section, walked: Walked) -> Iterator[Problem]:
    for at, step in enumerate(cadence.steps):
        if step.id not in (walked.steps if step.fallback else walked.after_silence):
            what = f"nobody who stays silent comes to the step {step.id}: when its turn comes it is stale"
            if step.fallback:
                what = f"nobody comes to the step {step.id}: whatever fails, another step was used"
            mend = "raise its stale_after_hours, lower the patience before it, or remove it"
            yield Problem(section.path, section.line("steps", at), what, mend)


def _refused(cadence: Cadence, section: Section, one: Refused) -> Problem:
    at = next(number for number, step in enumerate(cadence.steps) if step.id == one.step_id)
    line, day = section.line("steps", at), _day(local_time(one.at).date())
    cap = _CAPS.get(one.reason)
    if cap is not None:
        limit = getattr(cadence.caps, cap)
        what = f"the step {one.step_id} would be contact {one.number} on one day, and caps.{cap} lets {limit} leave"
        return Problem(section.path, line, what, "let it come a day later, or raise the cap")
    clock = local_time(one.at).strftime("%H:%M")
    if one.reason is RefusalReason.OUTSIDE_HOURS:
        what = f"the step {one.step_id} would leave at {clock} on {day}, outside the hours"
        return Problem(section.path, line, what, "let its hours lie where the clocks do not change")
    what = f"the step {one.step_id} would be kept back at {clock} on {day}: {one.reason.value}"
    return Problem(section.path, line, what, "change its times")


def _told(cadence: Cadence, walked: Walked) -> str:
    owner, days = cadence.exhausted_owner, -(-walked.longest // dt.timedelta(days=1))
    over = " and ".join(_day(day) for day in walked.clock_changes)
    return (
        f"cadence: {walked.walks:,} walks of somebody silent, with each combination of ways to reach them and over the "
        f"clock changes of {over}; nothing leaves outside the hours or over the caps, and after at most {days} days "
        f"the {owner.role} of {owner.team} owns them"
    )


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
