"""A partner's inbox and one call to action, as row security lets a partner see them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count
from django.http import Http404

from wherry.foundation.actors import Actor
from wherry.referrals.models import CallToAction
from wherry.referrals.queries import call_to_action_by_id
from wherry.referrals.types import State

ON_A_PAGE = 100
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
    List one tray: the clock that ends first at the top, what is finished newest first.

    The need itself is not read: a partner's row security hides it, and a join to it would hide the call as well.
    """
    order = "-clock_ends_at" if name in _NEWEST_FIRST else "clock_ends_at"
    rows = CallToAction.objects.filter(partner_id__in=by.organisations, state__in=TRAYS[name])
    return list(rows.order_by(order, "id")[:ON_A_PAGE])


def tray_sizes(*, by: Actor) -> dict[str, int]:
    """Count each tray."""
    rows = CallToAction.objects.filter(partner_id__in=by.organisations).values_list("state").annotate(Count("id"))
    counted = dict(rows.order_by())
    return {name: sum(counted.get(state, 0) for state in states) for name, states in TRAYS.items()}


def call_or_404(*, by: Actor, call_id: UUID) -> CallToAction:
    """Give a call to action; one that is absent and another partner's are the same 404."""
    found = call_to_action_by_id(call_to_action_id=call_id)
    if found is None or found.partner_id not in by.organisations:
        raise Http404
    return found
