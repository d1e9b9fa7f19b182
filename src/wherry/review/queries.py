"""Lists and their entries, for clinicians."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission, require
from wherry.review.models import AtRiskList, Entry, EntryReason, Look
from wherry.review.rules import SEEN_COLUMNS, hash_of_entries
from wherry.review.types import Decided, ListState, Origin, Standing, Verdict


def lists_to_review(*, asked_by: Actor) -> list[AtRiskList]:
    """List the lists one may review or has signed, newest first."""
    require(asked_by, Permission.REVIEW_LIST)
    return list(AtRiskList.objects.select_related("audience").order_by("-made_at", "place"))


def list_by_id(*, asked_by: Actor, list_id: UUID) -> AtRiskList | None:
    """Give one list, or None when it is absent or not yours to see."""
    require(asked_by, Permission.REVIEW_LIST)
    return AtRiskList.objects.filter(pk=list_id).first()


def signed_at(*, ids: Collection[UUID]) -> dict[UUID, dt.datetime]:
    """Give when lists were signed; those that are not, or not in the asker's sight, are left out."""
    rows = AtRiskList.objects.filter(pk__in=ids, signed_at__isnull=False)
    return {pk: at for pk, at in rows.values_list("pk", "signed_at") if at is not None}


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


def decisions_of(*, audience_id: UUID) -> dict[str, Decided]:
    """Give the newest decision about everybody clinicians of an audience ever decided about, on any of its lists."""
    decided = Entry.objects.filter(audience_id=audience_id).exclude(verdict_reason="")
    newest = list(decided.order_by("population_id", "-decided_at", "-id").distinct("population_id"))
    criteria = _criteria_of([one.pk for one in newest])
    return {one.population_id: _decided(one, criteria[one.pk]) for one in newest}


def standing_of(*, audience_id: UUID) -> dict[str, Standing]:
    """Give everybody on the list in force, as it placed them; empty where no list is in force."""
    rows = Entry.objects.filter(audience_id=audience_id, at_risk_list__state=ListState.SIGNED)
    listed = list(rows.only("id", "population_id", "category", "tier"))
    criteria = _criteria_of([one.pk for one in listed])
    return {one.population_id: Standing(one.category, one.tier, criteria[one.pk]) for one in listed}


def expired_decisions(*, day: dt.date) -> dict[AtRiskList, list[Entry]]:
    """
    List decisions whose day has come and that nobody has been asked about again, by the list that has to be looked at.

    That is the list under review where a place has one, else the list in force.
    """
    current: dict[UUID, AtRiskList] = {}
    lists = AtRiskList.objects.filter(state__in=[ListState.IN_REVIEW, ListState.SIGNED]).select_related("audience")
    for one in lists.order_by("-state", "made_at"):  # signed first, so that one under review takes its place
        current[one.audience_id] = one
    rows = Entry.objects.filter(at_risk_list__in=list(current.values()), expires_on__lte=day, asked_again="")
    found: dict[AtRiskList, list[Entry]] = {}
    for entry in rows.exclude(Q(origin=Origin.ADDED) & Q(verdict=Verdict.REMOVED)).order_by("population_id"):
        found.setdefault(current[entry.audience_id], []).append(entry)
    return found


def last_look(*, asked_by: Actor, list_id: UUID) -> dt.datetime | None:
    """Give when somebody last looked at what they would sign; None the first time."""
    return Look.objects.filter(at_risk_list_id=list_id, by=asked_by.id).values_list("at", flat=True).first()


def _criteria_of(entry_ids: Collection[UUID]) -> defaultdict[UUID, frozenset[str]]:
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    for entry_id, criterion in EntryReason.objects.filter(entry_id__in=entry_ids).values_list("entry_id", "criterion"):
        found[entry_id].add(criterion)
    return defaultdict(frozenset, {entry_id: frozenset(criteria) for entry_id, criteria in found.items()})


def _decided(entry: Entry, criteria: frozenset[str]) -> Decided:
    assert entry.decided_at is not None  # noqa: S101 - the constraint of the table, for the reader of types
    return Decided(
        population_id=entry.population_id,
        origin=Origin(entry.origin),
        verdict=Verdict(entry.verdict),
        reason=entry.verdict_reason,
        decided_by=entry.decided_by,
        decided_at=entry.decided_at,
        expires_on=entry.expires_on,
        criteria=criteria,
    )


def reasons_of(*, entry_id: UUID | None) -> list[tuple[str, dt.date | None]]:
    """Give the code and the day of each reason an entry stands on its list for; none where there is no entry."""
    if entry_id is None:
        return []
    return list(EntryReason.objects.filter(entry_id=entry_id).values_list("code", "date").order_by("code", "date"))
