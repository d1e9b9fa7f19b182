"""Needs and red flags as they stand."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import connection

from wherry.triage.models import Need, RedFlag
from wherry.triage.types import OpenRedFlag, SettledRedFlag


def needs_of_case(*, case_id: UUID) -> list[Need]:
    """List the needs of a case, most recent check-in first."""
    return list(Need.objects.filter(case_id=case_id).order_by("-decision__decided_at", "kind"))


def needs_to_place(*, limit: int) -> list[Need]:
    """List open needs nobody has been asked to meet yet, in an order that is always the same."""
    return list(
        Need.objects.filter(state="open")
        .select_related("case", "case__person")
        .order_by("case__person__population_id", "decision__decided_at", "kind")[:limit]
    )


def flags_seen_to() -> set[str]:
    """Name the red flags of its own check-in that somebody has seen to, in a link's own context."""
    with connection.cursor() as cursor:
        cursor.execute("select app_link_flags_seen_to()")
        (found,) = cursor.fetchone()
    return set(found)


def open_red_flags(*, case_id: UUID) -> list[OpenRedFlag]:
    """List the red flags of a case that are not closed, oldest first."""
    found = RedFlag.objects.filter(case_id=case_id, closed_at__isnull=True).order_by("raised_at", "flag")
    return [
        OpenRedFlag(one.pk, one.occurrence_id, one.flag, one.rule, one.say, one.note, one.raised_at) for one in found
    ]


def needs_left(*, programme: str) -> list[Need]:
    """List the needs of a programme that nobody has met, withdrawn or closed."""
    return list(Need.objects.filter(case__programme=programme, state__in=["open", "referred"]).order_by("id"))


def red_flags_left(*, programme: str) -> list[RedFlag]:
    """List the red flags of a programme that nobody has closed, oldest first."""
    return list(RedFlag.objects.filter(case__programme=programme, closed_at__isnull=True).order_by("raised_at", "id"))


def settled_red_flags(*, since: dt.datetime, limit: int) -> list[SettledRedFlag]:
    """List the red flags settled since a moment that the asker may see, newest first, without whose they are."""
    found = RedFlag.objects.filter(closed_at__gte=since).select_related("case").order_by("-closed_at", "flag")
    return [
        SettledRedFlag(
            one.case.programme,
            one.case.place,
            one.rule,
            one.raised_at,
            one.closed_at or since,
            one.closed_by,
            one.outcome,
            one.what_was_done,
        )
        for one in found[:limit]
    ]
