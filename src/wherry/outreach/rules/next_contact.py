"""Which contact is next: the first step that is due and possible, a wait, or whoever takes the person over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from wherry.foundation.periods import local_time, start_of_day
from wherry.outreach.rules.gate import is_stale
from wherry.outreach.rules.hours import narrowed, next_opening, rings
from wherry.outreach.rules.refusals import refusal_for
from wherry.outreach.rules.standing import KINDS, forbidden, standing_refusal
from wherry.outreach.types import (
    Attempted,
    AttemptState,
    Cadence,
    Call,
    Channel,
    Exhausted,
    Forbidden,
    NextContact,
    Refusal,
    RefusalReason,
    Send,
    Skipped,
    Step,
    Wait,
)
from wherry.people.rules import best_contact_point, paused_until
from wherry.people.types import ContactPoint, Reachable

_DEAD_ENDS = frozenset({AttemptState.REFUSED, AttemptState.FAILED})
_LEFT = frozenset({AttemptState.IN_DOUBT, AttemptState.SENT, AttemptState.DELIVERED})


def contact_point_for(
    *, channel: Channel, reachable: Reachable, failed: Collection[str] = (), day: dt.date
) -> tuple[ContactPoint | None, Refusal | None]:
    """
    Choose where a channel would reach this person, or say why it cannot.

    failed: values that did not work in this occurrence. A call may use a number a text failed on when there is no
    other: a person dialling is how a wrong number is found out.
    """
    tries = [failed, ()] if channel is Channel.CALL else [failed]
    refusal = refusal_for(RefusalReason.NO_CONTACT_POINT)
    for but_not in tries:
        for kind in KINDS[channel]:
            point = best_contact_point(contact_points=reachable.contact_points, kind=kind, but_not=but_not)
            found = standing_refusal(channel=channel, reachable=reachable, contact_point=point, day=day)
            if found is None:
                return point, None
            if found.reason is not RefusalReason.NO_CONTACT_POINT:
                refusal = found
    return None, refusal


def _begin(
    *,
    step: Step,
    point: ContactPoint,
    due: dt.datetime,
    cadence: Cadence,
    skipped: tuple[Skipped, ...],
    now: dt.datetime,
) -> NextContact:
    hours = narrowed(contact_hours=cadence.contact_hours, step_hours=step.hours)
    begins = next_opening(hours=hours, moment=max(due, now)) if rings(step.channel) else max(due, now)
    if begins > now:
        return Wait(until=begins.astimezone(dt.UTC))
    if step.channel is Channel.CALL:
        return Call(step=step, contact_point=point, skipped=skipped)
    return Send(step=step, channel=step.channel, contact_point=point, skipped=skipped)


def _last_tried(*, cadence: Cadence, history: Sequence[Attempted]) -> tuple[int, Attempted | None]:
    # Never back to an earlier step: a mobile number that turns up while the call is open does not restart the texts.
    order = {step.id: position for position, step in enumerate(cadence.steps)}
    known = [attempt for attempt in history if attempt.step_id in order]
    last = max(known, key=lambda attempt: (order[attempt.step_id], attempt.intended_at), default=None)
    return (order[last.step_id], last) if last else (-1, None)


def next_contact(
    *,
    cadence: Cadence,
    history: Sequence[Attempted],
    reachable: Reachable,
    occurrence_opened_at: dt.datetime,
    now: dt.datetime,
) -> NextContact:
    """
    Choose the next way to reach a person who has not answered, or say why there is none.

    history: the attempts of this occurrence, oldest first. State-driven: the same state gives the same answer
    whenever it is asked, so an outage loses nothing. A step is due when its `after` has passed since the opening
    and the attempt before it has had its patience; after a failed, refused or impossible step the next is due at
    once. An attempt whose outcome stays unknown counts as made once its patience is over; one to a number known
    since to be somebody else's reached nobody, so that what is kept for the unreached goes to them.
    Whoever has answered is not asked about: the caller leaves them out. Pure; O(steps + history).
    Hazards: H-01 (contact after death), H-06 (unreachable person forgotten).
    """
    day = local_time(now).date()
    barred = forbidden(reachable=reachable, day=day)
    if barred is not None:
        return Forbidden(reason=barred.reason, words=barred.words)
    pause = paused_until(wishes=reachable.wishes, day=day)
    if pause is not None:
        return Wait(until=start_of_day(pause + dt.timedelta(days=1)))
    position, last = _last_tried(cadence=cadence, history=history)
    floor, at_once = occurrence_opened_at, False
    if last is not None:
        at_once = last.state in _DEAD_ENDS
        floor = last.intended_at + cadence.steps[position].patience
        if not at_once and now < floor:
            return Wait(until=floor.astimezone(dt.UTC))
    failed = {attempt.to for attempt in history if attempt.state in _DEAD_ENDS and attempt.to}
    theirs = {point.value for point in reachable.contact_points}
    anything_left = any(one.state in _LEFT and (not one.to or one.to in theirs) for one in history)
    skipped: tuple[Skipped, ...] = ()
    for step in cadence.steps[position + 1 :]:
        if step.fallback and anything_left:
            continue
        point, refusal = contact_point_for(channel=step.channel, reachable=reachable, failed=failed, day=day)
        if is_stale(step=step, occurrence_opened_at=occurrence_opened_at, now=now):
            point, refusal = None, refusal_for(RefusalReason.STALE)
        if point is None:
            reason = refusal.reason if refusal else RefusalReason.NO_CONTACT_POINT
            skipped, at_once = (*skipped, Skipped(step_id=step.id, reason=reason)), True
            continue
        due = now if at_once else max(floor, occurrence_opened_at + step.after)
        return _begin(step=step, point=point, due=due, cadence=cadence, skipped=skipped, now=now)
    return Exhausted(owner=cadence.exhausted_owner, skipped=skipped)
