from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from wherry.cases.models import AboutACase, Occurrence
from wherry.checkin.models import Response
from wherry.database.records import Record, VersionedRecord


class Decision(Record, AboutACase):
    """What the triage table made of one response, with the hash of the table that did."""

    response = models.OneToOneField(Response, on_delete=models.PROTECT, related_name="+")
    urgency = models.TextField()
    incomplete = ArrayField(models.TextField(), default=list)
    definition_hash = models.TextField()
    decided_at = models.DateTimeField()


class Need(VersionedRecord, AboutACase):
    """
    Something somebody needs. Open until met, withdrawn, or closed by a person with a reason.

    help_found: who helps and how, where somebody found help that no service gave; its person reads it.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="needs")
    kind = models.TextField()
    urgency = models.TextField()
    rule = models.TextField()
    words = models.TextField()
    state = models.TextField(default="open")
    why = models.TextField(blank=True)
    help_found = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "kind"], name="triage_need_once_per_decision"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "referred", "met", "not_met", "withdrawn"]), name="triage_need_state"
            ),
            models.CheckConstraint(condition=Q(help_found="") | Q(state="met"), name="triage_need_found_is_met"),
        ]
        indexes = [models.Index(fields=["audience_id", "state"], name="triage_need_state_of")]


class RedFlag(VersionedRecord, AboutACase):
    """
    An answer that must have an owner within minutes. `acknowledged_by` empty means nobody has it yet.

    decision: empty while the check-in it was said in has not been sent; note: what the caller should know of that;
    what_was_done: in the words of whoever closed it.
    """

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="red_flags")
    flag = models.TextField()
    rule = models.TextField()
    say = models.TextField()
    raised_at = models.DateTimeField()
    acknowledged_by = models.TextField(blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    what_was_done = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occurrence", "flag"], name="triage_red_flag_once_per_check_in"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by="")
                | (Q(acknowledged_at__isnull=False) & ~Q(acknowledged_by="")),
                name="triage_red_flag_acknowledged_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(what_was_done="", closed_by="") | Q(closed_at__isnull=False),
                name="triage_red_flag_done_is_closed",
            ),
        ]
