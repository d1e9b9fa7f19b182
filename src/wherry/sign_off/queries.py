"""Versions of programmes as they stand: in force, waiting, discussed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db.models import Prefetch

from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission, require
from wherry.sign_off.errors import NothingInForce
from wherry.sign_off.models import Comment, ProgrammeVersion
from wherry.sign_off.types import Standing, VersionState

#: What every page and every turn asks is told without the files, which are large.
_STANDING = ("id", "programme", "number", "hash", "share", "reaches_people")


def versions_in_force() -> tuple[Standing, ...]:
    """List every version in force, of every programme."""
    found = ProgrammeVersion.objects.filter(state=VersionState.IN_FORCE).order_by("programme", "number")
    return tuple(Standing(*row) for row in found.values_list(*_STANDING))


def standing_of(*, version_id: UUID) -> Standing:
    """Tell of one version, whatever its state. Raises NothingInForce when there is none."""
    found = ProgrammeVersion.objects.filter(pk=version_id).values_list(*_STANDING).first()
    if found is None:
        raise NothingInForce
    return Standing(*found)


def last_in_force(*, programme: str) -> Standing | None:
    """Give the version of a programme that came into force last, whatever became of it; None: none ever did."""
    found = ProgrammeVersion.objects.filter(programme=programme, in_force_at__isnull=False)
    row = found.order_by("-in_force_at", "-number").values_list(*_STANDING).first()
    return Standing(*row) if row else None


def programmes_once_in_force() -> tuple[str, ...]:
    """Give the codes of the programmes that reach people or did once: their people still ring and write to us."""
    found = ProgrammeVersion.objects.filter(in_force_at__isnull=False, reaches_people=True)
    return tuple(found.values_list("programme", flat=True).distinct().order_by("programme"))


def programmes_stood_down() -> tuple[str, ...]:
    """Give the codes of the programmes that have ended: a version has, and none is in force."""
    ended = ProgrammeVersion.objects.filter(state=VersionState.ENDED).values_list("programme", flat=True).distinct()
    return tuple(sorted(set(ended) - {one.programme for one in versions_in_force()}))


def files_of(*, version_id: UUID) -> Mapping[str, str]:
    """Give what was put forward: relative path → text."""
    return dict(ProgrammeVersion.objects.values_list("files", flat=True).get(pk=version_id))


def numbers_of(*, programme: str) -> dict[UUID, int]:
    """Give the number of each version of a programme, by its id."""
    return dict(ProgrammeVersion.objects.filter(programme=programme).values_list("id", "number"))


def halted_versions() -> dict[UUID, VersionState]:
    """
    List the versions, stopped or ended, under which nothing new may leave, each with which of the two it is.

    Asked again in the transaction of every hand-off.
    """
    halted = ProgrammeVersion.objects.filter(state__in=[VersionState.STOPPED, VersionState.ENDED])
    return {pk: VersionState(state) for pk, state in halted.values_list("id", "state")}


def versions_of(*, asked_by: Actor, programme: str = "") -> list[ProgrammeVersion]:
    """List versions without their files, newest first; of one programme or of all."""
    require(asked_by, Permission.READ_PROGRAMMES)
    found = ProgrammeVersion.objects.defer("files").prefetch_related("signatures", "comments")
    return list((found.filter(programme=programme) if programme else found).order_by("programme", "-number"))


def version_by_id(*, asked_by: Actor, version_id: UUID) -> ProgrammeVersion:
    """Give one version with its signatures and comments, its files not read. Raises ProgrammeVersion.DoesNotExist."""
    require(asked_by, Permission.READ_PROGRAMMES)
    oldest_first = Prefetch("comments", queryset=Comment.objects.order_by("said_at"))
    return ProgrammeVersion.objects.defer("files").prefetch_related("signatures", oldest_first).get(pk=version_id)


def version_before(*, asked_by: Actor, version: ProgrammeVersion) -> ProgrammeVersion | None:
    """Give the version a programme had before this one, its files not read; None for the first."""
    require(asked_by, Permission.READ_PROGRAMMES)
    found = ProgrammeVersion.objects.defer("files").filter(programme=version.programme, number__lt=version.number)
    return found.exclude(state=VersionState.WITHDRAWN).order_by("-number").first()


def hashes_put_forward(*, asked_by: Actor) -> frozenset[tuple[str, str]]:
    """List the contents put forward and not taken back: programme and hash."""
    require(asked_by, Permission.READ_PROGRAMMES)
    found = ProgrammeVersion.objects.exclude(state=VersionState.WITHDRAWN)
    return frozenset(found.values_list("programme", "hash"))


def stopped() -> tuple[Standing, ...]:
    """List every version that was stopped and has not ended."""
    found = ProgrammeVersion.objects.filter(state=VersionState.STOPPED).order_by("programme", "number")
    return tuple(Standing(*row) for row in found.values_list(*_STANDING))


def due_to_be_in_force(*, day: dt.date) -> list[ProgrammeVersion]:
    """List the signed versions whose first day has come."""
    signed = ProgrammeVersion.objects.defer("files").filter(
        state=VersionState.SIGNED, starts_on__lte=day, ends_on__gte=day
    )
    return list(signed.order_by("programme", "number"))
