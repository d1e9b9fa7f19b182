"""Call to action: each need to a service that can take it, with the least it must know, and a clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from wherry.cases.types import State
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.foundation.periods import local_time
from wherry.governance.queries import live_agreements
from wherry.journeys.one_by_one import one_by_one
from wherry.journeys.programme_in_force import of_case
from wherry.organisations.queries import organisation_by_code
from wherry.people.models import Person
from wherry.people.queries import reachable
from wherry.people.rules import best_contact_point, wish_values
from wherry.people.types import ContactKind, WishKind
from wherry.referrals.actions import lapse, offer, tell_anew
from wherry.referrals.models import CallToAction
from wherry.referrals.queries import (
    dials_in_force,
    given_back_unreached,
    lapsed,
    load_today,
    offered_since,
    services_tried,
)
from wherry.referrals.rules import clock_ends_at, room_left, route, shared_fields
from wherry.referrals.types import OPEN_STATES, UNHELPED_STATES, NoService, Service, Services
from wherry.triage.actions import move_need
from wherry.triage.models import Need
from wherry.triage.queries import needs_to_place
from wherry.worklist.actions.opening import open_task
from wherry.worklist.rules import rank


def place_needs() -> int:
    """Offer every open need to a service, or give it to a supervisor when there is none. Returns how many."""
    with acting_as(WORKER):
        waiting = [need.pk for need in needs_to_place(limit=2_000)]
    return one_by_one(waiting, lambda need_id: _place(need_id=need_id))


def _place(*, need_id: UUID) -> int:
    with acting_as(WORKER):
        now = app_now()
        need = (
            Need.objects.select_related("case", "case__person", "case__owner_team")
            .select_for_update(of=("self",))
            .get(pk=need_id)
        )
        if need.state != "open":
            return 0
        case = need.case
        if case.state == State.EXCLUDED:
            # They have died, or it was never them: nobody is sent to their door.
            move_need(by=WORKER, need=need, to="withdrawn", why=case.state_reason, now=now)
            return 1
        force = of_case(case=case)
        morning = local_time(now).replace(hour=0, minute=0, second=0, microsecond=0)
        delivering = {
            one.organisation.code
            for one in live_agreements(programme=case.programme, now=now)
            if "delivery" in one.purposes and one.place in ("", case.place)
        }
        found = route(
            need=need.kind,
            urgency=need.urgency,
            place=case.place,
            services=force.services,
            room=room_of(services=force.services, morning=morning),
            now=now,
            tried=services_tried(need_id=need.pk),
            organisations=delivering,
        )
        if isinstance(found, NoService):
            _give_to_supervisor(need=need, why=str(found.reason), now=now)
        else:
            _offer(need=need, service=found, now=now)
        return 1


def room_of(*, services: Services, morning: dt.datetime) -> dict[str, int]:
    """
    Count how many more each service takes today, as its partner last said.

    morning: when the day began on people's clocks.
    """
    load, dials = load_today(since=morning), dials_in_force()
    since = {code: offered_since(service=code, since=dial.said_at) for code, dial in dials.items() if dial.takes}
    return {
        one.code: room_left(
            service=one,
            offered_today=load.get(one.code, 0),
            dial=dials.get(one.code),
            offered_since=since.get(one.code, 0),
            day=morning.date(),
        )
        for one in services.listed
    }


def _offer(*, need: Need, service: Service, now: dt.datetime) -> None:
    shared, area = _told(need=need, service=service, now=now)
    offered = offer(
        by=WORKER,
        need=need,
        service=service.code,
        partner=organisation_by_code(code=service.organisation),
        shared=shared,
        area=area,
        clock_ends_at=clock_ends_at(service=service, urgency=need.urgency, offered_at=now),
        now=now,
    )
    if offered is not None:
        move_need(by=WORKER, need=need, to="referred", why=service.code, now=now)


def _told(*, need: Need, service: Service, now: dt.datetime) -> tuple[dict[str, object], str]:
    """Give what a service is told of somebody for a need, by field, and roughly where they live."""
    fields = shared_fields(service=service, need=need.kind)
    known = what_may_be_shared(person=need.case.person, words=need.words, now=now)
    area = _area(need.case.person, place=need.case.place, is_hidden=not known["address"])
    return {name: known[name] for name in fields if known.get(name)}, area


def tell_partners_anew(*, population_ids: Collection[str]) -> int:
    """
    Bring what partners were told of these people up to date: they moved, or have another number. Returns how many.

    Only where help is still to come; what is over stays as it was told.
    """
    coming = CallToAction.objects.filter(state__in=["offered", "accepted"])
    with acting_as(WORKER):
        found = coming.filter(case__person__population_id__in=population_ids).order_by("id")
        waiting = list(found.values_list("pk", flat=True))
    return one_by_one(waiting, lambda pk: _tell_anew(call_to_action_id=pk))


def _tell_anew(*, call_to_action_id: UUID) -> int:
    with acting_as(WORKER):
        now = app_now()
        rows = CallToAction.objects.select_related("need__case__person").select_for_update(of=("self",))
        one = rows.get(pk=call_to_action_id)
        case = one.need.case
        service = of_case(case=case).services.by_code(one.service)
        if service is None or one.state not in ("offered", "accepted"):
            return 0
        shared, area = _told(need=one.need, service=service, now=now)
        return int(tell_anew(by=WORKER, call_to_action=one, shared=shared, area=area, now=now))


def _area(person: Person, *, place: str, is_hidden: bool) -> str:
    """Say roughly where somebody lives: the first half of a postcode, and less where the address is held back."""
    outward = "" if is_hidden else person.postcode.strip().split(" ")[0]
    return ", ".join(part for part in (place.replace("_", " ").capitalize(), outward) if part)


def _give_to_supervisor(*, need: Need, why: str, now: dt.datetime) -> None:
    open_task(
        by=WORKER,
        case=need.case,
        kind="need",
        about_id=need.pk,
        team=need.case.owner_team,
        priority=rank(red_flag=False, urgency=need.urgency, tier=need.case.tier),
        due_at=now + dt.timedelta(days=1),
        now=now,
        for_role="supervisor",
    )
    move_need(by=WORKER, need=need, to="not_met", why=why, now=now)


def what_may_be_shared(*, person: Person, words: str, now: dt.datetime) -> dict[str, object]:
    """
    Give everything a service could be told, by field; the programme's `shares` chooses among it.

    A sensitive address is never among it. Hazards: H-04 (an address shown to the wrong person).
    """
    day = now.date()
    found = reachable(person=person, day=day)
    telephone = next(
        (
            point.value
            for kind in (ContactKind.MOBILE, ContactKind.LANDLINE)
            if (point := best_contact_point(contact_points=found.contact_points, kind=kind)) is not None
        ),
        "",
    )
    hidden = bool(wish_values(wishes=found.wishes, kind=WishKind.SENSITIVE_ADDRESS, day=day)) or found.address_held
    same_home = Person.objects.filter(household_key=person.household_key) if person.household_key else None
    return {
        "name": f"{person.given_name} {person.family_name}".strip(),
        "telephone": telephone,
        "address": "" if hidden else person.address,
        "language": found.language,
        "household_size": same_home.count() if same_home is not None and not person.is_communal else "",
        "need_words": words,
        "communication_needs": ", ".join(wish_values(wishes=found.wishes, kind=WishKind.COMMUNICATION_NEED, day=day)),
        "safe_times": ", ".join(wish_values(wishes=found.wishes, kind=WishKind.SAFE_CONTACT, day=day)),
    }


def let_offers_lapse() -> int:
    """Let go of every offer whose clock ran out. Returns how many."""
    with acting_as(WORKER):
        now = app_now()
        over = lapsed(now=now)
        for one in over:
            lapse(by=WORKER, call_to_action=one, now=now)
        return len(over)


def take_back_unhelped_needs() -> int:
    """
    Open again every need whose last offer ended without help, so that it is placed anew. Returns how many.

    Somebody a partner could not reach is not sent from one to the next: a supervisor gets the need, to find them.
    """
    with acting_as(WORKER):
        now = app_now()
        rows = unhelped_needs().select_related("case", "case__owner_team").select_for_update(of=("self",))
        needs, unreached = list(rows.order_by("id")), given_back_unreached()
        for need in needs:
            if need.pk in unreached:
                _give_to_supervisor(need=need, why="could_not_reach", now=now)
                continue
            move_need(by=WORKER, need=need, to="open", why="the last offer did not help", now=now)
        return len(needs)


def unhelped_needs() -> QuerySet[Need]:
    """Give the needs whose last offer ended without help and that nobody has been asked to meet since."""
    live = CallToAction.objects.filter(state__in=OPEN_STATES).values("need_id")
    ended = CallToAction.objects.filter(state__in=UNHELPED_STATES).values("need_id")
    settled = CallToAction.objects.filter(state="confirmed").values("need_id")
    return Need.objects.filter(state="referred", pk__in=ended).exclude(pk__in=live).exclude(pk__in=settled)
