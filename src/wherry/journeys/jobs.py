"""Jobs: opaque ids in, nothing out. Each may run twice; the database lets it count once."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

#: A job that failed waits this long before it is tried again; the worker's turn finds whatever was left anyway.
_RETRY_SECONDS = 5


@app.task(name="send_message", queue="sending")
def send_message(*, attempt_id: str) -> None:
    """Hand one intended message to its provider."""
    from wherry.journeys.reach_out import send

    send(attempt_id=UUID(attempt_id))


@app.task(name="triage_response", queue="answers")
def triage_response(*, response_id: str) -> None:
    """Triage one whole check-in."""
    from wherry.journeys.take_checkin import triage

    triage(response_id=UUID(response_id))


@app.task(name="follow_person", queue="answers")
def follow_person(*, person_id: str) -> None:
    """Carry out everywhere what somebody asked for: stop, died, not me."""
    from wherry.journeys.stop_contact import follow

    follow(person_id=UUID(person_id))


@app.task(name="follow_call", queue="answers")
def follow_call(*, task_id: str) -> None:
    """Carry on from how a call ended."""
    from wherry.journeys.work_the_list import follow

    follow(task_id=UUID(task_id))


@app.task(name="open_cases", queue="answers")
def open_cases(*, list_id: str) -> None:
    """Open the cases of a signed list."""
    from wherry.journeys.agree_the_list import open_cases

    open_cases(list_id=UUID(list_id))


@app.task(name="hear_reply", queue="answers")
def hear_reply(*, reply_id: str) -> None:
    """Close a loop, or open it again, by the person's own word."""
    from wherry.journeys.close_the_loop import hear

    hear(reply_id=UUID(reply_id))
