from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from wherry.database.records import Record, VersionedRecord
from wherry.governance.models import Audience
from wherry.review.types import AskedAgain, ListState, Origin, SinceLast, Verdict


class AtRiskList(VersionedRecord):
    """One stratification run for one place, under review or signed."""

    programme = models.TextField()
    place = models.TextField()
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    definition_hash = models.TextField()
    run_hash = models.TextField()
    as_of = models.DateField()
    made_at = models.DateTimeField()
    state = models.TextField(choices=[(one.value, one.value) for one in ListState], default=ListState.IN_REVIEW)
    signed_by = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_hash = models.TextField(blank=True)
    cases_opened_at = models.DateTimeField(null=True)
    proposed = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audience", "run_hash"], name="review_list_once_per_run"),
            models.CheckConstraint(
                condition=Q(state=ListState.IN_REVIEW, signed_at__isnull=True, signed_by="", signed_hash="")
                | (~Q(state=ListState.IN_REVIEW) & Q(signed_at__isnull=False) & ~Q(signed_by="") & ~Q(signed_hash="")),
                name="review_list_signed_whole",
            ),
        ]


class Entry(VersionedRecord):
    """
    One person on a list, as the run or a clinician put them there. For clinicians' eyes.

    missing: inputs of the rules the records did not hold, in words. since_last: against the list in force when this
    one was made. asked_again: why a decision no longer stands; earlier: that decision, in words.
    """

    at_risk_list = models.ForeignKey(AtRiskList, on_delete=models.CASCADE, related_name="entries")
    audience_id = models.UUIDField()
    population_id = models.TextField()
    given_name = models.TextField(blank=True)
    family_name = models.TextField(blank=True)
    birth_date = models.DateField()
    nhs_number = models.TextField(blank=True)
    practice_code = models.TextField(blank=True)
    category = models.TextField()
    tier = models.PositiveSmallIntegerField()
    score = models.IntegerField(null=True)
    origin = models.TextField(choices=[(one.value, one.value) for one in Origin])
    verdict = models.TextField(choices=[(one.value, one.value) for one in Verdict], default=Verdict.KEPT)
    verdict_reason = models.TextField(blank=True)
    decided_by = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True)
    missing = ArrayField(models.TextField(), default=list)
    since_last = models.TextField(choices=[(one.value, one.value) for one in SinceLast], blank=True)
    asked_again = models.TextField(choices=[(one.value, one.value) for one in AskedAgain], blank=True)
    earlier = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["at_risk_list", "population_id"], name="review_entry_once"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.KEPT, origin=Origin.STRATIFIED)
                | (~Q(verdict_reason="") & ~Q(decided_by="") & Q(decided_at__isnull=False)),
                name="review_entry_decision_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["at_risk_list", "tier", "family_name", "id"], name="review_entry_order"),
            # What a new list asks of every earlier one: who was decided about, and until when.
            models.Index(
                fields=["audience_id", "population_id", "-decided_at"],
                condition=~Q(verdict_reason=""),
                name="review_entry_decided",
            ),
        ]


class EntryReason(Record):
    """Why somebody is on a list: criterion in words, with code, date, value, source and how old the data was."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="reasons")
    audience_id = models.UUIDField()
    criterion = models.TextField()
    words = models.TextField()
    code = models.TextField(blank=True)
    date = models.DateField(null=True)
    value = models.TextField(blank=True)
    source = models.TextField(blank=True)
    data_as_of = models.DateField(null=True)


class Look(Record):
    """When somebody last looked at what they would sign: the page tells them what others changed since."""

    at_risk_list = models.ForeignKey(AtRiskList, on_delete=models.CASCADE, related_name="+")
    audience_id = models.UUIDField()
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["at_risk_list", "by"], name="review_look_once")]
