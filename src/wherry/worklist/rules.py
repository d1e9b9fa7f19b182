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
    Pace,
    Retry,
    TriesUsedUp,
    VerifyDeath,
)

_URGENCY_RANK = {"emergency": 0, "today": 1, "soon": 2, "routine": 3, "none": 4}
LOWEST_TIER = 9
#: What may wait at most before somebody tries again, and whose clock never moves: nobody can put these aside.
NEVER_PARKED = {"red_flag": dt.timedelta(minutes=30), "exhausted": dt.timedelta(days=1)}
#: A call promised for a time is kept this long for whoever promised it; then it is anybody's.
KEPT_FOR = dt.timedelta(minutes=30)
#: A mis-tap can be taken back for this long.
UNDO_FOR = dt.timedelta(minutes=15)


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


def waits_until(
    *, kind: str, wanted: dt.datetime, due_at: dt.datetime, now: dt.datetime
) -> tuple[dt.datetime, dt.datetime]:
    """
    Say when a task shows again and when it is due, for a wait somebody wants.

    A red flag and somebody nobody could reach wait at most as long as NEVER_PARKED says, and stay due when they were.
    Hazards: H-02 (red flag unseen), H-06 (unreachable person forgotten).
    """
    longest = NEVER_PARKED.get(kind)
    if longest is None:
        return wanted, max(due_at, wanted)
    return min(wanted, now + longest), due_at


def within_hours(*, moment: dt.datetime, opens: dt.time, closes: dt.time) -> dt.datetime:
    """Move a moment outside the hours in which we may ring to the next opening. moment: in people's own time zone."""
    if moment.time() < opens:
        return dt.datetime.combine(moment.date(), opens, moment.tzinfo)
    if moment.time() >= closes:
        return dt.datetime.combine(moment.date() + dt.timedelta(days=1), opens, moment.tzinfo)
    return moment


def call_back_times(*, now: dt.datetime, opens: dt.time, closes: dt.time, days: int = 3) -> tuple[dt.datetime, ...]:
    """
    Offer a few times to ring somebody back: in an hour, then the round hours people name, inside contact hours.

    now: in people's own time zone; opens, closes: the hours in which we may ring; days: how far ahead, today counted.
    """
    in_an_hour = now + dt.timedelta(minutes=60 - now.minute % 15)
    wanted = [in_an_hour.replace(second=0, microsecond=0)]
    for day in range(days):
        date = now.date() + dt.timedelta(days=day)
        wanted += [dt.datetime.combine(date, dt.time(hour), now.tzinfo) for hour in (10, 14, 17)]
    offered = [one for one in wanted if one >= in_an_hour - dt.timedelta(minutes=1) and opens <= one.time() < closes]
    return tuple(dict.fromkeys(sorted(offered)))[:6]


def pace(*, now: dt.datetime, evening: dt.datetime, ended: int, people: int, due_today: int) -> Pace:
    """
    Set what is due today against the pace of the last hour.

    ended: calls ended in that hour, by how many people; evening: when ringing stops today. No pace, no promise.
    """
    if due_today == 0:
        return Pace(people, ended, due_today, now)
    if ended == 0:
        return Pace(people, ended, due_today, None)
    done_at = now + dt.timedelta(hours=due_today / ended)
    return Pace(people, ended, due_today, done_at if done_at <= evening else None)


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
