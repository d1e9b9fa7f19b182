from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from wherry.database.records import Record
from wherry.organisations.models import Organisation


class Audience(Record):
    """Those who may see the cases of one programme, in one place, led by one organisation."""

    programme = models.TextField()
    place = models.TextField()
    lead_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "place", "lead_organisation"], name="governance_audience_once")
        ]


class Agreement(Record):
    """
    An organisation's agreement to take part in a programme, for purposes, between dates.

    An empty place means every place. Outside its dates it lets nothing through: row security asks at each statement.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    programme = models.TextField()
    place = models.TextField(blank=True)
    purposes = ArrayField(models.TextField())
    lawful_basis = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    signed_by = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="governance_agreement_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["programme", "organisation"], name="governance_agreement_of")]


class Decision(Record):
    """What was decided, why, by whom, on what evidence, whether it can be undone, and when it is looked at again."""

    programme = models.TextField()
    what = models.TextField()
    why = models.TextField()
    risk_owner = models.TextField()
    evidence = models.TextField(blank=True)
    is_reversible = models.BooleanField(default=True)
    decided_by = models.TextField()
    decided_at = models.DateTimeField()
    review_on = models.DateField()
