from __future__ import annotations

from django.db import models
from django.db.models import Q

from wherry.cases.models import AboutACase, Occurrence
from wherry.database.records import Record, VersionedRecord
from wherry.people.models import ContactPointRow


class Attempt(VersionedRecord, AboutACase):
    """
    One intent to contact somebody for one step of one occurrence: the durable intent of the send protocol.

    The channel is an attribute, not part of the key: a step goes out once, by whatever channel, unless a person
    authorises a resend, which takes the next authorisation number. `reference` is what the provider knows it by.
    """

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="+")
    step = models.TextField()
    authorisation = models.PositiveSmallIntegerField(default=1)
    authorised_by = models.TextField(blank=True)
    channel = models.TextField()
    contact_point = models.ForeignKey(ContactPointRow, null=True, on_delete=models.SET_NULL, related_name="+")
    to_hash = models.CharField(max_length=64, blank=True)
    household_key = models.TextField(blank=True)
    message = models.TextField()
    language = models.TextField()
    reference = models.UUIDField(unique=True)
    state = models.TextField()
    why = models.TextField(blank=True)
    intended_at = models.DateTimeField()
    attempted_at = models.DateTimeField(null=True)
    quarantined_until = models.DateTimeField(null=True)
    # A refusal that time lifts (hours, caps): not asked again before this.
    held_until = models.DateTimeField(null=True)
    provider_id = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "occurrence", "step", "authorisation"], name="outreach_attempt_once_per_step"
            ),
            models.CheckConstraint(
                condition=Q(authorisation=1) | ~Q(authorised_by=""), name="outreach_attempt_resend_authorised"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["handing_off", "in_doubt"]) | Q(quarantined_until__isnull=False),
                name="outreach_attempt_doubt_has_quarantine",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "quarantined_until"], name="outreach_attempt_waiting"),
            models.Index(fields=["case", "occurrence", "intended_at"], name="outreach_attempt_history"),
            models.Index(fields=["to_hash", "attempted_at"], name="outreach_attempt_to"),
        ]


class AttemptEvent(Record, AboutACase):
    """One move of an attempt: from, to, when, why. Never overwritten."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="events")
    from_state = models.TextField(blank=True)
    to_state = models.TextField()
    at = models.DateTimeField()
    why = models.TextField(blank=True)


class Receipt(Record):
    """A provider's word on a message, kept as it came; applied by the worker under the attempt's row lock."""

    provider_event = models.TextField(unique=True)
    reference = models.TextField()
    event = models.TextField()
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)


class InboundText(Record):
    """A text from a resident, kept as it came; only the worker reads it."""

    provider_event = models.TextField(unique=True)
    number = models.TextField()
    text = models.TextField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)


class SendingPause(Record):
    """Sending stands still while a row has no end: somebody stopped it, or a database was restored."""

    why = models.TextField()
    paused_by = models.TextField()
    paused_at = models.DateTimeField()
    resumed_by = models.TextField(blank=True)
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(resumed_at__isnull=True, resumed_by="") | (Q(resumed_at__isnull=False) & ~Q(resumed_by="")),
                name="outreach_pause_resumed_by_somebody",
            )
        ]
