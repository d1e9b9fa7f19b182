"""The team's day as a supervisor sees it: who is at work, what is stuck, whether today's calls fit into today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from wherry.foundation.actors import Actor
from wherry.foundation.errors import InputWrong
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission, require
from wherry.journeys.during_a_call import HANDED_FOR, colleagues_of
from wherry.worklist.actions.passing import reassign
from wherry.worklist.models import Task
from wherry.worklist.queries import calls_since, due_by, held_now, open_siblings
from wherry.worklist.rules import pace
from wherry.worklist.types import Held, Pace

_LAST_HOUR = dt.timedelta(hours=1)
#: Ringing stops at this hour on people's clocks.
_EVENING = dt.time(20)


@dataclass(frozen=True)
class AtWork:
    """One person who takes calls: what they hold now, how many calls they ended today, when the last."""

    id: str
    name: str
    role: str
    holds: Held | None
    calls: int
    last_at: dt.datetime | None


def team_now(*, by: Actor, now: dt.datetime) -> tuple[list[AtWork], Pace]:
    """Give who is on the team, busiest first, and today's calls against the pace of the last hour."""
    require(by, Permission.SUPERVISE)
    teams, here = by.teams, local_time(now)
    morning = here.replace(hour=0, minute=0, second=0, microsecond=0)
    evening = dt.datetime.combine(here.date(), _EVENING, here.tzinfo)
    today = calls_since(teams=teams, since=morning)
    recent = calls_since(teams=teams, since=now - _LAST_HOUR)
    held = {one.by: one for one in held_now(teams=teams, now=now)}
    people = [
        AtWork(one.id, one.name, one.role, held.get(one.id), *today.get(one.id, (0, None)))
        for one in colleagues_of(actor=by, now=now)
    ]
    people.sort(key=lambda one: (one.holds is None, -one.calls, one.name))
    working = {one for one in (*recent, *held)}
    ended = sum(many for many, _ in recent.values())
    due = due_by(teams=teams, evening=evening)
    return people, pace(now=now, evening=evening, ended=ended, people=len(working), due_today=due)


def give_to(*, by: Actor, task: Task, to: str, note: str, now: dt.datetime) -> None:
    """Give a stuck task to a colleague, or (`to` empty) to whoever takes the next call, whoever holds it now."""
    require(by, Permission.SUPERVISE)
    if to and to not in {one.id for one in colleagues_of(actor=by, now=now)}:
        raise InputWrong("Choose who takes this call.")
    # One call a person: whoever holds one of their red flags loses the others too.
    for one in (task, *open_siblings(task=task)):
        reassign(by=by, task=one, to=to, kept_until=now + HANDED_FOR if to else None, note=note, now=now)
