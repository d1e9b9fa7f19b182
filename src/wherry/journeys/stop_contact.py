"""
Stop contact: "stop", "they have died", "this is not me", from a link, a text, a call or a feed.

The wish or report is written in the transaction it is said in, and the gate reads it from then on; following it
through the cases, the links and the worklist may take the worker a moment more (`follow_wishes`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.journeys.deferring import Job, defer
from wherry.people.actions import note_wish, report
from wherry.people.models import Report
from wherry.people.types import WishKind


def stop(*, by: Actor, person_id: UUID, source: str, now: dt.datetime) -> None:
    """Stop every contact with somebody, because they said so."""
    note_wish(by=by, person_id=person_id, kind=WishKind.STOP, value="", source=source, now=now)
    defer(Job.FOLLOW_PERSON, about=person_id)


def pause(*, by: Actor, person_id: UUID, days: int, source: str, now: dt.datetime) -> dt.date:
    """Leave somebody in peace for some days, because they are away or in hospital. Returns the last day of it."""
    last = local_time(now).date() + dt.timedelta(days=days)
    note_wish(by=by, person_id=person_id, kind=WishKind.PAUSE, value="", source=source, now=now, ends_on=last)
    defer(Job.FOLLOW_PERSON, about=person_id)
    return last


def speak_to_them(
    *, by: Actor, person_id: UUID, language: str, formats: Sequence[str], source: str, now: dt.datetime
) -> None:
    """Note the language and the forms somebody wants to be written to in; messages follow from the next one on."""
    wanted = [(WishKind.LANGUAGE, language), *((WishKind.FORMAT, one) for one in formats)]
    for kind, value in wanted:
        if value:
            note_wish(by=by, person_id=person_id, kind=kind, value=value, source=source, now=now)


def report_death(*, by: Actor, person_id: UUID, source: str, now: dt.datetime) -> None:
    """Take a word that somebody died: all contact stops, and a person verifies."""
    report(by=by, person_id=person_id, kind=Report.Kind.DIED, source=source, now=now)
    defer(Job.FOLLOW_PERSON, about=person_id)


def report_not_me(*, by: Actor, person_id: UUID, source: str, now: dt.datetime) -> None:
    """Take a word that a link reached the wrong person: all contact stops, and a person verifies."""
    report(by=by, person_id=person_id, kind=Report.Kind.NOT_ME, source=source, now=now)
    defer(Job.FOLLOW_PERSON, about=person_id)
