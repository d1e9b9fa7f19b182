from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from wherry.database.records import Record


class Event(Record):
    """One deed or one look. Never updated, never deleted: the application's roles may only insert."""

    at = models.DateTimeField()
    actor_kind = models.TextField()
    actor_id = models.TextField()
    organisation_ids = ArrayField(models.UUIDField(), default=list)
    purpose = models.TextField(blank=True)
    did = models.TextField()
    subject = models.TextField()
    subject_ids = ArrayField(models.TextField(), default=list)
    detail = models.JSONField(default=dict)
    row_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="audit_event_at"),
            models.Index(fields=["did", "at"], name="audit_event_did"),
        ]


class Link(models.Model):
    """An event's place in the chain, laid by the one sealer behind the oldest running transaction."""

    position = models.BigIntegerField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    row_hash = models.CharField(max_length=64)
    head = models.CharField(max_length=64)


class Seal(models.Model):
    """A signed head: everything up to `position` stood like this at `at`."""

    position = models.BigIntegerField(primary_key=True)
    head = models.CharField(max_length=64)
    at = models.DateTimeField()
    signature = models.CharField(max_length=128)
    public_key = models.CharField(max_length=64)
