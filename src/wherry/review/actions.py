"""Making a list from a run, and what clinicians do with it: remove, add, put back, sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.foundation.errors import StaleVersion
from wherry.foundation.periods import local_time
from wherry.governance.models import Audience
from wherry.governance.rules import Permission, require
from wherry.review.errors import AlreadyOnList, ListAlreadySigned, ListChangedSinceSeen, ReasonRequired
from wherry.review.making import ask_again, copied, fill
from wherry.review.models import AtRiskList, Entry, Look
from wherry.review.queries import decisions_of, hash_of_list
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

    entries: (columns of an Entry, columns of each of its reasons), one per person. Decisions that still stand come
    along from earlier lists, and replace the list under review that this one takes the place of.
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
    proposed = fill(at_risk_list=at_risk_list, placed=entries, day=local_time(now).date())
    at_risk_list.change(proposed=proposed)
    # Only now, since what clinicians decided on a list nobody signed has come along.
    AtRiskList.objects.filter(audience=audience, state=ListState.IN_REVIEW).exclude(pk=at_risk_list.pk).delete()
    record(
        by=by,
        did="list.made",
        subject="list",
        subject_ids=[at_risk_list.pk],
        now=now,
        detail={"entries": proposed, "run": run_hash, "definition": definition_hash},
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
    decide_together(
        by=by,
        at_risk_list=entry.at_risk_list,
        seen={entry.pk: entry.version},
        verdict=verdict,
        reason=reason,
        expires_on=expires_on,
        now=now,
    )
    entry.refresh_from_db()


def decide_together(
    *,
    by: Actor,
    at_risk_list: AtRiskList,
    seen: Mapping[UUID, int],
    verdict: Verdict,
    reason: str,
    expires_on: dt.date | None,
    now: dt.datetime,
) -> None:
    """
    Decide about several people at once, for one reason and until one day: all of them, or none.

    seen: entry → the version that was looked at. Raises StaleVersion when one of them was changed since or is not on
    this list, ReasonRequired, ListAlreadySigned.
    """
    require(by, Permission.REVIEW_LIST)
    _check_open(at_risk_list)
    if not reason.strip():
        raise ReasonRequired
    rows = Entry.objects.filter(at_risk_list=at_risk_list, pk__in=list(seen))
    there = dict(rows.select_for_update().order_by("pk").values_list("pk", "version"))
    if not seen or there != dict(seen):
        raise StaleVersion
    rows.update(
        version=F("version") + 1,
        verdict=verdict,
        verdict_reason=reason.strip(),
        decided_by=by.id,
        decided_at=now,
        expires_on=expires_on,
        asked_again="",
    )
    about = [*sorted(seen), at_risk_list.pk]
    record(by=by, did=f"entry.{verdict}", subject="entry", subject_ids=about, now=now, detail={"people": len(seen)})


def put_question_again(*, by: Actor, at_risk_list: AtRiskList, entries: Sequence[Entry], now: dt.datetime) -> None:
    """
    Ask clinicians again about decisions whose day has come; nobody is taken off or forgotten by the calendar.

    A list under review is marked; for a list in force its own run is put before clinicians again. Hazards: H-11.
    """
    day = local_time(now).date()
    if at_risk_list.state == ListState.IN_REVIEW:
        ask_again(entries=entries, decided=decisions_of(audience_id=at_risk_list.audience_id), day=day)
        about = [entry.pk for entry in entries]
        record(by=by, did="entry.asked_again", subject="entry", subject_ids=about, now=now)
        return
    make_list(
        by=by,
        audience=at_risk_list.audience,
        definition_hash=at_risk_list.definition_hash,
        run_hash=f"{at_risk_list.run_hash.split('+')[0]}+{day.isoformat()}",
        as_of=at_risk_list.as_of,
        entries=copied(at_risk_list=at_risk_list),
        now=now,
    )


def note_look(*, by: Actor, at_risk_list: AtRiskList, now: dt.datetime) -> None:
    """Remember when somebody looked at what they would sign."""
    Look.objects.update_or_create(
        at_risk_list=at_risk_list, by=by.id, defaults={"audience_id": at_risk_list.audience_id, "at": now}
    )


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
