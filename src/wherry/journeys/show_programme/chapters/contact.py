"""`cadence.yaml`: how people are contacted, as steps in time, and who takes over those who are not reached."""

from __future__ import annotations

from typing import Any

from wherry.journeys.show_programme.saying import first_up, many, said, spaced, take
from wherry.journeys.show_programme.source import Source
from wherry.journeys.show_programme.types import Item, Part, Said, Shape

TITLE = "How people are contacted"
_CHANNELS = {"sms": "a text", "call": "a telephone call", "letter": "a letter", "email": "an e-mail"}


def parts(rest: Any, source: Source) -> tuple[Part, ...]:
    """Say the steps in order, who owns whoever is left, and the bounds on all of it."""
    steps = [_step(at, one) for at, one in enumerate(take(rest, "steps"))]
    if "exhausted" in rest:
        owner = take(rest, "exhausted")
        role, team = spaced(take(owner, "role")), take(owner, "team")
        words = f"The {role} of {team} owns everybody who is left"
        steps.append(Item("exhausted", "If all of that fails", (said("", words),), ("exhausted",)))
    return (Part("Step by step", tuple(steps), Shape.TIMELINE), Part("Whatever the step", tuple(_bounds(rest))))


def _step(at: int, one: Any) -> Item:
    channel, message = take(one, "channel"), take(one, "message")
    named = f", the message “{spaced(message)}”" if message else ""
    told = [said("", f"{first_up(_CHANNELS.get(channel, channel))}{named}")]
    if "not_before" in one or "not_after" in one:
        told.append(said("Only between", f"{take(one, 'not_before')} and {take(one, 'not_after')}"))
    told.append(said("Waits for an answer", many(take(one, "patience_hours"), "hour")))
    if "stale_after_hours" in one:
        told.append(said("Not sent any more", f"{many(take(one, 'stale_after_hours'), 'hour')} after the opening"))
    if take(one, "fallback", False):
        told.append(said("Only for", "those whom none of the steps above can reach"))
    code = str(take(one, "id"))
    return Item(f"steps.{code}", _when(at, one), (*told,), ("steps", at), code=code)


def _when(at: int, one: Any) -> str:
    days, hours = take(one, "after_days", 0), take(one, "after_hours", 0)
    told = " and ".join(many(number, unit) for number, unit in ((days, "day"), (hours, "hour")) if number)
    if not told:
        return "When the check-in opens" if at == 0 else "At once, if nothing came back"
    return f"{told} after the opening{', if nothing came back' if at else ''}"


def _bounds(rest: Any) -> list[Item]:
    items = []
    if "contact_hours" in rest:
        hours = take(rest, "contact_hours")
        words = f"Nothing leaves before {take(hours, 'opens')} or after {take(hours, 'closes')}"
        items.append(Item("contact_hours", "Contact hours", (said("", words),), ("contact_hours",)))
    if "caps" in rest:
        caps = take(rest, "caps")
        told: list[Said] = [said(first_up(spaced(key)), f"{take(caps, key)} a day") for key in list(caps)]
        items.append(Item("caps", "The most contacts, over every programme and organisation", tuple(told), ("caps",)))
    if "quarantine_seconds" in rest:
        words = f"It waits {many(take(rest, 'quarantine_seconds'), 'second')} before it is looked up"
        items.append(Item("quarantine", "A message whose fate is unknown", (said("", words),)))
    if "most_text_parts" in rest:
        words = f"At most {many(take(rest, 'most_text_parts'), 'text')} for one message"
        items.append(Item("most_text_parts", "How long a message may be", (said("", words),), ("most_text_parts",)))
    for key, title in (("sender_name", "Who it says it is from"), ("helpline", "The number to ring")):
        if key in rest:
            items.append(Item(key, title, (said("", take(rest, key)),), (key,)))
    return items
