"""What a caller's home says of their day. No name is here: until a call is taken, whose it is stays out of sight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.web.support_team.presenters import KIND_WORDS
from wherry.worklist.models import Task, TaskEvent
from wherry.worklist.rules import UNDO_FOR
from wherry.worklist.types import Outcome

_SPOKE = (Outcome.SPOKE, Outcome.REFUSED, Outcome.CALL_BACK, Outcome.INTERPRETER_NEEDED)
ENDED_WORDS = {
    Outcome.SPOKE: "you spoke",
    Outcome.REFUSED: "they did not want this call",
    Outcome.CALL_BACK: "they asked for another time",
    Outcome.VOICEMAIL: "you left a message",
    Outcome.WRONG_NUMBER: "a wrong number",
    Outcome.NO_ANSWER: "nobody answered",
    Outcome.INTERPRETER_NEEDED: "they need an interpreter",
    Outcome.DIED: "you were told that they have died",
}


@dataclass(frozen=True)
class Done:
    """What somebody did today: calls in all, and how many were spoken to."""

    calls: int
    spoke: int


@dataclass(frozen=True)
class Kept:
    """A call that waits for this caller. can_ring: its time has come; when: that time, or "now"."""

    id: UUID
    kind: str
    when: str
    can_ring: bool


@dataclass(frozen=True)
class Ended:
    """The last call in a line, and whether it can still be taken back."""

    id: UUID
    words: str
    can_undo: bool


def what_was_done(*, counted: Mapping[str, int]) -> Done:
    """Sum a day by outcome."""
    return Done(sum(counted.values()), sum(counted.get(outcome, 0) for outcome in _SPOKE))


def kept_lines(*, kept: Sequence[Task], now: dt.datetime) -> tuple[Kept, ...]:
    """Say what waits for one caller, soonest first."""
    return tuple(
        Kept(
            one.pk,
            KIND_WORDS.get(one.kind, one.kind),
            "Now" if one.not_before <= now else at(moment=one.not_before, now=now),
            one.not_before <= now,
        )
        for one in kept
    )


def ended_line(*, event: TaskEvent | None, by: Actor, now: dt.datetime) -> Ended | None:
    """Say what a caller wrote down last, while it can still be taken back; None after that."""
    if event is None or event.by != by.id or now - event.at > UNDO_FOR:
        return None
    if event.verb == "handed_back":
        words = "You handed the call back"
    elif event.verb == "handed_over":
        words = "You handed the call over"
    elif event.verb in ("tried", "finished") and event.outcome in list(Outcome):
        words = f"Written down: {ENDED_WORDS[Outcome(event.outcome)]}"
    else:
        return None
    return Ended(event.task_id, words, event.verb != "finished")


def at(*, moment: dt.datetime, now: dt.datetime) -> str:
    """Write a moment as people say it: "14:30", "tomorrow at 10:00", "Thursday at 10:00"."""
    there, here = local_time(moment), local_time(now)
    days = (there.date() - here.date()).days
    if days == 0:
        return f"{there:%H:%M}"
    return f"tomorrow at {there:%H:%M}" if days == 1 else f"{there:%A} at {there:%H:%M}"
