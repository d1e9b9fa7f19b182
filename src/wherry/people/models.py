from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from wherry.database.records import Record, VersionedRecord


class Person(VersionedRecord):
    """
    A resident with a case: the least that is needed to reach and help them.

    Nothing clinical lives here. `audience_ids` follows their cases, by trigger.
    """

    population_id = models.TextField(unique=True)
    nhs_number = models.TextField(blank=True)
    given_name = models.TextField()
    family_name = models.TextField()
    birth_date = models.DateField()
    died_on = models.DateField(null=True)
    sex = models.TextField(blank=True)
    language = models.TextField(default="en")
    address = models.TextField(blank=True)
    postcode = models.TextField(blank=True)
    uprn = models.TextField(blank=True)
    household_key = models.TextField(blank=True)
    place = models.TextField(blank=True)
    practice_code = models.TextField(blank=True)
    imd_decile = models.SmallIntegerField(null=True)
    ethnicity = models.TextField(blank=True)
    is_communal = models.BooleanField(default=False)
    is_address_held = models.BooleanField(default=False)
    is_synthetic = models.BooleanField(default=False)
    audience_ids = ArrayField(models.UUIDField(), default=list)

    class Meta:
        indexes = [GinIndex(fields=["audience_ids"], name="people_person_audiences")]


class ContactPointRow(Record):
    """
    A number or address a source gave for somebody, with the day it was recorded.

    is_shared: somebody else was recorded with this mobile number too, now or before.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.TextField()
    value = models.TextField()
    source = models.TextField()
    recorded_on = models.DateField()
    verified_on = models.DateField(null=True)
    wrong_since = models.DateTimeField(null=True)
    is_shared = models.BooleanField(default=False)

    class Meta:
        db_table = "people_contact_point"
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "value", "source"], name="people_contact_point_once")
        ]
        indexes = [models.Index(fields=["kind", "value"], name="people_contact_point_value")]


class WishRow(Record):
    """What somebody asked of us: stop, a language, a format, a safe way to be reached."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.TextField()
    value = models.TextField(blank=True)
    source = models.TextField()
    recorded_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        db_table = "people_wish"
        indexes = [models.Index(fields=["person"], name="people_wish_person")]


class Report(Record):
    """
    Somebody says "they have died" or "this is not me": contact stops at once, and a person verifies.

    Or an analyst took their records apart: until they have confirmed it, nobody knows whose number is whose.
    """

    class Kind(models.TextChoices):
        DIED = "died"
        NOT_ME = "not_me"
        UNLINKED = "unlinked"

    #: The one resolution that lets contact begin again.
    MISTAKEN = "mistaken"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.TextField(choices=Kind.choices)
    source = models.TextField()
    reported_at = models.DateTimeField()
    resolution = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(resolved_at__isnull=True),
                name="people_report_open_once",
            )
        ]
