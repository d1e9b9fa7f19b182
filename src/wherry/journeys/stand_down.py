"""
Stand a programme down: first shown, then decided by a person, then carried out by the worker (`last_word`).

Shown: who is told and how, which check-ins end, what is still open and whose it is, and what is to be deleted when.
Hazards: H-01 (contact after death), H-02 (a red flag is not seen), H-06 (somebody is forgotten).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from wherry.cases.queries import newest_occurrences, open_cases_in
from wherry.cases.types import State
from wherry.foundation.actors import Actor
from wherry.foundation.digests import sha256_of
from wherry.foundation.errors import WherryError
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission, require
from wherry.journeys.go_live import ChangedSinceLookedAt, log_decision
from wherry.journeys.last_word import IN_CONTACT, way_to_tell
from wherry.journeys.look_ahead import Sample, samples
from wherry.journeys.plan_of_change import begun_in
from wherry.journeys.programme_in_force import look_again, of_version
from wherry.outreach.types import Channel
from wherry.people.queries import reachable_people
from wherry.programmes.definition import Ending
from wherry.referrals.queries import live_by_partner
from wherry.sign_off.actions import end_version
from wherry.sign_off.errors import VersionNotReady
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.queries import versions_of
from wherry.sign_off.rules import may_move
from wherry.sign_off.types import VersionState
from wherry.triage.queries import needs_left, red_flags_left
from wherry.worklist.queries import tasks_left

#: How people are told, in the order it is said.
TOLD: Mapping[str, str] = {
    str(Channel.SMS): "by text",
    str(Channel.LETTER): "by letter",
    str(Channel.CALL): "by somebody who rings, since neither text nor letter can reach them",
    "": "not at all: they stopped us, opted out, or are said to have died",
}
KEPT: Mapping[str, str] = {
    "cases": "cases and what was done",
    "answers": "what people answered",
    "messages": "messages, and what became of them",
}


class RedFlagsOpen(WherryError):
    """A red flag is open; a programme is stood down when every one has been seen to and closed."""


class EndingNotWritten(WherryError):
    """This version does not say how the programme ends; put one forward with `ending` in programme.yaml."""


@dataclass(frozen=True)
class Left:
    """What is still open and whose it is. what: in plain words; owner: a team, a partner or a post."""

    what: str
    owner: str
    count: int


@dataclass(frozen=True)
class StandDown:
    """
    What standing a programme down would do.

    told: how many people by how, in the order of TOLD; check_ins: how many end unanswered; begun: of them, begun by
    somebody, who is rung; never_asked: on a signed list, and nobody has been in contact; left: stays with its owner
    until it is done; deleted: what, and from which day on; not_yet: numbers of versions on their way to be in force.
    """

    programme: str
    number: int
    ending: Ending
    told: Mapping[str, int]
    check_ins: int
    begun: int
    never_asked: int
    red_flags: int
    left: tuple[Left, ...]
    deleted: tuple[tuple[str, dt.date], ...]
    not_yet: tuple[int, ...]
    samples: tuple[Sample, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """Say why it cannot be stood down now."""
        several = f"{self.red_flags} red flags are" if self.red_flags > 1 else "a red flag is"
        return (f"{several} open: each must be seen to and closed first",) if self.red_flags else ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say what happens, in plain words."""
        told = [f"Told {TOLD[how]}: {count}." for how, count in self.told.items() if count]
        told.append(f"Check-ins that end unanswered: {self.check_ins}. Of them, begun by somebody: {self.begun}.")
        if self.begun:
            told.append(f"Whoever has begun to answer is rung by a {self._role} of {self.ending.team}.")
        told.append(f"On a signed list and never asked: {self.never_asked}. They are told nothing.")
        told += [f"Still open, with {one.owner} until it is done: {one.what}, {one.count}." for one in self.left]
        told += [f"From {day.day} {day:%B %Y} on to be deleted: {KEPT[what]}." for what, day in self.deleted]
        told.append("Nothing is deleted by itself: on that day somebody has to see to it.")
        told += [f"Version {number} is on its way and is not touched; withdraw it too." for number in self.not_yet]
        return tuple(told)

    @property
    def digest(self) -> str:
        """Tell one plan from another, so that what was shown is what is decided."""
        figures = [self.check_ins, self.begun, self.never_asked, self.red_flags, *self.told.values()]
        return sha256_of([*figures, [[one.what, one.owner, one.count] for one in self.left], list(self.not_yet)])

    @property
    def _role(self) -> str:
        return self.ending.role.replace("_", " ")


def stand_down_plan(*, asked_by: Actor, version: ProgrammeVersion, now: dt.datetime) -> StandDown:
    """
    Say what standing down a version's programme today would do. Reads people's details; writes nothing.

    Raises NotPermitted, EndingNotWritten.
    """
    require(asked_by, Permission.RELEASE_PROGRAMME)
    force, code = of_version(version=version), version.programme
    ending, day = force.programme.ending, local_time(now).date()
    if ending is None:
        raise EndingNotWritten
    cases = open_cases_in(programme=code)
    newest, begun = newest_occurrences(cases=[one.pk for one in cases]), begun_in(programme=code)
    asked = [one for one in cases if one.pk in newest and one.state in IN_CONTACT]
    known = reachable_people(people={one.person for one in asked}, day=day)
    ways = Counter(str(way_to_tell(reachable=known[one.person_id], day=day).channel or "") for one in asked)
    unanswered = [one for one in newest.values() if one.state == State.IN_CADENCE]
    return StandDown(
        programme=code,
        number=version.number,
        ending=ending,
        told={how: ways[how] for how in TOLD},
        check_ins=len(unanswered),
        begun=sum(one.pk in begun for one in unanswered),
        never_asked=sum(one.pk not in newest for one in cases),
        red_flags=len(red_flags_left(programme=code)),
        left=_left(code, ending),
        deleted=tuple((what, day + dt.timedelta(days=days)) for what, days in ending.keep_days.items()),
        not_yet=_not_yet(asked_by, code),
        samples=samples(force=force, only=ending.last_message),
    )


def stand_down(*, by: Actor, version: ProgrammeVersion, seen: str, why: str, now: dt.datetime) -> StandDown:
    """
    Stand a programme down for good: every version of it that was in force ends, and the worker carries out the rest.

    seen: `StandDown.digest` as the page had it. Raises NotPermitted, ChangedSinceLookedAt, RedFlagsOpen,
    VersionNotReady, EndingNotWritten. Hazards: H-02, H-06.
    """
    plan = stand_down_plan(asked_by=by, version=version, now=now)
    if plan.red_flags:
        raise RedFlagsOpen
    if plan.digest != seen:
        raise ChangedSinceLookedAt
    if version.state not in (VersionState.IN_FORCE, VersionState.STOPPED):
        raise VersionNotReady
    for one in versions_of(asked_by=by, programme=version.programme):
        if may_move(current=VersionState(one.state), to=VersionState.ENDED):
            end_version(by=by, version=one, why=why, now=now)
    log_decision(
        by=by,
        version=version,
        what=f"{version.name} is stood down",
        why=why,
        evidence=" ".join(plan.sentences),
        is_reversible=False,
        now=now,
    )
    look_again()
    return plan


def _left(programme: str, ending: Ending) -> tuple[Left, ...]:
    owner = f"the {ending.role.replace('_', ' ')} of {ending.team}"
    tasks = Counter(one.team.name for one in tasks_left(programme=programme))
    open_needs = sum(one.state == "open" for one in needs_left(programme=programme))
    found = [Left("needs nobody has taken on", owner, open_needs)] if open_needs else []
    found += [Left("help asked of a partner", name, many) for name, many in live_by_partner(programme=programme)]
    return (*found, *(Left("calls and tasks", team, many) for team, many in sorted(tasks.items())))


def _not_yet(asked_by: Actor, programme: str) -> tuple[int, ...]:
    on_their_way = (VersionState.DRAFT, VersionState.REVIEWED, VersionState.SIGNED)
    return tuple(one.number for one in versions_of(asked_by=asked_by, programme=programme) if one.state in on_their_way)
