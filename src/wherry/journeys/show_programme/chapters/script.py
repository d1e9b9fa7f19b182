"""`call_script.yaml`: what a caller says, how a call can end, and how often it is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wherry.journeys.show_programme.saying import first_up, listed, many, said, spaced, take
from wherry.journeys.show_programme.source import Source
from wherry.journeys.show_programme.types import Item, Part

TITLE = "What a caller says"
_LINES = {
    "opening": "How a call begins",
    "identity": "Making sure who it is",
    "is_it_a_scam": "If they ask whether it is a scam",
    "interpreter": "If they do not speak English",
    "red_flag_stop": "When they say something that cannot wait",
    "closing": "How a call ends",
    "voicemail": "What is left on an answering machine",
}
_NAMED = {
    "why_we_ring": "Why we ring, as the caller reads it",
    "outcomes": "How a call can end",
    "spoke_about": "What “we spoke” means where no questions were asked",
}


def parts(rest: Any, source: Source) -> tuple[Part, ...]:
    """Say the script in the order of a call."""
    lines = [_lines(key, title, rest) for key, title in _LINES.items() if key in rest]
    named = [Part(title, tuple(_named(key, take(rest, key)))) for key, title in _NAMED.items() if key in rest]
    flags = [Part("A call about a red flag", tuple(_red_flag(rest["red_flag"])))] if "red_flag" in rest else []
    again = [Part("Trying again", tuple(_policy(rest["policy"])))] if "policy" in rest else []
    return (Part("", tuple(lines)), *named, *flags, *again)


def _lines(key: str, title: str, rest: Any, *, at: tuple[str, ...] = (), is_grave: bool = False) -> Item:
    lines = take(rest, key)
    several = lines if isinstance(lines, list) else [lines]
    grave = is_grave or key.startswith("red_flag")
    return Item(".".join((*at, key)), title, (said("", *several),), (*at, key), is_grave=grave)


def _named(key: str, entries: Any) -> Iterator[Item]:
    for name in list(entries):
        yield Item(f"{key}.{name}", first_up(spaced(name)), (said("", take(entries, name)),), (key, name))


def _red_flag(rest: Any) -> Iterator[Item]:
    titles = {"opening": "How it begins", "ask": "What is asked", "voicemail": "What is left on an answering machine"}
    for key, title in titles.items():
        if key in rest:
            yield _lines(key, title, rest, at=("red_flag",), is_grave=True)
    if "because" in rest:
        because = take(rest, "because")
        told = tuple(said(f"If it was told by {spaced(key)}", take(because, key)) for key in list(because))
        yield Item("red_flag.because", "Why we ring", told, ("red_flag", "because"), is_grave=True)
    if "no_message_about" in rest:
        flags = listed(map(spaced, take(rest, "no_message_about")), last="or")
        words = "Whoever is the danger may be the one who listens"
        told = (said("About", flags), said("Why", words))
        yield Item(
            "red_flag.no_message_about", "No message is left", told, ("red_flag", "no_message_about"), is_grave=True
        )
    for at, one in enumerate(take(rest, "endings", ())):
        yield _ending(at, one)


def _ending(at: int, one: Any) -> Item:
    code, words = take(one, "code"), take(one, "words")
    told = [said("", take(one, "then"))]
    told += [said("And", "The caller must write down why")] if take(one, "must_say", False) else []
    path = ("red_flag", "endings", at)
    return Item(f"red_flag.endings.{code}", f"It ends: {words}", tuple(told), path, code=str(code), is_grave=True)


def _policy(rest: Any) -> Iterator[Item]:
    if "retry_after_hours" in rest:
        waits = take(rest, "retry_after_hours")
        words = f"Tried again after {listed(many(one, 'hour') for one in waits)}" if waits else "Not tried again"
        yield Item("policy.retry", "Nobody answers", (said("", words),), ("policy", "retry_after_hours"))
    if "call_back_after_hours" in rest:
        words = f"Rung after {many(take(rest, 'call_back_after_hours'), 'hour')}"
        yield Item("policy.call_back", "They ask for another time", (said("", words),), ("policy",))
    if "lease_seconds" in rest:
        seconds = take(rest, "lease_seconds")
        words = f"Theirs for {many(seconds, 'second')} ({seconds // 60} minutes), then anybody's again"
        yield Item("policy.lease", "A call somebody has taken", (said("", words),), ("policy",))
