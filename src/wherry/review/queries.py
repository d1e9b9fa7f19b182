"""Lists and their entries, for clinicians."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission, require
from wherry.review.models import AtRiskList, Entry
from wherry.review.rules import SEEN_COLUMNS, hash_of_entries
from wherry.review.types import ListState, Verdict


def lists_to_review(*, asked_by: Actor) -> list[AtRiskList]:
    """List the lists one may review or has signed, newest first."""
    require(asked_by, Permission.REVIEW_LIST)
    return list(AtRiskList.objects.select_related("audience").order_by("-made_at", "place"))


def list_by_id(*, asked_by: Actor, list_id: UUID) -> AtRiskList | None:
    """Give one list, or None when it is absent or not yours to see."""
    require(asked_by, Permission.REVIEW_LIST)
    return AtRiskList.objects.filter(pk=list_id).first()


def entries_of(*, asked_by: Actor, list_id: UUID) -> QuerySet[Entry]:
    """Give a list's entries with their reasons, highest tier first."""
    require(asked_by, Permission.SEE_REASONS)
    return (
        Entry.objects.filter(at_risk_list_id=list_id)
        .select_related("at_risk_list")
        .prefetch_related("reasons")
        .order_by("tier", "family_name", "id")
    )


def entry_by_id(*, asked_by: Actor, entry_id: UUID) -> Entry | None:
    """Give one entry with its list, or None when it is absent or not yours to see."""
    require(asked_by, Permission.SEE_REASONS)
    return Entry.objects.select_related("at_risk_list").filter(pk=entry_id).first()


def hash_of_list(*, list_id: UUID) -> str:
    """Hash a list as it stands now: what a signer is shown, and signs."""
    return hash_of_entries(Entry.objects.filter(at_risk_list_id=list_id).values(*SEEN_COLUMNS))


def kept_entries(*, list_id: UUID) -> list[Entry]:
    """List the entries of a signed list whose people are to have a case."""
    return list(Entry.objects.filter(at_risk_list_id=list_id, verdict=Verdict.KEPT).order_by("population_id"))


def signed_lists_without_cases() -> list[UUID]:
    """List signed lists whose cases are not all opened."""
    return list(
        AtRiskList.objects.filter(state=ListState.SIGNED, cases_opened_at__isnull=True)
        .order_by("signed_at")
        .values_list("pk", flat=True)
    )
