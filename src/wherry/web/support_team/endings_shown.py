"""The ways a call can end, as buttons: the words of the script, and what each leads to, in a line."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from wherry.foundation.periods import local_time
from wherry.journeys.programme_in_force import InForce
from wherry.journeys.work_the_list import ASKS, MUST_SAY_MORE, try_again_at
from wherry.web.support_team.day import at
from wherry.worklist.models import Task
from wherry.worklist.rules import after_outcome, call_back_times
from wherry.worklist.types import Outcome, Retry, TaskKind, TriesUsedUp

_NOT_REACHED = (Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.WRONG_NUMBER)
_REACHED = (Outcome.SPOKE, Outcome.INTERPRETER_NEEDED, Outcome.REFUSED)


@dataclass(frozen=True)
class Ending:
    """One button. then: what happens next."""

    outcome: str
    words: str
    then: str


@dataclass(frozen=True)
class Endings:
    """The ways a call can end. died is apart: it stops everything, so it is asked twice."""

    not_reached: tuple[Ending, ...]
    reached: tuple[Ending, ...]
    died: Ending


def endings_for(*, task: Task, force: InForce, asks: bool, now: dt.datetime) -> Endings:
    """
    Give the buttons of a task.

    asks: it ends with its answers when they were spoken to; so there is no bare "we spoke". See MUST_SAY_MORE.
    """
    not_alone = (Outcome.SPOKE,) if asks else MUST_SAY_MORE.get(task.kind, ())
    reached = [one for one in _REACHED if one not in not_alone]
    return Endings(
        not_reached=tuple(_ending(one, task, force, now) for one in _NOT_REACHED),
        reached=tuple(_ending(one, task, force, now) for one in reached),
        died=_ending(Outcome.DIED, task, force, now),
    )


def call_back_choices(*, task: Task, force: InForce, now: dt.datetime) -> tuple[tuple[str, str], ...]:
    """Offer a few times to ring back, as (what is sent, what is read); none for what cannot be put off."""
    if task.kind in ("red_flag", "exhausted"):
        return ()
    hours = force.cadence.contact_hours
    times = call_back_times(now=local_time(now), opens=hours.opens, closes=hours.closes)
    return tuple((one.isoformat(timespec="minutes"), _choice(at(moment=one, now=now))) for one in times)


def _choice(when: str) -> str:
    return f"Today at {when}" if when[0].isdigit() else when[0].upper() + when[1:]


def _ending(outcome: Outcome, task: Task, force: InForce, now: dt.datetime) -> Ending:
    words = force.script.outcomes[outcome]
    if outcome is Outcome.SPOKE:
        words = force.script.spoke_about.get(TaskKind(task.kind), words)
    return Ending(str(outcome), words, _then(outcome, task, force, now))


def _then(outcome: Outcome, task: Task, force: InForce, now: dt.datetime) -> str:
    if outcome is Outcome.DIED:
        return "All contact stops now. A supervisor asks the GP practice."
    if task.kind == "red_flag":
        return "It goes to the next person within minutes. Somebody must speak to them."
    if outcome is Outcome.REFUSED and task.kind not in ASKS:
        return "This call ends, and nobody rings about it again."
    if outcome is Outcome.REFUSED:
        return "This call ends. They are asked again another day, unless they say stop."
    if outcome is Outcome.SPOKE:
        return "The task is done."
    after = after_outcome(outcome=outcome, tries=task.tries + 1, policy=force.script.policy, has_other_number=True)
    if isinstance(after, Retry):
        when = at(moment=try_again_at(after=after.after, force=force, now=now), now=now)
        again = f"at {when}" if when[0].isdigit() else when
        if outcome is Outcome.WRONG_NUMBER:
            return f"This number is not rung again. Any other is tried {again}."
        return f"Somebody rings again {again}."
    if isinstance(after, TriesUsedUp) and task.kind == "check_in_call":
        return "That was the last try. They are reached another way."
    return "It comes back tomorrow, for a supervisor."
