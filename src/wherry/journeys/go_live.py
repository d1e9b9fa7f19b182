"""
Go live: a signed version comes into force, is released to 1 %, 10 % and everybody, each after a look ahead, or stops.

Each step is a decision in the log, with its evidence. Hazards: H-01 (contact after death), H-10 (wrong version).
"""

from __future__ import annotations

import datetime as dt

from wherry.cases.actions import reopen_under
from wherry.cases.queries import versions_still_asked_under
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor
from wherry.foundation.errors import NotPermitted, WherryError
from wherry.foundation.periods import local_time
from wherry.governance.actions import record_decision
from wherry.governance.queries import places_out_of_sight
from wherry.journeys.look_ahead import LookAhead, look_ahead
from wherry.journeys.programme_in_force import files_of_version, look_again
from wherry.journeys.read_programme import programme as read_programme
from wherry.sign_off import actions
from wherry.sign_off.errors import AnotherOnItsWay
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.queries import due_to_be_in_force, stopped, versions_in_force
from wherry.sign_off.rules import version_for


class LookAheadFails(WherryError):
    """The look ahead found too much amiss; nobody was contacted."""


class PlacesOutOfSight(NotPermitted):
    """A release reaches places you do not oversee."""


class ChangedSinceLookedAt(WherryError):
    """What would happen is not what you were shown any more; look at it again."""


def come_into_force() -> int:
    """Let every signed version whose first day has come be decided by; nobody is contacted yet. Returns how many."""
    with acting_as(WORKER):
        now = app_now()
        # One whose predecessor is still being released by stages waits for that, however long: it is no fault.
        begun = [one for one in due_to_be_in_force(day=local_time(now).date()) if _is_begun(one, now)]
    if begun:
        look_again()
    return len(begun)


def _is_begun(version: ProgrammeVersion, now: dt.datetime) -> bool:
    try:
        actions.put_in_force(by=WORKER, version=version, now=now)
    except AnotherOnItsWay:
        return False
    return True


def carry_on_instead() -> int:
    """
    Let whoever is still being asked under a stopped version go on under the one in force. Returns how many check-ins.

    Whoever stops a version moves those they may see; here the others follow, whatever came between.
    """
    with acting_as(WORKER):
        now, moved = app_now(), 0
        halted = {one.id: one for one in stopped()}
        for version in (halted[one] for one in versions_still_asked_under(among=list(halted))):
            others = [one for one in versions_in_force() if one.programme == version.programme]
            before = version_for(rank=0, in_force=others)
            moved += reopen_under(by=WORKER, version=version.id, instead=before.id, now=now) if before else 0
    return moved


def put_in_force(*, by: Actor, version: ProgrammeVersion, now: dt.datetime) -> None:
    """Let a signed version be decided by from now on; nobody is contacted under it before it is released."""
    actions.put_in_force(by=by, version=version, now=now)
    what = f"Version {version.number} of {version.name} is in force"
    log_decision(by=by, version=version, what=what, why="Every role it names has signed it", now=now)
    look_again()


def release(*, by: Actor, version: ProgrammeVersion, share: int, seen: str, why: str, now: dt.datetime) -> LookAhead:
    """
    Release a version to the next share of people, after the look ahead whose digest was shown.

    seen: `LookAhead.digest` as the page had it. Raises ChangedSinceLookedAt, LookAheadFails, VersionNotReady, and
    PlacesOutOfSight: whoever sees some places alone would look ahead at those and release to all.
    """
    unseen = places_out_of_sight(programme=version.programme, now=now)
    if unseen:
        raise PlacesOutOfSight(
            f"a release reaches {', '.join(unseen)} too, which you do not oversee; somebody else must"
        )
    ahead = look_ahead(version=version, share=share, now=now)
    if ahead.digest != seen:
        raise ChangedSinceLookedAt
    if ahead.faults:
        raise LookAheadFails(f"nobody was contacted: {'; '.join(ahead.faults)}")
    actions.release(by=by, version=version, share=share, now=now)
    what = f"Version {version.number} of {version.name} is released to {share} % of people"
    log_decision(by=by, version=version, what=what, why=why, now=now, evidence=ahead.in_words)
    look_again()
    return ahead


def stop(*, by: Actor, version: ProgrammeVersion, why: str, now: dt.datetime) -> int:
    """
    Stop a version: nothing more leaves under it. Who was being asked under it goes on under the one before, if any.

    Returns how many check-ins went back. An answer given meanwhile is taken and triaged all the same.
    """
    actions.stop_version(by=by, version=version, why=why, now=now)
    others = [one for one in versions_in_force() if one.programme == version.programme]
    before = version_for(rank=0, in_force=others)
    moved = reopen_under(by=by, version=version.pk, instead=before.id, now=now) if before else 0
    what = f"Version {version.number} of {version.name} is stopped"
    log_decision(by=by, version=version, what=what, why=why, now=now)
    look_again()
    return moved


def log_decision(
    *,
    by: Actor,
    version: ProgrammeVersion,
    what: str,
    why: str,
    now: dt.datetime,
    evidence: str = "",
    is_reversible: bool = True,
) -> None:
    """Write a decision about a version into the log, with the programme's risk owner and the day of its review."""
    # Of one that only finds people too, which has no cadence and no words.
    programme = read_programme(files=files_of_version(version=version))
    record_decision(
        by=by,
        programme=version.programme,
        what=what,
        why=why,
        risk_owner=programme.risk_owner,
        evidence=evidence,
        is_reversible=is_reversible,
        review_on=local_time(now).date() + dt.timedelta(days=programme.review_after_days),
        now=now,
    )
