"""Settle a red flag: somebody spoke to the person and says how it stands, of every flag the call was about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from wherry.foundation.actors import Actor
from wherry.foundation.errors import InputWrong
from wherry.governance.rules import Permission, require
from wherry.journeys.programme_in_force import of_case
from wherry.journeys.work_the_list import join_red_flags
from wherry.triage.actions import close_red_flag
from wherry.worklist.actions.ending import finish
from wherry.worklist.actions.passing import hand_back
from wherry.worklist.errors import WhyNeeded
from wherry.worklist.models import Task
from wherry.worklist.queries import held_together
from wherry.worklist.types import Outcome


def settle_red_flag(
    *, by: Actor, task: Task, ending: str, words: str, covers: Collection[UUID], now: dt.datetime
) -> None:
    """
    Close the red flags a call was about, with one of the script's endings and the caller's own words.

    covers: the flags that stood on the caller's page; one raised since stays open, and somebody's to ring about.
    Raises WhyNeeded where an ending needs words. Hazards: H-02 (a red flag closed that nobody asked about).
    """
    require(by, Permission.RECORD_CALL)
    script = of_case(case=task.case).script.red_flag
    chosen = script.ending(ending)
    if task.kind != "red_flag" or chosen is None or task.about_id not in covers:
        raise InputWrong("Choose how they are now.")
    if chosen.must_say and not words:
        raise WhyNeeded
    join_red_flags(by=by, task=task, now=now)
    for one in held_together(by=by, task=task):
        if one.about_id in covers:
            finish(by=by, task=one, outcome=Outcome.SPOKE, now=now, note=chosen.words)
            close_red_flag(by=by, red_flag_id=one.about_id, outcome=chosen.code, now=now, what_was_done=words)
        else:
            hand_back(by=by, task=one, why="Raised during the call", now=now)
