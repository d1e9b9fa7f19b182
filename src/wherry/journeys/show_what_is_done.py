"""
Show somebody what is being done for them, after a one-time code; take their word on it; and hear who wants a call.

The database itself shows needs and calls to action to a link only in the browser in which a code was right, until it
was left alone for a quarter of an hour: the page cannot forget to ask.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wherry.audit.actions import record
from wherry.cases.models import Case
from wherry.checkin.actions import replies
from wherry.checkin.actions.calls import call_heard
from wherry.checkin.models import CallWanted, HelpReply, Invitation
from wherry.checkin.types import Texts
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor
from wherry.foundation.periods import local_time
from wherry.journeys.deferring import Job, defer
from wherry.journeys.one_by_one import one_by_one
from wherry.journeys.programme_in_force import InForce
from wherry.outreach.rules.standing import forbidden
from wherry.people.queries import reachable
from wherry.referrals.models import CallToAction
from wherry.triage.models import Need
from wherry.worklist.actions.opening import open_task
from wherry.worklist.rules import rank

#: What the end of a check-in promises, in days after it: as soon as they can, today, within two days, within a week.
PROMISED_DAYS = {"emergency": 0, "today": 0, "soon": 2, "routine": 7}
_OVER = ("met", "found", "closed")
_CALL_WITHIN = dt.timedelta(hours=4)


@dataclass(frozen=True)
class HelpUnderWay:
    """
    One need as its person may see it.

    state: a key of the page's words; service: who was asked, by language, empty for nobody; by: the day it was promised
    for; is_late: that day is over and the need is not met; help_found: who helps where no service does, in English.
    """

    need_id: UUID
    kind: str
    need: Texts
    state: str
    service: Texts
    told_on: dt.date
    by: dt.date
    is_late: bool
    help_found: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nobody has to do anything more."""
        return self.state in _OVER


@dataclass(frozen=True)
class _Offer:
    """The newest call to action of a need, and what its person said of it."""

    id: UUID
    service: str
    state: str
    helped: bool | None


def help_under_way(*, by: Actor, invitation: Invitation, force: InForce, now: dt.datetime) -> tuple[HelpUnderWay, ...]:
    """
    List what somebody needs and how far it has come, what is still open first, and write down that it was looked at.

    Three queries, whatever their number. Of what is over, the newest of each kind that is not asked for again.
    """
    record(by=by, did="help.seen", subject="case", subject_ids=[invitation.case_id], now=now)
    return help_of_case(case_id=invitation.case_id, force=force, now=now)


def help_of_case(*, case_id: UUID, force: InForce, now: dt.datetime) -> tuple[HelpUnderWay, ...]:
    """List the same for whoever is on the line with them; to look at a person is written down by the page."""
    offers, today = _newest_offers(case_id=case_id), local_time(now).date()
    needs = Need.objects.filter(case_id=case_id).order_by("-decision__decided_at", "kind")
    open_kinds: set[str] = set()
    shown: list[HelpUnderWay] = []
    over: dict[str, HelpUnderWay] = {}
    for need in needs.values("id", "kind", "urgency", "state", "help_found", "decision__decided_at"):
        one = _shown(need, offers.get(need["id"]), force, today)
        if one.is_over:
            over.setdefault(need["kind"], one)
        else:
            shown.append(one)
            open_kinds.add(need["kind"])
    return (*shown, *(one for kind, one in over.items() if kind not in open_kinds))


def _newest_offers(*, case_id: UUID) -> dict[UUID, _Offer]:
    said = dict(HelpReply.objects.filter(case_id=case_id).values_list("about_id", "helped"))
    offers = CallToAction.objects.filter(case_id=case_id).order_by("offered_at", "id")
    rows = offers.values_list("need_id", "id", "service", "state")
    return {need: _Offer(pk, service, state, said.get(pk)) for need, pk, service, state in rows}


def _shown(need: Mapping[str, Any], offer: _Offer | None, force: InForce, today: dt.date) -> HelpUnderWay:
    state = state_shown(
        need=str(need["state"]), offer=offer.state if offer else "", helped=offer.helped if offer else None
    )
    if state == "met" and need["help_found"]:
        state = "found"
    service = force.services.by_code(offer.service) if offer and state in ("offered", "accepted", "done") else None
    told_on = local_time(need["decision__decided_at"]).date()
    by = told_on + dt.timedelta(days=PROMISED_DAYS.get(str(need["urgency"]), 7))
    return HelpUnderWay(
        need_id=need["id"],
        kind=str(need["kind"]),
        need=force.triage.needs[str(need["kind"])],
        state=state,
        service=service.names if service else {},
        told_on=told_on,
        by=by,
        is_late=by < today and state not in (*_OVER, "done", "said_yes"),
        help_found=str(need["help_found"]),
    )


def state_shown(*, need: str, offer: str, helped: bool | None) -> str:
    """
    Say in one word of the page how far a need is: its own state, its newest offer's, and what its person said of that.

    looking · offered · accepted · done (they are asked whether it helped) · said_yes and said_no (until the worker has
    heard them) · with_us · met · closed. Pure.
    """
    if need in ("met", "withdrawn"):
        return "met" if need == "met" else "closed"
    if need == "not_met":
        return "with_us"
    if need == "referred" and offer == "done" and helped is not None:
        return "said_yes" if helped else "said_no"
    return offer if need == "referred" and offer in ("offered", "accepted", "done") else "looking"


def say_whether_it_helped(*, by: Actor, invitation: Invitation, need_id: UUID, helped: bool, now: dt.datetime) -> bool:
    """Keep somebody's word on what a partner calls done. False where nothing of theirs waits for it."""
    offer = (
        CallToAction.objects.filter(case_id=invitation.case_id, need_id=need_id, state="done")
        .values_list("id", flat=True)
        .first()
    )
    if offer is None:
        return False
    own_link = invitation.kind == "did_it_help" and invitation.about_id == offer and invitation.state == "open"
    reply = replies.say_whether_it_helped(
        by=by,
        invitation=invitation if own_link else None,
        case_id=invitation.case_id,
        audience_id=invitation.audience_id,
        about_id=offer,
        helped=helped,
        channel="web",
        now=now,
    )
    defer(Job.HEAR_REPLY, about=reply.pk)
    return True


def hear_call_wanted(*, wanted_id: UUID) -> bool:
    """
    Put a call somebody asked for on their team's list: one for each person, whatever they asked it about.

    Stop, said since, wins: nobody rings. Safe to repeat; False when it was heard before.
    """
    with acting_as(WORKER):
        now = app_now()
        rows = CallWanted.objects.select_related("case__person", "case__owner_team")
        wanted = rows.select_for_update(of=("self",)).get(pk=wanted_id)
        if wanted.heard_at is not None:
            return False
        person, day = wanted.case.person, local_time(now).date()
        if forbidden(reachable=reachable(person=person, day=day), day=day) is None:
            _open_call(case=wanted.case, now=now)
        call_heard(wanted=wanted, now=now)
    return True


def _open_call(*, case: Case, now: dt.datetime) -> None:
    open_task(
        by=WORKER,
        case=case,
        kind="call_back",
        about_id=case.pk,
        team=case.owner_team,
        priority=rank(red_flag=False, urgency="today", tier=case.tier),
        due_at=now + _CALL_WITHIN,
        now=now,
    )


def hear_what_was_left() -> int:
    """Hear every call asked for that no job carried out. Returns how many."""
    with acting_as(WORKER):
        waiting = list(CallWanted.objects.filter(heard_at__isnull=True).values_list("pk", flat=True)[:1_000])
    return one_by_one(waiting, lambda pk: int(hear_call_wanted(wanted_id=pk)))
