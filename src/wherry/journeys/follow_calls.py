"""Follow finished calls: the attempt's state, the occurrence's, the next step."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery

from wherry.cases.actions import look_again, move_occurrence
from wherry.cases.models import Occurrence
from wherry.cases.types import MOVES, State
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys.one_by_one import one_by_one
from wherry.journeys.programme_in_force import of_case
from wherry.outreach.actions import happened
from wherry.outreach.models import Attempt
from wherry.outreach.types import AttemptEvent
from wherry.worklist.models import Task, TaskEvent
from wherry.worklist.rules import after_outcome
from wherry.worklist.types import Done, Outcome, TriesUsedUp


def follow(*, task_id: UUID) -> None:
    """Carry on from how a call ended: the attempt's state, the occurrence's, the next step. Safe to repeat."""
    with acting_as(WORKER):
        now = app_now()
        task = Task.objects.select_related("case").select_for_update(of=("self",)).get(pk=task_id)
        last = task.events.filter(verb="finished").order_by("-at").first()
        if task.state != "done" or task.kind != "check_in_call" or last is None:
            return
        occurrence = Occurrence.objects.select_related("case").get(pk=task.about_id)
        force = of_case(case=task.case)
        after = after_outcome(outcome=Outcome(last.outcome), tries=max(task.tries, 1), policy=force.script.policy)
        attempt = (
            Attempt.objects.filter(occurrence=occurrence, channel="call", intended_at__lte=last.at)
            .order_by("-intended_at")
            .first()
        )
        if isinstance(after, Done) and attempt is not None:
            happened(by=WORKER, attempt=attempt, event=AttemptEvent.RECEIPT_DELIVERED, now=now, why=last.outcome)
        if isinstance(after, Done) and after.declined and State.DECLINED in MOVES[State(occurrence.state)]:
            move_occurrence(
                by=WORKER, occurrence=occurrence, to=State.DECLINED, why="declined on the telephone", now=now
            )
        if isinstance(after, TriesUsedUp) and attempt is not None:
            happened(by=WORKER, attempt=attempt, event=AttemptEvent.RECEIPT_FAILED, now=now, why=last.outcome)
            look_again(occurrence=occurrence, at=now)


def _followed(task_id: UUID) -> int:
    follow(task_id=task_id)
    return 1


def follow_what_was_left() -> int:
    """Follow every finished call no job carried out: a lost job loses nothing. Returns how many."""
    with acting_as(WORKER):
        waiting = calls_to_follow()
    return one_by_one(waiting, _followed)


def calls_to_follow() -> list[UUID]:
    """List finished check-in calls whose attempt, or whose "no", does not stand in the case yet."""
    last = TaskEvent.objects.filter(task=OuterRef("pk"), verb="finished").order_by("-at_version")
    called = Attempt.objects.filter(
        occurrence_id=OuterRef("about_id"), channel="call", state="intended", intended_at__lte=OuterRef("done_at")
    )
    open_still = Occurrence.objects.filter(pk=OuterRef("about_id"), state=State.IN_CADENCE)
    return list(
        Task.objects.filter(kind="check_in_call", state="done")
        .annotate(outcome=Subquery(last.values("outcome")[:1]))
        .exclude(outcome=Outcome.DIED)
        .filter(Exists(called) | Q(Exists(open_still), outcome=Outcome.REFUSED))
        .order_by("done_at", "id")
        .values_list("pk", flat=True)[:1_000]
    )
