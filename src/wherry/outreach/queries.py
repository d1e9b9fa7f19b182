"""What was tried, what is due, what is in doubt."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from wherry.cases.models import Case, Occurrence
from wherry.cases.types import State
from wherry.outreach.models import Attempt, InboundText, Receipt, SendingPause
from wherry.outreach.types import (
    LAST_WORD,
    ONE_TIME_CODE,
    Attempted,
    AttemptState,
    Channel,
    LastContact,
    RecentContacts,
)

#: States in which a contact has been made, or may have been.
_LEFT = (AttemptState.HANDING_OFF, AttemptState.IN_DOUBT, AttemptState.SENT, AttemptState.DELIVERED)


def histories(*, occurrences: Sequence[Occurrence]) -> dict[UUID, list[Attempted]]:
    """Give the attempts of each of these occurrences, oldest first, by the occurrence's id. One query."""
    found: dict[UUID, list[Attempted]] = {one.pk: [] for one in occurrences}
    rows = (
        Attempt.objects.filter(case_id__in={one.case_id for one in occurrences}, occurrence__in=list(found))
        .select_related("contact_point")
        .order_by("intended_at", "authorisation")
    )
    for row in rows:
        found[row.occurrence_id].append(_attempted(row))
    return found


def _attempted(row: Attempt) -> Attempted:
    return Attempted(
        step_id=row.step,
        channel=Channel(row.channel),
        state=AttemptState(row.state),
        intended_at=row.intended_at,
        to=row.contact_point.value if row.contact_point else "",
    )


def contacts_today(*, attempts: Sequence[Attempt], since: dt.datetime) -> dict[UUID, RecentContacts]:
    """
    Count what has left since the day began, for each attempt's person, number and household, over all programmes.

    attempts: with their case. By the attempt's id; none counts itself. A code somebody asked for is none of ours to
    count: it would keep a check-in back. One query.
    """
    people = {one.case.person_id for one in attempts}
    numbers = {one.to_hash for one in attempts} - {""}
    households = {one.household_key for one in attempts} - {""}
    left = (
        Attempt.objects.filter(state__in=_LEFT, attempted_at__gte=since)
        .filter(Q(case__person_id__in=people) | Q(to_hash__in=numbers) | Q(household_key__in=households))
        .exclude(pk__in=[one.pk for one in attempts])
        .exclude(channel="call")
        .exclude(message=ONE_TIME_CODE)
        .values_list("case__person_id", "to_hash", "household_key")
    )
    counted: Counter[tuple[str, object]] = Counter()
    for person, number, household in left:
        counted.update((("person", person), ("number", number), ("household", household)))
    return {
        one.pk: RecentContacts(
            person=counted["person", one.case.person_id],
            number=counted["number", one.to_hash] if one.to_hash else 0,
            household=counted["household", one.household_key] if one.household_key else 0,
        )
        for one in attempts
    }


def cases_to_be_told(*, programmes: Collection[str]) -> list[UUID]:
    """
    List the open cases in which the end of these programmes is not carried out yet.

    Nobody was asked in them, or somebody still is, or whoever is in contact has no last word written down.
    """
    occurrences = Occurrence.objects.filter(case_id=OuterRef("pk"))
    in_contact = Q(state__in=[State.IN_CADENCE, State.REACHED, State.EXHAUSTED])
    told = Attempt.objects.filter(case_id=OuterRef("pk"), step=LAST_WORD)
    found = Case.objects.filter(programme__in=programmes, closed_at__isnull=True).filter(
        ~Exists(occurrences) | Exists(occurrences.filter(state=State.IN_CADENCE)) | (in_contact & ~Exists(told))
    )
    return list(found.order_by("person__population_id", "id").values_list("pk", flat=True))


def told_that_it_ended(*, cases: Collection[UUID]) -> set[UUID]:
    """Give those of these cases in which the last word is written down, whatever became of it."""
    return set(Attempt.objects.filter(case_id__in=cases, step=LAST_WORD).values_list("case_id", flat=True))


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


def unapplied_receipts(*, limit: int, only: Sequence[UUID] | None = None) -> list[Receipt]:
    """List providers' words not yet applied, in the order they came; of these ids only, where they are given."""
    waiting = Receipt.objects.filter(applied_at__isnull=True)
    if only is not None:
        waiting = waiting.filter(pk__in=only)
    return list(waiting.order_by("received_at", "id")[:limit])


def unhandled_texts() -> list[InboundText]:
    """List residents' texts not yet read."""
    return list(InboundText.objects.filter(handled_at__isnull=True).order_by("received_at", "id")[:1_000])


def words_of_text(*, text_id: UUID) -> str:
    """Give what somebody texted, to whoever holds the task of reading it; empty for anybody else."""
    return InboundText.objects.filter(pk=text_id).values_list("text", flat=True).first() or ""


def last_contact(*, case_id: UUID) -> LastContact | None:
    """Give the newest contact of a case that has left us, or None: what a caller says we tried before."""
    found = Attempt.objects.filter(case_id=case_id, attempted_at__isnull=False)
    ours = found.exclude(channel=Channel.CALL).exclude(message=ONE_TIME_CODE)
    newest = ours.order_by("-attempted_at").first()
    if newest is None or newest.attempted_at is None:
        return None
    return LastContact(Channel(newest.channel), AttemptState(newest.state), newest.attempted_at)


def attempts_by_reference(*, references: Sequence[str]) -> dict[str, Attempt]:
    """Find attempts by what the provider knows them by; those that are not ours are left out."""
    found = Attempt.objects.filter(reference__in=[one for one in map(_as_uuid, references) if one])
    known = {one.reference: one for one in found.select_related("occurrence")}
    return {one: known[uuid] for one in references if (uuid := _as_uuid(one)) in known}


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
