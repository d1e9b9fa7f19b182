"""Writing down what the triage table decided, and what people did about it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from wherry.audit.actions import record
from wherry.checkin.models import Alarm, Response
from wherry.foundation.actors import Actor
from wherry.foundation.errors import AlreadyDone
from wherry.triage.models import Decision, Need, RedFlag
from wherry.triage.rules import one_per_need
from wherry.triage.types import Decision as Decided


def record_decision(*, by: Actor, response: Response, decided: Decided, now: dt.datetime) -> Decision:
    """
    Store a decision with its needs and red flags: one row per kind of need, at its highest urgency, with all its words.

    Raises AlreadyDone for a response triaged before. Hazards: H-02 (a red flag nobody saw).
    """
    of_case = {"case_id": response.case_id, "audience_id": response.audience_id}
    decision, is_new = Decision.objects.get_or_create(
        response=response,
        defaults={
            **of_case,
            "urgency": decided.urgency,
            "incomplete": list(decided.incomplete),
            "definition_hash": decided.definition,
            "decided_at": now,
        },
    )
    if not is_new:
        raise AlreadyDone
    for found in one_per_need(decision=decided):
        Need.objects.get_or_create(
            decision=decision,
            kind=found.need,
            defaults={**of_case, "urgency": found.urgency, "rule": found.rule, "words": found.words},
        )
    for flag in decided.red_flags:
        # One that was raised while the answers were still being given is the same flag, not a second one.
        raised, _ = RedFlag.objects.get_or_create(
            occurrence_id=response.occurrence_id,
            flag=flag.flag,
            defaults={**of_case, "decision": decision, "rule": flag.rule, "say": flag.say, "raised_at": now},
        )
        if raised.decision_id is None:
            raised.change(decision=decision, note="")
    record(
        by=by,
        did="answers.triaged",
        subject="decision",
        subject_ids=[decision.id, response.id, response.case_id],
        now=now,
        detail={
            "urgency": str(decided.urgency),
            "needs": len(decided.needs),
            "red_flags": len(decided.red_flags),
        },
    )
    return decision


def raise_red_flag(*, by: Actor, alarm: Alarm, now: dt.datetime) -> RedFlag:
    """
    Raise the red flag of an alarm, or give the one there is; said again after it was closed, it is open again.

    An answer changed afterwards leaves the flag as it is, with a note for whoever rings. Hazards: H-02.
    """
    flag, is_new = RedFlag.objects.get_or_create(
        occurrence_id=alarm.occurrence_id,
        flag=alarm.flag,
        defaults={
            "case_id": alarm.case_id,
            "audience_id": alarm.audience_id,
            "rule": alarm.rule,
            "say": alarm.say,
            "raised_at": now,
            "note": NOT_SENT,
        },
    )
    if is_new:
        record(by=by, did="red_flag.raised", subject="red_flag", subject_ids=[flag.id, flag.case_id], now=now)
    if alarm.taken_back_at is not None:
        flag.change(note=TAKEN_BACK)
    elif flag.closed_at is not None and alarm.said_at > flag.closed_at:
        flag.change(
            closed_at=None,
            outcome="",
            what_was_done="",
            closed_by="",
            acknowledged_at=None,
            acknowledged_by="",
            raised_at=now,
            note=SAID_AGAIN,
        )
        record(by=by, did="red_flag.raised_again", subject="red_flag", subject_ids=[flag.id, flag.case_id], now=now)
    elif not is_new and flag.decision_id is None:
        flag.change(note=NOT_SENT)
    return flag


#: What a caller is told of a red flag that did not come with a whole check-in.
NOT_SENT = "They gave this answer and have not sent the whole check-in."
TAKEN_BACK = "They changed this answer afterwards. Ring all the same, and ask."
SAID_AGAIN = "They gave this answer again after it was dealt with."


def acknowledge_red_flag(*, by: Actor, red_flag_id: UUID, now: dt.datetime) -> None:
    """Take a red flag: from here it has a named owner."""
    flag = RedFlag.objects.get(id=red_flag_id)
    if flag.acknowledged_at is None:
        flag.change(acknowledged_at=now, acknowledged_by=by.id)
        record(by=by, did="red_flag.acknowledged", subject="red_flag", subject_ids=[flag.id, flag.case_id], now=now)


def close_red_flag(*, by: Actor, red_flag_id: UUID, outcome: str, now: dt.datetime, what_was_done: str = "") -> None:
    """
    Write down what was done about a red flag. The outcome is one of the programme's codes.

    what_was_done: in the words of whoever closes it; kept with the flag and out of the record.
    """
    flag = RedFlag.objects.get(id=red_flag_id)
    if flag.closed_at is None:
        flag.change(closed_at=now, closed_by=by.id, outcome=outcome, what_was_done=what_was_done)
        record(
            by=by,
            did="red_flag.closed",
            subject="red_flag",
            subject_ids=[flag.id, flag.case_id],
            now=now,
            detail={"outcome": outcome},
        )


def move_need(*, by: Actor, need: Need, to: str, why: str, now: dt.datetime, help_found: str = "") -> None:
    """
    Move a need: open, referred, met, not_met or withdrawn.

    why: a code or a few fixed words, kept in the record; help_found: who helps now and how, which is kept out of it.
    """
    if need.state == to:
        return
    before = need.state
    need.change(state=to, why=why, help_found=help_found)
    record(
        by=by,
        did=f"need.{to}",
        subject="need",
        subject_ids=[need.id, need.case_id],
        now=now,
        detail={"from": before, "why": why},
    )
