"""
What somebody says in a call that asks no check-in: they rang us, or wanted to be rung, and something is new.

It is a check-in like any other, opened by the call and reached at once: nobody texts them about it, and the one
that was answered before stays as it was answered.
"""

from __future__ import annotations

import datetime as dt

from wherry.cases.actions import move_occurrence, open_occurrence
from wherry.cases.models import Occurrence
from wherry.cases.queries import latest_occurrence
from wherry.cases.types import State
from wherry.checkin.queries import response_of
from wherry.foundation.actors import Actor
from wherry.journeys.programme_in_force import version_opened_under
from wherry.worklist.models import Task

#: Tasks about a check-in nobody has answered: its questions can be asked on the telephone.
ASKS = frozenset({"check_in_call", "exhausted"})
#: Tasks in which they may say something new: the questions are there to be asked, and no call has to ask them.
MAY_ASK = frozenset({"call_back", "read_words"})


def takes_answers(*, task: Task) -> bool:
    """Say whether answers can be written down in a call."""
    return task.kind in ASKS | MAY_ASK


def check_in_of(*, by: Actor, task: Task, now: dt.datetime) -> Occurrence:
    """
    Give the check-in a call's answers belong to: the one it is about, the one that waits, or a new one.

    What is new is not written over what was said: the same day may have two check-ins, each as it was answered.
    """
    if task.kind in ASKS:
        return Occurrence.objects.select_related("case", "case__person").get(pk=task.about_id)
    newest = latest_occurrence(case_id=task.case_id)
    if newest is not None and response_of(occurrence_id=newest.pk) is None and newest.state != State.EXCLUDED:
        return newest
    # Whoever speaks to us waits for no stage of a release.
    version = version_opened_under(programme=task.case.programme, rank=0)
    opened = open_occurrence(by=by, case=task.case, number=newest.number + 1 if newest else 1, now=now, version=version)
    move_occurrence(by=by, occurrence=opened, to=State.REACHED, why="they spoke to us", now=now)
    return opened
