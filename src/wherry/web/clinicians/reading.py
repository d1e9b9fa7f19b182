"""What the clinicians' pages show, read through the review room's queries: a page of entries, counts, what changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404

from wherry.foundation.actors import Actor
from wherry.organisations.queries import names_of
from wherry.review.models import AtRiskList, Entry, EntryReason
from wherry.review.queries import entries_of, entry_by_id, list_by_id, lists_to_review
from wherry.review.types import ListState, Origin, SinceLast, Verdict
from wherry.web.clinicians.asking import Asked

#: How many people of what others changed are named on the page to sign; the rest is a link away.
NAMED_AT_MOST = 15
_KEPT, _REMOVED = Q(verdict=Verdict.KEPT), Q(verdict=Verdict.REMOVED)
_STRATIFIED, _ADDED = Q(origin=Origin.STRATIFIED), Q(origin=Origin.ADDED)


@dataclass(frozen=True)
class Counts:
    """
    A list as it stands: proposed by the run, added and removed by clinicians, and what is left.

    asked_again, new, changed, missing: entries a clinician should look at first, and why.
    """

    proposed: int = 0
    added: int = 0
    removed: int = 0
    agreed: int = 0
    asked_again: int = 0
    new: int = 0
    changed: int = 0
    missing: int = 0


_COUNTED = {
    "proposed": Count("id", filter=_STRATIFIED),
    "added": Count("id", filter=_KEPT & _ADDED),
    "removed": Count("id", filter=_REMOVED & _STRATIFIED),
    "agreed": Count("id", filter=_KEPT),
    "asked_again": Count("id", filter=~Q(asked_again="")),
    "new": Count("id", filter=Q(since_last=SinceLast.NEW)),
    "changed": Count("id", filter=Q(since_last=SinceLast.CHANGED)),
    "missing": Count("id", filter=~Q(missing=[])),
}


@dataclass(frozen=True)
class PracticeCounts:
    """One practice's part of a list. code: empty where no practice is recorded."""

    code: str
    name: str
    proposed: int
    removed: int
    added: int


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
    return Counts(**_rows(by=by, list_id=list_id).order_by().aggregate(**_COUNTED))


def lists_with_counts(*, by: Actor, at_most: int) -> list[tuple[AtRiskList, Counts]]:
    """Give the newest lists with their counts: two queries, however many lists."""
    lists = lists_to_review(asked_by=by)[:at_most]
    rows: Any = Entry.objects.filter(at_risk_list__in=lists).values("at_risk_list_id").annotate(**_COUNTED).order_by()
    counted = {row["at_risk_list_id"]: Counts(**{name: row[name] for name in _COUNTED}) for row in rows}
    return [(one, counted.get(one.pk, Counts())) for one in lists]


def entries_page(*, by: Actor, list_id: UUID, asked: Asked) -> Page:
    """Give one page of what is asked for, with reasons; a page that is not there is the nearest that is."""
    return Paginator(asked.rows_of(entries_of(asked_by=by, list_id=list_id)), asked.size).get_page(asked.page)


def versions_of(*, by: Actor, list_id: UUID, asked: Asked) -> dict[UUID, int]:
    """Give everybody asked for, on every page, with the version of their entry."""
    rows = _rows(by=by, list_id=list_id)
    return dict(asked.rows_of(rows).values_list("pk", "version"))


def entries_named(*, by: Actor, list_id: UUID, ids: Iterable[UUID], at_most: int) -> list[Entry]:
    """Give the first of some entries of a list, in the order of their names."""
    rows = _rows(by=by, list_id=list_id).filter(pk__in=list(ids))
    return list(rows.order_by("family_name", "given_name", "id")[:at_most])


def how_many_there_are(*, by: Actor, list_id: UUID, ids: Iterable[UUID]) -> int:
    """Count how many of some ids are entries of a list."""
    return _rows(by=by, list_id=list_id).filter(pk__in=list(ids)).count()


def decided_otherwise(*, by: Actor, list_id: UUID, ids: Iterable[UUID], verdict: Verdict) -> int:
    """Count those of some entries about whom a clinician decided the other way before."""
    rows = _rows(by=by, list_id=list_id).filter(pk__in=list(ids)).exclude(verdict_reason="")
    return rows.exclude(verdict=verdict).count()


def by_practice(*, by: Actor, list_id: UUID) -> list[PracticeCounts]:
    """Count a list's entries by practice, in the order of the practices' names; two queries."""
    counted = {name: _COUNTED[name] for name in ("proposed", "removed", "added")}
    rows: Any = list(_rows(by=by, list_id=list_id).order_by().values("practice_code").annotate(**counted))
    names = practice_names(row["practice_code"] for row in rows)
    found = [
        PracticeCounts(row["practice_code"], names[row["practice_code"]], **{name: row[name] for name in counted})
        for row in rows
    ]
    return sorted(found, key=lambda one: (not one.code, one.name))


def practice_names(codes: Iterable[str]) -> Mapping[str, str]:
    """Give the names of practices by code; one the directory does not know is said by its code."""
    wanted = set(codes)
    known = names_of(codes=wanted)
    return {code: known.get(code) or (f"Practice {code}" if code else "No practice recorded") for code in wanted}


def categories_and_tiers(*, by: Actor, list_id: UUID) -> list[tuple[str, int]]:
    """Give the pairs of category and tier a list has."""
    rows = _rows(by=by, list_id=list_id).order_by("tier", "category")
    return list(rows.values_list("category", "tier").distinct())


def criteria_of(*, list_id: UUID) -> list[str]:
    """Give the criteria that speak for somebody on a list."""
    rows = EntryReason.objects.filter(entry__at_risk_list_id=list_id).order_by("criterion")
    return list(rows.values_list("criterion", flat=True).distinct())


def decided_by_reason(*, by: Actor, list_id: UUID) -> list[tuple[str, str, str, int]]:
    """Count what clinicians decided: (origin, verdict, reason, people), most people first."""
    rows = _rows(by=by, list_id=list_id).exclude(verdict_reason="").order_by()
    counted = rows.values_list("origin", "verdict", "verdict_reason").annotate(people=Count("id"))
    return list(counted.order_by("-people", "verdict_reason"))


def decided_by_others(*, by: Actor, list_id: UUID, since: dt.datetime | None) -> QuerySet[Entry]:
    """Give what others decided since a moment (ever, where there is none), newest first."""
    rows = _rows(by=by, list_id=list_id).exclude(verdict_reason="").exclude(decided_by=by.id)
    return (rows.filter(decided_at__gt=since) if since else rows).order_by("-decided_at", "id")


def sizes(*, by: Actor, list_id: UUID) -> list[tuple[str, int, int]]:
    """Count the kept entries by category and tier."""
    rows = _rows(by=by, list_id=list_id).filter(_KEPT)
    return list(rows.values_list("category", "tier").annotate(Count("id")).order_by("tier", "category"))


def against_the_last(*, by: Actor, at_risk_list: AtRiskList) -> tuple[int, int, int] | None:
    """Count who enters, stays and leaves against the signed list in force; None where there is none."""
    others = (one for one in lists_to_review(asked_by=by) if one.pk != at_risk_list.pk)
    in_force = (one for one in others if one.audience_id == at_risk_list.audience_id and one.state == ListState.SIGNED)
    last = next(in_force, None)
    if last is None:
        return None
    before, after = (
        set(_rows(by=by, list_id=pk).filter(_KEPT).values_list("population_id", flat=True))
        for pk in (last.pk, at_risk_list.pk)
    )
    return len(after - before), len(after & before), len(before - after)


def _rows(*, by: Actor, list_id: UUID) -> QuerySet[Entry]:
    """Give a list's entries without their reasons."""
    return entries_of(asked_by=by, list_id=list_id).prefetch_related(None).select_related(None)
