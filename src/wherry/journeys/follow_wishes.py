"""Carry out in every open case what somebody asked, or was said of them: links, calls, offers; and begin again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from wherry.cases.actions import look_again, move_occurrence
from wherry.cases.models import Case
from wherry.cases.queries import latest_occurrence, open_cases_of
from wherry.cases.types import MOVES, PROGRAMME_ENDED, State
from wherry.checkin.actions.links import restore_links, revoke_links
from wherry.checkin.models import Invitation
from wherry.checkin.queries import response_of
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.foundation.periods import start_of_day
from wherry.journeys.one_by_one import one_by_one
from wherry.outreach.rules.standing import forbidden
from wherry.outreach.types import RefusalReason
from wherry.people.models import Person, Report
from wherry.people.queries import barred_people, reachable
from wherry.people.rules import paused_until
from wherry.referrals.actions import withdraw
from wherry.referrals.models import CallToAction
from wherry.triage.actions import move_need
from wherry.triage.models import Need
from wherry.worklist.actions.opening import cancel_tasks, open_task
from wherry.worklist.models import Task

_REPORTED = "reported"
#: Somebody of a partner may be on the way to their door, or ring.
_ON_THE_WAY = ["offered", "accepted"]
#: What a pause puts off: calls about a check-in nobody has answered.
_MAY_WAIT = ["check_in_call", "did_it_help"]
_CONTACT_TASKS = ["check_in_call", "call_back", "exhausted", "did_it_help", "read_words"]


def follow(*, person_id: UUID) -> bool:
    """
    Carry out in every open case what forbids contact with somebody, or begin again where nothing does any more.

    Safe to repeat; nothing to do is no error. Returns whether there was something to do.
    """
    with acting_as(WORKER):
        now = app_now()
        person = Person.objects.select_for_update().get(pk=person_id)
        said = list(Report.objects.filter(person=person, resolved_at__isnull=True).order_by("kind"))
        barred = forbidden(reachable=reachable(person=person, day=now.date()), day=now.date())
        cases = open_cases_of(person_id=person_id)
        if barred is None:
            last = paused_until(wishes=reachable(person=person, day=now.date()).wishes, day=now.date())
            waiting = [_leave_in_peace(case=case, until=last, now=now) for case in cases if last is not None]
            return any([*waiting, *[_begin_again(case=case, now=now) for case in cases]])
        return any([_close_doors(case=case, said=said, reason=barred.reason, now=now) for case in cases])


def _leave_in_peace(*, case: Case, until: dt.date, now: dt.datetime) -> bool:
    # Red flags, reports and help under way go on; what would ring about a check-in waits, and then begins again.
    cancelled = cancel_tasks(by=WORKER, case_id=case.pk, kinds=_MAY_WAIT, why="paused", now=now)
    occurrence = latest_occurrence(case_id=case.pk)
    if occurrence is not None and occurrence.state == State.IN_CADENCE:
        look_again(occurrence=occurrence, at=start_of_day(until + dt.timedelta(days=1)))
    return bool(cancelled)


def _close_doors(*, case: Case, said: list[Report], reason: RefusalReason, now: dt.datetime) -> bool:
    links = revoke_links(by=WORKER, case_id=case.pk, now=now)
    cancelled = cancel_tasks(by=WORKER, case_id=case.pk, kinds=_CONTACT_TASKS, why=str(reason), now=now)
    occurrence = latest_occurrence(case_id=case.pk)
    excluded = bool(said) or reason is not RefusalReason.STOP
    why = f"{_REPORTED} {said[0].kind}" if said else str(reason)
    to = State.EXCLUDED if excluded else State.DECLINED
    moves = occurrence is not None and to in MOVES[State(occurrence.state)]
    if occurrence is not None and moves:
        move_occurrence(by=WORKER, occurrence=occurrence, to=to, why=why, now=now)
    called_back = _call_back_offers(case=case, why=why, now=now) if excluded or case.state == State.EXCLUDED else 0
    # Records taken apart wait for an analyst's confirmation, not for a supervisor's.
    asked = [one for one in said if one.kind != Report.Kind.UNLINKED]
    opened = [_ask_to_verify(case=case, said=one, now=now) for one in asked]
    return bool(links or cancelled or moves or called_back or any(opened))


def _ask_to_verify(*, case: Case, said: Report, now: dt.datetime) -> bool:
    opened = open_task(
        by=WORKER,
        case=case,
        kind="verify_death" if said.kind == Report.Kind.DIED else "verify_identity",
        about_id=said.pk,
        team=case.owner_team,
        priority=15,
        due_at=now + dt.timedelta(days=1),
        now=now,
        for_role="supervisor",
    )
    return opened is not None


def _call_back_offers(*, case: Case, why: str, now: dt.datetime) -> int:
    # No partner may ring or visit: not the dead's household, and not whoever a message reached by mistake.
    offers = list(CallToAction.objects.filter(case=case, state__in=_ON_THE_WAY).select_related("need"))
    for offer in offers:
        withdraw(by=WORKER, call_to_action=offer, why=why, now=now)
    for need in Need.objects.filter(case=case, state__in=["open", "referred"]):
        move_need(by=WORKER, need=need, to="withdrawn", why=why, now=now)
    return len(offers)


def _want_help_again(*, case: Case, now: dt.datetime) -> None:
    # Help called back because of the report, which is all that withdraws a need, is looked for again.
    for need in Need.objects.filter(case=case, state="withdrawn"):
        move_need(by=WORKER, need=need, to="open", why="the report was mistaken", now=now)


def _begin_again(*, case: Case, now: dt.datetime) -> bool:
    # A report that proved mistaken must not cost somebody the help the list promised them, whoever excluded them: this
    # journey, or the cadence that read the report first.
    occurrence = latest_occurrence(case_id=case.pk)
    if occurrence is None or occurrence.state != State.EXCLUDED or occurrence.state_reason == PROGRAMME_ENDED:
        return False
    move_occurrence(by=WORKER, occurrence=occurrence, to=State.IN_CADENCE, why="the report was mistaken", now=now)
    _want_help_again(case=case, now=now)
    if response_of(occurrence_id=occurrence.pk) is not None:
        move_occurrence(by=WORKER, occurrence=occurrence, to=State.REACHED, why="answered before the report", now=now)
        return True
    restore_links(by=WORKER, occurrence_id=occurrence.pk, now=now)
    look_again(occurrence=occurrence, at=now)
    return True


def follow_what_was_left() -> int:
    """Follow every stop and report no job carried out. Returns how many people there was something to do for."""
    with acting_as(WORKER):
        waiting = to_be_followed(day=app_now().date())
    return one_by_one(waiting, lambda person_id: int(follow(person_id=person_id)))


def to_be_followed(*, day: dt.date) -> list[UUID]:
    """List people whose case does not yet say what they, or somebody for them, asked; in an order always the same."""
    barred = set(barred_people(day=day))
    asked = Report.objects.filter(resolved_at__isnull=True).exclude(kind=Report.Kind.UNLINKED)
    unheard = asked.exclude(pk__in=Task.objects.values("about_id"))
    mistaken = Report.objects.filter(resolution=Report.MISTAKEN).exclude(person_id__in=barred)
    # From the few who are barred or reported to their cases, not from every case: this is asked at every turn.
    waiting = {
        *_still_contacted(barred),
        *_with_open_case(unheard.values_list("person_id", flat=True)),
        *_with_open_case(mistaken.values_list("person_id", flat=True), state=State.EXCLUDED),
    }
    return sorted(waiting)


def _still_contacted(barred: set[UUID]) -> set[UUID]:
    """Give those of the barred whose case goes on, or whose call, link or partner on the way still stands."""
    if not barred:
        return set()
    cases = dict(Case.objects.filter(closed_at__isnull=True, person_id__in=barred).values_list("pk", "person_id"))
    going_on = [State.IN_CADENCE, State.REACHED, State.EXHAUSTED]
    ringing = Task.objects.filter(case_id__in=cases, kind__in=_CONTACT_TASKS, state__in=["open", "claimed"])
    links = Invitation.objects.filter(case_id__in=cases, state__in=["open", "locked"])
    still_coming = CallToAction.objects.filter(case_id__in=cases, state__in=_ON_THE_WAY, case__state=State.EXCLUDED)
    found = {
        *Case.objects.filter(pk__in=cases, state__in=going_on).values_list("pk", flat=True),
        *ringing.values_list("case_id", flat=True),
        *links.values_list("case_id", flat=True),
        *still_coming.values_list("case_id", flat=True),
    }
    return {cases[case_id] for case_id in found}


def _with_open_case(person_ids: Iterable[UUID], **state: State) -> set[UUID]:
    wanted = set(person_ids)
    if not wanted:
        return set()
    cases = Case.objects.filter(closed_at__isnull=True, person_id__in=wanted, **state)
    return set(cases.values_list("person_id", flat=True))
