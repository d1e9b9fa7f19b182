"""The partners' forms, in plain words for every reason and outcome the referrals room knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from wherry.referrals.types import DeclineReason, Outcome
from wherry.web.components.forms import Choice, Field, FieldKind, Value, typed_date

DECLINE_WORDS = {
    DeclineReason.NO_CAPACITY: "We have no capacity just now",
    DeclineReason.WRONG_AREA: "They live outside our area",
    DeclineReason.NOT_OUR_SERVICE: "This is not what our service does",
    DeclineReason.NOT_ENOUGH_INFORMATION: "We were not told enough to help",
    DeclineReason.COULD_NOT_REACH: "We could not reach them",
    DeclineReason.UNABLE: "We were unable to help",
    DeclineReason.OTHER: "Another reason",
}
_BEFORE = (
    DeclineReason.NO_CAPACITY,
    DeclineReason.WRONG_AREA,
    DeclineReason.NOT_OUR_SERVICE,
    DeclineReason.NOT_ENOUGH_INFORMATION,
    DeclineReason.OTHER,
)
_AFTER = (
    DeclineReason.COULD_NOT_REACH,
    DeclineReason.UNABLE,
    DeclineReason.NO_CAPACITY,
    DeclineReason.WRONG_AREA,
    DeclineReason.OTHER,
)
OUTCOME_WORDS = {
    Outcome.HELPED: "Helped",
    Outcome.PARTLY_HELPED: "Helped in part",
    Outcome.NOT_NEEDED: "Not needed after all",
}
VERSION = Field("version", FieldKind.HIDDEN)
DECLINE_FIELDS = (
    VERSION,
    Field(
        "decline_reason",
        FieldKind.RADIOS,
        "Why can you not take it?",
        choices=tuple(Choice(str(code), DECLINE_WORDS[code]) for code in _BEFORE),
    ),
)
GIVE_BACK_FIELDS = (
    VERSION,
    Field(
        "decline_reason",
        FieldKind.RADIOS,
        "Why can it not be done?",
        hint="It then goes to another service or to our team: nobody is left waiting",
        choices=tuple(Choice(str(code), DECLINE_WORDS[code]) for code in _AFTER),
    ),
)
DONE_FIELDS = (
    VERSION,
    Field(
        "outcome",
        FieldKind.RADIOS,
        "What came of it?",
        hint="We then ask the person whether it helped",
        choices=tuple(Choice(str(code), words) for code, words in OUTCOME_WORDS.items()),
    ),
)
_MOST_A_DAY = 500
CAPACITY_FIELDS = (
    Field(
        "how",
        FieldKind.RADIOS,
        "How much can you take?",
        choices=(
            Choice("usual", "As usual"),
            Choice("today", "Only so many more today", hint="Write how many below; 0 is none"),
            Choice("closed", "Nothing until a day", hint="Write the first day you take again below"),
        ),
    ),
    Field("takes", FieldKind.TEXT, "How many more today", width=4, input_mode="numeric"),
    Field("closed_until", FieldKind.DATE, "Closed until", hint="For example 30 11 2026"),
)


@dataclass(frozen=True)
class Room:
    """What a partner says of a service's room: neither is as usual."""

    takes: int | None = None
    closed_until: dt.date | None = None


def read_room(*, values: Mapping[str, Value], today: dt.date) -> tuple[Room | None, dict[str, str]]:
    """Read what a partner says of its room, or what is wrong with it, by field."""
    how = values.get("how")
    if how == "usual":
        return Room(), {}
    if how == "today":
        typed = str(values.get("takes", ""))
        if typed.isdecimal() and int(typed) <= _MOST_A_DAY:
            return Room(takes=int(typed)), {}
        return None, {"takes": f"Write a number from 0 to {_MOST_A_DAY}"}
    if how == "closed":
        until = typed_date(values.get("closed_until"))
        if until is not None and today < until <= today + dt.timedelta(days=366):
            return Room(closed_until=until), {}
        return None, {"closed_until": "Write a day after today and within a year"}
    return None, {"how": "Choose one: it decides what you are sent"}
