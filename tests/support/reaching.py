"""Invented residents and a small cadence for tests of outreach. One factory each, with traits that speak."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from wherry.outreach.types import Cadence, Caps, Channel, Hours, Owner, Step
from wherry.people.types import ContactKind, ContactPoint, Reachable, Wish, WishKind

MONDAY = dt.date(2026, 3, 2)
OPENED_AT = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
MOBILE = "+447700900101"
LANDLINE = "+441632960101"
ADDRESS = "12 High Street, Norwich, NR99 1AA"


def hours_after(count: float) -> dt.datetime:
    """Give a moment so many hours after the check-in opened."""
    return OPENED_AT + dt.timedelta(hours=count)


def point(
    kind: str, value: str, *, source: str = "gp_register", recorded_on: dt.date = MONDAY, **more: Any
) -> ContactPoint:
    """Make a contact point."""
    return ContactPoint(ContactKind(kind), value, source, recorded_on, **more)


def wish(kind: str, value: str = "", *, recorded_on: dt.date = MONDAY, ends_on: dt.date | None = None) -> Wish:
    """Make a wish."""
    return Wish(WishKind(kind), value, "gp_register", recorded_on, ends_on)


MOBILE_POINT = point("mobile", MOBILE)
LANDLINE_POINT = point("landline", LANDLINE)
ADDRESS_POINT = point("address", ADDRESS)


def resident(*points: ContactPoint, wishes: tuple[Wish, ...] = (), **more: Any) -> Reachable:
    """Make a resident; without points, one who can be reached in every way."""
    known = points or (MOBILE_POINT, LANDLINE_POINT, ADDRESS_POINT)
    plain = Reachable(None, wishes, known, "en", address_held=False, synthetic=True)
    return replace(plain, **more)


def cadence(**more: Any) -> Cadence:
    """Make a cadence: text, text after six hours, call after a day, letter for those nothing else reached."""
    hour = dt.timedelta(hours=1)
    morning = Hours(dt.time(9), dt.time(18))
    steps = (
        Step("first", Channel.SMS, "invitation", 0 * hour, 5 * hour, morning, stale_after=36 * hour),
        Step("second", Channel.SMS, "reminder", 6 * hour, 12 * hour, morning, stale_after=36 * hour),
        Step("call", Channel.CALL, "", 24 * hour, 72 * hour),
        Step("letter", Channel.LETTER, "letter_invitation", 24 * hour, 120 * hour, fallback=True),
    )
    plain = Cadence(
        steps=steps,
        exhausted_owner=Owner("icb_outreach", "supervisor"),
        caps=Caps(3, 4, 6),
        contact_hours=Hours(dt.time(8), dt.time(20)),
        quarantine_seconds=60,
        sender_name="Check-in Team",
        helpline="01632 960 999",
    )
    return replace(plain, **more)
