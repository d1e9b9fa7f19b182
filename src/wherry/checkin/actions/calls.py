"""Somebody asks to be rung: noted once, until the worker has heard it."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from wherry.audit.actions import record
from wherry.checkin.models import CallWanted, Invitation
from wherry.foundation.actors import Actor


def want_a_call(*, by: Actor, invitation: Invitation, about: str, now: dt.datetime) -> CallWanted | None:
    """Note that somebody asks to be rung. None when they asked already and nobody has heard it yet."""
    try:
        with transaction.atomic():
            wanted = CallWanted.objects.create(
                case_id=invitation.case_id, audience_id=invitation.audience_id, about=about, asked_at=now
            )
    except IntegrityError:
        return None
    record(by=by, did="call.wanted", subject="case", subject_ids=[invitation.case_id], now=now)
    return wanted


def call_heard(*, wanted: CallWanted, now: dt.datetime) -> None:
    """Note that the worker put the call on somebody's list."""
    wanted.change(heard_at=now)
