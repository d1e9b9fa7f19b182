"""The gate: may this contact leave now, to whom, and if not, why not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from wherry.foundation.periods import local_time
from wherry.outreach.rules.hours import is_within, narrowed, rings
from wherry.outreach.rules.refusals import refusal_for
from wherry.outreach.rules.standing import standing_refusal
from wherry.outreach.types import Cadence, Channel, RecentContacts, Refusal, RefusalReason, Step
from wherry.people.rules import paused_until
from wherry.people.types import ContactPoint, Reachable, WishKind


def _cap_reached(*, cadence: Cadence, recent: RecentContacts) -> RefusalReason | None:
    if recent.person >= cadence.caps.per_person:
        return RefusalReason.CAP_PERSON
    if recent.number >= cadence.caps.per_number:
        return RefusalReason.CAP_NUMBER
    return RefusalReason.CAP_HOUSEHOLD if recent.household >= cadence.caps.per_household else None


def gate(
    *,
    channel: Channel,
    reachable: Reachable,
    contact_point: ContactPoint | None,
    now: dt.datetime,
    cadence: Cadence,
    recent: RecentContacts,
    sandbox: bool,
    step: Step | None = None,
    confirms_stop: bool = False,
    is_awaited: bool = False,
    occurrence_opened_at: dt.datetime | None = None,
    intended_at: dt.datetime | None = None,
) -> Refusal | None:
    """
    Say why this contact may not leave now, or None. Asked when it is intended and again at hand-off.

    recent: contacts already made today, this one not counted; sandbox: whether the configured client is the sandbox;
    step: narrows the hours, and with one of the two moments tells what is stale; confirms_stop: the one message that
    answers a STOP, which that wish does not forbid; is_awaited: they asked for it a moment ago and hold the telephone
    in their hand, so hours, caps and a pause do not keep it back.
    A refusal that is not momentary wins over a momentary one. Order of the lasting ones: death first.
    Hazards: H-01 (contact after death), H-04 (address given away), H-18 (a wish not followed).
    """
    day = local_time(now).date()
    if confirms_stop:
        others = tuple(wish for wish in reachable.wishes if wish.kind is not WishKind.STOP)
        reachable = replace(reachable, wishes=others)
    lasting = standing_refusal(channel=channel, reachable=reachable, contact_point=contact_point, day=day)
    if lasting is not None:
        return lasting
    if channel is not Channel.CALL and reachable.synthetic is not sandbox:
        return refusal_for(RefusalReason.NOT_SYNTHETIC_CHANNEL)
    if step and is_stale(step=step, now=now, occurrence_opened_at=occurrence_opened_at, intended_at=intended_at):
        return refusal_for(RefusalReason.STALE)
    if is_awaited:
        return None
    if not confirms_stop and paused_until(wishes=reachable.wishes, day=day) is not None:
        return refusal_for(RefusalReason.PAUSED)
    hours = narrowed(contact_hours=cadence.contact_hours, step_hours=step.hours if step else None)
    if rings(channel) and not is_within(hours=hours, moment=now):
        return refusal_for(RefusalReason.OUTSIDE_HOURS)
    cap = None if confirms_stop else _cap_reached(cadence=cadence, recent=recent)
    return refusal_for(cap) if cap else None


def is_stale(
    *,
    step: Step,
    now: dt.datetime,
    occurrence_opened_at: dt.datetime | None = None,
    intended_at: dt.datetime | None = None,
) -> bool:
    """
    Say whether a step not yet handed off has become too late to make sense.

    Too late is `stale_after` counted from the opening, or the step's patience counted from the intent: by then the
    next step has begun, and a text arriving beside the call would be one contact too many. None = not asked.
    """
    if intended_at is not None and now >= intended_at + step.patience:
        return True
    return bool(occurrence_opened_at and step.stale_after and now >= occurrence_opened_at + step.stale_after)
