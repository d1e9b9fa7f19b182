from __future__ import annotations

from django.db import models
from django.db.models import Q

from wherry.cases.models import AboutACase
from wherry.database.records import Record, VersionedRecord
from wherry.organisations.models import Organisation
from wherry.triage.models import Need


class CallToAction(VersionedRecord, AboutACase):
    """
    A need offered to a partner's service, with a clock and, in the end, an outcome the person confirms.

    kind and area: the need and roughly where, all a partner is told before they accept. shared: the minimum the service
    needs, by field, told from then on; nothing else of the person can be reached from here. told_anew_at: when it was
    last brought up to date.
    """

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="+")
    service = models.TextField()
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(blank=True)
    area = models.TextField(blank=True)
    shared = models.JSONField()
    urgency = models.TextField()
    state = models.TextField(default="offered")
    offered_at = models.DateTimeField()
    clock_ends_at = models.DateTimeField()
    told_anew_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    decline_reason = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    asked_person_at = models.DateTimeField(null=True)
    person_says = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need"],
                condition=Q(state__in=["offered", "accepted", "done"]),
                name="referrals_call_to_action_one_live_per_need",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decline_reason=""), name="referrals_call_to_action_declined_why"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "confirmed", "disputed"]) | (Q(done_at__isnull=False) & ~Q(outcome="")),
                name="referrals_call_to_action_done_with_outcome",
            ),
        ]
        indexes = [models.Index(fields=["partner", "state", "clock_ends_at"], name="referrals_inbox")]


class CallToActionEvent(Record, AboutACase):
    """One move of a call to action: who, from, to, when, why."""

    call_to_action = models.ForeignKey(CallToAction, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    by = models.TextField()
    from_state = models.TextField(blank=True)
    to_state = models.TextField()
    why = models.TextField(blank=True)


class Capacity(Record):
    """What a partner said of the room a service has. Never overwritten: the newest holds."""

    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service = models.TextField()
    said_at = models.DateTimeField()
    by = models.TextField()
    day = models.DateField()
    takes = models.PositiveIntegerField(null=True)
    closed_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(takes__isnull=True) | Q(closed_until__isnull=True), name="referrals_capacity_one_thing"
            ),
        ]
        indexes = [models.Index(fields=["service", "-said_at"], name="referrals_capacity_newest")]
