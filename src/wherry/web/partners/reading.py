"""A partner's inbox and one call to action, as row security lets a partner see them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Count, When
from django.db.models.functions import TruncDate
from django.http import Http404

from wherry.foundation.actors import Actor
from wherry.foundation.periods import LONDON, local_time
from wherry.governance.queries import programmes_of
from wherry.journeys.programme_in_force import worked_by
from wherry.organisations.models import Organisation
from wherry.referrals.definition import URGENCIES
from wherry.referrals.models import CallToAction
from wherry.referrals.queries import call_to_action_by_id, dials_in_force, load_today, offered_since
from wherry.referrals.rules import room_left
from wherry.referrals.types import Dial, Service, State

ON_A_PAGE = 50
#: The three trays of an inbox, in the order they are worked.
TRAYS: dict[str, tuple[State, ...]] = {
    "to_answer": (State.OFFERED,),
    "in_hand": (State.ACCEPTED,),
    "finished": (
        State.DONE,
        State.CONFIRMED,
        State.DISPUTED,
        State.DECLINED,
        State.LAPSED,
        State.WITHDRAWN,
    ),
}
_NEWEST_FIRST = ("finished",)


def tray(*, by: Actor, name: str) -> list[CallToAction]:
    """
    List one tray: the most urgent first, then the clock that ends first; what is finished newest first.

    The need itself is not read: a partner's row security hides it, and a join to it would hide the call as well.
    """
    rows = CallToAction.objects.filter(partner_id__in=by.organisations, state__in=TRAYS[name])
    if name in _NEWEST_FIRST:
        return list(rows.order_by("-clock_ends_at", "id")[:ON_A_PAGE])
    pressing = Case(*(When(urgency=one, then=rank) for rank, one in enumerate(URGENCIES)), default=len(URGENCIES))
    return list(rows.order_by(pressing, "clock_ends_at", "id")[:ON_A_PAGE])


def tray_sizes(*, by: Actor) -> dict[str, int]:
    """Count each tray."""
    rows = CallToAction.objects.filter(partner_id__in=by.organisations).values_list("state").annotate(Count("id"))
    counted = dict(rows.order_by())
    return {name: sum(counted.get(state, 0) for state in states) for name, states in TRAYS.items()}


@dataclass(frozen=True)
class ServiceRoom:
    """One service of a partner with its room today. offered: since the day began."""

    service: Service
    partner: Organisation
    offered: int
    left: int
    dial: Dial | None


def rooms(*, by: Actor, now: dt.datetime) -> list[ServiceRoom]:
    """List the services of somebody's organisations in every programme they deliver for, each with its room today."""
    mine = {one.code: one for one in Organisation.objects.filter(pk__in=by.organisations)}
    programmes = programmes_of(organisation_ids=by.organisations, purpose="delivery", now=now)
    services = {
        one.code: one
        for code in programmes
        for one in worked_by(programme=code).services.listed
        if one.organisation in mine
    }
    morning = local_time(now).replace(hour=0, minute=0, second=0, microsecond=0)
    load, dials = load_today(since=morning), dials_in_force()
    found = []
    for code, service in services.items():
        dial, offered = dials.get(code), load.get(code, 0)
        since = offered_since(service=code, since=dial.said_at) if dial is not None and dial.takes else 0
        left = room_left(service=service, offered_today=offered, dial=dial, offered_since=since, day=morning.date())
        found.append(ServiceRoom(service, mine[service.organisation], offered, left, dial))
    return found


def asked_by_day(*, by: Actor, since: dt.datetime) -> list[tuple[str, dt.date, int]]:
    """Count what somebody's organisations were asked for, by need and day; nobody's name is read."""
    rows = CallToAction.objects.filter(partner_id__in=by.organisations, offered_at__gte=since)
    by_day = rows.annotate(day=TruncDate("offered_at", tzinfo=LONDON)).order_by()
    return list(by_day.values_list("kind", "day").annotate(Count("id")))


def call_or_404(*, by: Actor, call_id: UUID) -> CallToAction:
    """Give a call to action; one that is absent and another partner's are the same 404."""
    found = call_to_action_by_id(call_to_action_id=call_id)
    if found is None or found.partner_id not in by.organisations:
        raise Http404
    return found
