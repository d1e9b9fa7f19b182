"""`services.yaml`: who helps with what, where and when, how soon, and how little they are told."""

from __future__ import annotations

from typing import Any

from wherry.journeys.show_programme.saying import first_up, in_languages, listed, many, said, spaced, take, take_all
from wherry.journeys.show_programme.source import Source
from wherry.journeys.show_programme.types import Item, Part, Said, Words

TITLE = "Who helps with what"
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def parts(rest: Any, source: Source) -> tuple[Part, ...]:
    """Say every service in the order of preference."""
    counted = take(rest, "open_hours_count_for", [])
    words = (
        f"For what is {listed(map(spaced, counted), last='or')} only the hours a service is open count; otherwise"
        " hours simply pass."
        if counted
        else "Hours simply pass, whether a service is open or not."
    )
    clocks = Item("open_hours_count_for", "Which hours count", (said("", words),), ("open_hours_count_for",))
    intro = "The first that takes a need is asked first."
    services = tuple(_service(at, one, source) for at, one in enumerate(take(rest, "services")))
    outside = (_outside_hours(take(rest, "outside_hours")),) if "outside_hours" in rest else ()
    return (Part("", (clocks, *outside)), Part("The services, in the order they are asked", services, intro=(intro,)))


def _service(at: int, one: Any, source: Source) -> Item:
    code, names = str(take(one, "code")), take(one, "name")
    title = str(names.get("en", code))
    told = [
        in_languages("Name", names),
        said("Run by", take(one, "organisation")),
        said("In", listed(map(first_up, take(one, "places")))),
        said("Open", f"{_days(take(one, 'days'))}, {take(one, 'opens')} to {take(one, 'closes')}"),
        said("At most", f"{take(one, 'capacity_per_day')} a day"),
        said("Asked by", take(one, "how")),
        Said("Must accept", tuple(_clock(take(one, "clock_hours")))),
    ]
    told += [
        said(f"Told, for {source.need(need)}", listed(map(spaced, fields)))
        for need, fields in take_all(take(one, "shares"))
    ]
    fallback = take(one, "fallback")
    if fallback:
        words = f"{source.service(fallback)} is asked next ({fallback})"
        told.append(Said("If it declines, is full or is late", (Words(words),), raw=fallback))
    else:
        told.append(said("If it declines, is full or is late", "It comes back to the team"))
    return Item(f"services.{code}", title, tuple(told), ("services", at), code=code)


def _outside_hours(one: Any) -> Item:
    told = [said("", take(one, "answered_by"))] if "answered_by" in one else []
    told += [Said("Answers", tuple(_clock(take(one, "within_hours"))))] if "within_hours" in one else []
    return Item("outside_hours", "Who answers when no service is open", tuple(told), ("outside_hours",))


def _clock(hours: Any) -> list[Words]:
    return [Words(f"{spaced(urgency)}: within {many(take(hours, urgency), 'hour')}") for urgency in list(hours)]


def _days(days: Any) -> str:
    if list(days) == list(_WEEK):
        return "Every day"
    at = [_WEEK.index(one) for one in days if one in _WEEK]
    if len(at) > 2 and len(at) == len(days) and at == list(range(at[0], at[0] + len(at))):
        return f"{first_up(days[0])} to {first_up(days[-1])}"
    return listed(map(first_up, days))
