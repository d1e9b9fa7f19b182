"""Why something may not leave, in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from wherry.outreach.types import Refusal, RefusalReason

WORDS: Mapping[RefusalReason, str] = {
    RefusalReason.DIED: "A source says this person has died, so nothing may be sent.",
    RefusalReason.STOP: "The person asked us to stop.",
    RefusalReason.OPTED_OUT: "The person opted out.",
    RefusalReason.SENSITIVE_ADDRESS: "The address is sensitive, so nothing is written to it.",
    RefusalReason.ADDRESS_HELD: "Two sources disagree about the address; somebody has to settle it first.",
    RefusalReason.UNSAFE_CONTACT: "The person named another way as the only safe one.",
    RefusalReason.FORMAT_NEEDED: "The person cannot use this channel and needs another format.",
    RefusalReason.NO_CONTACT_POINT: "There is no number or address for this channel.",
    RefusalReason.NOT_SYNTHETIC_CHANNEL: "Invented people are reached through the sandbox only, and nobody else is.",
    RefusalReason.STALE: "It is too late for this message to make sense.",
    RefusalReason.OUTSIDE_HOURS: "It is outside the hours in which people are contacted.",
    RefusalReason.CAP_PERSON: "The person has been contacted often enough today.",
    RefusalReason.CAP_NUMBER: "This number has been contacted often enough today.",
    RefusalReason.CAP_HOUSEHOLD: "This household has been contacted often enough today.",
    RefusalReason.PAUSED: "The person asked us to wait: they are away or in hospital.",
    RefusalReason.PROGRAMME_STOPPED: "The version of the programme it belongs to has been stopped.",
}


def refusal_for(reason: RefusalReason) -> Refusal:
    """Give a reason with its plain words."""
    return Refusal(reason=reason, words=WORDS[reason])
