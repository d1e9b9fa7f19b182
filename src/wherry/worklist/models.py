from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wherry.cases.models import AboutACase
from wherry.database.records import Record, VersionedRecord
from wherry.organisations.models import Team


class Task(VersionedRecord, AboutACase):
    """
    Something a person must do, owned by a team, claimed by one person at a time for a while.

    about_id: the opaque id of what it is about (occurrence, red flag, need, report); urgent: smaller comes first.
    kept_for: whoever it waits for until `kept_until`, because they promised the call or were handed it; then anybody's.
    """

    kind = models.TextField()
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    about_id = models.UUIDField()
    priority = models.IntegerField()
    opened_at = models.DateTimeField()
    not_before = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.TextField(default="open")
    claimed_by = models.TextField(blank=True)
    leased_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    hops = models.PositiveSmallIntegerField(default=0)
    for_role = models.TextField(blank=True)
    household_key = models.TextField(blank=True)
    kept_for = models.TextField(blank=True)
    kept_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "about_id"],
                condition=Q(state__in=["open", "claimed"]),
                name="worklist_task_once_open",
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", leased_until__isnull=False) & ~Q(claimed_by="") | ~Q(state="claimed"),
                name="worklist_task_claimed_with_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "claimed", "done", "cancelled"]), name="worklist_task_state"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("opened_at")), name="worklist_task_due_after_opening"),
            models.CheckConstraint(
                condition=Q(kept_for="", kept_until__isnull=True) | (~Q(kept_for="") & Q(kept_until__isnull=False)),
                name="worklist_task_kept_for_a_while",
            ),
        ]
        indexes = [
            models.Index(
                fields=["team", "priority", "due_at", "id"],
                condition=Q(state__in=["open", "claimed"]),
                name="worklist_task_next",
            ),
            models.Index(fields=["claimed_by", "state", "done_at"], name="worklist_task_claimed"),
            models.Index(fields=["kept_for"], condition=~Q(kept_for=""), name="worklist_task_kept"),
            models.Index(fields=["case", "state"], name="worklist_task_of_case"),
        ]


class TaskEvent(Record, AboutACase):
    """
    One thing that happened to a task: claimed, handed back, an outcome, a hop to somebody else.

    at_version: the task's version it made, so that events of one moment keep their order; was: what a mis-tap must be
    able to bring back, as the columns stood before.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    by = models.TextField()
    verb = models.TextField()
    outcome = models.TextField(blank=True)
    note = models.TextField(blank=True)
    at_version = models.PositiveIntegerField()
    was = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["by", "at"], name="worklist_taskevent_of_whom")]


class CallDraft(VersionedRecord, AboutACase):
    """
    What somebody has said so far in a call, kept as they say it, so that no broken line or lost page loses a word.

    Goes with the call: whoever takes it next goes on from here. Gone as soon as the answers are stored.
    """

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="draft")
    answers = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    saved_by = models.TextField()
