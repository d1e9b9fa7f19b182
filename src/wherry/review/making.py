"""The rows of a new list: each person with their reasons, where they stood before, and what was decided of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from wherry.review.models import AtRiskList, Entry, EntryReason
from wherry.review.queries import decisions_of, standing_of
from wherry.review.rules import carried_over, is_addition, since_last
from wherry.review.types import Decided, ListState, Origin, Standing, Verdict

Columns = Mapping[str, object]
Placed = tuple[Columns, Iterable[Columns]]
_WHO = ("given_name", "family_name", "birth_date", "nhs_number", "practice_code", "category", "tier", "score")


def fill(*, at_risk_list: AtRiskList, placed: Iterable[Placed], day: dt.date) -> int:
    """
    Write the entries of a new list and their reasons. Returns how many the run proposed.

    Clinicians' decisions that still stand come along, from whichever list they were made on; somebody a clinician
    added comes along too, though no rule finds them. Hazards: H-11 (somebody wrongly left out).
    """
    audience_id = at_risk_list.audience_id
    decided, standing = decisions_of(audience_id=audience_id), standing_of(audience_id=audience_id)
    rows, reasons = [], []
    for columns, why in placed:
        told = list(why)
        entry = _entry(at_risk_list, columns, told, decided, standing, day)
        rows.append(entry)
        reasons += [EntryReason(entry=entry, audience_id=audience_id, **one) for one in told]
    proposed = len(rows)
    rows += _still_added(at_risk_list, {row.population_id for row in rows}, decided, day)
    Entry.objects.bulk_create(rows, batch_size=1_000)
    EntryReason.objects.bulk_create(reasons, batch_size=1_000)
    return proposed


def copied(*, at_risk_list: AtRiskList) -> list[Placed]:
    """Give what the run of a list placed, so that the same run can be put before clinicians again."""
    entries = Entry.objects.filter(at_risk_list=at_risk_list, origin=Origin.STRATIFIED).prefetch_related("reasons")
    names = [one.name for one in EntryReason._meta.concrete_fields if one.name not in ("id", "entry", "audience_id")]
    return [
        (
            {name: getattr(entry, name) for name in (*_WHO, "population_id", "missing")},
            [{name: getattr(reason, name) for name in names} for reason in entry.reasons.all()],
        )
        for entry in entries.order_by("population_id")
    ]


def ask_again(*, entries: Sequence[Entry], decided: Mapping[str, Decided], day: dt.date) -> None:
    """Put the question again about entries of a list under review whose decision has run out."""
    for entry in entries:
        columns = carried_over(decided=decided[entry.population_id], criteria=frozenset(), day=day)
        if entry.origin == Origin.STRATIFIED:
            undone: dict[str, object] = {"verdict_reason": "", "decided_by": "", "decided_at": None, "expires_on": None}
            columns = {**columns, **undone, "verdict": Verdict.KEPT}
        entry.change(**columns)


def _entry(
    at_risk_list: AtRiskList,
    columns: Columns,
    why: Sequence[Columns],
    decided: Mapping[str, Decided],
    standing: Mapping[str, Standing],
    day: dt.date,
) -> Entry:
    who = str(columns["population_id"])
    criteria = frozenset(str(one["criterion"]) for one in why)
    before: dict[str, object] = {}
    if standing:
        now = Standing(str(columns["category"]), int(str(columns["tier"])), criteria)
        before["since_last"] = since_last(was=standing.get(who), now=now)
    # Whom a clinician once added, and a rule finds now, is found: that decision has done its work.
    if who in decided and not is_addition(decided[who]):
        before |= carried_over(decided=decided[who], criteria=criteria, day=day)
    return Entry(
        at_risk_list=at_risk_list,
        audience_id=at_risk_list.audience_id,
        origin=Origin.STRATIFIED,
        **{**columns, **before},
    )


def _still_added(
    at_risk_list: AtRiskList, found: set[str], decided: Mapping[str, Decided], day: dt.date
) -> list[Entry]:
    wanted = {who: one for who, one in decided.items() if is_addition(one) and who not in found}
    rows: dict[str, Entry] = {}
    lists = [ListState.IN_REVIEW, ListState.SIGNED]
    of_these = Entry.objects.filter(
        audience_id=at_risk_list.audience_id, population_id__in=wanted, origin=Origin.ADDED
    ).filter(at_risk_list__state__in=lists)
    for old in of_these.exclude(at_risk_list=at_risk_list).order_by("at_risk_list__made_at"):
        rows[old.population_id] = Entry(
            at_risk_list=at_risk_list,
            audience_id=at_risk_list.audience_id,
            population_id=old.population_id,
            origin=Origin.ADDED,
            **{name: getattr(old, name) for name in _WHO},
            **carried_over(decided=wanted[old.population_id], criteria=frozenset(), day=day),
        )
    return list(rows.values())
