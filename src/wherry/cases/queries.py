"""Cases as they stand, scoped by who asks (row security) and by what is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from wherry.cases.errors import NoSuchCase
from wherry.cases.models import Case, Occurrence, StateChange
from wherry.cases.types import State
from wherry.sign_off.types import VersionState


def case_by_id(*, case_id: UUID) -> Case:
    """Give a case; one that is absent and one that is not yours raise the same NoSuchCase."""
    found = Case.objects.select_related("person", "audience", "owner_team").filter(id=case_id).first()
    if found is None:
        raise NoSuchCase
    return found


def open_case_of(*, person_id: UUID, programme: str) -> Case | None:
    """Give somebody's open case in a programme."""
    return Case.objects.filter(person_id=person_id, programme=programme, closed_at__isnull=True).first()


def open_cases_of(*, person_id: UUID) -> list[Case]:
    """List somebody's open cases in every programme one may see."""
    return list(Case.objects.filter(person_id=person_id, closed_at__isnull=True).order_by("opened_at"))


def latest_occurrence(*, case_id: UUID) -> Occurrence | None:
    """Give a case's newest occurrence."""
    return Occurrence.objects.filter(case_id=case_id).order_by("-number").first()


def cases_with_an_occurrence(*, cases: Sequence[Case]) -> set[UUID]:
    """Say which of these cases have had a check-in opened, by their ids."""
    return set(Occurrence.objects.filter(case__in=cases).values_list("case_id", flat=True))


def occurrences_to_look_at(*, now: dt.datetime, limit: int) -> list[Occurrence]:
    """List occurrences in cadence with something to decide, most pressing first, always in the same order."""
    return list(
        Occurrence.objects.filter(state=State.IN_CADENCE, look_again_at__lte=now)
        .select_related("case", "case__person", "case__owner_team")
        .order_by("case__tier", "case__person__population_id", "number")[:limit]
    )


def occurrences_to_decide(*, ids: Sequence[UUID], now: dt.datetime) -> list[Occurrence]:
    """Lock those of these occurrences that still have something to decide; what another holds is left for later."""
    found = {
        one.pk: one
        for one in Occurrence.objects.filter(pk__in=ids, state=State.IN_CADENCE, look_again_at__lte=now)
        .select_related("case", "case__person", "case__owner_team")
        .select_for_update(of=("self",), skip_locked=True)
    }
    return [found[pk] for pk in ids if pk in found]


def cases_by_state(*, programme: str) -> dict[State, int]:
    """Count open cases by their one state; every state is named, so that the sum can be checked."""
    counted = dict(
        Case.objects.filter(programme=programme, closed_at__isnull=True)
        .values_list("state")
        .annotate(Count("id"))
        .order_by()
    )
    return {state: counted.get(state, 0) for state in State}


def open_cases_in(*, programme: str) -> list[Case]:
    """List the open cases of a programme, with their people."""
    found = Case.objects.filter(programme=programme, closed_at__isnull=True)
    return list(found.select_related("person").order_by("person__population_id", "id"))


def cases_to_end(*, ids: Sequence[UUID]) -> list[Case]:
    """Lock those of these cases that are open, with their people; what another holds is left for later."""
    found = Case.objects.filter(pk__in=ids, closed_at__isnull=True).select_related("person", "owner_team")
    return list(found.select_for_update(of=("self",), skip_locked=True).order_by("id"))


def newest_occurrences(*, cases: Collection[UUID]) -> dict[UUID, Occurrence]:
    """Give the newest check-in of each of these cases that has one, with its case and person."""
    found = Occurrence.objects.filter(case_id__in=cases).select_related("case__person", "case__owner_team")
    return {one.case_id: one for one in found.order_by("number")}


def unanswered_check_ins(*, programme: str) -> list[Occurrence]:
    """List a programme's check-ins that nobody has answered: in cadence, or with the owner of those not reached."""
    found = Occurrence.objects.filter(case__programme=programme, state__in=[State.IN_CADENCE, State.EXHAUSTED])
    return list(found.select_related("case").order_by("opened_at", "id"))


def cases_without_an_occurrence(*, programme: str, ranks_below: int) -> list[tuple[Case, int]]:
    """List open cases nobody was asked in yet, of those a release has reached, each with the number of its first."""
    asked = Occurrence.objects.filter(case_id=OuterRef("pk"))
    found = Case.objects.filter(
        ~Exists(asked), programme=programme, closed_at__isnull=True, release_rank__lt=ranks_below
    ).select_related("person")
    return [(case, 1) for case in found.order_by("person__population_id")]


def versions_still_asked_under(*, among: Collection[UUID]) -> set[UUID]:
    """Say under which of these versions somebody's check-in is still in cadence."""
    still = Occurrence.objects.filter(programme_version_id__in=among, state=State.IN_CADENCE)
    return {one for one in still.values_list("programme_version_id", flat=True).distinct() if one}


def open_cases_between_ranks(*, programme: str, ranks_from: int, ranks_below: int) -> list[Case]:
    """List the open cases, with their people, that one stage of a release adds."""
    found = Case.objects.filter(
        programme=programme, closed_at__isnull=True, release_rank__gte=ranks_from, release_rank__lt=ranks_below
    )
    return list(found.select_related("person").order_by("person__population_id"))


def cases_due_an_occurrence(
    *, programme: str, opened_before: dt.datetime | None = None, answered_before: dt.datetime | None = None
) -> list[tuple[Case, int]]:
    """
    List open cases whose newest occurrence was answered, with the number of the next.

    opened_before, answered_before: the newest was opened, or answered, before this moment; give one of them.
    Somebody still being reached, handed to an owner, declined or excluded is not asked anew.
    """
    newest = Occurrence.objects.filter(case_id=OuterRef("pk")).order_by("-number")
    found = (
        Case.objects.filter(programme=programme, closed_at__isnull=True, state=State.REACHED)
        .annotate(
            newest_number=Subquery(newest.values("number")[:1]),
            newest_at=Subquery(newest.values("opened_at")[:1]),
            asked_under=Subquery(newest.values("programme_version__state")[:1]),
        )
        # Of a programme that was stood down and begins again, nobody is asked before a list with them is signed anew.
        .filter(Q(asked_under__isnull=True) | ~Q(asked_under=VersionState.ENDED))
        .order_by("person__population_id")
    )
    if answered_before is not None:
        last = StateChange.objects.filter(
            occurrence__case_id=OuterRef("pk"), occurrence__number=OuterRef("newest_number"), to_state=State.REACHED
        )
        found = found.annotate(answered_at=Subquery(last.order_by("-at").values("at")[:1]))
        found = found.filter(answered_at__lte=answered_before)
    else:
        found = found.filter(newest_at__lt=opened_before)
    return [(case, case.newest_number + 1) for case in found]
