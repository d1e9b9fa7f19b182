"""Where help stands, as a caller reads it to whoever asks: the kind of need, who was asked, how far it is."""

from __future__ import annotations

from collections.abc import Sequence

from wherry.journeys.show_what_is_done import HelpUnderWay

_STATES = {
    "looking": "we look for somebody who can help",
    "offered": "{service} was asked, and has not answered yet",
    "accepted": "{service} has taken it on",
    "done": "{service} says that it is done; we ask them whether it helped",
    "said_yes": "they say that it helped",
    "said_no": "they say that it did not help; we look again",
    "with_us": "no service could take it; our team looks for help",
    "met": "they have it",
    "found": "help was found another way",
    "closed": "it is no longer needed",
}


def help_lines(*, help_given: Sequence[HelpUnderWay]) -> tuple[tuple[str, str], ...]:
    """Give a line for each need: what, and where it stands. Hazard H-14: a kind of need, never its reason."""
    return tuple(
        (one.need["en"], f"{_stands(one)} (they told us on {one.told_on:%-d %B}{_late(one)})") for one in help_given
    )


def _stands(one: HelpUnderWay) -> str:
    words = _STATES[one.state].replace("{service}", one.service.get("en", "A service"))
    return words[0].upper() + words[1:]


def _late(one: HelpUnderWay) -> str:
    return "; it is late" if one.is_late else ""
