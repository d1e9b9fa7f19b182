"""Which task comes first, what follows a call, and who holds an escalating task. All pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from wherry.worklist.types import (
    AfterOutcome,
    CallPolicy,
    Done,
    Hop,
    Outcome,
    Retry,
    TriesUsedUp,
    VerifyDeath,
)

_URGENCY_RANK = {"emergency": 0, "today": 1, "soon": 2, "routine": 3, "none": 4}
LOWEST_TIER = 9


def rank(*, red_flag: bool, urgency: str, tier: int | None) -> int:
    """
    Give a task's rank, smaller first: red flag, then emergency, then what is due today, then tier, then urgency.

    tier: 1 is highest; None (no tier known) goes after every tier. Order by (rank, opened_at): at one rank the
    oldest task comes first, so nothing starves behind newer work of the same weight. Fits a small integer.
    Hazards: H-02 (red flag unseen).
    """
    if red_flag:
        return 0
    urgency_rank = _URGENCY_RANK.get(urgency, _URGENCY_RANK["routine"])
    if urgency_rank <= 1:
        return 10 * (urgency_rank + 1) + _bounded(tier)
    return 100 + 10 * _bounded(tier) + urgency_rank


def _bounded(tier: int | None) -> int:
    return LOWEST_TIER if tier is None else min(max(tier, 1), LOWEST_TIER)


def sort_key(*, red_flag: bool, urgency: str, tier: int | None, opened_at: dt.datetime) -> tuple[int, dt.datetime]:
    """Order tasks as the worklist hands them out; smallest first."""
    return rank(red_flag=red_flag, urgency=urgency, tier=tier), opened_at


def lease_ends_at(*, policy: CallPolicy, claimed_at: dt.datetime) -> dt.datetime:
    """Give the moment a claimed task goes back to the list unless the caller shows signs of life."""
    return claimed_at + dt.timedelta(seconds=policy.lease_seconds)


def _tried_again(*, tries: int, policy: CallPolicy, other_number: bool = False) -> AfterOutcome:
    if tries > len(policy.retry_after):
        return TriesUsedUp()
    return Retry(after=policy.retry_after[tries - 1], other_number=other_number)


def after_outcome(*, outcome: Outcome, tries: int, policy: CallPolicy, has_other_number: bool = False) -> AfterOutcome:
    """
    Say what follows a call.

    tries: calls made for this task, this one counted (1 or more). A rescheduled call does not use up a try: the
    person answered. A wrong number is never rung again; with no other number the telephone is used up.
    Refused ends this call, not the person's wish to be contacted: STOP is a wish of its own.
    Hazards: H-01 (contact after death), H-06 (unreachable person forgotten).
    """
    if tries < 1:
        raise ValueError("a call that was made counts as a try")
    match outcome:
        case Outcome.SPOKE:
            return Done()
        case Outcome.REFUSED:
            return Done(declined=True)
        case Outcome.DIED:
            return VerifyDeath()
        case Outcome.CALL_BACK:
            return Retry(after=policy.call_back_after)
        case Outcome.INTERPRETER_NEEDED:
            return Retry(after=policy.call_back_after, skill="interpreter")
        case Outcome.WRONG_NUMBER:
            return _tried_again(tries=tries, policy=policy, other_number=True) if has_other_number else TriesUsedUp()
        case Outcome.VOICEMAIL | Outcome.NO_ANSWER:
            return _tried_again(tries=tries, policy=policy)


def hop_due(*, opened_at: dt.datetime, minutes: int, hops: Sequence[str], now: dt.datetime) -> Hop:
    """
    Say who holds a task nobody has taken: after every `minutes` it climbs one hop; at the last it stays.

    hops: role names, the first holds it from the opening. A task opened in the future is at the first.
    Hazards: H-02 (red flag unseen).
    """
    if not hops or minutes < 1:
        raise ValueError("an escalation has hops and minutes")
    step = dt.timedelta(minutes=minutes)
    number = min(max((now - opened_at) // step, 0), len(hops) - 1)
    is_last = number == len(hops) - 1
    return Hop(
        number=number,
        role=hops[number],
        since=opened_at + number * step,
        next_at=None if is_last else opened_at + (number + 1) * step,
    )
