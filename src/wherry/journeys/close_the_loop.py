"""Close the loop: a partner says it is done, the person is asked, and only their word closes it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from wherry.cases.queries import latest_occurrence
from wherry.checkin.models import HelpReply
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys.one_by_one import one_by_one
from wherry.journeys.programme_in_force import of_case
from wherry.journeys.text_somebody import text_somebody
from wherry.outreach.rules.next_contact import contact_point_for
from wherry.outreach.rules.standing import forbidden
from wherry.outreach.types import Channel
from wherry.people.queries import reachable
from wherry.referrals.actions import ask_person, person_says
from wherry.referrals.models import CallToAction
from wherry.referrals.queries import done_and_not_asked
from wherry.referrals.types import State
from wherry.triage.actions import move_need
from wherry.worklist.actions.opening import cancel_tasks, open_task
from wherry.worklist.rules import rank

#: One question at a time: somebody who has not answered is not asked about something else for this long.
_PATIENCE = dt.timedelta(days=2)


def ask_whether_it_helped() -> int:
    """Ask the person about what a partner calls done: by text where that reaches them, else by a call."""
    with acting_as(WORKER):
        waiting = to_be_asked(now=app_now())
    return one_by_one(waiting, _asked)


def to_be_asked(*, now: dt.datetime) -> list[UUID]:
    """List the calls to action whose person is to be asked now."""
    return [one.pk for one in done_and_not_asked(asked_before=now - _PATIENCE, limit=2_000)]


def _asked(call_to_action_id: UUID) -> int:
    _ask(call_to_action_id=call_to_action_id)
    return 1


def _ask(*, call_to_action_id: UUID) -> None:
    with acting_as(WORKER):
        now = app_now()
        about = CallToAction.objects.select_related("case", "case__person", "case__owner_team").get(
            pk=call_to_action_id
        )
        person, occurrence = about.case.person, latest_occurrence(case_id=about.case_id)
        found = reachable(person=person, day=now.date())
        point, _ = contact_point_for(channel=Channel.SMS, reachable=found, day=now.date())
        force = of_case(case=about.case)
        if forbidden(reachable=found, day=now.date()) is not None:
            # They stopped, or have died: nobody is asked, and the partner's own word is all there will be.
            pass
        elif point is not None and occurrence is not None:
            text_somebody(
                occurrence=occurrence,
                point=point,
                message="did_it_help",
                step=f"did_it_help:{about.pk}",
                language=found.language,
                now=now,
                household_key=person.household_key,
            )
        else:
            # Where nobody is asked again for other reasons, the call waits as long as the next question would.
            pace = force.programme
            patience = dt.timedelta(days=pace.check_in_every_days, hours=pace.check_in_every_hours) or _PATIENCE
            _ask_by_call(about=about, patience=patience, now=now)
        ask_person(by=WORKER, call_to_action=about, now=now)


def _ask_by_call(*, about: CallToAction, patience: dt.timedelta, now: dt.datetime) -> None:
    open_task(
        by=WORKER,
        case=about.case,
        kind="did_it_help",
        about_id=about.pk,
        team=about.case.owner_team,
        priority=rank(red_flag=False, urgency="routine", tier=about.case.tier),
        due_at=now + patience,
        now=now,
    )


def hear(*, reply_id: UUID) -> None:
    """Carry out the person's word: help that came closes the loop and the need; help that did not opens it again."""
    with acting_as(WORKER):
        now = app_now()
        reply = HelpReply.objects.select_for_update().get(pk=reply_id)
        if reply.heard_at is not None:
            return
        about = CallToAction.objects.select_related("need").get(pk=reply.about_id)
        if about.state == State.DONE:
            person_says(by=WORKER, call_to_action=about, helped=reply.helped, now=now)
            if reply.helped:
                move_need(by=WORKER, need=about.need, to="met", why="the person says it helped", now=now)
        # Said on a page meanwhile: nobody is rung about it.
        why = "answered"
        cancel_tasks(by=WORKER, case_id=about.case_id, kinds=["did_it_help"], about_id=about.pk, why=why, now=now)
        reply.heard_at = now
        reply.save(update_fields=["heard_at"])


def hear_what_was_left() -> int:
    """Hear every reply no job carried out. Returns how many."""
    with acting_as(WORKER):
        waiting = to_be_heard()
    return one_by_one(waiting, _heard)


def _heard(reply_id: UUID) -> int:
    hear(reply_id=reply_id)
    return 1


def to_be_heard() -> list[UUID]:
    """List the replies nobody has carried out."""
    return list(HelpReply.objects.filter(heard_at__isnull=True).values_list("pk", flat=True)[:1_000])
