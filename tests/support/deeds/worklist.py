"""The deeds of worklist: how each is done here; and what writes nothing down, with why that is right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from tests.support.deeds.kinds import HOUR, Deed
from tests.support.places_and_people import Side, hold
from wherry.foundation.actors import WORKER
from wherry.worklist.actions import claiming, ending, opening, passing, undoing
from wherry.worklist.models import Task


def held(side: Side, now: dt.datetime) -> None:
    hold(task=side.task, staff=side.staff["caller"], now=now)


def on_task(action: Callable[..., object], **more: object) -> Deed:
    def deed(side: Side, now: dt.datetime) -> object:
        held(side, now)
        return action(by=side.actor("caller"), task=side.task, now=now, **more)

    return deed


def _a_red_flag(side: Side, about_id: UUID, now: dt.datetime) -> object:
    return opening.open_task(
        by=WORKER,
        case=side.case,
        kind="red_flag",
        about_id=about_id,
        team=side.team,
        priority=0,
        due_at=now + HOUR,
        now=now,
    )


def _held_red_flag(side: Side, now: dt.datetime) -> Task:
    task = Task.objects.get(kind="red_flag", about_id=side.need.pk)
    hold(task=task, staff=side.staff["caller"], now=now)
    return task


DEEDS: dict[str, Deed | tuple[Deed, Deed]] = {
    "worklist.open_task": lambda s, n: opening.open_task(
        by=WORKER, case=s.case, kind="need", about_id=s.need.pk, team=s.team, priority=1, due_at=n + HOUR, now=n
    ),
    "worklist.claim_next": lambda s, n: claiming.claim_next(
        by=s.actor("caller"), teams=[s.team.pk], lease_seconds=60, now=n
    ),
    "worklist.claim": lambda s, n: claiming.claim(by=s.actor("caller"), task=s.task, lease_seconds=60, now=n),
    "worklist.take_the_rest": (
        lambda s, n: [_a_red_flag(s, s.need.pk, n), _a_red_flag(s, s.case.pk, n)],
        lambda s, n: claiming.take_the_rest(by=s.actor("caller"), task=_held_red_flag(s, n), now=n),
    ),
    "worklist.hand_back": on_task(passing.hand_back, why="x"),
    "worklist.try_again": lambda s, n: on_task(ending.try_again, outcome="no_answer_machine", not_before=n + HOUR)(
        s, n
    ),
    "worklist.finish": on_task(ending.finish, outcome="callback_complete"),
    "worklist.cancel_tasks": lambda s, n: opening.cancel_tasks(
        by=WORKER, case_id=s.case.pk, kinds=["check_in_call"], why="answered", now=n
    ),
    "worklist.hand_over": on_task(passing.hand_over, for_role="supervisor"),
    "worklist.reassign": lambda s, n: passing.reassign(by=s.actor("supervisor"), task=s.task, now=n),
    "worklist.take_back": (
        on_task(passing.hand_back, why="x"),
        lambda s, n: undoing.take_back(by=s.actor("caller"), task=s.task, lease_seconds=60, now=n),
    ),
    "worklist.climb": lambda s, n: passing.climb(by=WORKER, task=s.task, role="clinician", hops=1, now=n),
}
NO_DEED = {
    "worklist.renew_lease": "a sign of life",
    "worklist.may_ring": "asks, and keeps others from it for a moment",
    "worklist.keep_draft": "nothing is given before it is sent",
    "worklist.drop_draft": "goes with the answers that are stored",
}
