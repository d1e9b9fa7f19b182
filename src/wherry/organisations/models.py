from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
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


class StaffManager(BaseUserManager["Staff"]):
    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(email__iexact=username)


class Staff(AbstractBaseUser, Record):
    """Someone who signs in. Not a resident."""

    email = models.EmailField(unique=True)
    name = models.TextField()
    is_active = models.BooleanField(default=True)

    objects = StaffManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]


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
