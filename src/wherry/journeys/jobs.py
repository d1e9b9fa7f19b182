"""What each job does. An opaque id in, nothing out; each may run twice, and the database lets it count once."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from wherry.journeys import (
    agree_the_list,
    close_the_loop,
    follow_calls,
    follow_wishes,
    hand_off,
    one_time_code,
    show_what_is_done,
    take_checkin,
)
from wherry.journeys.deferring import Job


@app.task(name=str(Job.SEND_MESSAGE))
def send_message(about: str) -> None:
    """Hand one intended message to its provider."""
    hand_off.send(attempt_id=UUID(about))


@app.task(name=str(Job.TRIAGE_RESPONSE))
def triage_response(about: str) -> None:
    """Triage one whole check-in."""
    take_checkin.triage(response_id=UUID(about))


@app.task(name=str(Job.HEAR_ALARM))
def hear_alarm(about: str) -> None:
    """Raise the red flag of an answer given in a check-in not yet sent."""
    take_checkin.hear_alarm(alarm_id=UUID(about))


@app.task(name=str(Job.FOLLOW_PERSON))
def follow_person(about: str) -> None:
    """Carry out everywhere what somebody asked for: stop, died, not me."""
    follow_wishes.follow(person_id=UUID(about))


@app.task(name=str(Job.FOLLOW_CALL))
def follow_call(about: str) -> None:
    """Carry on from how a call ended."""
    follow_calls.follow(task_id=UUID(about))


@app.task(name=str(Job.FOLLOW_LOCK))
def follow_lock(about: str) -> None:
    """Have somebody ring whoever could not open their link."""
    take_checkin.ring_about_lock(invitation_id=UUID(about))


@app.task(name=str(Job.SEND_CODE))
def send_code(about: str) -> None:
    """Send a one-time code to the number on record."""
    one_time_code.send_code(asked_id=UUID(about))


@app.task(name=str(Job.HEAR_CALL_WANTED))
def hear_call_wanted(about: str) -> None:
    """Put a call somebody asked for on a list."""
    show_what_is_done.hear_call_wanted(wanted_id=UUID(about))


@app.task(name=str(Job.OPEN_CASES))
def open_cases(about: str) -> None:
    """Open the cases of a signed list."""
    agree_the_list.open_cases(list_id=UUID(about))


@app.task(name=str(Job.HEAR_REPLY))
def hear_reply(about: str) -> None:
    """Close a loop, or open it again, by the person's own word."""
    close_the_loop.hear(reply_id=UUID(about))
