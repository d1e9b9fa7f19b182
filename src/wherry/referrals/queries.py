"""Calls to action as they stand: a partner's inbox, offers whose clock ran out, what each service took today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import Count

from wherry.foundation.actors import Actor
from wherry.referrals.models import CallToAction, Capacity
from wherry.referrals.types import UNHELPED_STATES, AskedFor, DeclineReason, Dial, State


def inbox(*, asked_by: Actor, states: list[str], limit: int = 100) -> list[CallToAction]:
    """List what a partner's organisations were offered, the clock that ends first at the top."""
    return list(
        CallToAction.objects.filter(partner_id__in=asked_by.organisations, state__in=states).order_by(
            "clock_ends_at", "id"
        )[:limit]
    )


def call_to_action_by_id(*, call_to_action_id: UUID) -> CallToAction | None:
    """Give one call to action, or None when it is absent or not yours to see."""
    return CallToAction.objects.select_related("partner").filter(id=call_to_action_id).first()


def asked_for(*, call_to_action_ids: Collection[UUID]) -> dict[UUID, AskedFor]:
    """Say what each call to action was asked for as, and when. No query where there is none."""
    if not call_to_action_ids:
        return {}
    rows = CallToAction.objects.filter(id__in=call_to_action_ids)
    found = rows.values_list("id", "need__kind", "need__decision__decided_at")
    return {pk: AskedFor(kind, at) for pk, kind, at in found}


def live_by_partner(*, programme: str) -> list[tuple[str, int]]:
    """Count the calls to action of a programme that are not over, by the name of the partner who has them."""
    live = CallToAction.objects.filter(case__programme=programme, state__in=["offered", "accepted", "done"])
    return list(live.values_list("partner__name").annotate(Count("id")).order_by("partner__name"))


def closed_at(*, ids: Collection[UUID]) -> dict[UUID, dt.datetime]:
    """Give when calls to action were closed; those still open, or not in the asker's sight, are left out."""
    rows = CallToAction.objects.filter(pk__in=ids, closed_at__isnull=False)
    return {pk: at for pk, at in rows.values_list("pk", "closed_at") if at is not None}


def of_case(*, case_id: UUID) -> list[CallToAction]:
    """List a case's calls to action, newest first."""
    return list(
        CallToAction.objects.filter(case_id=case_id).select_related("need", "partner").order_by("-offered_at", "id")
    )


def lapsed(*, now: dt.datetime) -> list[CallToAction]:
    """List offers whose clock ran out unanswered."""
    return list(
        CallToAction.objects.filter(state=State.OFFERED, clock_ends_at__lte=now).order_by("clock_ends_at", "id")
    )


def done_and_not_asked(*, asked_before: dt.datetime, limit: int) -> list[CallToAction]:
    """
    List what partners call done and the person has not been asked about, one for each person.

    asked_before: nobody is asked who was asked about something else since then and has not answered.
    """
    waiting_for_word = CallToAction.objects.filter(state=State.DONE, asked_person_at__gte=asked_before)
    found = (
        CallToAction.objects.filter(state=State.DONE, asked_person_at__isnull=True)
        .exclude(case__person_id__in=waiting_for_word.values("case__person_id"))
        .select_related("case", "case__person")
        .order_by("case__person__population_id", "done_at", "service")[:limit]
    )
    return list({one.case.person_id: one for one in reversed(found)}.values())[::-1]


def load_today(*, since: dt.datetime) -> dict[str, int]:
    """Count what each service was offered since the day began."""
    counted = CallToAction.objects.filter(offered_at__gte=since).values_list("service").annotate(Count("id")).order_by()
    return dict(counted)


def dials_in_force() -> dict[str, Dial]:
    """Give what was last said of each service's room, by the service's code."""
    newest = Capacity.objects.order_by("service", "-said_at", "-id").distinct("service")
    return {one.service: Dial(one.said_at, one.day, one.takes, one.closed_until) for one in newest}


def offered_since(*, service: str, since: dt.datetime) -> int:
    """Count what a service was offered since a moment."""
    return CallToAction.objects.filter(service=service, offered_at__gte=since).count()


def given_back_unreached() -> set[UUID]:
    """List the needs whose person the last partner could not reach."""
    last = CallToAction.objects.order_by("need_id", "-offered_at", "-id").distinct("need_id")
    waiting = last.filter(need__state="referred").values_list("need_id", "state", "decline_reason")
    unreached = (State.DECLINED, DeclineReason.COULD_NOT_REACH)
    return {need_id for need_id, state, reason in waiting if (state, reason) == unreached}


def services_tried(*, need_id: UUID) -> list[str]:
    """List the services a need was offered to and that did not meet it, oldest first."""
    return list(
        CallToAction.objects.filter(need_id=need_id, state__in=UNHELPED_STATES)
        .order_by("offered_at")
        .values_list("service", flat=True)
    )
