"""
The bounds no place may leave, whatever `places_may_change` lists.

A place adds and alters; it never takes away. So every key and every named item of the centre is still there, items in
the centre's order, and nowhere is an urgency lower. `BOUNDS` says what more holds, path by path. What a service is
told, who is found at risk and what raises a red flag are bound in `what_is_shared`, `people_found` and `red_flags`.
Hazard: H-10 (a place's change weakens a safety rule).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wherry.programmes.rules import people_found, red_flags, what_is_shared
from wherry.programmes.rules.broken import Broken
from wherry.programmes.rules.directions import (
    Direction,
    central_first,
    grows,
    grows_at_end,
    kept,
    never_less,
    never_more,
    same,
    same_slots,
    shrinks,
)
from wherry.programmes.rules.paths import MISSING, matches, name_of
from wherry.programmes.rules.steps import no_later, tried_as_often

URGENCIES = ("none", "routine", "soon", "today", "emergency")


@dataclass(frozen=True)
class Bound:
    """What must hold at a path. below: whether what stands below the path is bound by itself as well."""

    path: str
    holds: Direction
    what: str
    mend: str = "take this change out"
    below: bool = False


_PLACEHOLDERS = ("the placeholders are not those of the centre", "keep each of them")
# The first that fits a path binds it. A path with nothing here is bound only as the docstring says.
BOUNDS: tuple[Bound, ...] = (
    # What the programme is, and whose.
    Bound("programme.languages", grows, "a language is dropped", "keep every language of the centre"),
    Bound("programme.escalation", grows_at_end, "a red flag would climb otherwise", "add roles at the end"),
    Bound("programme.red_flag_minutes", never_more, "a red flag may wait longer", "write fewer minutes"),
    Bound("programme.check_in_every_*", never_more, "people are asked less often", "write fewer days, or hours"),
    Bound("programme.*", same, "what a programme is, by what right and whose it is, is for the centre alone"),
    Bound(
        "agreements.agreements.*.*",
        same,
        "an agreement of the centre is changed",
        "add an agreement of the place's own",
    ),
    Bound("hazards.hazards.*.*", same, "a hazard of the centre is changed", "add a hazard of the place's own"),
    # Who may change the list, and for how long.
    Bound("review.*.roles", same, "other people may change the list"),
    Bound("review.remove.reasons", same, "people may be taken off the list for other reasons"),
    Bound("review.*.reasons.*.expires_after_days", never_less, "an addition ends sooner", "write more days"),
    # How people are reached.
    Bound("cadence.contact_hours.opens", never_less, "people are contacted earlier in the day", "write a later time"),
    Bound("cadence.contact_hours.closes", never_more, "people are contacted later in the day", "write an earlier time"),
    Bound("cadence.caps.*", never_more, "people may be contacted more often in a day", "write fewer"),
    Bound("cadence.steps", central_first, "a step comes before one of the centre", "add steps at the end", below=True),
    Bound("cadence.steps.*", no_later, "the contact comes later", "write fewer hours or days", below=True),
    Bound("cadence.steps.*.patience_hours", never_more, "the contact after this one comes later", "write fewer hours"),
    Bound("cadence.steps.*.stale_after_hours", never_less, "the contact is given up sooner", "write more hours"),
    Bound("cadence.steps.*.channel", same, "the contact goes another way"),
    Bound("cadence.steps.*.fallback", same, "the contact is left out for some people"),
    Bound("messages/*.messages.*.sms", same_slots, *_PLACEHOLDERS),
    Bound("messages/*.messages.*.*.*", same_slots, *_PLACEHOLDERS),
    Bound("messages/*.stop_words", grows, "a word that stops the messages is dropped", "keep the centre's"),
    Bound("messages/*.language", same, "the language of the file is changed"),
    Bound("call_script.policy.retry_after_hours", tried_as_often, "people are tried less often or later"),
    Bound(
        "call_script.policy.call_back_after_hours",
        never_more,
        "people are rung back later",
        "write fewer hours",
    ),
    Bound("call_script.red_flag.no_message_about", grows, "a message may be left about more", "keep the centre's"),
    Bound("call_script.red_flag.endings", same, "how a red flag may end is changed"),
    Bound("call_script.red_flag.ask", same, "what is asked about a red flag is changed"),
    Bound("call_script.red_flag_stop", same, "what is said at once about a red flag is changed"),
    Bound("call_script.*", same_slots, *_PLACEHOLDERS, below=True),
    Bound("call_script.*.*", same_slots, *_PLACEHOLDERS, below=True),
    Bound("call_script.*.*.*", same_slots, *_PLACEHOLDERS),
    # What people are asked.
    Bound("questionnaire.item.*.item.*.type", same, "another kind of answer is asked for"),
    Bound("questionnaire.item.*.item.*.required", same, "who must answer is changed"),
    Bound("questionnaire.item.*.item.*.enableWhen", same, "who is asked is changed"),
    Bound("questionnaire.item.*.item.*.maxLength", never_less, "less may be answered", "write more"),
    Bound("questionnaire.item.*.item.*.answerOption.*.valueCoding.badness", same, "how bad an answer is, is changed"),
    # What answers come to.
    Bound("triage.rules.*.when", same, "what makes the rule fire is changed", "add a rule of the place's own"),
    Bound("triage.rules.*.need", kept, "the rule finds another need", "add a rule of the place's own"),
    Bound("triage.rules.*.say.*", kept, "what is said at once about a red flag is changed"),
    Bound("triage.context.*", kept, "what is known of a person is read otherwise"),
    Bound("triage.incomplete.need", same, "a question left out comes to another need"),
    Bound("triage.incomplete.words", same_slots, *_PLACEHOLDERS),
    Bound("triage.named_by_link", shrinks, "more is told to whoever holds a link", "name no need the centre does not"),
    # Who helps, and what becomes known.
    Bound("services.open_hours_count_for", shrinks, "a clock would stop out of hours", "name only the centre's"),
    Bound("services.outside_hours.within_hours.*", never_more, "help may come later", "write fewer hours"),
    Bound("services.services.*.organisation", same, "another organisation is told", "add a service of the place's own"),
    Bound("services.services.*.how", same, "a service is told another way"),
    Bound("services.services.*.places", grows, "a service leaves a place", "keep the centre's"),
    Bound("services.services.*.clock_hours.*", never_more, "help may come later", "write fewer hours"),
    Bound("measures.small_numbers_below", never_less, "smaller numbers are shown", "write a higher number"),
    Bound("measures.by", grows, "fewer groups of people are looked at", "keep the centre's"),
    Bound("measures.measures.*.count", same, "something else is counted, so that places cannot be compared"),
    Bound("measures.measures.*.of", same, "something else is counted, so that places cannot be compared"),
    Bound("measures.unusual_looks.from", same, "fewer looks at people are asked about"),
    Bound("measures.unusual_looks.to", same, "fewer looks at people are asked about"),
    Bound("measures.unusual_looks.*", never_more, "fewer looks at people are asked about", "write fewer"),
    # Who is found: `people_found` says the rest.
    Bound("risk.take", same, "which categories a person takes is changed"),
    Bound("risk.rank_by", same, "the score that is shown is changed"),
    Bound("risk.scores.*", kept, "a score of the centre is changed", "add a score of the place's own"),
    Bound("risk.categories", central_first, "it comes before one of the centre", "add it at the end", below=True),
    Bound("risk.categories.*.when", same, "who is in a category is changed"),
    Bound("risk.categories.*.tiers", same, "the tiers of a category are changed"),
)


def is_for_the_centre(*, path: str) -> bool:
    """Say whether no place may change this at all: not add, lower, raise or reword it."""
    bound = _bound(path)
    return bound is not None and bound.holds is same and not bound.below


def bounds_broken(*, central: Mapping[str, Any], resolved: Mapping[str, Any], place: str) -> tuple[Broken, ...]:
    """Compare the sections before and after an overlay; name each bound that was broken, each at its path by name."""
    found = [
        one
        for name, data in central.items()
        if data != resolved.get(name, MISSING)
        for one in _broken(data, resolved.get(name, MISSING), (name,))
    ]
    found += red_flags.broken(central=central, resolved=resolved)
    found += people_found.broken(central=central.get("risk"), resolved=resolved.get("risk"))
    found += what_is_shared.broken(central=central.get("services"), resolved=resolved.get("services"))
    found += what_is_shared.new_agreements(
        central=central.get("agreements"), resolved=resolved.get("agreements"), place=place
    )
    return tuple(dict.fromkeys(found))


def _broken(central: Any, resolved: Any, path: tuple[str, ...]) -> Iterator[Broken]:
    bound = _bound(".".join(path))
    if bound and not bound.holds(central, resolved):
        yield Broken(path, _in_words(bound.what, path, central, resolved), bound.mend)
        return
    if central is MISSING or (bound and not bound.below):
        return
    if resolved is MISSING or (resolved is None and central is not None):
        yield Broken(path, _lost(central, path), "put it back as the centre has it")
    elif isinstance(central, dict):
        yield from _broken_mapping(central, resolved if isinstance(resolved, dict) else {}, path)
    elif isinstance(central, list):
        yield from _broken_list(central, resolved if isinstance(resolved, list) else [], path)
    else:
        yield from _broken_value(central, resolved, path)


def _bound(path: str) -> Bound | None:
    return next((one for one in BOUNDS if matches(path=path, pattern=one.path)), None)


def _broken_mapping(central: dict[str, Any], resolved: dict[str, Any], path: tuple[str, ...]) -> Iterator[Broken]:
    for key in {**central, **resolved}:
        yield from _broken(central.get(key, MISSING), resolved.get(key, MISSING), (*path, str(key)))


def _broken_list(central: list[Any], resolved: list[Any], path: tuple[str, ...]) -> Iterator[Broken]:
    if path[-1] == "languages" and not grows(central, resolved):
        yield Broken(path, _in_words("a language is dropped", path, central, resolved), "keep the centre's languages")
    if not any(isinstance(item, dict) for item in central):
        return
    rest = list(enumerate(resolved))
    for index, item in enumerate(central):
        name = name_of(item)
        at = next((at for at, (_, one) in enumerate(rest) if name_of(one) == name), None)
        found = rest[at][1] if at is not None else MISSING
        rest = rest[at + 1 :] if at is not None else rest
        yield from _broken(item, found, (*path, name or str(index)))


def _broken_value(central: Any, resolved: Any, path: tuple[str, ...]) -> Iterator[Broken]:
    if path[-1] == "urgency" and _rank(resolved) < _rank(central):
        yield Broken(path, f"the urgency falls from {central}", "write the same urgency or a higher one")
    if path[-1] == "red_flag" and resolved != central:
        yield Broken(path, f"the red flag {central} is taken away", "put it back")
    if isinstance(resolved, dict | list):
        yield Broken(path, "a list or keys stand where the centre has one value", "write one value")


def _rank(urgency: Any) -> int:
    return URGENCIES.index(urgency) if urgency in URGENCIES else -1


def _lost(central: Any, path: tuple[str, ...]) -> str:
    if path[-1] == "red_flag":
        return f"the red flag {central} is taken away"
    flag = central.get("red_flag") if isinstance(central, dict) else None
    return f"the red flag {flag} is taken away" if flag else "it is taken away, or moved before what stands above it"


def _in_words(what: str, path: tuple[str, ...], central: Any, resolved: Any) -> str:
    if path[-1] == "languages":
        there = resolved if isinstance(resolved, list) else []
        lost = [str(one) for one in central if one not in there]
        return f"the language {', '.join(lost)} is dropped" if lost else "the languages are put in another order"
    return what
