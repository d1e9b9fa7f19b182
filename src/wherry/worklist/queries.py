"""What waits, for whom, and who holds it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from wherry.foundation.actors import Actor
from wherry.worklist.models import CallDraft, Task, TaskEvent
from wherry.worklist.types import Held, ListNow, Waiting

_WAITING = Q(state__in=["open", "claimed"])
#: At or under this rank something cannot wait: a red flag, or an emergency.
_URGENT = 19


def _free(now: dt.datetime) -> Q:
    return Q(state="open") | Q(state="claimed", leased_until__lte=now)


def _asked_of(*, roles: Collection[str], actor_id: str, now: dt.datetime) -> Q:
    mine = Q(kept_for=actor_id)
    asked = Q(kind="red_flag") | Q(for_role="") | Q(for_role__in=list(roles)) | mine
    # What is kept for somebody is theirs for a while; a red flag never waits for one pair of hands.
    anybodys = Q(kept_for="") | Q(kept_until__lte=now) | Q(kind="red_flag") | mine
    return asked & anybodys


def claimable(*, teams: Sequence[UUID], roles: Collection[str], actor_id: str, now: dt.datetime) -> QuerySet[Task]:
    """
    Give the tasks an actor could claim now, most pressing first.

    A task asked of a higher role is claimable by that role only, save a red flag: the more who may take it the better.
    Of somebody who is being rung about one red flag, no other is given to a second caller.
    """
    asked = _asked_of(roles=roles, actor_id=actor_id, now=now)
    found = Task.objects.filter(_free(now), asked, team_id__in=teams, not_before__lte=now)
    being_rung = rung_about(case_id=OuterRef("case_id"), but_not_by=actor_id, now=now)
    return found.exclude(Q(kind="red_flag") & Exists(being_rung)).order_by("priority", "due_at", "id")


def red_flags_put_off(*, teams: Sequence[UUID], now: dt.datetime) -> QuerySet[Task]:
    """Give the red flags that show again later, after a try that reached nobody; none anybody is ringing about."""
    waits = Task.objects.filter(_free(now), kind="red_flag", team_id__in=teams, not_before__gt=now)
    being_rung = rung_about(case_id=OuterRef("case_id"), but_not_by="", now=now)
    return waits.exclude(Exists(being_rung)).order_by("not_before", "priority", "due_at", "id")


def rung_about(*, case_id: UUID | OuterRef, but_not_by: str, now: dt.datetime) -> QuerySet[Task]:
    """Give the red flags of a case that somebody else holds now."""
    held = Task.objects.filter(case_id=case_id, kind="red_flag", state="claimed", leased_until__gt=now)
    return held.exclude(claimed_by=but_not_by)


def free_red_flags_of(*, case_id: UUID, now: dt.datetime) -> QuerySet[Task]:
    """Give the red flags of a case that nobody holds, whenever they were to show again."""
    return Task.objects.filter(_free(now), case_id=case_id, kind="red_flag").order_by("priority", "due_at", "id")


def open_siblings(*, task: Task) -> list[Task]:
    """List the other red flags of the same person that are not closed; none for another kind of task."""
    if task.kind != "red_flag":
        return []
    return list(Task.objects.filter(_WAITING, case_id=task.case_id, kind="red_flag").exclude(pk=task.pk).order_by("id"))


def held_together(*, by: Actor, task: Task) -> list[Task]:
    """List the tasks of the call somebody is on: this one first, then the other red flags of the same person."""
    if task.kind != "red_flag":
        return [task]
    others = Task.objects.filter(case_id=task.case_id, kind="red_flag", state="claimed", claimed_by=by.id)
    return [task, *others.exclude(pk=task.pk).order_by("priority", "due_at", "id")]


def list_now(
    *, teams: Sequence[UUID], roles: Collection[str], actor_id: str, now: dt.datetime, evening: dt.datetime
) -> ListNow:
    """Count what waits on these teams' list, and what an actor could be asked to do of it. evening: the day's end."""
    held = rung_about(case_id=OuterRef("case_id"), but_not_by="", now=now)
    is_rung_about = Q(Exists(held), kind="red_flag")
    counted = (
        Task.objects.filter(_WAITING, team_id__in=teams)
        .annotate(
            is_free=ExpressionWrapper(_free(now) & ~Q(is_rung_about), BooleanField()),
            is_asked=ExpressionWrapper(_asked_of(roles=roles, actor_id=actor_id, now=now), BooleanField()),
            is_urgent=ExpressionWrapper(Q(priority__lte=_URGENT), BooleanField()),
            is_overdue=ExpressionWrapper(Q(due_at__lt=now), BooleanField()),
            shows=Case(
                When(not_before__lte=now, then=Value("now")),
                When(not_before__lte=evening, then=Value("today")),
                default=Value("later"),
            ),
        )
        .values_list("kind", "is_free", "is_asked", "is_urgent", "is_overdue", "shows")
        .annotate(Count("id"), Min("opened_at"), Min("not_before"))
        .order_by()
    )
    return ListNow(tuple(Waiting(*row) for row in counted))


def kept_for(*, actor_id: str, now: dt.datetime) -> list[Task]:
    """List what waits for one caller: calls they promised, and what was handed to them; soonest first, at most 30."""
    return list(Task.objects.filter(state="open", kept_for=actor_id, kept_until__gt=now).order_by("not_before")[:30])


def held_by(*, actor: Actor, now: dt.datetime) -> Task | None:
    """Give the task somebody holds under a lease that still runs."""
    held = Task.objects.filter(state="claimed", claimed_by=actor.id, leased_until__gt=now)
    return held.order_by("leased_until", "priority", "due_at", "id").first()


def task_by_id(*, task_id: UUID) -> Task | None:
    """Give one task, or None when it is absent or not yours to see."""
    return Task.objects.select_related("case", "case__person", "team").filter(id=task_id).first()


def open_tasks_of(*, case_id: UUID, roles: Collection[str]) -> list[Task]:
    """List what waits about one case and may be asked of these roles, most pressing first; reports are not calls."""
    asked = Q(kind="red_flag") | Q(for_role="") | Q(for_role__in=list(roles))
    found = Task.objects.filter(_WAITING, asked, case_id=case_id).exclude(kind__in=["verify_death", "verify_identity"])
    return list(found.order_by("priority", "due_at", "id"))


def bare_task(*, task_id: UUID) -> Task | None:
    """Give one task without the case behind it, which may be out of sight; None when there is none to see."""
    return Task.objects.filter(id=task_id).first()


def was_claimed_by(*, task_id: UUID, actor_id: str) -> bool:
    """Say whether somebody ever held a task."""
    return TaskEvent.objects.filter(task_id=task_id, by=actor_id, verb__in=["claimed", "taken_back"]).exists()


def draft_of(*, task_id: UUID) -> CallDraft | None:
    """Give what was kept of a call, to whoever holds it."""
    return CallDraft.objects.filter(task_id=task_id).first()


def done_since(*, actor_id: str, since: dt.datetime) -> dict[str, int]:
    """
    Count the calls somebody finished or tried since a moment, by outcome; what they took back is not counted.

    A call about two red flags is one: what is written down of it is of one moment.
    """
    counts: dict[str, int] = {}
    events = TaskEvent.objects.filter(by=actor_id, verb__in=["finished", "tried", "taken_back"], at__gte=since)
    for verb, outcome, many in events.values_list("verb", "outcome").annotate(Count("at", distinct=True)).order_by():
        counts[outcome] = counts.get(outcome, 0) + (-many if verb == "taken_back" else many)
    return {outcome: many for outcome, many in counts.items() if many > 0}


def tasks_left(*, programme: str) -> list[Task]:
    """List everything a person must still do in a programme, the most pressing first, with its team."""
    waiting = Task.objects.filter(_WAITING, case__programme=programme).select_related("team")
    return list(waiting.order_by("priority", "due_at", "id"))


def unclaimed_red_flags(*, now: dt.datetime) -> list[Task]:
    """List red-flag tasks nobody holds, oldest first."""
    return list(Task.objects.filter(_free(now), kind="red_flag").order_by("opened_at", "id"))


def events_of(*, task_id: UUID) -> list[TaskEvent]:
    """List what happened to a task, oldest first."""
    return list(TaskEvent.objects.filter(task_id=task_id).order_by("at_version", "at"))


def last_event(*, task_id: UUID) -> TaskEvent | None:
    """Give the newest thing that happened to a task."""
    return TaskEvent.objects.filter(task_id=task_id).order_by("-at_version").first()


def tries_of(*, events: Sequence[TaskEvent]) -> list[TaskEvent]:
    """Give the tries among a task's events, oldest first, without those taken back."""
    tries: list[TaskEvent] = []
    for event in events:
        if event.verb == "tried":
            tries.append(event)
        elif event.verb == "taken_back" and tries and event.outcome == tries[-1].outcome:
            tries.pop()
    return tries


def held_now(*, teams: Sequence[UUID], now: dt.datetime) -> list[Held]:
    """List who holds what now, longest first."""
    since = TaskEvent.objects.filter(task=OuterRef("pk"), verb__in=["claimed", "taken_back"]).order_by("-at")
    found = (
        Task.objects.filter(team_id__in=teams, state="claimed", leased_until__gt=now)
        .annotate(since=Subquery(since.values("at")[:1]))
        .order_by("since")
    )
    return [Held(one.claimed_by, one.pk, one.kind, one.since or now) for one in found[:200]]


def calls_since(*, teams: Sequence[UUID], since: dt.datetime) -> dict[str, tuple[int, dt.datetime]]:
    """Give, for everybody who ended a call of these teams since a moment: how many, and when the last one was."""
    counted = (
        TaskEvent.objects.filter(verb__in=["finished", "tried"], at__gte=since, task__team_id__in=teams)
        .values_list("by")
        .annotate(Count("at", distinct=True), Max("at"))
        .order_by()
    )
    return {by: (many, last) for by, many, last in counted}


def due_by(*, teams: Sequence[UUID], evening: dt.datetime) -> int:
    """Count what is due, or shows, by the day's end."""
    due = Q(due_at__lte=evening) | Q(not_before__lte=evening)
    return Task.objects.filter(_WAITING, due, team_id__in=teams).count()


def stuck(*, teams: Sequence[UUID], now: dt.datetime) -> QuerySet[Task]:
    """Give what nobody has settled in time: past its clock, or a red flag nobody holds; the most pressing first."""
    late = Q(due_at__lt=now) | Q(kind="red_flag")
    return Task.objects.filter(_WAITING, late, team_id__in=teams).order_by("priority", "due_at", "id")
