"""Making a list from a run, and what clinicians do with it: remove, add, put back, sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import IntegrityError, transaction

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.governance.models import Audience
from wherry.governance.rules import Permission, require
from wherry.review.errors import AlreadyOnList, ListAlreadySigned, ListChangedSinceSeen, ReasonRequired
from wherry.review.models import AtRiskList, Entry, EntryReason
from wherry.review.queries import hash_of_list
from wherry.review.types import ListState, Origin, Verdict


def make_list(
    *,
    by: Actor,
    audience: Audience,
    definition_hash: str,
    run_hash: str,
    as_of: dt.date,
    entries: Iterable[tuple[Mapping[str, object], Iterable[Mapping[str, object]]]],
    now: dt.datetime,
) -> AtRiskList:
    """
    Put a frozen run before clinicians. The same run makes one list, however often it is brought.

    entries: (columns of an Entry, columns of each of its reasons), one per person.
    """
    at_risk_list, is_new = AtRiskList.objects.get_or_create(
        audience=audience,
        run_hash=run_hash,
        defaults={
            "programme": audience.programme,
            "place": audience.place,
            "definition_hash": definition_hash,
            "as_of": as_of,
            "made_at": now,
        },
    )
    if not is_new:
        return at_risk_list
    AtRiskList.objects.filter(audience=audience, state=ListState.IN_REVIEW).exclude(pk=at_risk_list.pk).delete()
    rows, reasons = [], []
    for columns, why in entries:
        entry = Entry(at_risk_list=at_risk_list, audience_id=audience.pk, origin=Origin.STRATIFIED, **columns)
        rows.append(entry)
        reasons += [EntryReason(entry=entry, audience_id=audience.pk, **one) for one in why]
    Entry.objects.bulk_create(rows, batch_size=1_000)
    EntryReason.objects.bulk_create(reasons, batch_size=1_000)
    at_risk_list.change(proposed=len(rows))
    record(
        by=by,
        did="list.made",
        subject="list",
        subject_ids=[at_risk_list.pk],
        now=now,
        detail={"entries": len(rows), "run": run_hash, "definition": definition_hash},
    )
    return at_risk_list


def remove_entry(*, by: Actor, entry: Entry, reason: str, now: dt.datetime, expires_on: dt.date | None = None) -> None:
    """Take somebody off a list, with a reason. A person's decision, never the program's. Raises ReasonRequired."""
    _decide(by=by, entry=entry, verdict=Verdict.REMOVED, reason=reason, expires_on=expires_on, now=now)


def put_back(*, by: Actor, entry: Entry, reason: str, now: dt.datetime) -> None:
    """Undo a removal, with a reason."""
    _decide(by=by, entry=entry, verdict=Verdict.KEPT, reason=reason, expires_on=None, now=now)


def _decide(
    *, by: Actor, entry: Entry, verdict: Verdict, reason: str, expires_on: dt.date | None, now: dt.datetime
) -> None:
    require(by, Permission.REVIEW_LIST)
    _check_open(entry.at_risk_list)
    if not reason.strip():
        raise ReasonRequired
    entry.change(
        verdict=verdict, verdict_reason=reason.strip(), decided_by=by.id, decided_at=now, expires_on=expires_on
    )
    record(by=by, did=f"entry.{verdict}", subject="entry", subject_ids=[entry.pk, entry.at_risk_list_id], now=now)


def add_entry(
    *,
    by: Actor,
    at_risk_list: AtRiskList,
    columns: Mapping[str, object],
    reason: str,
    now: dt.datetime,
    expires_on: dt.date | None = None,
) -> Entry:
    """
    Put somebody the run did not find onto a list, with a reason.

    columns: identity, category and tier of an Entry. Raises AlreadyOnList, ReasonRequired, ListAlreadySigned.
    """
    require(by, Permission.REVIEW_LIST)
    _check_open(at_risk_list)
    if not reason.strip():
        raise ReasonRequired
    try:
        with transaction.atomic():
            entry = Entry.objects.create(
                at_risk_list=at_risk_list,
                audience_id=at_risk_list.audience_id,
                origin=Origin.ADDED,
                verdict=Verdict.KEPT,
                verdict_reason=reason.strip(),
                decided_by=by.id,
                decided_at=now,
                expires_on=expires_on,
                **columns,
            )
    except IntegrityError as error:
        raise AlreadyOnList from error
    record(by=by, did="entry.added", subject="entry", subject_ids=[entry.pk, at_risk_list.pk], now=now)
    return entry


def sign_list(*, by: Actor, at_risk_list: AtRiskList, seen_hash: str, now: dt.datetime) -> None:
    """
    Sign a list: exactly what was seen, or nothing. Raises ListChangedSinceSeen, ListAlreadySigned.

    seen_hash: the hash the page showed when the signer opened it.
    """
    require(by, Permission.SIGN_LIST)
    _check_open(at_risk_list)
    list(Entry.objects.select_for_update().filter(at_risk_list=at_risk_list).values_list("pk", flat=True))
    if hash_of_list(list_id=at_risk_list.pk) != seen_hash:
        raise ListChangedSinceSeen
    entries = Entry.objects.filter(at_risk_list=at_risk_list)
    at_risk_list.change(
        state=ListState.SIGNED,
        signed_by=by.id,
        signed_at=now,
        signed_hash=seen_hash,
        added=entries.filter(origin=Origin.ADDED, verdict=Verdict.KEPT).count(),
        removed=entries.filter(origin=Origin.STRATIFIED, verdict=Verdict.REMOVED).count(),
    )
    AtRiskList.objects.filter(audience_id=at_risk_list.audience_id, state=ListState.SIGNED).exclude(
        pk=at_risk_list.pk
    ).update(state=ListState.SUPERSEDED)
    record(by=by, did="list.signed", subject="list", subject_ids=[at_risk_list.pk], now=now, detail={"hash": seen_hash})


def note_cases_opened(*, by: Actor, list_id: UUID, opened: int, now: dt.datetime) -> None:
    """Note that every kept entry of a signed list has its case."""
    if AtRiskList.objects.filter(pk=list_id, cases_opened_at__isnull=True).update(cases_opened_at=now):
        record(by=by, did="list.opened", subject="list", subject_ids=[list_id], now=now, detail={"cases": opened})


def _check_open(at_risk_list: AtRiskList) -> None:
    if at_risk_list.state != ListState.IN_REVIEW:
        raise ListAlreadySigned
