"""`programme.yaml`: what this is, by what right, and whose it is."""

from __future__ import annotations

from typing import Any

from wherry.journeys.show_programme.saying import day, first_up, language, listed, many, said, spaced, take, take_all
from wherry.journeys.show_programme.source import Source
from wherry.journeys.show_programme.types import Item, Part, Said, Shape

TITLE = "What this is, by what right, and whose it is"
_AMISS = {"died": "have died", "over_110": "are over 110", "no_contact_point": "have no contact point"}
_KINDS = {"article_6": "UK GDPR Article 6", "article_9": "UK GDPR Article 9", "common_law": "Common law duty"}


def parts(rest: Any, source: Source) -> tuple[Part, ...]:
    """Say the programme's own facts."""
    purpose = take(rest, "purpose")
    items = [
        Item("purpose", "What it is for", (said("", take(purpose, "words")), said("Code", take(purpose, "code")))),
        Item("name", "Its name", (said("", take(rest, "name")), said("Code", take(rest, "code")))),
        Item("version", "Version", (said("", take(rest, "version")),)),
        *_pace(rest),
        *_whose(rest),
    ]
    bases = tuple(_basis(one, at) for at, one in enumerate(take(rest, "lawful_basis")))
    return (
        Part("", tuple(items)),
        Part("By what right", bases, Shape.TABLE),
        *((Part("What was published that this follows", _sources(rest)),) if "sources" in rest else ()),
    )


def _pace(rest: Any) -> list[Item]:
    items = []
    if "in_force" in rest:
        held = take(rest, "in_force")
        words = f"From {day(take(held, 'from'))} until {day(take(held, 'until'))}, both days included"
        items.append(Item("in_force", "When it is meant to hold", (said("", words),)))
    if take(rest, "finds_only"):
        words = "It finds people, and reaches nobody by itself"
        items.append(Item("finds_only", "What it does", (said("", words),)))
    if "asks_once" in rest:
        words = "Everybody is asked once" if take(rest, "asks_once") else "Everybody is asked more than once"
        items.append(Item("pace", "How often people are asked", (said("", words),)))
    if "check_in_every_hours" in rest:
        hours = many(take(rest, "check_in_every_hours"), "hour")
        words = f"Everybody on the list is asked again {hours} after they answered"
        items.append(Item("pace", "How often people are asked", (said("", words),)))
    if "check_in_every_days" in rest:
        days = take(rest, "check_in_every_days")
        often = "every day" if days == 1 else f"every {days} days"
        items.append(Item("pace", "How often people are asked", (said("", f"Everybody on the list is asked {often}"),)))
    return items


def _whose(rest: Any) -> list[Item]:
    items = []
    if "red_flag_minutes" in rest or "escalation" in rest:
        minutes, roles = take(rest, "red_flag_minutes", "?"), take(rest, "escalation", [])
        words = f"Somebody must take it within {many(minutes, 'minute')}"
        chain = ", then the ".join(map(spaced, roles))
        told = (said("", words), said("Who is told, each if the one before does not take it in time", f"the {chain}"))
        items.append(Item("red_flags", "Who must take it", told, is_grave=True))
    owners: tuple[tuple[str, str], ...] = (
        ("owner", "Who owns it"),
        ("risk_owner", "Who owns the risk"),
        ("lead_organisation", "Which organisation leads"),
    )
    items += [Item(key, title, (said("", take(rest, key)),)) for key, title in owners if key in rest]
    items += [_release(rest["release"])] if "release" in rest else []
    roles = map(spaced, take(rest, "sign_off_roles", []))
    items.append(Item("sign_off_roles", "Who signs it", (said("", first_up(listed(roles))),)))
    languages = take(rest, "languages", [])
    spoken = tuple(Said(language(one), said("", one).words) for one in languages)
    items.append(Item("languages", "Languages residents are spoken to in", spoken))
    return items


def _release(one: Any) -> Item:
    told = []
    if "at_most" in one:
        limits = take_all(take(one, "at_most"))
        told = [said(first_up(_AMISS.get(key, spaced(key))), f"at most {number} % of them") for key, number in limits]
    if "review_after_days" in one:
        told.append(said("Looked at again", f"after {many(take(one, 'review_after_days'), 'day')}"))
    return Item("release", "It goes out only while, of the people it reaches", tuple(told), ("release",))


def _basis(one: Any, at: int) -> Item:
    kind = take(one, "kind")
    told = (
        said("Basis", take(one, "basis")),
        said("From", day(take(one, "from"))),
        said("Until", day(take(one, "until"))),
    )
    return Item(f"lawful_basis.{kind}", _KINDS.get(kind, spaced(kind)), told, ("lawful_basis", at))


def _sources(rest: Any) -> tuple[Item, ...]:
    return tuple(Item(f"sources.{text}", text, ()) for text in take(rest, "sources"))
