"""What was tried, what is due, what is in doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, Q

from wherry.cases.models import Occurrence
from wherry.foundation.digests import sha256_of
from wherry.outreach.models import Attempt, InboundText, Receipt, SendingPause
from wherry.outreach.types import Attempted, AttemptState, Channel, LastContact, RecentContacts

#: States in which a contact has been made, or may have been.
_LEFT = (AttemptState.HANDING_OFF, AttemptState.IN_DOUBT, AttemptState.SENT, AttemptState.DELIVERED)


def history(*, occurrence: Occurrence, steps: Sequence[str]) -> list[Attempted]:
    """List the attempts of an occurrence for the cadence's own steps, oldest first."""
    rows = (
        Attempt.objects.filter(case_id=occurrence.case_id, occurrence=occurrence, step__in=steps)
        .select_related("contact_point")
        .order_by("intended_at", "authorisation")
    )
    return [
        Attempted(
            step_id=row.step,
            channel=Channel(row.channel),
            state=AttemptState(row.state),
            intended_at=row.intended_at,
            to=row.contact_point.value if row.contact_point else "",
        )
        for row in rows
    ]


def contacts_today(*, attempt: Attempt, to: str, since: dt.datetime) -> RecentContacts:
    """Count what has left since the day began, for the person, the number and the household, over all programmes."""
    left = (
        Attempt.objects.filter(state__in=_LEFT, attempted_at__gte=since).exclude(pk=attempt.pk).exclude(channel="call")
    )
    person = Q(case__person_id=attempt.case.person_id)
    number = Q(to_hash=sha256_of(to)) & ~Q(to_hash="")
    household = Q(household_key=attempt.household_key) & ~Q(household_key="")
    counted = left.aggregate(
        person=Count("id", filter=person),
        number=Count("id", filter=number),
        household=Count("id", filter=household),
    )
    return RecentContacts(**counted)


def sending_is_paused() -> bool:
    """Say whether somebody, or a restore, has stopped everything that leaves."""
    return SendingPause.objects.filter(resumed_at__isnull=True).exists()


def intended_messages(*, now: dt.datetime, limit: int) -> list[UUID]:
    """List messages written down, not yet handed off and not held back for now, oldest first."""
    return list(
        Attempt.objects.filter(Q(held_until__isnull=True) | Q(held_until__lte=now), state=AttemptState.INTENDED)
        .exclude(channel=Channel.CALL)
        .order_by("intended_at", "id")
        .values_list("id", flat=True)[:limit]
    )


def attempts_in_doubt(*, wall_now: dt.datetime) -> list[Attempt]:
    """List hand-offs whose quarantine, which runs by the wall clock, is over and whose outcome nobody knows."""
    return list(
        Attempt.objects.filter(
            state__in=[AttemptState.HANDING_OFF, AttemptState.IN_DOUBT], quarantined_until__lte=wall_now
        ).order_by("quarantined_until", "id")
    )


def unapplied_receipts() -> list[Receipt]:
    """List providers' words not yet applied, in the order they came."""
    return list(Receipt.objects.filter(applied_at__isnull=True).order_by("received_at", "id")[:1_000])


def unhandled_texts() -> list[InboundText]:
    """List residents' texts not yet read."""
    return list(InboundText.objects.filter(handled_at__isnull=True).order_by("received_at", "id")[:1_000])


def words_of_text(*, text_id: UUID) -> str:
    """Give what somebody texted, to whoever holds the task of reading it; empty for anybody else."""
    return InboundText.objects.filter(pk=text_id).values_list("text", flat=True).first() or ""


def last_contact(*, case_id: UUID) -> LastContact | None:
    """Give the newest contact of a case that has left us, or None: what a caller says we tried before."""
    found = Attempt.objects.filter(case_id=case_id, attempted_at__isnull=False).exclude(channel=Channel.CALL)
    newest = found.order_by("-attempted_at").first()
    if newest is None or newest.attempted_at is None:
        return None
    return LastContact(Channel(newest.channel), AttemptState(newest.state), newest.attempted_at)


def attempt_by_reference(*, reference: str) -> Attempt | None:
    """Find an attempt by what the provider knows it by; None for one that is not ours."""
    try:
        return Attempt.objects.filter(reference=UUID(reference)).select_related("occurrence").first()
    except ValueError:
        return None
