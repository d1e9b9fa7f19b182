"""What the clinicians' pages show, read through the review room's queries: a page of entries, counts, what changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404

from wherry.foundation.actors import Actor
from wherry.review.models import AtRiskList, Entry
from wherry.review.queries import entries_of, entry_by_id, list_by_id, lists_to_review
from wherry.review.types import ListState, Origin, Verdict

ON_A_PAGE = 25
_KEPT, _REMOVED = Q(verdict=Verdict.KEPT), Q(verdict=Verdict.REMOVED)
_VERDICTS = {"kept": _KEPT, "removed": _REMOVED, "added": Q(origin=Origin.ADDED)}


@dataclass(frozen=True)
class Counts:
    """A list as it stands: proposed by the run, added and removed by clinicians, and what is left."""

    proposed: int
    added: int
    removed: int
    agreed: int


def list_or_404(*, by: Actor, list_id: UUID) -> AtRiskList:
    """Give a list; one that is absent and one that is somebody else's are the same 404."""
    found = list_by_id(asked_by=by, list_id=list_id)
    if found is None:
        raise Http404
    return found


def entry_or_404(*, by: Actor, entry_id: UUID) -> Entry:
    """Give an entry; one that is absent and one that is somebody else's are the same 404."""
    found = entry_by_id(asked_by=by, entry_id=entry_id)
    if found is None:
        raise Http404
    return found


def counts_of(*, by: Actor, list_id: UUID) -> Counts:
    """Count a list's entries as they stand now, signed or not."""
    return Counts(
        **entries_of(asked_by=by, list_id=list_id).aggregate(
            proposed=Count("id", filter=Q(origin=Origin.STRATIFIED)),
            added=Count("id", filter=_KEPT & Q(origin=Origin.ADDED)),
            removed=Count("id", filter=_REMOVED & Q(origin=Origin.STRATIFIED)),
            agreed=Count("id", filter=_KEPT),
        )
    )


def entries_page(*, by: Actor, list_id: UUID, asked: Mapping[str, str]) -> Page:
    """
    Give one page of a list's entries with their reasons.

    asked: `tier`, `practice`, `verdict` and `page` as the address has them; what names nothing filters nothing.
    """
    rows = entries_of(asked_by=by, list_id=list_id)
    if asked.get("tier", "").isdecimal():
        rows = rows.filter(tier=int(asked["tier"]))
    if asked.get("practice"):
        rows = rows.filter(practice_code=asked["practice"])
    return Paginator(rows.filter(_VERDICTS.get(asked.get("verdict", ""), Q())), ON_A_PAGE).get_page(asked.get("page"))


def filters_of(*, by: Actor, list_id: UUID) -> tuple[list[int], list[str]]:
    """Give the tiers and the practices a list has."""
    rows = entries_of(asked_by=by, list_id=list_id).prefetch_related(None)
    return _distinct(rows, "tier"), _distinct(rows, "practice_code")


def decided_entries(*, by: Actor, list_id: UUID) -> list[Entry]:
    """List what clinicians changed: additions and removals, in the list's own order."""
    rows = entries_of(asked_by=by, list_id=list_id).prefetch_related(None)
    return list(rows.filter(_REMOVED | Q(origin=Origin.ADDED)))


def sizes(*, by: Actor, list_id: UUID) -> list[tuple[str, int, int]]:
    """Count the kept entries by category and tier."""
    rows = entries_of(asked_by=by, list_id=list_id).prefetch_related(None).filter(_KEPT)
    return list(rows.values_list("category", "tier").annotate(Count("id")).order_by("tier", "category"))


def against_the_last(*, by: Actor, at_risk_list: AtRiskList) -> tuple[int, int, int] | None:
    """Count who enters, stays and leaves against the signed list in force; None where there is none."""
    others = (one for one in lists_to_review(asked_by=by) if one.pk != at_risk_list.pk)
    in_force = (one for one in others if one.audience_id == at_risk_list.audience_id and one.state == ListState.SIGNED)
    last = next(in_force, None)
    if last is None:
        return None
    before, after = (
        set(
            entries_of(asked_by=by, list_id=pk)
            .prefetch_related(None)
            .filter(_KEPT)
            .values_list("population_id", flat=True)
        )
        for pk in (last.pk, at_risk_list.pk)
    )
    return len(after - before), len(after & before), len(before - after)


def _distinct(rows: QuerySet, column: str) -> list:
    return list(rows.order_by(column).values_list(column, flat=True).distinct())
