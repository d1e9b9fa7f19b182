"""A need no service took: somebody found help another way, or the person no longer needs it, and the search ends."""

from __future__ import annotations

import datetime as dt

from wherry.foundation.actors import Actor
from wherry.foundation.errors import AlreadyDone, InputWrong
from wherry.governance.rules import Permission, require
from wherry.triage.actions import move_need
from wherry.triage.models import Need
from wherry.worklist.actions.ending import finish
from wherry.worklist.models import Task
from wherry.worklist.types import Outcome

FOUND, NOT_NEEDED = "help found another way", "no longer needed"


def record_help_found(*, by: Actor, task: Task, words: str, now: dt.datetime) -> None:
    """
    Meet the need of a held task with help that was found another way, and end the search for it.

    words: who helps now and how; its person reads them. Raises InputWrong without them, AlreadyDone where the need is
    settled or with a service again. Hazards: H-13 (help asked for and never given).
    """
    if not words:
        raise InputWrong("Write who helps now, and how: the person reads it.")
    _settle(by=by, task=task, to="met", why=FOUND, now=now, help_found=words)


def record_not_needed(*, by: Actor, task: Task, now: dt.datetime) -> None:
    """Take back a need whose person says that they no longer have it, or want no help with it."""
    _settle(by=by, task=task, to="withdrawn", why=NOT_NEEDED, now=now)


def _settle(*, by: Actor, task: Task, to: str, why: str, now: dt.datetime, help_found: str = "") -> None:
    require(by, Permission.RECORD_CALL)
    need = Need.objects.select_for_update().filter(pk=task.about_id, state="not_met").first()
    if need is None:
        raise AlreadyDone("This need is settled already, or a service has it now. Hand the task back.")
    move_need(by=by, need=need, to=to, why=why, now=now, help_found=help_found)
    # Last: with the task goes the sight of the case behind it.
    finish(by=by, task=task, outcome=Outcome.SPOKE, now=now, note=why)
