"""
Plan a change of version while people are in the midst of the one before: who is where, and what becomes of each.

Left alone, everybody finishes under the version they began with, and their next check-in is under the new one. An
urgent change, such as a red flag that was missing, holds at once. Hazards: H-02, H-10 (a wrong version is used).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from wherry.cases.actions import move_under
from wherry.cases.models import Occurrence
from wherry.cases.queries import unanswered_check_ins
from wherry.cases.types import Moved
from wherry.checkin.queries import check_ins_begun
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission, require
from wherry.journeys.go_live import log_decision
from wherry.sign_off.errors import VersionNotReady
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.queries import numbers_of
from wherry.sign_off.rules import ranks_released
from wherry.sign_off.types import VersionState
from wherry.triage.queries import red_flags_left
from wherry.worklist.queries import tasks_left


@dataclass(frozen=True)
class Amid:
    """Who is amid a check-in of one version. number: 0 where none is known; begun: of them, who began to answer."""

    number: int
    people: int
    begun: int


@dataclass(frozen=True)
class PlanOfChange:
    """
    What a new version meets, and what becomes of it.

    amid: by the version people are asked under now, oldest first; at_once: of them, who would move if it had to hold
    at once, and who has begun and would be decided by both; calls: waiting or under way, red flags not counted.
    """

    number: int
    amid: tuple[Amid, ...]
    red_flags: int
    calls: int
    at_once: Moved

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say what becomes of everybody when the version comes into force and is released, in plain words."""
        told = [_amid(one, self.number) for one in self.amid]
        told.append(_said(self.red_flags, *_FLAGS))
        told.append(_said(self.calls, *_CALLS))
        told.append(f"Whoever has answered is asked under version {self.number} when their next check-in falls due.")
        return tuple(told)

    @property
    def sentences_at_once(self) -> tuple[str, ...]:
        """Say what becomes of everybody when the change holds at once."""
        moved, both = self.at_once.moved, self.at_once.both
        return (
            _many(moved, "person has", "people have") + " a check-in and have not begun to answer: from now on it is "
            f"under version {self.number}, with its questions, words and rules.",
            _many(both, "person has", "people have") + " begun to answer: they finish the form they began, and the "
            f"rules of both versions decide. The worse outcome counts. A red-flag question that only version "
            f"{self.number} asks counts as unanswered, so that somebody asks them.",
            "Whoever is not released to yet stays as they are until the release reaches them; do it again then.",
        )


#: What is said of none, of one and of several.
_FLAGS = (
    "No red flag is open.",
    "1 red flag is open and stays with whoever has it now.",
    "{} red flags are open and stay with whoever has them now.",
)
_CALLS = (
    "No call and no task waits.",
    "1 call or task waits and stays on the list it is on, worded as its check-in was.",
    "{} calls and tasks wait and stay on the lists they are on, worded as their check-ins were.",
)


def plan_of_change(*, asked_by: Actor, version: ProgrammeVersion, share: int | None = None) -> PlanOfChange:
    """
    Say whom a version about to be put in force or released finds in the midst of another, and what becomes of them.

    share: per cent it is, or is about to be, released to; None: as it stands. Counts only what the asker may see;
    reads no answers and writes nothing.
    """
    require(asked_by, Permission.READ_PROGRAMMES)
    open_ones = unanswered_check_ins(programme=version.programme)
    begun, tasks = begun_in(programme=version.programme), tasks_left(programme=version.programme)
    numbers = numbers_of(programme=version.programme)
    older = [one for one in open_ones if _number(one, numbers) < version.number]
    below = ranks_released(share=version.share if share is None else share)
    reached = [one for one in older if one.case.release_rank < below]
    return PlanOfChange(
        number=version.number,
        amid=_by_version(older, numbers, begun),
        red_flags=len(red_flags_left(programme=version.programme)),
        calls=sum(one.kind != "red_flag" for one in tasks),
        at_once=Moved(sum(o.pk not in begun for o in reached), sum(o.pk in begun for o in reached)),
    )


def change_at_once(*, by: Actor, version: ProgrammeVersion, why: str, now: dt.datetime) -> Moved:
    """
    Let an urgent change hold at once for everybody it is released to, as `sentences_at_once` says. A decision.

    Safe to repeat, and to be repeated after each stage of the release. Raises NotPermitted; VersionNotReady where the
    version is not in force or released to nobody. Hazards: H-02 (a red flag is not seen), H-10.
    """
    require(by, Permission.RELEASE_PROGRAMME)
    if version.state != VersionState.IN_FORCE or not version.share:
        raise VersionNotReady
    moved = move_under(
        by=by,
        programme=version.programme,
        version=version.pk,
        number=version.number,
        ranks_below=ranks_released(share=version.share),
        begun=begun_in(programme=version.programme),
        now=now,
    )
    what = f"Version {version.number} of {version.name} holds at once, in check-ins begun before it too"
    told = f"{moved.moved} check-ins moved to it; {moved.both} begun already are decided by both versions"
    log_decision(by=by, version=version, what=what, why=why, evidence=told, now=now)
    return moved


def begun_in(*, programme: str) -> set[UUID]:
    """Give the ids of a programme's check-ins that somebody has begun to answer, or is being rung about now."""
    # Somebody on the telephone is asked the questions on the caller's screen to the end.
    rung = {one.about_id for one in tasks_left(programme=programme) if one.state == "claimed"}
    return check_ins_begun(programme=programme) | rung


def _number(one: Occurrence, numbers: dict[UUID, int]) -> int:
    return numbers[one.programme_version_id] if one.programme_version_id else 0


def _by_version(older: Sequence[Occurrence], numbers: dict[UUID, int], begun: set[UUID]) -> tuple[Amid, ...]:
    people = Counter(_number(one, numbers) for one in older)
    started = Counter(_number(one, numbers) for one in older if one.pk in begun)
    return tuple(Amid(number, people[number], started[number]) for number in sorted(people))


def _many(count: int, one: str, more: str) -> str:
    return f"{count or 'No'} {one if count == 1 else more}"


def _said(count: int, none: str, one: str, several: str) -> str:
    return (none, one)[count] if count < 2 else several.format(count)


def _amid(one: Amid, number: int) -> str:
    under = f"version {one.number}" if one.number else "a version that is not kept"
    begun = _many(one.begun, "of them has", "of them have") if one.begun else "none of them has"
    return (
        _many(one.people, "person is", "people are") + f" amid a check-in of {under}; {begun} begun to answer it. They "
        f"finish it as they began it: the same questions, words and rules. Their next one is under version {number}."
    )
