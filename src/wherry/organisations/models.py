from __future__ import annotations

from django.db import models

from wherry.database.records import Record
from wherry.organisations.types import OrganisationKind, Role


class Organisation(Record):
    """A partner: a health board, council, practice, pharmacy, charity or an employer lending callers."""

    code = models.TextField(unique=True)
    name = models.TextField()
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in OrganisationKind])
    place = models.TextField(blank=True)


class Team(Record):
    """People of one or several employers who share a list of work."""

    code = models.TextField(unique=True)
    name = models.TextField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")


class Staff(Record):
    """Someone who signs in. Not a resident."""

    email = models.EmailField(unique=True)
    name = models.TextField()
    is_active = models.BooleanField(default=True)


class Credential(Record):
    """
    What somebody signs in with. Apart from `Staff`, since only the sign-in may ever read it.

    password: its salted hash; factor_sealed: the authenticator's secret, encrypted, empty before the first sign-in;
    last_step: the half minute of the last code taken; none at or before it is taken again.
    """

    staff = models.OneToOneField(Staff, on_delete=models.PROTECT, related_name="+")
    password = models.TextField()
    must_choose_password = models.BooleanField(default=False)
    factor_sealed = models.TextField(blank=True)
    last_step = models.BigIntegerField(default=0)


class RecoveryCode(Record):
    """A code on paper for the day the telephone is lost, as a keyed hash; good once."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    code_sha256 = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)


class SignIn(Record):
    """Somebody signed in with one browser. Times are the wall clock's; nothing says where they sat."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="sign_ins")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True)
    browser = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by="")
                | models.Q(ended_at__isnull=False) & ~models.Q(ended_by=""),
                name="organisations_signin_ended_by_something",
            ),
        ]


class Membership(Record):
    """Who works for whom, in which role, from when to when."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="memberships")
    role = models.TextField(choices=[(role.value, role.value) for role in Role])
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "organisation", "role"], name="organisations_membership_once"),
        ]


class Try(Record):
    """One guess at a password, a code or a birth date. By whom is a keyed hash; gone once it no longer counts."""

    of_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["of_sha256", "at"], name="organisations_try_of")]
