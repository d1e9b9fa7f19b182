from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from wherry.database.records import Record, VersionedRecord
from wherry.sign_off.types import VersionState


class ProgrammeVersion(VersionedRecord):
    """
    One programme as it was put forward, with every place's overlay. A trigger keeps its content from ever changing.

    hash: of all files; files: relative path → text; roles: who must sign; starts_on, ends_on: the days it is meant to
    hold; proved: what the check said; share: per cent of people it is released to.
    """

    programme = models.TextField()
    number = models.PositiveIntegerField()
    name = models.TextField()
    hash = models.TextField()
    files = models.JSONField()
    roles = ArrayField(models.TextField())
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    reaches_people = models.BooleanField(default=True)
    why = models.TextField()
    proved = ArrayField(models.TextField(), default=list)
    put_forward_by = models.TextField()
    put_forward_at = models.DateTimeField()
    state = models.TextField(choices=[(one.value, one.value) for one in VersionState], default=VersionState.DRAFT)
    reviewed_by = models.TextField(blank=True)
    reviewed_at = models.DateTimeField(null=True)
    in_force_at = models.DateTimeField(null=True)
    share = models.PositiveSmallIntegerField(default=0)
    ended_by = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    why_ended = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "hash"], name="sign_off_version_id_and_hash"),
            models.UniqueConstraint(
                fields=["programme", "number"], condition=~Q(state=VersionState.WITHDRAWN), name="sign_off_number_once"
            ),
            # Beside the one for everybody there is at most one more, on its way from stage to stage.
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state=VersionState.IN_FORCE, share=100),
                name="sign_off_one_for_everybody",
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state=VersionState.IN_FORCE, share__lt=100),
                name="sign_off_one_on_its_way",
            ),
            models.CheckConstraint(
                condition=Q(share=0) | Q(in_force_at__isnull=False), name="sign_off_released_only_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[VersionState.STOPPED, VersionState.ENDED, VersionState.WITHDRAWN])
                | (~Q(why_ended="") & ~Q(ended_by="") & Q(ended_at__isnull=False)),
                name="sign_off_ended_with_reason",
            ),
        ]


class Signature(Record):
    """One role's signature, bound by the database to the hash of what was signed. Nobody signs one version twice."""

    programme_version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="signatures")
    role = models.TextField()
    hash = models.TextField()
    signed_by = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme_version", "role"], name="sign_off_role_once"),
            models.UniqueConstraint(fields=["programme_version", "signed_by"], name="sign_off_person_once"),
        ]


class Comment(Record):
    """What somebody of a partner organisation says about a draft, and the answer they got. about: chapter or key."""

    programme_version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="comments")
    about = models.TextField(blank=True)
    words = models.TextField()
    said_by = models.TextField()
    said_for = models.TextField()
    said_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_by="", answered_at__isnull=True)
                | (~Q(answer="") & ~Q(answered_by="") & Q(answered_at__isnull=False)),
                name="sign_off_comment_answered_whole",
            )
        ]
        indexes = [models.Index(fields=["programme_version", "said_at"], name="sign_off_comments_of")]
