from __future__ import annotations

from django.db import models
from django.db.models import Q

from wherry.cases.models import AboutACase, Case, Occurrence
from wherry.database.records import Record, VersionedRecord


class Invitation(VersionedRecord, AboutACase):
    """
    A link that finds one check-in of one person, or one question about help (kind `did_it_help`, about_id the call
    to action). A locator, not a login: the token is stored only as a hash.

    state: open → used | locked (five wrong birth dates) | revoked (death, stop, number change).
    """

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(default="check_in")
    about_id = models.UUIDField()
    # Whoever holds a link may say "stop" long after its case has gone from their sight.
    person_id = models.UUIDField()
    # What a question about help says of it, and no more: when it was asked for, and its kind where that may be named.
    about_need = models.TextField(blank=True)
    about_day = models.DateField(null=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    definition_hash = models.TextField()
    language = models.TextField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.TextField(default="open")
    tries = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about_id"],
                condition=Q(state__in=["open", "locked"]),
                name="checkin_invitation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "locked", "used", "revoked"]), name="checkin_invitation_state"
            ),
            models.CheckConstraint(condition=Q(kind__in=["check_in", "did_it_help"]), name="checkin_invitation_kind"),
        ]


class Draft(VersionedRecord, AboutACase):
    """
    Answers given so far, kept page by page so that nothing typed is lost. Only the resident's link reads `answers`.

    noticed_at: when the worker saw that it was left unfinished, and somebody was asked to ring.
    """

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="draft")
    answers = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    noticed_at = models.DateTimeField(null=True)


class CodeAsked(VersionedRecord, AboutACase):
    """
    A one-time code somebody asked for, before anything kept about them is shown. The code itself is stored nowhere: it
    is made from the row's id and the installation's key.

    heard_at empty: the worker has not looked whether there is a number to send it to. proof_sha256: the hash of what
    the one browser got in which the code was right; it is good until `ended_at`, or until `seen_at` is too long ago.
    """

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    proof_sha256 = models.CharField(max_length=64, blank=True)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proof_sha256"], condition=~Q(proof_sha256=""), name="checkin_code_proof_is_one_browser_s"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, seen_at__isnull=True, proof_sha256="")
                | (Q(used_at__isnull=False, seen_at__isnull=False) & ~Q(proof_sha256="")),
                name="checkin_code_used_with_proof",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "asked_at"], name="checkin_code_of_case"),
            models.Index(fields=["asked_at"], condition=Q(heard_at__isnull=True), name="checkin_code_unheard"),
        ]


class CallWanted(VersionedRecord, AboutACase):
    """
    A call wanted from somebody's own page. about: the kind of need that is wrong or still there; `one_time_code` after
    five wrong ones; empty for anything else.
    """

    about = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "about"], condition=Q(heard_at__isnull=True), name="checkin_call_wanted_once"
            )
        ]


class Alarm(VersionedRecord, AboutACase):
    """
    A red flag in an answer, kept the moment the answer is given, whatever becomes of the check-in it was given in.

    taken_back_at: the answer was changed; the alarm stays, with that said. heard_at empty: there is something here the
    worker has not acted on yet. language, answered_by, they_agree, relation: who gave it, as `Said` has them.
    """

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="+")
    flag = models.TextField()
    rule = models.TextField()
    say = models.TextField()
    channel = models.TextField()
    language = models.TextField(default="en")
    answered_by = models.TextField(default="self")
    they_agree = models.TextField(blank=True)
    relation = models.TextField(blank=True)
    said_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["occurrence", "flag"], name="checkin_alarm_once_per_flag")]
        indexes = [models.Index(fields=["said_at"], condition=Q(heard_at__isnull=True), name="checkin_alarm_unheard")]


class Response(Record, AboutACase):
    """
    One whole check-in, exactly as answered. Never changed.

    idempotency_key: the same form posted twice is one response.
    """

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="+")
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.TextField()
    answers = models.JSONField()
    language = models.TextField()
    answered_by = models.TextField()
    submitted_at = models.DateTimeField()
    definition_hash = models.TextField()
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["occurrence"], name="checkin_response_once_per_occurrence")]


class HelpReply(Record, AboutACase):
    """The person's own word on whether help they asked for came. Never changed."""

    invitation = models.OneToOneField(Invitation, null=True, on_delete=models.PROTECT, related_name="+")
    about_id = models.UUIDField(unique=True)
    helped = models.BooleanField()
    channel = models.TextField()
    said_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)


class Answered(models.Model):
    """That somebody answered, when and how, without what they said: a view for those who count, `sql/answered.sql`."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.DO_NOTHING, related_name="+")
    audience_id = models.UUIDField()
    channel = models.TextField()
    submitted_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "checkin_answered"
