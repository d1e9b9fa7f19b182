"""Leaving work for the worker, in the transaction that decides it: rolled back, no job; committed, a job."""

from __future__ import annotations

import enum
from uuid import UUID

from procrastinate.contrib.django import app


class Job(enum.StrEnum):
    """The jobs there are. What each does is in `jobs`; here are only their names, so that no journey knows another."""

    SEND_MESSAGE = "send_message"
    TRIAGE_RESPONSE = "triage_response"
    HEAR_ALARM = "hear_alarm"
    FOLLOW_PERSON = "follow_person"
    FOLLOW_CALL = "follow_call"
    OPEN_CASES = "open_cases"
    HEAR_REPLY = "hear_reply"
    FOLLOW_LOCK = "follow_lock"
    SEND_CODE = "send_code"
    HEAR_CALL_WANTED = "hear_call_wanted"


def defer(job: Job, *, about: UUID) -> None:
    """Leave a job about one thing, known by its opaque id: a job's arguments hold nothing else."""
    app.configure_task(name=str(job)).defer(about=str(about))
